from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("matching", "0003_runs_of_before")]

    operations = [
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "DONE"), _negated=True)
                | models.Q(("verified_at__isnull", False)),
                name="run_done_is_verified",
            ),
        ),
    ]
