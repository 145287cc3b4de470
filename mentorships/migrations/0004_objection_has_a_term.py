from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mentorships", "0003_introduced_before")]

    operations = [
        migrations.AlterField(
            model_name="mentorship",
            name="objection_until",
            field=models.DateTimeField(verbose_name="objection possible jusqu’au"),
        ),
    ]
