"""The journal is append-only: the database refuses to change or delete its lines."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

FORWARD = """
CREATE FUNCTION lifecycle_journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('lifecycle.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER lifecycle_journal_append_only BEFORE UPDATE OR DELETE ON lifecycle_journalentry
    FOR EACH ROW EXECUTE FUNCTION lifecycle_journal_is_append_only();
"""
BACKWARD = """
DROP TRIGGER lifecycle_journal_append_only ON lifecycle_journalentry;
DROP FUNCTION lifecycle_journal_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0001_initial")]

    operations = [
        UnaccentExtension(),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
