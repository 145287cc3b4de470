"""What stood in the columns of files not sent becomes their draft."""

from django.db import migrations

COLUMNS = ("audience", "background", "project", "hopes", "languages")
PERSON = ("first_name", "last_name")


def write_drafts(apps, schema_editor):
    Application = apps.get_model("applications", "Application")
    Draft = apps.get_model("applications", "Draft")
    for application in Application.objects.filter(state="DRAFT", draft=None).select_related("candidate"):
        person = application.candidate
        answers = {name: getattr(person, name) for name in PERSON} | {n: getattr(application, n) for n in COLUMNS}
        answers["birth_date"] = person.birth_date.isoformat() if person.birth_date else None
        answers["phone"] = str(person.phone or "")
        answers["accepts_remote"] = application.accepts_remote
        answers["trades"] = list(application.wishes.order_by("rank").values_list("trade__slug", flat=True))
        kept = {name: value for name, value in answers.items() if value not in (None, "", [])}
        Draft.objects.create(application=application, answers=kept, saved_at=application.updated_at)


class Migration(migrations.Migration):
    dependencies = [("applications", "0003_drafts")]

    operations = [migrations.RunPython(write_drafts, migrations.RunPython.noop)]
