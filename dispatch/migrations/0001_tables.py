"""Dispatch, work orders, clocks, supervision, requests, rules: the tables as the models say.

`replaces` is for databases made before and goes with the first release.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import shenzhen_gov.core.crypto
from shenzhen_gov.core.create_tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("dispatch", "0001_initial"),
        ("dispatch", "0002_levels"),
        ("dispatch", "0003_report_taken_back"),
        ("dispatch", "0004_open_by_area"),
        ("dispatch", "0005_who_is_told"),
        ("dispatch", "0006_findings"),
        ("dispatch", "0007_words"),
        ("dispatch", "0008_analysts"),
        ("dispatch", "0009_lean_indexes"),
        ("dispatch", "0010_circular_readings"),
        ("dispatch", "0011_accepted_notices"),
        ("dispatch", "0012_parts_and_findings"),
        ("dispatch", "0013_lean_indexes"),
    ]

    dependencies = [
        ("dutylist", "0001_initial"),
        ("grid", "0001_tables"),
        ("intake", "0001_tables"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    tables = [
        migrations.CreateModel(
            name="Annotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="annotations", to="intake.case"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
                ("text", models.CharField(max_length=1000, verbose_name="Annotation")),
            ],
            options={
                "verbose_name": "annotation",
                "verbose_name_plural": "annotations",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CallBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_backs",
                        to="intake.case",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="Round")),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To be called"),
                            ("reached", "Reached"),
                            ("refused", "Did not want to talk"),
                            ("unreachable", "Could not be reached"),
                            ("lapsed", "No longer needed"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="State",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("wanted", "Wants a call"),
                            ("sample", "Drawn as a sample"),
                            ("unrated", "Not evaluated"),
                        ],
                        max_length=8,
                        verbose_name="Why",
                    ),
                ),
                ("ready_at", models.DateTimeField(verbose_name="To be called from")),
                ("due_at", models.DateTimeField(verbose_name="Due")),
                (
                    "claimed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Being called by",
                    ),
                ),
                ("claimed_until", models.DateTimeField(null=True, verbose_name="Claimed until")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="Tries")),
                ("is_solved", models.BooleanField(null=True, verbose_name="Solved")),
                ("is_told", models.BooleanField(null=True, verbose_name="Told the result")),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="What was said")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Ended")),
                ("ended_by", models.CharField(blank=True, max_length=120, verbose_name="By")),
            ],
            options={
                "verbose_name": "call-back",
                "verbose_name_plural": "call-backs",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at", "id"],
                        include=("ready_at", "claimed_until"),
                        name="call_back_queue",
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["claimed_by"], name="call_back_claimed"
                    ),
                    models.Index(
                        models.OrderBy(models.F("ended_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("state", "waiting"), _negated=True),
                        name="call_back_ended",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("case", "round"), name="call_back_once_a_round")],
            },
        ),
        migrations.CreateModel(
            name="CallBackTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call_back",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="dispatch.callback"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("reached", "Reached"),
                            ("not_reached", "Not reached"),
                            ("refused", "Did not want to talk"),
                        ],
                        max_length=12,
                        verbose_name="Result",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="Note")),
            ],
            options={
                "verbose_name": "call",
                "verbose_name_plural": "calls",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CaseClaim",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="claim",
                        serialize=False,
                        to="intake.case",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Dispatcher",
                    ),
                ),
                ("claimed_at", models.DateTimeField(verbose_name="Since")),
                ("expires_at", models.DateTimeField(verbose_name="Until")),
            ],
            options={
                "verbose_name": "case before a dispatcher",
                "verbose_name_plural": "cases before dispatchers",
            },
        ),
        migrations.CreateModel(
            name="CaseSkip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.case"),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("skipped_at", models.DateTimeField(verbose_name="Put off")),
            ],
            options={
                "verbose_name": "case put off",
                "verbose_name_plural": "cases put off",
                "constraints": [models.UniqueConstraint(fields=("staff", "case"), name="case_skip_once")],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Holds in",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="Created")),
                ("is_sample", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "dispatch rule",
                "verbose_name_plural": "dispatch rules",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="RuleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="dispatch.rule"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="Version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Waits to be published"),
                            ("published", "Published"),
                            ("replaced", "Replaced"),
                            ("withdrawn", "Taken out of use"),
                            ("dropped", "Discarded"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("condition", models.JSONField(default=dict, verbose_name="Condition")),
                ("outcome", models.JSONField(default=dict, verbose_name="Outcome")),
                ("priority", models.PositiveSmallIntegerField(verbose_name="Priority")),
                ("valid_from", models.DateField(verbose_name="Valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="Valid until")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("edited_by", models.CharField(max_length=120, verbose_name="Edited by")),
                ("edited_by_id", models.BigIntegerField(editable=False, null=True)),
                ("edited_at", models.DateTimeField(verbose_name="Edited")),
                ("opinion", models.CharField(blank=True, max_length=300, verbose_name="Opinion")),
                ("published_by", models.CharField(blank=True, max_length=120, verbose_name="Published by")),
                ("published_by_id", models.BigIntegerField(editable=False, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="Published")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="Ended")),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "version of a dispatch rule",
                "verbose_name_plural": "versions of dispatch rules",
                "ordering": ["rule", "-number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "published")),
                        fields=["priority", "id"],
                        name="rule_version_published",
                    ),
                    models.Index(fields=["state", "-id"], name="rule_version_by_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "number"), name="rule_version_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "submitted"))),
                        fields=("rule",),
                        name="rule_one_version_in_work",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="rule_version_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_by_id", None),
                            models.Q(("published_by_id", models.F("edited_by_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="rule_published_by_another",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ruleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="rule_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NOT (OLD."state" = \'draft\') AND (OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."condition" IS DISTINCT FROM (NEW."condition") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to") OR OLD."note" IS DISTINCT FROM (NEW."note")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="45fb4361d26371a4adc1c853ed962bea59f210f6",
                    operation="UPDATE",
                    pgid="pgtrigger_rule_is_kept_05b50",
                    table="dispatch_ruleversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ruleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="rule_is_not_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="804c6b39acd8234151540dd7fcb9be6d9f909eaf",
                    operation="DELETE",
                    pgid="pgtrigger_rule_is_not_deleted_5c667",
                    table="dispatch_ruleversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="intake.case",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="Round")),
                ("made_at", models.DateTimeField(verbose_name="Decided")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("automatic", "Automatic"),
                            ("recommended", "Recommended and confirmed"),
                            ("manual", "By a person"),
                            ("imported", "Imported"),
                            ("interim", "Interim, until the ruling"),
                            ("ruling", "By ruling"),
                            ("on_spot", "Found and solved on the spot"),
                        ],
                        max_length=12,
                        verbose_name="Way",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("dispatched", "Dispatched"), ("needs_person", "Needs a person")],
                        max_length=12,
                        verbose_name="Outcome",
                    ),
                ),
                (
                    "needs_person",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "—"),
                            ("no_item", "No duty item chosen"),
                            ("no_place", "Place not known"),
                            ("no_version", "The duty item is not in force"),
                            ("no_row", "No responsible unit in the duty list"),
                            ("unit_closed", "The responsible unit is closed"),
                            ("veto", "Needs a person by rule"),
                            ("no_clock", "The deadline cannot be computed"),
                            ("redo", "To be done again; its unit has changed"),
                            ("returned", "Returned by its unit"),
                            ("minor", "Concerns a minor"),
                            ("cross_district", "Concerns several districts"),
                            ("rule", "A dispatch rule asks for a person"),
                            ("rule_failed", "A dispatch rule failed"),
                            ("not_earned", "The machine has not earned it here"),
                            ("shut", "Shut by the gate"),
                            ("audit_sample", "Audit sample"),
                            ("switched_off", "Automatic dispatch is switched off"),
                        ],
                        max_length=16,
                        verbose_name="Why a person",
                    ),
                ),
                (
                    "item_version",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.itemversion",
                    ),
                ),
                (
                    "responsibility",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.responsibility",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                    ),
                ),
                ("decided_by", models.CharField(max_length=120, verbose_name="Decided by")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("reasons", models.JSONField(default=list, verbose_name="Reasons")),
                ("candidates", models.JSONField(default=list, verbose_name="Candidates")),
                ("model_version", models.CharField(blank=True, max_length=60, verbose_name="Ranked by")),
                (
                    "rule_version",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.ruleversion",
                        verbose_name="Rule",
                    ),
                ),
                ("gate", models.JSONField(default=dict, verbose_name="Gate")),
            ],
            options={
                "verbose_name": "dispatch decision",
                "verbose_name_plural": "dispatch decisions",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["case", "-id"], name="decision_by_case"),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["made_at"], name="decision_by_time"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome", "needs_person"), ("unit__isnull", False), _connector="OR"),
                        name="decision_names_a_unit",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyGap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="dutylist.item"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="grid.area"),
                ),
                ("cases", models.PositiveIntegerField(default=1, verbose_name="Cases")),
                (
                    "first_case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.case"),
                ),
                ("first_seen_at", models.DateTimeField(verbose_name="First seen")),
                ("last_seen_at", models.DateTimeField(verbose_name="Last seen")),
            ],
            options={
                "verbose_name": "gap in the duty list",
                "verbose_name_plural": "gaps in the duty list",
                "constraints": [models.UniqueConstraint(fields=("item", "area"), name="duty_gap_once")],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="intake.case",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="Round")),
                ("opened_at", models.DateTimeField(verbose_name="Opened")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="Closed")),
                ("satisfied", models.BooleanField(null=True, verbose_name="Satisfied")),
                (
                    "judged_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "—"),
                            ("evaluation", "Evaluation"),
                            ("call_back", "Call-back"),
                            ("check", "Check of the closing"),
                            ("supervisor", "Supervisor"),
                        ],
                        max_length=10,
                        verbose_name="Verdict by",
                    ),
                ),
                ("judged_at", models.DateTimeField(null=True, verbose_name="Verdict")),
                ("awaits_redo", models.BooleanField(default=False, editable=False)),
                ("is_compared", models.BooleanField(default=False, editable=False)),
                ("is_scanned", models.BooleanField(default=False, editable=False)),
                ("is_told", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "round",
                "verbose_name_plural": "rounds",
                "indexes": [
                    models.Index(condition=models.Q(("awaits_redo", True)), fields=["id"], name="round_awaits_redo"),
                    models.Index(
                        condition=models.Q(("number__gte", 2), ("satisfied", False)),
                        fields=["id"],
                        name="round_dissatisfied_again",
                    ),
                    models.Index(
                        condition=models.Q(("is_compared", False), ("number", 1)),
                        fields=["id"],
                        name="round_to_compare",
                    ),
                    models.Index(
                        condition=models.Q(("is_told", False), ("number", 1)), fields=["id"], name="round_to_tell"
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False), ("is_scanned", False)),
                        fields=["closed_at", "id"],
                        name="round_to_scan",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("case", "number"), name="round_once")],
            },
        ),
        migrations.CreateModel(
            name="WorkOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_orders",
                        to="intake.case",
                    ),
                ),
                ("seq", models.PositiveSmallIntegerField(verbose_name="Number in the case")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="dispatch.workorder",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "Lead"), ("co", "Co-handler"), ("order", "Order to the spot")],
                        default="lead",
                        max_length=6,
                        verbose_name="Role",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending_sign", "To be signed"),
                            ("handling", "Handling"),
                            ("handed_down", "Handed down"),
                            ("under_review", "Under review"),
                            ("done", "Done"),
                            ("returned", "Returned"),
                            ("recalled", "Taken back"),
                        ],
                        default="pending_sign",
                        max_length=14,
                        verbose_name="State",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="Round")),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_orders",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "review_unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Now reviewed by",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Handler",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_orders",
                        to="dispatch.decision",
                    ),
                ),
                ("assigned_at", models.DateTimeField(verbose_name="Assigned")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="Signed")),
                ("contacted_at", models.DateTimeField(null=True, verbose_name="First contact")),
                ("reported_at", models.DateTimeField(null=True, verbose_name="Reported")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Ended")),
                (
                    "next_clock",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accept", "Acceptance"),
                            ("dispatch", "Dispatch"),
                            ("sign", "Sign"),
                            ("first_contact", "First contact"),
                            ("handling", "Handling"),
                            ("review", "Review"),
                            ("overall", "Overall"),
                            ("decision", "Decision on a request"),
                            ("arrival", "Arrival on the spot"),
                            ("supervision", "Supervision"),
                            ("ruling", "Ruling"),
                            ("call_back", "Call-back"),
                            ("appeal", "Score appeal"),
                            ("hold", "Goes on again"),
                            ("closure_check", "Check of a closing"),
                            ("ask_return", "Asking to return"),
                            ("extension", "Longest extension"),
                            ("complex", "Complex matters, on approval"),
                            ("ask_appeal", "Filing a score appeal"),
                            ("conference", "Hard-case conference"),
                            ("evaluation", "Evaluation window"),
                        ],
                        max_length=14,
                        verbose_name="Next clock",
                    ),
                ),
                ("next_due_at", models.DateTimeField(null=True, verbose_name="Next deadline")),
                ("next_yellow_at", models.DateTimeField(null=True, verbose_name="Next warning")),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "work order",
                "verbose_name_plural": "work orders",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("pending_sign", "handling", "handed_down", "under_review"))),
                        fields=["unit", "next_due_at", "id"],
                        include=("state", "round", "next_yellow_at"),
                        name="work_order_queue",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("pending_sign", "handling", "handed_down", "under_review"))),
                        fields=["next_due_at", "id"],
                        include=("unit", "state", "round", "next_yellow_at"),
                        name="work_order_queue_city",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("role", "lead"), ("state__in", ("pending_sign", "handling", "under_review"))
                        ),
                        fields=["area", "next_due_at"],
                        include=("case",),
                        name="work_order_open_by_area",
                    ),
                    models.Index(
                        condition=models.Q(("state", "under_review")),
                        fields=["review_unit", "next_due_at", "id"],
                        name="work_order_review",
                    ),
                    models.Index(
                        models.F("unit"),
                        models.OrderBy(models.F("ended_at"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("ended_at__isnull", False)),
                        name="work_order_done",
                    ),
                    models.Index(
                        models.OrderBy(models.F("ended_at"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("ended_at__isnull", False)),
                        name="work_order_done_city",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("case", "seq"), name="work_order_number_once")],
            },
        ),
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
                            ("part_return", "Return a part"),
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="dispatch.requestreason",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=40, verbose_name="Code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("return", "Return"),
                            ("part_return", "Return a part"),
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
        pgtrigger.migrations.AddTrigger(
            model_name="requestreason",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "dispatch_requestreasonevent" ("code", "days", "id", "is_active", "kind", "name", "name_en", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."code", NEW."days", NEW."id", NEW."is_active", NEW."kind", NEW."name", NEW."name_en", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="0f7bb08dd1c691626e0fb7fcd36db0ec5c68aade",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d4144",
                    table="dispatch_requestreason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="requestreason",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "dispatch_requestreasonevent" ("code", "days", "id", "is_active", "kind", "name", "name_en", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."code", NEW."days", NEW."id", NEW."is_active", NEW."kind", NEW."name", NEW."name_en", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="84b92d323e7facf79976e189d01db673ec3d4cc6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_496fa",
                    table="dispatch_requestreason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="requestreason",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "dispatch_requestreasonevent" ("code", "days", "id", "is_active", "kind", "name", "name_en", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (OLD."code", OLD."days", OLD."id", OLD."is_active", OLD."kind", OLD."name", OLD."name_en", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source"); RETURN NULL;',
                    hash="ce7388b39b8beb19d1fc3811fa21bed80c41e76a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_39659",
                    table="dispatch_requestreason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="requestreasonevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2579ef0ffc6177bd9694ee7a574f68a1898e9a89",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d07bb",
                    table="dispatch_requestreasonevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CaseRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="intake.case"
                    ),
                ),
                (
                    "work_order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="dispatch.workorder",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("return", "Return"),
                            ("part_return", "Return a part"),
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
                (
                    "state",
                    models.CharField(
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
                (
                    "asked_by_unit",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
                    ),
                ),
                (
                    "asker",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_by", models.CharField(max_length=120, verbose_name="Asked by")),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                (
                    "ground",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.requestreason",
                        verbose_name="Ground",
                    ),
                ),
                ("reason", models.TextField(verbose_name="Reason")),
                ("asked_value", models.JSONField(default=dict, verbose_name="Asked for")),
                ("asked_until", models.DateTimeField(blank=True, null=True, verbose_name="Asked until")),
                (
                    "cited_item",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.item",
                        verbose_name="Cited entry",
                    ),
                ),
                (
                    "proposed_unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit that should have it",
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="intake.evaluation",
                    ),
                ),
                (
                    "deciding_unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Decided by",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="To be decided by")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="Decided by")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="Decided")),
                ("agreed_until", models.DateTimeField(blank=True, null=True, verbose_name="Agreed until")),
                ("opinion", models.TextField(blank=True, verbose_name="Opinion")),
                (
                    "files",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="intake.attachment", verbose_name="Evidence"
                    ),
                ),
            ],
            options={
                "verbose_name": "request",
                "verbose_name_plural": "requests",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", "return")),
                        fields=["asked_by_unit", "asked_at"],
                        name="request_returns",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["deciding_unit", "due_at", "id"],
                        include=("kind",),
                        name="request_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["due_at", "id"],
                        include=("kind",),
                        name="request_due_city",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["asked_by_unit", "due_at", "id"],
                        name="request_asked",
                    ),
                    models.Index(
                        models.F("deciding_unit"),
                        models.OrderBy(models.F("decided_at"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("decided_at__isnull", False)),
                        name="request_decided",
                    ),
                    models.Index(
                        models.OrderBy(models.F("decided_at"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("decided_at__isnull", False)),
                        name="request_decided_city",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("case", "work_order", "kind"),
                        name="request_one_open_of_a_kind",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accept", "Acceptance"),
                            ("dispatch", "Dispatch"),
                            ("sign", "Sign"),
                            ("first_contact", "First contact"),
                            ("handling", "Handling"),
                            ("review", "Review"),
                            ("overall", "Overall"),
                            ("decision", "Decision on a request"),
                            ("arrival", "Arrival on the spot"),
                            ("supervision", "Supervision"),
                            ("ruling", "Ruling"),
                            ("call_back", "Call-back"),
                            ("appeal", "Score appeal"),
                            ("hold", "Goes on again"),
                            ("closure_check", "Check of a closing"),
                            ("ask_return", "Asking to return"),
                            ("extension", "Longest extension"),
                            ("complex", "Complex matters, on approval"),
                            ("ask_appeal", "Filing a score appeal"),
                            ("conference", "Hard-case conference"),
                            ("evaluation", "Evaluation window"),
                        ],
                        max_length=14,
                        verbose_name="Clock",
                    ),
                ),
                (
                    "request_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consult", "Question"),
                            ("help", "Request for help"),
                            ("complaint", "Complaint"),
                            ("report", "Report of an offence"),
                            ("suggestion", "Suggestion"),
                            ("praise", "Praise"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="Kind of request",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[("normal", "Normal"), ("urgent", "Urgent"), ("emergency", "Emergency")],
                        max_length=10,
                        verbose_name="Urgency",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="intake.channel",
                        verbose_name="Channel",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.item",
                        verbose_name="Duty item",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "City"),
                            (2, "District"),
                            (3, "Subdistrict"),
                            (4, "Community"),
                            (5, "Grid cell"),
                            (6, "Sub-cell"),
                        ],
                        null=True,
                        verbose_name="Level of the unit",
                    ),
                ),
                ("is_redo", models.BooleanField(default=False, verbose_name="Redo only")),
                ("amount", models.PositiveIntegerField(verbose_name="Limit")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("workday", "working days"),
                            ("day", "calendar days"),
                            ("workhour", "working hours"),
                            ("hour", "hours"),
                            ("minute", "minutes"),
                        ],
                        max_length=10,
                        verbose_name="Unit of the limit",
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="In force from")),
                ("source", models.CharField(max_length=200, verbose_name="Source")),
            ],
            options={
                "verbose_name": "time limit",
                "verbose_name_plural": "time limits",
                "ordering": ["kind", "-effective_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "kind",
                            "request_type",
                            "urgency",
                            "channel",
                            "item",
                            "level",
                            "is_redo",
                            "effective_from",
                        ),
                        name="clock_rule_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="clock_rule_amount_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="dispatch.clockrule",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accept", "Acceptance"),
                            ("dispatch", "Dispatch"),
                            ("sign", "Sign"),
                            ("first_contact", "First contact"),
                            ("handling", "Handling"),
                            ("review", "Review"),
                            ("overall", "Overall"),
                            ("decision", "Decision on a request"),
                            ("arrival", "Arrival on the spot"),
                            ("supervision", "Supervision"),
                            ("ruling", "Ruling"),
                            ("call_back", "Call-back"),
                            ("appeal", "Score appeal"),
                            ("hold", "Goes on again"),
                            ("closure_check", "Check of a closing"),
                            ("ask_return", "Asking to return"),
                            ("extension", "Longest extension"),
                            ("complex", "Complex matters, on approval"),
                            ("ask_appeal", "Filing a score appeal"),
                            ("conference", "Hard-case conference"),
                            ("evaluation", "Evaluation window"),
                        ],
                        max_length=14,
                        verbose_name="Clock",
                    ),
                ),
                (
                    "request_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consult", "Question"),
                            ("help", "Request for help"),
                            ("complaint", "Complaint"),
                            ("report", "Report of an offence"),
                            ("suggestion", "Suggestion"),
                            ("praise", "Praise"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="Kind of request",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[("normal", "Normal"), ("urgent", "Urgent"), ("emergency", "Emergency")],
                        max_length=10,
                        verbose_name="Urgency",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="intake.channel",
                        verbose_name="Channel",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="dutylist.item",
                        verbose_name="Duty item",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "City"),
                            (2, "District"),
                            (3, "Subdistrict"),
                            (4, "Community"),
                            (5, "Grid cell"),
                            (6, "Sub-cell"),
                        ],
                        null=True,
                        verbose_name="Level of the unit",
                    ),
                ),
                ("is_redo", models.BooleanField(default=False, verbose_name="Redo only")),
                ("amount", models.PositiveIntegerField(verbose_name="Limit")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("workday", "working days"),
                            ("day", "calendar days"),
                            ("workhour", "working hours"),
                            ("hour", "hours"),
                            ("minute", "minutes"),
                        ],
                        max_length=10,
                        verbose_name="Unit of the limit",
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="In force from")),
                ("source", models.CharField(max_length=200, verbose_name="Source")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clockrule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "dispatch_clockruleevent" ("amount", "channel_id", "effective_from", "id", "is_redo", "item_id", "kind", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_type", "source", "unit", "urgency") VALUES (NEW."amount", NEW."channel_id", NEW."effective_from", NEW."id", NEW."is_redo", NEW."item_id", NEW."kind", NEW."level", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."request_type", NEW."source", NEW."unit", NEW."urgency"); RETURN NULL;',
                    hash="af6d7364f16f2cdffa18f70930c9065504f897f9",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_243ef",
                    table="dispatch_clockrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clockrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "dispatch_clockruleevent" ("amount", "channel_id", "effective_from", "id", "is_redo", "item_id", "kind", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_type", "source", "unit", "urgency") VALUES (NEW."amount", NEW."channel_id", NEW."effective_from", NEW."id", NEW."is_redo", NEW."item_id", NEW."kind", NEW."level", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."request_type", NEW."source", NEW."unit", NEW."urgency"); RETURN NULL;',
                    hash="9181b253be75f29dd4eef05e0170d08463fbc705",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_61fb9",
                    table="dispatch_clockrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clockrule",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "dispatch_clockruleevent" ("amount", "channel_id", "effective_from", "id", "is_redo", "item_id", "kind", "level", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_type", "source", "unit", "urgency") VALUES (OLD."amount", OLD."channel_id", OLD."effective_from", OLD."id", OLD."is_redo", OLD."item_id", OLD."kind", OLD."level", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."request_type", OLD."source", OLD."unit", OLD."urgency"); RETURN NULL;',
                    hash="24006b222e1b72934deeac6f72ee2a6b80800590",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_75d1d",
                    table="dispatch_clockrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="clockruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d67b61aadd8d9e430e02919cc7deb18c69aa4d42",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3dfd2",
                    table="dispatch_clockruleevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="intake.case",
                    ),
                ),
                (
                    "work_order",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="dispatch.workorder",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="dispatch.caserequest",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accept", "Acceptance"),
                            ("dispatch", "Dispatch"),
                            ("sign", "Sign"),
                            ("first_contact", "First contact"),
                            ("handling", "Handling"),
                            ("review", "Review"),
                            ("overall", "Overall"),
                            ("decision", "Decision on a request"),
                            ("arrival", "Arrival on the spot"),
                            ("supervision", "Supervision"),
                            ("ruling", "Ruling"),
                            ("call_back", "Call-back"),
                            ("appeal", "Score appeal"),
                            ("hold", "Goes on again"),
                            ("closure_check", "Check of a closing"),
                            ("ask_return", "Asking to return"),
                            ("extension", "Longest extension"),
                            ("complex", "Complex matters, on approval"),
                            ("ask_appeal", "Filing a score appeal"),
                            ("conference", "Hard-case conference"),
                            ("evaluation", "Evaluation window"),
                        ],
                        max_length=14,
                        verbose_name="Clock",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="Started")),
                ("yellow_at", models.DateTimeField(verbose_name="Warning")),
                ("due_at", models.DateTimeField(verbose_name="Due")),
                ("stopped_at", models.DateTimeField(null=True, verbose_name="Stopped")),
                (
                    "outcome",
                    models.CharField(
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
                ("rule", models.CharField(max_length=200, verbose_name="By")),
                ("next_step_at", models.DateTimeField(editable=False, null=True, verbose_name="Next escalation")),
            ],
            options={
                "verbose_name": "clock",
                "verbose_name_plural": "clocks",
                "ordering": ["due_at"],
                "indexes": [
                    models.Index(fields=["case"], name="clock_by_case"),
                    models.Index(
                        condition=models.Q(("outcome", "running")), fields=["due_at", "id"], name="clock_running"
                    ),
                    models.Index(
                        condition=models.Q(("next_step_at__isnull", False), ("outcome", "running")),
                        fields=["next_step_at", "id"],
                        name="clock_next_step",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "dispatch"), ("outcome", "running")),
                        fields=["due_at", "case"],
                        name="clock_dispatch_queue",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "running")),
                        fields=("case", "work_order", "request", "kind"),
                        name="clock_one_running_of_a_kind",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("started_at"))), name="clock_due_after_start"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosingCriterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                (
                    "request_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consult", "Question"),
                            ("help", "Request for help"),
                            ("complaint", "Complaint"),
                            ("report", "Report of an offence"),
                            ("suggestion", "Suggestion"),
                            ("praise", "Praise"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="Kind of request",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Criterion")),
                ("name_en", models.CharField(max_length=160, verbose_name="English criterion")),
                (
                    "evidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing: the reviewer checks it"),
                            ("told", "How the citizen was told"),
                            ("course", "When it was dealt with, how, and the result"),
                            ("adoption", "Whether the suggestion is adopted, and why"),
                            ("photos", "Photos from before and after"),
                        ],
                        max_length=12,
                        verbose_name="The report must hold",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "closing criterion",
                "verbose_name_plural": "closing criteria",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "work_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tellings", to="dispatch.workorder"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("accepted", "Taken on"), ("result", "Result")], max_length=10, verbose_name="Told of"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("sms", "Text message"),
                            ("letter", "Letter"),
                            ("wechat", "WeChat"),
                            ("email", "E-mail"),
                            ("other", "Other way"),
                            ("not_needed", "Not needed"),
                            ("unreachable", "Could not be reached"),
                        ],
                        max_length=12,
                        verbose_name="Way",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="Note")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
            ],
            options={
                "verbose_name": "telling of a citizen",
                "verbose_name_plural": "tellings of citizens",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SpotOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="spot_orders", to="intake.case"
                    ),
                ),
                (
                    "caller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Ordered by",
                    ),
                ),
                ("task", models.CharField(max_length=500, verbose_name="Task")),
                ("place", models.CharField(max_length=200, verbose_name="Place")),
                ("ordered_by", models.CharField(max_length=120, verbose_name="Ordered by")),
                ("ordered_at", models.DateTimeField(verbose_name="Ordered")),
            ],
            options={
                "verbose_name": "order sheet",
                "verbose_name_plural": "order sheets",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CoTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "work_order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="co_task", to="dispatch.workorder"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="dispatch.spotorder",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "caller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Asked by",
                    ),
                ),
                ("task", models.CharField(max_length=500, verbose_name="Task")),
                ("asked_by", models.CharField(max_length=120, verbose_name="Asked by")),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("due_at", models.DateTimeField(verbose_name="Due")),
                ("arrived_at", models.DateTimeField(null=True, verbose_name="Arrived")),
                ("is_absent", models.BooleanField(default=False, verbose_name="Nobody came")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Ended")),
            ],
            options={
                "verbose_name": "co-task",
                "verbose_name_plural": "co-tasks",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["caller", "due_at", "id"],
                        name="co_task_asked_by",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["unit", "due_at", "id"], name="co_task_asked_of"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", False)),
                        fields=["caller", "-id"],
                        name="co_task_asked_by_done",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", False)),
                        fields=["unit", "-id"],
                        name="co_task_asked_of_done",
                    ),
                    models.Index(
                        condition=models.Q(("is_absent", True)), fields=["-due_at", "id"], name="co_task_absent"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "co_task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="dispatch.cotask"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="Name")),
                ("arrived_at", models.DateTimeField(verbose_name="Arrived")),
                ("is_late", models.BooleanField(default=False, verbose_name="Late")),
                ("noted_by", models.CharField(max_length=120, verbose_name="Noted by")),
                ("noted_at", models.DateTimeField(verbose_name="Noted")),
            ],
            options={
                "verbose_name": "attendance",
                "verbose_name_plural": "attendances",
                "ordering": ["arrived_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Docket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dockets",
                        to="intake.case",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="Round")),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waits for arguments"),
                            ("argued", "Waits for the ruling"),
                            ("ruled", "Ruled"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("returns", "Returned twice"),
                            ("hops", "Sent to too many units"),
                            ("dispatcher", "Asked for by a dispatcher"),
                        ],
                        max_length=12,
                        verbose_name="Opened because",
                    ),
                ),
                ("reason", models.TextField(verbose_name="What is disputed")),
                (
                    "interim_unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Handles it meanwhile",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="Opened")),
                ("opened_by", models.CharField(max_length=120, verbose_name="Opened by")),
                ("argue_until", models.DateTimeField(verbose_name="Arguments until")),
                ("due_at", models.DateTimeField(verbose_name="To be ruled by")),
                ("is_conference", models.BooleanField(default=False, verbose_name="Hard-case conference")),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.item",
                        verbose_name="Duty item",
                    ),
                ),
                (
                    "ruled_unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Responsible",
                    ),
                ),
                (
                    "fallback_unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Fallback unit",
                    ),
                ),
                (
                    "principle",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("citizen", "What serves the request best"),
                            ("licence", "Who licenses supervises"),
                            ("charge", "Who is in charge answers"),
                        ],
                        max_length=10,
                        verbose_name="Principle",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="Ruling")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="Decided")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="Decided by")),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.batch",
                        verbose_name="Draft for the list",
                    ),
                ),
                ("list_note", models.CharField(blank=True, max_length=300, verbose_name="Why the list stays")),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "docket",
                "verbose_name_plural": "dockets",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["case", "id"], name="docket_by_case"),
                    models.Index(
                        condition=models.Q(("state__in", ("open", "argued"))),
                        fields=["due_at", "id"],
                        include=("state",),
                        name="docket_queue",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("open", "argued"))),
                        fields=["area", "due_at", "id"],
                        name="docket_queue_of_area",
                    ),
                    models.Index(
                        models.OrderBy(models.F("decided_at"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("state__in", ("open", "argued")), _negated=True),
                        name="docket_decided",
                    ),
                    models.Index(
                        models.F("item"),
                        models.OrderBy(models.F("decided_at"), descending=True),
                        condition=models.Q(("state", "ruled")),
                        name="docket_ruled_of_item",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "argued"))), fields=("case",), name="docket_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ruled"), _negated=True),
                            models.Q(("decided_at__isnull", False), ("ruled_unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="docket_ruled_names",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocketParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "docket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="dispatch.docket",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.caserequest",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="Argument")),
                ("argued_at", models.DateTimeField(null=True, verbose_name="Argued")),
                ("argued_by", models.CharField(blank=True, max_length=120, verbose_name="Argued by")),
                (
                    "files",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="intake.attachment", verbose_name="Evidence"
                    ),
                ),
            ],
            options={
                "verbose_name": "party of a docket",
                "verbose_name_plural": "parties of dockets",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["unit", "docket"], name="docket_party_of_unit")],
                "constraints": [models.UniqueConstraint(fields=("docket", "unit"), name="docket_party_once")],
            },
        ),
        migrations.CreateModel(
            name="DocketCitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="citations", to="dispatch.docketparty"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.itemversion",
                    ),
                ),
                ("quote", models.CharField(blank=True, max_length=500, verbose_name="Sentence")),
            ],
            options={
                "verbose_name": "cited entry",
                "verbose_name_plural": "cited entries",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("party", "version"), name="docket_citation_once")],
            },
        ),
        migrations.CreateModel(
            name="Peer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9_-]*$", "Small letters, digits, - and _ only."
                            )
                        ],
                        verbose_name="Code",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="peer",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "account",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Acts here as",
                    ),
                ),
                (
                    "channel",
                    models.OneToOneField(
                        blank=True,
                        help_text="Empty: it reports none.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="peer",
                        to="intake.channel",
                        verbose_name="Channel of the cases it reports",
                    ),
                ),
                ("url", models.URLField(max_length=300, verbose_name="Address of its exchange")),
                (
                    "our_code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9_-]*$", "Small letters, digits, - and _ only."
                            )
                        ],
                        verbose_name="Our code at the peer",
                    ),
                ),
                ("secret", shenzhen_gov.core.crypto.EncryptedTextField(blank=True, editable=True)),
                (
                    "identity_purpose",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the peer never learns who asked. Secret cases and callers never go over.",
                        max_length=200,
                        verbose_name="Purpose for which callers are named",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
            ],
            options={
                "verbose_name": "platform of the exchange",
                "verbose_name_plural": "platforms of the exchange",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="ExchangeCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "peer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="dispatch.peer"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exchange_cases", to="intake.case"
                    ),
                ),
                (
                    "work_order",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchange_case",
                        to="dispatch.workorder",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner: handed it over"), ("handler", "Handler: took it on")],
                        max_length=8,
                        verbose_name="We are",
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="Our number")),
                ("peer_number", models.CharField(blank=True, max_length=40, verbose_name="Number at the peer")),
                ("sent_seq", models.PositiveIntegerField(default=0)),
                ("received_seq", models.PositiveIntegerField(default=0)),
                ("opened_at", models.DateTimeField(verbose_name="Opened")),
            ],
            options={
                "verbose_name": "case of the exchange",
                "verbose_name_plural": "cases of the exchange",
                "constraints": [
                    models.UniqueConstraint(fields=("peer", "number"), name="exchange_case_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "handler")),
                        fields=("peer", "peer_number"),
                        name="exchange_case_reported_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "owner"), ("work_order__isnull", False)),
                            models.Q(("role", "handler"), ("work_order__isnull", True)),
                            _connector="OR",
                        ),
                        name="exchange_case_owner_has_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "peer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="dispatch.peer",
                    ),
                ),
                (
                    "exchange_case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="dispatch.exchangecase",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("out", "Sent"), ("in", "Received")], max_length=3, verbose_name="Direction"
                    ),
                ),
                ("message_id", models.UUIDField(verbose_name="Message id")),
                ("seq", models.PositiveIntegerField(verbose_name="Number in the conversation")),
                ("kind", models.CharField(max_length=12, verbose_name="Kind")),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("body", models.JSONField(verbose_name="Content")),
                (
                    "request",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchange_message",
                        to="dispatch.caserequest",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Arrived"),
                            ("refused", "Refused"),
                            ("stuck", "Stuck"),
                            ("dropped", "Given up"),
                        ],
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="Tries")),
                ("next_try_at", models.DateTimeField(null=True, verbose_name="Next try")),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="Problem")),
                ("answer", models.JSONField(null=True, verbose_name="Answer")),
                ("created_at", models.DateTimeField(verbose_name="Created")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Ended")),
            ],
            options={
                "verbose_name": "message of the exchange",
                "verbose_name_plural": "messages of the exchange",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["next_try_at", "id"],
                        name="exchange_message_due",
                    ),
                    models.Index(
                        condition=models.Q(("direction", "out"), ("state__in", ["waiting", "stuck", "refused"])),
                        fields=["-id"],
                        name="exchange_message_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("peer", "direction", "message_id"), name="exchange_message_once"),
                    models.UniqueConstraint(
                        fields=("exchange_case", "direction", "seq"), name="exchange_message_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StageFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_facts",
                        to="intake.case",
                    ),
                ),
                (
                    "work_order",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_facts",
                        to="dispatch.workorder",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="Round")),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "Lead"), ("co", "Co-handler"), ("order", "Order to the spot")],
                        default="lead",
                        max_length=6,
                        verbose_name="Role",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("dispatch", "Dispatch"),
                            ("sign", "Signing"),
                            ("handling", "Handling"),
                            ("review", "Review"),
                            ("on_hold", "Suspended or closed for this stage"),
                        ],
                        max_length=10,
                        verbose_name="Stage",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="From")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Until")),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("passed", "Passed on"),
                            ("sent_back", "Sent back"),
                            ("returned", "Returned"),
                            ("taken_back", "Taken back"),
                            ("ended", "Case ended"),
                        ],
                        max_length=10,
                        verbose_name="How it ended",
                    ),
                ),
            ],
            options={
                "verbose_name": "fact of a stage",
                "verbose_name_plural": "facts of stages",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["case"], name="stage_fact_by_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("role", "lead")),
                        fields=("case",),
                        name="stage_fact_one_accountable",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("ended_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="stage_fact_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "work_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="dispatch.workorder"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Time")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("sms", "Text message"),
                            ("letter", "Letter"),
                            ("wechat", "WeChat"),
                            ("email", "E-mail"),
                            ("other", "Other way"),
                            ("not_needed", "Not needed"),
                            ("unreachable", "Could not be reached"),
                        ],
                        max_length=12,
                        verbose_name="Way",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("reached", "Reached"),
                            ("unreachable", "Could not be reached"),
                            ("refused", "Did not want to talk"),
                        ],
                        max_length=12,
                        verbose_name="Result",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="Note")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "work_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="dispatch.workorder"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("text", models.TextField(verbose_name="What was done")),
                (
                    "told_way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "Phone"),
                            ("sms", "Text message"),
                            ("letter", "Letter"),
                            ("wechat", "WeChat"),
                            ("email", "E-mail"),
                            ("other", "Other way"),
                            ("not_needed", "Not needed"),
                            ("unreachable", "Could not be reached"),
                        ],
                        max_length=12,
                        verbose_name="Citizen told by",
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="Citizen told")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="Dealt with on")),
                ("result", models.CharField(blank=True, max_length=500, verbose_name="Result")),
                (
                    "adoption",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "—"),
                            ("adopted", "Adopted"),
                            ("partly", "Partly adopted"),
                            ("not", "Not adopted"),
                        ],
                        max_length=8,
                        verbose_name="Suggestion",
                    ),
                ),
                ("adoption_reason", models.CharField(blank=True, max_length=500, verbose_name="Why")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
                (
                    "taken_back_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Taken back"),
                ),
                (
                    "photos",
                    models.ManyToManyField(blank=True, related_name="+", to="intake.attachment", verbose_name="Photos"),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="dispatch.report"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Time")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("approved", "Approved"), ("sent_back", "Sent back")],
                        max_length=10,
                        verbose_name="Verdict",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "—"),
                            ("not_handled", "Not handled"),
                            ("not_told", "Citizen not told"),
                            ("perfunctory", "Perfunctory"),
                            ("no_photos", "No comparison photos"),
                            ("hazard_remains", "Hazard remains"),
                        ],
                        max_length=14,
                        verbose_name="Reason",
                    ),
                ),
                ("opinion", models.CharField(blank=True, max_length=500, verbose_name="Opinion")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ClosureCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closure_checks",
                        to="intake.case",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="Round")),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Closed by",
                    ),
                ),
                (
                    "deciding_unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Decided by",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be checked"),
                            ("confirmed", "Falsely closed"),
                            ("dismissed", "Rightly closed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("reasons", models.JSONField(default=list, verbose_name="Reasons")),
                ("opened_at", models.DateTimeField(verbose_name="Opened")),
                ("due_at", models.DateTimeField(verbose_name="Due")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="Decided")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="Decided by")),
                ("opinion", models.CharField(blank=True, max_length=500, verbose_name="Opinion")),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "check of a closing",
                "verbose_name_plural": "checks of closings",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["case", "id"], name="closure_check_by_case"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["deciding_unit", "due_at", "id"],
                        name="closure_check_queue",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["due_at", "id"], name="closure_check_queue_city"
                    ),
                    models.Index(
                        models.OrderBy(models.F("decided_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("state", "open"), _negated=True),
                        name="closure_check_decided",
                    ),
                    models.Index(
                        condition=models.Q(("state", "confirmed")),
                        fields=["unit", "decided_at"],
                        name="closure_check_confirmed",
                    ),
                    models.Index(fields=["unit", "opened_at"], name="closure_check_by_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("case",), name="closure_check_one_open"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportPrint",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="dispatch.report",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("marks", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "-at"], name="report_print_by_unit")],
            },
        ),
        migrations.CreateModel(
            name="BatchFollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_up", to="dutylist.batch"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("skipped", "Left as it is"),
                            ("asked", "To be decided"),
                            ("undone", "Put back"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="Cases")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="Done")),
                ("started_at", models.DateTimeField(verbose_name="Started")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Ended")),
            ],
            options={
                "verbose_name": "follow-up of a batch",
                "verbose_name_plural": "follow-ups of batches",
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="intake.case"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_ups", to="dutylist.batchline"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("keep", "Finish under the old version"),
                            ("redispatch", "Dispatch again"),
                            ("retime", "Apply the new limit"),
                            ("ask", "Decide case by case"),
                            ("undo", "Put back after a rollback"),
                        ],
                        max_length=12,
                        verbose_name="Open cases",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("skipped", "Left as it is"),
                            ("asked", "To be decided"),
                            ("undone", "Put back"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "—"),
                            ("kept", "Finished under the old version"),
                            ("same_unit", "The responsible unit stays the same"),
                            ("new_unit", "Dispatched to the unit of the new list"),
                            ("to_desk", "A dispatcher decides where it goes"),
                            ("reclassified", "Waits for dispatch under the succeeding item"),
                            ("in_queue", "Waits for dispatch under the list in force"),
                            ("retimed", "The new limit holds"),
                            ("asked", "A dispatcher was asked"),
                            ("reported", "The work has already been reported"),
                            ("ended", "The case has ended"),
                            ("on_hold", "The case is suspended or closed for this stage"),
                            ("no_successor", "The item has no single successor"),
                            ("no_clock", "No handling deadline is running"),
                            ("no_calendar", "The deadline cannot be computed"),
                            ("rolled_back", "The batch was rolled back first"),
                            ("put_back", "Back where it was"),
                            ("worked_on", "Somebody has worked on it since"),
                            ("unit_closed", "The former unit is closed"),
                        ],
                        max_length=16,
                        verbose_name="Reason",
                    ),
                ),
                (
                    "before",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="Before"
                    ),
                ),
                (
                    "after",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="After"
                    ),
                ),
                ("due_at", models.DateTimeField(null=True, verbose_name="Due")),
                ("at", models.DateTimeField(null=True, verbose_name="Time")),
                ("by", models.CharField(blank=True, max_length=120, verbose_name="By")),
            ],
            options={
                "verbose_name": "follow-up of a case",
                "verbose_name_plural": "follow-ups of cases",
                "ordering": ["id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="follow_up_waiting"),
                    models.Index(
                        condition=models.Q(("state", "asked")), fields=["due_at", "id"], name="follow_up_asked"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("case", "line"), name="follow_up_once_per_line")],
            },
        ),
        migrations.CreateModel(
            name="BatchReplay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replay", to="dutylist.batch"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked for"), ("done", "Done"), ("failed", "Failed")],
                        default="asked",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("first_day", models.DateField(verbose_name="From")),
                ("last_day", models.DateField(verbose_name="To")),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("asked_by", models.CharField(max_length=120, verbose_name="Asked by")),
                ("problem", models.TextField(blank=True, verbose_name="Problem")),
            ],
            options={
                "verbose_name": "replay of a batch",
                "verbose_name_plural": "replays of batches",
                "indexes": [
                    models.Index(condition=models.Q(("state", "asked")), fields=["asked_at"], name="replay_asked")
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finding",
                        to="intake.case",
                        verbose_name="Case",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="grid.roundtask",
                        verbose_name="Patrol round",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("general", "For dispatch"), ("on_spot", "Solved on the spot")],
                        max_length=8,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "review_cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("off", "Closing without review is switched off"),
                            ("not_own", "The community is not the one the list names first"),
                            ("component", "A city facility"),
                            ("urgent", "An emergency"),
                            ("sample", "Audit sample"),
                        ],
                        max_length=10,
                        verbose_name="Reviewed because",
                    ),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Found by",
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="Found")),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "indexes": [models.Index(fields=["found_by", "-found_at", "-id"], name="finding_by_person")],
            },
        ),
        migrations.CreateModel(
            name="GateCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "basis",
                    models.CharField(
                        choices=[("chosen", "Chosen"), ("suggested", "Suggested by the machine")],
                        max_length=10,
                        verbose_name="Item named by",
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
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="dutylist.itemversion",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                ("window", models.CharField(blank=True, max_length=500)),
                ("cases", models.PositiveSmallIntegerField(default=0, verbose_name="Confirmed cases")),
                ("hits", models.PositiveSmallIntegerField(default=0, verbose_name="Right")),
                ("bound", models.FloatField(default=0, verbose_name="Lower bound")),
                (
                    "state",
                    models.CharField(
                        choices=[("earning", "Not earned yet"), ("on", "Automatic"), ("shut", "Shut")],
                        default="earning",
                        max_length=8,
                        verbose_name="State",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "—"),
                            ("precision", "Too many were wrong"),
                            ("return", "A case was returned"),
                            ("version", "Another version of the duty item"),
                            ("unit", "Another responsible unit"),
                        ],
                        max_length=10,
                        verbose_name="Why shut",
                    ),
                ),
                ("wait", models.PositiveSmallIntegerField(default=0, verbose_name="Cases still to be confirmed")),
                ("changed_at", models.DateTimeField(verbose_name="In this state since")),
                ("last_at", models.DateTimeField(verbose_name="Last confirmed")),
            ],
            options={
                "verbose_name": "cell of the gate",
                "verbose_name_plural": "cells of the gate",
                "indexes": [models.Index(fields=["-last_at", "-id"], name="gate_cell_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item", "area", "basis"), name="gate_cell_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GateOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.case"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "decision",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.decision",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("confirmed", "Dispatcher"),
                            ("audited", "Audit sample"),
                            ("agent", "Agent at registration"),
                            ("returned", "Returned"),
                        ],
                        max_length=10,
                        verbose_name="Evidence",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("chosen", "Chosen"), ("suggested", "Suggested by the machine")],
                        max_length=10,
                        verbose_name="Item named by",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                    ),
                ),
                (
                    "said_item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.item",
                    ),
                ),
                (
                    "said_version",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.itemversion",
                    ),
                ),
                (
                    "said_unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.item",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                    ),
                ),
                ("is_right", models.BooleanField(verbose_name="Right")),
                ("rank", models.PositiveSmallIntegerField(null=True)),
                ("confidence", models.FloatField(null=True)),
                ("at", models.DateTimeField(verbose_name="Confirmed")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
                ("is_counted", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "confirmed outcome",
                "verbose_name_plural": "confirmed outcomes",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_counted", False)), fields=["id"], name="gate_outcome_to_count"
                    ),
                    models.Index(fields=["at"], name="gate_outcome_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "round", "basis", "evidence"), name="gate_outcome_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="GateSwitch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_on", models.BooleanField(verbose_name="Automatic dispatch")),
                ("at", models.DateTimeField(verbose_name="Turned")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
                ("reason", models.CharField(max_length=300, verbose_name="Reason")),
            ],
            options={
                "verbose_name": "switch of automatic dispatch",
                "verbose_name_plural": "switches of automatic dispatch",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DispatchWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("monday", models.DateField(verbose_name="Week from")),
                ("figures", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(verbose_name="Computed")),
            ],
            options={
                "verbose_name": "weekly figures of dispatch",
                "verbose_name_plural": "weekly figures of dispatch",
                "ordering": ["-monday"],
                "constraints": [models.UniqueConstraint(fields=("area", "monday"), name="dispatch_week_once")],
            },
        ),
        migrations.CreateModel(
            name="CaseOpinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinion", to="intake.case"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("model", models.CharField(max_length=80)),
                ("offered", models.JSONField(default=list)),
                ("codes", models.JSONField(default=list)),
                ("problem", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "verbose_name": "opinion of a language model",
                "verbose_name_plural": "opinions of a language model",
            },
        ),
        migrations.CreateModel(
            name="RuleReplay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replay", to="dispatch.ruleversion"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked for"), ("done", "Done"), ("failed", "Failed")],
                        default="asked",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="Days")),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("asked_by", models.CharField(max_length=120, verbose_name="Asked by")),
                ("made_at", models.DateTimeField(null=True, verbose_name="Made")),
                ("result", models.JSONField(default=dict, verbose_name="Result")),
                ("problem", models.TextField(blank=True, verbose_name="Problem")),
            ],
            options={
                "verbose_name": "replay of a dispatch rule",
                "verbose_name_plural": "replays of dispatch rules",
                "indexes": [
                    models.Index(condition=models.Q(("state", "asked")), fields=["asked_at"], name="rule_replay_asked")
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleHit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hits",
                        to="dispatch.rule",
                    ),
                ),
                ("day", models.DateField(verbose_name="Day")),
                ("cases", models.PositiveIntegerField(verbose_name="Cases")),
                ("is_folded", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "hits of a dispatch rule",
                "verbose_name_plural": "hits of dispatch rules",
                "indexes": [
                    models.Index(fields=["rule", "day"], include=("cases",), name="rule_hit_by_day"),
                    models.Index(condition=models.Q(("is_folded", False)), fields=["id"], name="rule_hit_unfolded"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_folded", True)), fields=("rule", "day"), name="rule_hit_folded_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleAlarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alarms", to="dispatch.ruleversion"
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        choices=[
                            ("broken", "The condition cannot be read"),
                            ("calendar", "The calendar of the year is missing"),
                            ("unit_closed", "The unit it names is closed or unknown"),
                            ("item_ended", "The duty item it names is not in force"),
                            ("failed", "It failed with an error"),
                        ],
                        max_length=14,
                        verbose_name="Problem",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="Detail")),
                ("cases", models.PositiveIntegerField(default=0, verbose_name="Cases")),
                (
                    "last_case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.case"
                    ),
                ),
                ("first_seen_at", models.DateTimeField(verbose_name="First seen")),
                ("last_seen_at", models.DateTimeField(verbose_name="Last seen")),
                ("cleared_at", models.DateTimeField(blank=True, null=True, verbose_name="Done with")),
                ("cleared_by", models.CharField(blank=True, max_length=120, verbose_name="Done with by")),
            ],
            options={
                "verbose_name": "alarm of a dispatch rule",
                "verbose_name_plural": "alarms of dispatch rules",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at", None)),
                        fields=("version", "problem"),
                        name="rule_alarm_once_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseSplit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="splits", to="intake.case"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=64, unique=True)),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("content", models.TextField(verbose_name="Content")),
                ("split_at", models.DateTimeField(verbose_name="Split")),
                ("split_by", models.CharField(max_length=120, verbose_name="Split by")),
                (
                    "cases",
                    models.ManyToManyField(related_name="part_of_splits", to="intake.case", verbose_name="Parts"),
                ),
            ],
            options={
                "verbose_name": "split of a case",
                "verbose_name_plural": "splits of cases",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="EscalationRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "clock",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accept", "Acceptance"),
                            ("dispatch", "Dispatch"),
                            ("sign", "Sign"),
                            ("first_contact", "First contact"),
                            ("handling", "Handling"),
                            ("review", "Review"),
                            ("overall", "Overall"),
                            ("decision", "Decision on a request"),
                            ("arrival", "Arrival on the spot"),
                            ("supervision", "Supervision"),
                            ("ruling", "Ruling"),
                            ("call_back", "Call-back"),
                            ("appeal", "Score appeal"),
                            ("hold", "Goes on again"),
                            ("closure_check", "Check of a closing"),
                            ("ask_return", "Asking to return"),
                            ("extension", "Longest extension"),
                            ("complex", "Complex matters, on approval"),
                            ("ask_appeal", "Filing a score appeal"),
                            ("conference", "Hard-case conference"),
                            ("evaluation", "Evaluation window"),
                        ],
                        max_length=14,
                        verbose_name="Clock",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("yellow", "Yellow warning"), ("red", "Red warning")],
                        max_length=8,
                        verbose_name="Stage",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(default=0, verbose_name="Working days overdue")),
                (
                    "whom",
                    models.CharField(
                        choices=[
                            ("holder", "The unit that has it"),
                            ("above", "The unit above"),
                            ("supervisor", "Supervisors"),
                            ("leader", "Leaders"),
                        ],
                        max_length=10,
                        verbose_name="Whom",
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("message", "Message"), ("notice", "Urge notice"), ("circular", "Circular")],
                        max_length=10,
                        verbose_name="What",
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="In force from")),
                ("effective_until", models.DateField(blank=True, null=True, verbose_name="In force until")),
                ("source", models.CharField(max_length=200, verbose_name="Source")),
            ],
            options={
                "verbose_name": "escalation rule",
                "verbose_name_plural": "escalation rules",
                "ordering": ["clock", "stage", "days", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clock", "stage", "days", "whom", "what", "effective_from"), name="escalation_rule_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage", "red"), ("days", 0), _connector="OR"),
                        name="escalation_rule_days_when_red",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="dispatch.escalationrule",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "clock",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accept", "Acceptance"),
                            ("dispatch", "Dispatch"),
                            ("sign", "Sign"),
                            ("first_contact", "First contact"),
                            ("handling", "Handling"),
                            ("review", "Review"),
                            ("overall", "Overall"),
                            ("decision", "Decision on a request"),
                            ("arrival", "Arrival on the spot"),
                            ("supervision", "Supervision"),
                            ("ruling", "Ruling"),
                            ("call_back", "Call-back"),
                            ("appeal", "Score appeal"),
                            ("hold", "Goes on again"),
                            ("closure_check", "Check of a closing"),
                            ("ask_return", "Asking to return"),
                            ("extension", "Longest extension"),
                            ("complex", "Complex matters, on approval"),
                            ("ask_appeal", "Filing a score appeal"),
                            ("conference", "Hard-case conference"),
                            ("evaluation", "Evaluation window"),
                        ],
                        max_length=14,
                        verbose_name="Clock",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("yellow", "Yellow warning"), ("red", "Red warning")],
                        max_length=8,
                        verbose_name="Stage",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(default=0, verbose_name="Working days overdue")),
                (
                    "whom",
                    models.CharField(
                        choices=[
                            ("holder", "The unit that has it"),
                            ("above", "The unit above"),
                            ("supervisor", "Supervisors"),
                            ("leader", "Leaders"),
                        ],
                        max_length=10,
                        verbose_name="Whom",
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("message", "Message"), ("notice", "Urge notice"), ("circular", "Circular")],
                        max_length=10,
                        verbose_name="What",
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="In force from")),
                ("effective_until", models.DateField(blank=True, null=True, verbose_name="In force until")),
                ("source", models.CharField(max_length=200, verbose_name="Source")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalationrule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "dispatch_escalationruleevent" ("clock", "days", "effective_from", "effective_until", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "stage", "what", "whom") VALUES (NEW."clock", NEW."days", NEW."effective_from", NEW."effective_until", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."stage", NEW."what", NEW."whom"); RETURN NULL;',
                    hash="1c3a36fd7246b88f5318e1bf3a398769f19ed89a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_16fd7",
                    table="dispatch_escalationrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalationrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "dispatch_escalationruleevent" ("clock", "days", "effective_from", "effective_until", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "stage", "what", "whom") VALUES (NEW."clock", NEW."days", NEW."effective_from", NEW."effective_until", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."stage", NEW."what", NEW."whom"); RETURN NULL;',
                    hash="c3dbaa7cd56f03b6eaf9c55a8bb2491865c144b6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_45b52",
                    table="dispatch_escalationrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalationrule",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "dispatch_escalationruleevent" ("clock", "days", "effective_from", "effective_until", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "stage", "what", "whom") VALUES (OLD."clock", OLD."days", OLD."effective_from", OLD."effective_until", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."stage", OLD."what", OLD."whom"); RETURN NULL;',
                    hash="0954806b05585b40ce05fa53c401ae72a3744840",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fe64b",
                    table="dispatch_escalationrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalationruleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="02d0e48d7d7efc7c0d27e7aebaf4959db6c26a3e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a0963",
                    table="dispatch_escalationruleevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Circular",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circulars",
                        to="grid.unit",
                        verbose_name="Published by",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("text", models.TextField(blank=True, verbose_name="Text")),
                ("first_day", models.DateField(verbose_name="From")),
                ("last_day", models.DateField(verbose_name="Until")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")],
                        default="draft",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="Opened")),
                ("opened_by", models.CharField(max_length=120, verbose_name="Opened by")),
                ("published_at", models.DateTimeField(null=True, verbose_name="Published")),
                ("published_by", models.CharField(blank=True, max_length=120, verbose_name="Published by")),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "circular",
                "verbose_name_plural": "circulars",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("unit", "first_day"),
                        name="circular_one_draft_a_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))), name="circular_days_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CircularLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "circular",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="dispatch.circular"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="circular_lines", to="intake.case"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("overdue", "Long overdue"),
                            ("dissatisfied", "Dissatisfied twice"),
                            ("chosen", "Chosen by a supervisor"),
                        ],
                        max_length=24,
                        verbose_name="Reason",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
            ],
            options={
                "verbose_name": "line of a circular",
                "verbose_name_plural": "lines of circulars",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["circular", "unit", "id"], name="circular_line_by_unit")],
                "constraints": [
                    models.UniqueConstraint(fields=("circular", "case", "reason"), name="circular_line_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CircularReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "circular",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="dispatch.circular",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
            ],
            options={
                "verbose_name": "reading of a circular",
                "verbose_name_plural": "readings of circulars",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("circular", "unit"), name="circular_read_once")],
            },
        ),
        migrations.CreateModel(
            name="Urge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="urges",
                        to="intake.case",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("urge", "Urge"), ("notice", "Urge notice")],
                        default="urge",
                        max_length=8,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="To",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.escalationrule",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="Text")),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
            ],
            options={
                "verbose_name": "urge",
                "verbose_name_plural": "urges",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["case", "-id"], name="urge_by_case")],
            },
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="supervisions", to="intake.case"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("chosen", "Chosen by a supervisor"),
                            ("overdue", "Long overdue"),
                            ("dissatisfied", "Dissatisfied twice"),
                            ("instruction", "Instruction of a leader"),
                            ("exchange", "Asked by another platform"),
                            ("other", "Another reason"),
                        ],
                        max_length=24,
                        verbose_name="Reason",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="What is wanted")),
                ("opened_at", models.DateTimeField(verbose_name="Opened")),
                ("opened_by", models.CharField(max_length=120, verbose_name="Opened by")),
                ("opened_by_id", models.BigIntegerField(editable=False, null=True)),
                ("due_at", models.DateTimeField(verbose_name="Due")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="Confirmed")),
                ("confirmed_by", models.CharField(blank=True, max_length=120, verbose_name="Confirmed by")),
                ("confirmation", models.CharField(blank=True, max_length=500, verbose_name="Confirmation")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Ended")),
                ("ended_by", models.CharField(blank=True, max_length=120, verbose_name="Ended by")),
                ("result", models.CharField(blank=True, max_length=500, verbose_name="Result")),
            ],
            options={
                "verbose_name": "supervision order",
                "verbose_name_plural": "supervision orders",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["due_at", "id"], name="supervision_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("case",), name="supervision_one_open_a_case"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="instructions", to="intake.case"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="To",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="Instruction")),
                ("at", models.DateTimeField(verbose_name="Time")),
                ("by", models.CharField(max_length=120, verbose_name="By")),
                ("by_id", models.BigIntegerField(editable=False, null=True)),
                ("asks_reply", models.BooleanField(default=False, verbose_name="An answer is asked for")),
                ("reply", models.CharField(blank=True, max_length=500, verbose_name="Answer")),
                ("replied_at", models.DateTimeField(null=True, verbose_name="Answered")),
                ("replied_by", models.CharField(blank=True, max_length=120, verbose_name="Answered by")),
            ],
            options={
                "verbose_name": "instruction",
                "verbose_name_plural": "instructions",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("asks_reply", True), ("replied_at", None)),
                        fields=["-id"],
                        name="instruction_unanswered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "clock",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="dispatch.clock",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.escalationrule",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="intake.case",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Time")),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="To",
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("view_case", "See cases"),
                            ("register_case", "Register cases"),
                            ("confirm_refusal", "Confirm a refusal"),
                            ("dispatch_case", "Dispatch cases"),
                            ("handle_case", "Handle work orders"),
                            ("hand_down", "Hand work orders down"),
                            ("order_department", "Order departments to the spot"),
                            ("review_case", "Review reports"),
                            ("decide_request", "Decide requests"),
                            ("supervise_case", "Urge and supervise"),
                            ("instruct_case", "Give instructions"),
                            ("view_identity", "Ask to see a citizen's identity"),
                            ("enter_duty", "Enter duty-list changes"),
                            ("review_duty", "Review duty-list changes"),
                            ("manage_duty", "Publish duty-list changes"),
                            ("edit_knowledge", "Edit knowledge"),
                            ("review_knowledge", "Review knowledge"),
                            ("verify_lead", "Verify leads"),
                            ("edit_rules", "Edit dispatch rules"),
                            ("publish_rules", "Publish dispatch rules"),
                            ("rule_dispute", "Rule on disputes"),
                            ("call_back", "Call citizens back"),
                            ("grid_round", "Walk rounds and make visits"),
                            ("manage_grid", "Plan the work of the grid"),
                            ("view_figures", "See figures"),
                            ("judge_warning", "Judge warnings and run themes"),
                            ("keep_assessment", "Keep the assessment ledger"),
                            ("manage_system", "Administer"),
                        ],
                        max_length=30,
                        verbose_name="For whoever may",
                    ),
                ),
                (
                    "urge",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.urge",
                    ),
                ),
                ("told_at", models.DateTimeField(null=True, verbose_name="Told")),
            ],
            options={
                "verbose_name": "escalation",
                "verbose_name_plural": "escalations",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["case", "-id"], name="escalation_by_case"),
                    models.Index(
                        condition=models.Q(("told_at", None)), fields=["unit", "rule", "id"], name="escalation_to_tell"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("clock", "rule"), name="escalation_once")],
            },
        ),
    ]

    operations = [CreateTables(tables)]
