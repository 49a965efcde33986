from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dutylist", "0006_narrower_indexes"),
        ("grid", "0004_messages"),
        ("intake", "0011_split_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("evidence", "佐证"),
                    ("before", "处置前"),
                    ("after", "处置后"),
                    ("reply", "答复"),
                    ("request", "Evidence of a request"),
                ],
                default="evidence",
                max_length=10,
                verbose_name="类别",
            ),
        ),
    ]
