"""Runs worked before answers carried a proof: they were checked then, by the program of the day."""

from django.db import migrations
from django.db.models import F


def complete(apps, _schema):
    Run, Proposal = apps.get_model("matching", "Run"), apps.get_model("matching", "Proposal")
    done = Run.objects.filter(state="DONE", verified_at=None)
    done.update(verified_at=F("done_at"))
    for run in Run.objects.exclude(figures={}):
        left = run.figures.get("unmatched", [])
        run.figures["unmatched"] = len(left)
        run.save(update_fields=["figures"])
    for proposal in Proposal.objects.exclude(parts=[]).iterator():
        proposal.parts = [["said", *part] for part in proposal.parts]
        proposal.save(update_fields=["parts"])


class Migration(migrations.Migration):

    dependencies = [("matching", "0002_runs_that_prove_themselves")]

    operations = [migrations.RunPython(complete, migrations.RunPython.noop)]
