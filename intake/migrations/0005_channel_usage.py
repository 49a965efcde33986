import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dutylist", "0006_narrower_indexes"),
        ("grid", "0002_doors"),
        ("intake", "0004_article_versions_hold"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChannelUsage",
            fields=[
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="usage",
                        serialize=False,
                        to="intake.channel",
                    ),
                ),
                ("minute", models.BigIntegerField()),
                ("used", models.PositiveIntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["channel", "-registered_at", "-id"], name="case_by_channel"),
        ),
    ]
