"""The first version of the four texts that people agree to. Staff write the next ones."""

from django.db import migrations

from consents.first_texts import publish_first_texts


def publish(apps, schema_editor):
    publish_first_texts(apps.get_model("consents", "TextVersion").objects)


class Migration(migrations.Migration):
    dependencies = [("consents", "0002_texts_and_consents")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
