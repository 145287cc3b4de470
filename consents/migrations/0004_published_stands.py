"""A published version never changes: the database refuses to change or delete it. A new version follows it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION consents_published_text_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published text never changes';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consents_published_text_stands BEFORE UPDATE OR DELETE ON consents_textversion
    FOR EACH ROW EXECUTE FUNCTION consents_published_text_stands();
"""
BACKWARD = """
DROP TRIGGER consents_published_text_stands ON consents_textversion;
DROP FUNCTION consents_published_text_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("consents", "0003_first_texts")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
