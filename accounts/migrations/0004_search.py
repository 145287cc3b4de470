"""People found by name or address without accents, among any number of them (`accounts/search.py`)."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

import accounts.search

# unaccent() is only STABLE, for its dictionary could be changed; ours is named with its schema and is PostgreSQL's own.
# The schema is written out because a restored dump, and an index that is rebuilt, run with an empty search_path.
CREATE = """
DO $do$
DECLARE
    place text := (SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                   WHERE e.extname = 'unaccent');
BEGIN
    EXECUTE format($create$
        CREATE FUNCTION folded(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
        $body$ SELECT translate(lower(%1$s.unaccent('%1$s.unaccent', normalize($1, NFKC))), '-''’', '   ') $body$
    $create$, place);
END
$do$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_follow_by_hand"), ("lifecycle", "0002_append_only")]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(CREATE, "DROP FUNCTION folded(text)"),
        migrations.AddField(
            "user",
            "search_text",
            models.GeneratedField(
                expression=accounts.search.Folded(models.Value(""), "first_name", "last_name", "email"),
                output_field=models.TextField(),
                db_persist=True,
                editable=False,
                verbose_name="nom et adresse, pour la recherche",
            ),
        ),
        migrations.AddField(
            "user",
            "sort_name",
            models.GeneratedField(
                expression=accounts.search.Folded("last_name", "first_name"),
                output_field=models.TextField(),
                db_persist=True,
                editable=False,
                verbose_name="nom, pour le classement",
            ),
        ),
        migrations.AddIndex(
            "user",
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="user_search", fastupdate=False),
        ),
        migrations.AddIndex("user", models.Index(fields=["sort_name", "id"], name="user_by_name")),
        migrations.AddIndex("user", models.Index(fields=["region"], name="user_by_region")),
        migrations.AddIndex(
            "user",
            models.Index(fields=["id"], condition=models.Q(is_followed_by_hand=True), name="user_by_hand"),
        ),
    ]
