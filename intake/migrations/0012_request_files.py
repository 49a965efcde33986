from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dutylist", "0006_narrower_indexes"),
        ("grid", "0004_messages"),
        ("intake", "0011_split_links"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("evidence", "Evidence"),
                    ("before", "Before handling"),
                    ("after", "After handling"),
                    ("reply", "Reply"),
                    ("request", "Evidence of a request"),
                ],
                default="evidence",
                max_length=10,
                verbose_name="Kind",
            ),
        ),
    ]
