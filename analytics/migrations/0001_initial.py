import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("dutylist", "0001_initial"),
        ("grid", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RadarRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("asked_by", models.CharField(max_length=120, verbose_name="Asked by")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Ended")),
                ("found", models.PositiveIntegerField(default=0, verbose_name="Found")),
            ],
            options={
                "verbose_name": "look through the duty list",
                "verbose_name_plural": "looks through the duty list",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("ended_at",),
                        name="radar_one_run_waits",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RadarFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("gap", "No responsible unit"),
                            ("returns", "Often returned or disputed"),
                            ("overlap", "Same words, other unit"),
                            ("catch_all", "“Other” takes many cases"),
                            ("incomplete", "Criteria or limit missing"),
                            ("examples", "Too few examples"),
                            ("legal", "Legal basis missing or old"),
                            ("unused", "Not used"),
                        ],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("path_text", models.CharField(max_length=300, verbose_name="Path")),
                (
                    "figures",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="Figures"
                    ),
                ),
                ("cases", models.PositiveIntegerField(default=0, verbose_name="Cases")),
                ("weight", models.FloatField(verbose_name="Weight")),
                ("score", models.FloatField(verbose_name="Score")),
                ("first_seen_at", models.DateTimeField(verbose_name="First seen")),
                ("last_seen_at", models.DateTimeField(verbose_name="Last seen")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("dismissed", "Set aside"), ("gone", "No longer found")],
                        default="open",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("dismissed_at", models.DateTimeField(null=True, verbose_name="Set aside")),
                ("dismissed_by", models.CharField(blank=True, max_length=120, verbose_name="Set aside by")),
                ("dismissed_because", models.CharField(blank=True, max_length=300, verbose_name="Reason")),
                ("dismissed_score", models.FloatField(null=True, verbose_name="Score when set aside")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="dutylist.item",
                        verbose_name="Duty item",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="dutylist.item",
                        verbose_name="Other item",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding of the quality radar",
                "verbose_name_plural": "findings of the quality radar",
                "ordering": ["-score", "id"],
                "indexes": [models.Index(fields=["-score", "id"], name="radar_by_score")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "kind", "area", "other"), name="radar_finding_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dismissed"), _negated=True),
                            models.Q(("dismissed_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="radar_set_aside_for_a_reason",
                    ),
                ],
            },
        ),
    ]
