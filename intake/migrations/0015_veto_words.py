from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0014_case_registered")]

    operations = [
        migrations.AlterField(
            model_name="hintword",
            name="kind",
            field=models.CharField(
                choices=[("urgency", "Urgency"), ("request_type", "Kind of request"), ("veto", "A person decides")],
                max_length=12,
                verbose_name="Speaks for",
            ),
        ),
        migrations.AlterField(
            model_name="hintwordevent",
            name="kind",
            field=models.CharField(
                choices=[("urgency", "Urgency"), ("request_type", "Kind of request"), ("veto", "A person decides")],
                max_length=12,
                verbose_name="Speaks for",
            ),
        ),
    ]
