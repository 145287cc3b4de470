"""A mentor's seniority is said for each of her trades. What she said of them all is kept for each."""

import django.db.models.deletion
from django.db import migrations, models

SENIORITY = [("STARTING", "moins de 3\xa0ans"), ("SETTLED", "de 3 à 10\xa0ans"), ("SENIOR", "plus de 10\xa0ans")]

FORWARD = """
    INSERT INTO mentors_practice (mentor_id, trade_id, seniority)
    SELECT link.mentorprofile_id, link.trade_id, mentor.seniority
    FROM mentors_mentorprofile_trades link JOIN mentors_mentorprofile mentor ON mentor.id = link.mentorprofile_id
    ORDER BY link.id
"""

BACKWARD = """
    INSERT INTO mentors_mentorprofile_trades (mentorprofile_id, trade_id)
    SELECT mentor_id, trade_id FROM mentors_practice ORDER BY id;
    UPDATE mentors_mentorprofile mentor SET seniority = longest.seniority FROM (
        SELECT DISTINCT ON (mentor_id) mentor_id, seniority FROM mentors_practice
        ORDER BY mentor_id, array_position(ARRAY['SENIOR', 'SETTLED', 'STARTING', ''], seniority::text)
    ) longest WHERE longest.mentor_id = mentor.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ("cohorts", "0006_offers_followed_up"),
        ("mentors", "0005_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Practice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seniority", models.CharField(blank=True, choices=SENIORITY, max_length=10, verbose_name="ancienneté")),
                ("mentor", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="practices", to="mentors.mentorprofile", verbose_name="mentor·e")),
                ("trade", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cohorts.trade", verbose_name="métier")),
            ],
            options={
                "verbose_name": "métier exercé",
                "verbose_name_plural": "métiers exercés",
                "ordering": ["trade"],
                "constraints": [
                    models.UniqueConstraint(fields=("mentor", "trade"), name="practice_one_per_trade"),
                    models.CheckConstraint(condition=models.Q(("seniority__in", ["", "STARTING", "SETTLED", "SENIOR"])), name="practice_seniority_known"),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveField(model_name="mentorprofile", name="trades"),
        migrations.AddField(
            model_name="mentorprofile",
            name="trades",
            field=models.ManyToManyField(blank=True, related_name="+", through="mentors.Practice", to="cohorts.trade", verbose_name="métiers"),
        ),
        migrations.RemoveField(model_name="mentorprofile", name="seniority"),
    ]
