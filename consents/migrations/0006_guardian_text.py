"""The first version of the text that a minor's legal representative signs."""

from django.db import migrations

from consents.first_texts import publish_first_texts


def publish(apps, schema_editor):
    publish_first_texts(apps.get_model("consents", "TextVersion").objects)


class Migration(migrations.Migration):
    dependencies = [("consents", "0005_guardians")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
