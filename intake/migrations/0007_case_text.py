"""Cases are found by pairs of characters and by the end of their number; same item and place is one index."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_screening_and_tallies"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseText",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="intake.case",
                    ),
                ),
                ("backwards", models.CharField(max_length=24)),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
        ),
        # Statistics of keys say nothing (each is rare by its block); without them plans stay the same as tables grow.
        migrations.RunSQL(
            "ALTER TABLE intake_casetext ALTER COLUMN keys SET STATISTICS 0",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="casetext",
            index=django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="case_text_keys"),
        ),
        migrations.AddIndex(
            model_name="casetext",
            index=models.Index(fields=["backwards"], name="case_text_number", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_by_item",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["item", "area", "-id"], name="case_by_item"),
        ),
    ]
