import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0010_rules"),
        ("dutylist", "0006_narrower_indexes"),
        ("grid", "0004_messages"),
        ("intake", "0011_split_links"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("return", "Return"),
                            ("extend", "Extend"),
                            ("suspend", "Suspend"),
                            ("stage_close", "Close for this stage"),
                            ("void", "Void"),
                            ("see_identity", "See the citizen's identity"),
                            ("score_appeal", "Appeal against the score"),
                        ],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="Reason")),
                ("name_en", models.CharField(max_length=120, verbose_name="English reason")),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Working days at most")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "reason for a request",
                "verbose_name_plural": "reasons for requests",
                "ordering": ["kind", "order", "code"],
            },
        ),
        migrations.CreateModel(
            name="RequestReasonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=40, verbose_name="Code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("return", "Return"),
                            ("extend", "Extend"),
                            ("suspend", "Suspend"),
                            ("stage_close", "Close for this stage"),
                            ("void", "Void"),
                            ("see_identity", "See the citizen's identity"),
                            ("score_appeal", "Appeal against the score"),
                        ],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="Reason")),
                ("name_en", models.CharField(max_length=120, verbose_name="English reason")),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Working days at most")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="caserequest",
            name="agreed_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Agreed until"),
        ),
        migrations.AddField(
            model_name="caserequest",
            name="asked_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Asked until"),
        ),
        migrations.AddField(
            model_name="caserequest",
            name="asker",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="caserequest",
            name="cited_item",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dutylist.item",
                verbose_name="Cited entry",
            ),
        ),
        migrations.AddField(
            model_name="caserequest",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="To be decided by"),
        ),
        migrations.AddField(
            model_name="caserequest",
            name="evaluation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appeals",
                to="intake.evaluation",
            ),
        ),
        migrations.AddField(
            model_name="caserequest",
            name="files",
            field=models.ManyToManyField(blank=True, related_name="+", to="intake.attachment", verbose_name="Evidence"),
        ),
        migrations.AddField(
            model_name="caserequest",
            name="proposed_unit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.unit",
                verbose_name="Unit that should have it",
            ),
        ),
        migrations.AlterField(
            model_name="caserequest",
            name="asked_by_unit",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
            ),
        ),
        migrations.AlterField(
            model_name="caserequest",
            name="deciding_unit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.unit",
                verbose_name="Decided by",
            ),
        ),
        migrations.AlterField(
            model_name="caserequest",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Undecided"),
                    ("agreed", "Agreed"),
                    ("refused", "Refused"),
                    ("withdrawn", "Withdrawn"),
                    ("overtaken", "Overtaken by events"),
                ],
                default="open",
                max_length=10,
                verbose_name="State",
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("running", "Running"),
                    ("met", "In time"),
                    ("late", "Late"),
                    ("cancelled", "Cancelled"),
                    ("replaced", "Goes on with another deadline"),
                    ("paused", "Paused"),
                ],
                default="running",
                max_length=10,
                verbose_name="Outcome",
            ),
        ),
        migrations.AddField(
            model_name="caserequest",
            name="ground",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dispatch.requestreason",
                verbose_name="Ground",
            ),
        ),
        migrations.AddIndex(
            model_name="caserequest",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["deciding_unit", "due_at", "id"],
                include=("kind",),
                name="request_due",
            ),
        ),
        migrations.AddIndex(
            model_name="caserequest",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["due_at", "id"],
                include=("kind",),
                name="request_due_city",
            ),
        ),
        migrations.AddIndex(
            model_name="caserequest",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["asked_by_unit", "due_at", "id"], name="request_asked"
            ),
        ),
        migrations.AddIndex(
            model_name="caserequest",
            index=models.Index(
                models.F("deciding_unit"),
                models.OrderBy(models.F("decided_at"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("decided_at__isnull", False)),
                name="request_decided",
            ),
        ),
        migrations.AddIndex(
            model_name="caserequest",
            index=models.Index(
                models.OrderBy(models.F("decided_at"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("decided_at__isnull", False)),
                name="request_decided_city",
            ),
        ),
        migrations.AddField(
            model_name="requestreasonevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="requestreasonevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="dispatch.requestreason",
            ),
        ),
    ]
