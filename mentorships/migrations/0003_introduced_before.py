"""Pairs of before had their contacts from the first day."""

from django.db import migrations, models
from django.db.models import F


def introduce(apps, schema_editor):
    apps.get_model("mentorships", "Mentorship").objects.filter(objection_until=None).update(
        objection_until=F("opened_at"), contacts_at=F("opened_at")
    )


class Migration(migrations.Migration):
    dependencies = [("mentorships", "0002_contacts_later")]

    operations = [migrations.RunPython(introduce, migrations.RunPython.noop)]
