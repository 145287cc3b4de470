"""The first version of the charter that mentors sign."""

from django.db import migrations

from consents.first_texts import publish_first_texts


def publish(apps, schema_editor):
    publish_first_texts(apps.get_model("consents", "TextVersion").objects)


class Migration(migrations.Migration):
    dependencies = [("consents", "0007_charter")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
