"""Figures, reports, themes, warnings, the assessment ledger: the tables as the models say.

`replaces` is for databases made before and goes with the first release.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import analytics.models.exclusions
from shenzhen_gov.core.create_tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("analytics", "0001_initial"),
        ("analytics", "0002_figures"),
        ("analytics", "0003_reports_themes"),
        ("analytics", "0004_tables_and_feeds"),
        ("analytics", "0005_assessment_ledger"),
        ("analytics", "0006_early_warnings"),
        ("analytics", "0007_theme_warning"),
        ("analytics", "0008_deadlines_counted"),
    ]

    dependencies = [
        ("dutylist", "0001_initial"),
        ("grid", "0001_tables"),
        ("intake", "0001_tables"),
    ]

    tables = [
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("collect", "Collecting"),
                            ("dispatch", "Dispatching"),
                            ("handle", "Handling"),
                            ("supervise", "Supervising"),
                            ("evaluate", "Evaluating"),
                        ],
                        max_length=12,
                        verbose_name="Group",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("name_en", models.CharField(max_length=80, verbose_name="English name")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("owner", models.CharField(max_length=80, verbose_name="Answered for by")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
            ],
            options={
                "verbose_name": "indicator",
                "verbose_name_plural": "indicators",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="IndicatorVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="analytics.indicator",
                        verbose_name="Indicator",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="Version")),
                ("effective_from", models.DateField(verbose_name="In force from")),
                (
                    "numerator",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Numerator",
                    ),
                ),
                (
                    "denominator",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Denominator",
                    ),
                ),
                ("weights", models.JSONField(blank=True, default=dict, verbose_name="Weights")),
                (
                    "is_ranked_only",
                    models.BooleanField(
                        default=False,
                        help_text="执法办案, 行政调解 are left out (W16).",
                        verbose_name="Without law enforcement and mediation",
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[("count", "count"), ("percent", "%"), ("hours", "hours"), ("times", "times")],
                        max_length=10,
                        verbose_name="Measure",
                    ),
                ),
                (
                    "better",
                    models.CharField(
                        choices=[("higher", "Higher"), ("lower", "Lower"), ("none", "Neither")],
                        default="higher",
                        max_length=6,
                        verbose_name="Better is",
                    ),
                ),
                (
                    "target",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="Target"),
                ),
                ("formula", models.CharField(max_length=300, verbose_name="In words")),
                ("formula_en", models.CharField(max_length=400, verbose_name="In English words")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
                ("published_at", models.DateTimeField(verbose_name="Published")),
                ("published_by", models.CharField(max_length=120, verbose_name="Published by")),
            ],
            options={
                "verbose_name": "version of an indicator",
                "verbose_name_plural": "versions of indicators",
                "ordering": ["indicator", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "number"), name="indicator_version_number_once"),
                    models.UniqueConstraint(fields=("indicator", "effective_from"), name="indicator_version_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("numerator__len__gt", 0), models.Q(("weights", {}), _negated=True), _connector="OR"
                        ),
                        name="indicator_version_counts_something",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="indicatorversion",
            trigger=pgtrigger.compiler.Trigger(
                name="indicator_version_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2d87bace2a4363150cbb9b697356e680631826c0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_indicator_version_is_kept_dbd48",
                    table="analytics_indicatorversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="AssessmentMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(unique=True, verbose_name="Month")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("proposed", "Proposed"), ("frozen", "Frozen")],
                        default="open",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("proposed_at", models.DateTimeField(null=True, verbose_name="Proposed")),
                ("proposed_by", models.CharField(blank=True, max_length=120, verbose_name="Proposed by")),
                ("freeze_asked_at", models.DateTimeField(null=True, verbose_name="Freeze asked for")),
                ("freeze_asked_by", models.CharField(blank=True, max_length=120, verbose_name="Freeze asked for by")),
                ("freeze_failed", models.CharField(blank=True, max_length=300, verbose_name="Why it was not frozen")),
                ("frozen_at", models.DateTimeField(null=True, verbose_name="Frozen")),
                ("frozen_by", models.CharField(blank=True, max_length=120, verbose_name="Frozen by")),
                ("basis", models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("posting_count", models.PositiveIntegerField(default=0)),
                ("postings_digest", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="Digest")),
            ],
            options={
                "verbose_name": "month of the assessment",
                "verbose_name_plural": "months of the assessment",
                "ordering": ["-month"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="assessment_month_is_its_first_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("frozen_at__isnull", False),
                                ("state", "frozen"),
                                models.Q(("digest", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "frozen"), _negated=True),
                                ("digest", ""),
                                ("frozen_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_month_frozen_with_digest",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assessmentmonth",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_month_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'frozen')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5d7cddc0984f714e26a57d2f52175128d730ca36",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_month_is_kept_0dee0",
                    table="analytics_assessmentmonth",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="FrozenScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "month",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="analytics.assessmentmonth",
                    ),
                ),
                ("scheme", models.SlugField(max_length=30)),
                (
                    "area",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.area"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
                    ),
                ),
                ("place_name", models.CharField(max_length=120)),
                ("place_code", models.CharField(max_length=60)),
                ("cases", models.PositiveIntegerField()),
                ("total", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ("rank", models.PositiveIntegerField(null=True)),
                ("line", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "frozen score",
                "verbose_name_plural": "frozen scores",
                "constraints": [
                    models.UniqueConstraint(fields=("month", "scheme", "line"), name="frozen_score_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("area__isnull", True), ("unit__isnull", False)),
                            models.Q(("area__isnull", False), ("unit__isnull", True)),
                            _connector="OR",
                        ),
                        name="frozen_score_of_one_place",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="frozenscore",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_score_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="046cf2163579b3895010de915f345d125aec8c1c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_score_is_kept_8b1a3",
                    table="analytics_frozenscore",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="FrozenResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="analytics.frozenscore"
                    ),
                ),
                ("indicator", models.SlugField(max_length=40)),
                ("version", models.PositiveSmallIntegerField()),
                ("numerator", models.BigIntegerField()),
                ("denominator", models.BigIntegerField()),
                ("value", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("rank", models.PositiveIntegerField(null=True)),
            ],
            options={
                "verbose_name": "frozen result",
                "verbose_name_plural": "frozen results",
                "constraints": [models.UniqueConstraint(fields=("score", "indicator"), name="frozen_result_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="frozenresult",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_result_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="56381cba876ba423153d9655cc1d44991f8f4fb5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_result_is_kept_3e656",
                    table="analytics_frozenresult",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="FrozenPosting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "month",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="analytics.assessmentmonth",
                    ),
                ),
                ("case_id", models.BigIntegerField()),
                ("number", models.CharField(max_length=40)),
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
                ("is_excluded", models.BooleanField()),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("units", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("amounts", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), null=True, size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen postings of a case",
                "verbose_name_plural": "frozen postings of cases",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["keys", "units"], name="frozen_posting_by_key"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("month", "case_id"), name="frozen_posting_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="frozenposting",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_posting_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="97bbabf2c4657dfbeba0fb54ed0c09d306785b5b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_posting_is_kept_83984",
                    table="analytics_frozenposting",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "month",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="analytics.assessmentmonth",
                    ),
                ),
                ("indicator", models.SlugField(max_length=40)),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.unit"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.area"),
                ),
                ("place_name", models.CharField(max_length=120)),
                ("case_number", models.CharField(blank=True, max_length=40, verbose_name="Case number")),
                ("numerator", models.IntegerField(verbose_name="Numerator")),
                ("denominator", models.IntegerField(verbose_name="Denominator")),
                ("reason", models.CharField(max_length=500, verbose_name="Reason")),
                ("made_at", models.DateTimeField(verbose_name="Made")),
                ("made_by", models.CharField(max_length=120, verbose_name="Made by")),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="correction_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("numerator", 0), ("denominator", 0), _negated=True),
                        name="correction_changes_something",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="correction_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="13746e114700c6a7c79293dbb2dc2277ba01e48b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_correction_is_kept_d9659",
                    table="analytics_correction",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="AssessmentScheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=30, verbose_name="Code")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("name_en", models.CharField(max_length=80, verbose_name="English name")),
                (
                    "place",
                    models.CharField(
                        choices=[("area", "Areas"), ("unit", "Units")], max_length=6, verbose_name="Ranks"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "City"),
                            (2, "District"),
                            (3, "Subdistrict"),
                            (4, "Community"),
                            (5, "Grid cell"),
                            (6, "Sub-cell"),
                        ],
                        verbose_name="Level",
                    ),
                ),
                (
                    "unit_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("centre", "Civic request centre"),
                            ("subdistrict", "Subdistrict sub-centre"),
                            ("community", "Community"),
                            ("cell", "Grid team"),
                            ("bureau", "Bureau"),
                            ("section", "Section"),
                            ("company", "Public company"),
                        ],
                        max_length=20,
                        verbose_name="Kind of unit",
                    ),
                ),
                ("weights", models.JSONField(verbose_name="Weights")),
                ("counted_by", models.CharField(max_length=30, verbose_name="Size is counted by")),
                ("minimum", models.PositiveIntegerField(default=0, verbose_name="Ranked from")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("effective_from", models.DateField(verbose_name="In force from")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
                ("is_sample", models.BooleanField(default=False, verbose_name="Example")),
            ],
            options={
                "verbose_name": "assessment scheme",
                "verbose_name_plural": "assessment schemes",
                "ordering": ["order", "code", "-effective_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "effective_from"), name="assessment_scheme_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("place", "area"), ("unit_kind", "")),
                            models.Q(("place", "unit"), models.Q(("unit_kind", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="assessment_scheme_has_a_group",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effective_from__day", 1)), name="assessment_scheme_begins_a_month"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assessmentscheme",
            trigger=pgtrigger.compiler.Trigger(
                name="assessment_scheme_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5aa7d11f5a7ab23ff90b1bce8ee1f749d66bcc27",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_assessment_scheme_is_kept_60b79",
                    table="analytics_assessmentscheme",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ExclusionGround",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("name_en", models.CharField(max_length=80, verbose_name="English name")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
            ],
            options={
                "verbose_name": "ground for an exclusion",
                "verbose_name_plural": "grounds for exclusions",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="ExclusionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="Month")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.case",
                        verbose_name="Case",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analytics.indicator",
                        verbose_name="Indicator",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit that asks",
                    ),
                ),
                (
                    "ground",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analytics.exclusionground",
                        verbose_name="Ground",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="Reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be decided"),
                            ("agreed", "Agreed"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("asked_by", models.CharField(max_length=120, verbose_name="Asked by")),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="Decided")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="Decided by")),
                ("opinion", models.CharField(blank=True, max_length=500, verbose_name="Opinion")),
                (
                    "correction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analytics.correction",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for an exclusion",
                "verbose_name_plural": "requests for exclusions",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "agreed")), fields=["month"], name="exclusion_agreed"),
                    models.Index(fields=["unit", "-id"], name="exclusion_by_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "agreed"))),
                        fields=("case", "indicator", "unit", "month"),
                        name="exclusion_asked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("open", "withdrawn")),
                            models.Q(("decided_at__isnull", False), models.Q(("opinion", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="exclusion_decided_with_opinion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="exclusion_month_is_its_first_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExclusionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="analytics.exclusionrequest",
                    ),
                ),
                ("file", models.FileField(upload_to=analytics.models.exclusions.stored_name, verbose_name="File")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("content_type", models.CharField(max_length=60)),
                ("size", models.PositiveIntegerField(verbose_name="Size")),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "evidence of an exclusion",
                "verbose_name_plural": "evidence of exclusions",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("request", "sha256"), name="exclusion_file_once")],
            },
        ),
        migrations.CreateModel(
            name="FeedKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="System")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("prefix", models.CharField(editable=False, max_length=8, verbose_name="Begins with")),
                ("created_at", models.DateTimeField(verbose_name="Created")),
                ("created_by", models.CharField(max_length=120, verbose_name="Created by")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="Revoked")),
            ],
            options={
                "verbose_name": "key to figures",
                "verbose_name_plural": "keys to figures",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="OpenDataRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="Month")),
                ("number", models.PositiveSmallIntegerField(verbose_name="Release")),
                ("tables", models.JSONField()),
                ("threshold", models.PositiveSmallIntegerField(verbose_name="Threshold")),
                ("suppressed", models.PositiveIntegerField(verbose_name="Suppressed cells")),
                ("licence", models.CharField(max_length=300, verbose_name="Licence")),
                ("made_at", models.DateTimeField(verbose_name="Made")),
                ("made_by", models.CharField(max_length=120, verbose_name="Made by")),
            ],
            options={
                "verbose_name": "open data release",
                "verbose_name_plural": "open data releases",
                "ordering": ["-month", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("month", "number"), name="open_data_release_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="open_data_release_counts_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dimension",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Area"), (2, "Unit"), (3, "Duty item"), (4, "Channel")]
                    ),
                ),
                ("scope_id", models.BigIntegerField()),
                ("key_id", models.BigIntegerField(default=0)),
                ("is_excluded", models.BooleanField(default=False)),
                ("registered", models.IntegerField(default=0)),
                ("accepted", models.IntegerField(default=0)),
                ("not_accepted", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
                ("repeated", models.IntegerField(default=0)),
                ("dispatched", models.IntegerField(default=0)),
                ("dispatched_right", models.IntegerField(default=0)),
                ("dispatched_alone", models.IntegerField(default=0)),
                ("sign_due", models.IntegerField(default=0)),
                ("signed_in_time", models.IntegerField(default=0)),
                ("contact_due", models.IntegerField(default=0)),
                ("contacted_in_time", models.IntegerField(default=0)),
                ("handling_due", models.IntegerField(default=0)),
                ("handled_in_time", models.IntegerField(default=0)),
                ("case_due", models.IntegerField(default=0)),
                ("closed_in_time", models.IntegerField(default=0)),
                ("extended", models.IntegerField(default=0)),
                ("late_minutes", models.BigIntegerField(default=0)),
                ("late_limit_minutes", models.BigIntegerField(default=0)),
                ("closed", models.IntegerField(default=0)),
                ("natural_minutes", models.BigIntegerField(default=0)),
                ("working_minutes", models.BigIntegerField(default=0)),
                ("rateable", models.IntegerField(default=0)),
                ("evaluated", models.IntegerField(default=0)),
                ("satisfied", models.IntegerField(default=0)),
                ("dissatisfied", models.IntegerField(default=0)),
                ("redone", models.IntegerField(default=0)),
                ("returns_decided", models.IntegerField(default=0)),
                ("returns_agreed", models.IntegerField(default=0)),
                ("to_tell", models.IntegerField(default=0)),
                ("told_acceptance", models.IntegerField(default=0)),
                ("told_result", models.IntegerField(default=0)),
                ("asked_solved", models.IntegerField(default=0)),
                ("solved", models.IntegerField(default=0)),
                ("urged", models.IntegerField(default=0)),
                ("supervised", models.IntegerField(default=0)),
                ("false_closures", models.IntegerField(default=0)),
                ("voided", models.IntegerField(default=0)),
                ("calls", models.IntegerField(default=0)),
                ("calls_answered_fast", models.IntegerField(default=0)),
                ("period", models.DateField(verbose_name="Day")),
            ],
            options={
                "verbose_name": "figures of a day",
                "verbose_name_plural": "figures of days",
                "indexes": [
                    models.Index(
                        condition=models.Q(("dimension", 3)), fields=["key_id", "period"], name="day_figures_by_item"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dimension", "scope_id", "period", "key_id", "is_excluded"), name="day_figures_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dimension",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Area"), (2, "Unit"), (3, "Duty item"), (4, "Channel")]
                    ),
                ),
                ("scope_id", models.BigIntegerField()),
                ("key_id", models.BigIntegerField(default=0)),
                ("is_excluded", models.BooleanField(default=False)),
                ("registered", models.IntegerField(default=0)),
                ("accepted", models.IntegerField(default=0)),
                ("not_accepted", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
                ("repeated", models.IntegerField(default=0)),
                ("dispatched", models.IntegerField(default=0)),
                ("dispatched_right", models.IntegerField(default=0)),
                ("dispatched_alone", models.IntegerField(default=0)),
                ("sign_due", models.IntegerField(default=0)),
                ("signed_in_time", models.IntegerField(default=0)),
                ("contact_due", models.IntegerField(default=0)),
                ("contacted_in_time", models.IntegerField(default=0)),
                ("handling_due", models.IntegerField(default=0)),
                ("handled_in_time", models.IntegerField(default=0)),
                ("case_due", models.IntegerField(default=0)),
                ("closed_in_time", models.IntegerField(default=0)),
                ("extended", models.IntegerField(default=0)),
                ("late_minutes", models.BigIntegerField(default=0)),
                ("late_limit_minutes", models.BigIntegerField(default=0)),
                ("closed", models.IntegerField(default=0)),
                ("natural_minutes", models.BigIntegerField(default=0)),
                ("working_minutes", models.BigIntegerField(default=0)),
                ("rateable", models.IntegerField(default=0)),
                ("evaluated", models.IntegerField(default=0)),
                ("satisfied", models.IntegerField(default=0)),
                ("dissatisfied", models.IntegerField(default=0)),
                ("redone", models.IntegerField(default=0)),
                ("returns_decided", models.IntegerField(default=0)),
                ("returns_agreed", models.IntegerField(default=0)),
                ("to_tell", models.IntegerField(default=0)),
                ("told_acceptance", models.IntegerField(default=0)),
                ("told_result", models.IntegerField(default=0)),
                ("asked_solved", models.IntegerField(default=0)),
                ("solved", models.IntegerField(default=0)),
                ("urged", models.IntegerField(default=0)),
                ("supervised", models.IntegerField(default=0)),
                ("false_closures", models.IntegerField(default=0)),
                ("voided", models.IntegerField(default=0)),
                ("calls", models.IntegerField(default=0)),
                ("calls_answered_fast", models.IntegerField(default=0)),
                ("period", models.DateField(verbose_name="Month")),
            ],
            options={
                "verbose_name": "figures of a month",
                "verbose_name_plural": "figures of months",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dimension", "scope_id", "period", "key_id", "is_excluded"), name="month_figures_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FiguresState",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("read_until", models.BigIntegerField(default=0, verbose_name="Read until")),
                ("refreshed_at", models.DateTimeField(null=True, verbose_name="Refreshed")),
                ("due_until", models.DateField(null=True, verbose_name="Deadlines counted until")),
                ("rebuild_asked_at", models.DateTimeField(null=True, verbose_name="Rebuild asked for")),
                ("rebuild_asked_by", models.CharField(blank=True, max_length=120, verbose_name="Rebuild asked for by")),
                ("rebuilt_at", models.DateTimeField(null=True, verbose_name="Rebuilt")),
            ],
            options={
                "verbose_name": "state of the figures",
                "verbose_name_plural": "state of the figures",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="figures_state_one_row")],
            },
        ),
        migrations.CreateModel(
            name="CasePosting",
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
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.channel",
                    ),
                ),
                ("is_excluded", models.BooleanField(default=False, verbose_name="Out of rankings")),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("units", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("amounts", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "verbose_name": "postings of a case",
                "verbose_name_plural": "postings of cases",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["keys"], name="posting_by_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="RadarFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("daily", "Daily brief"), ("weekly", "Weekly report"), ("monthly", "Monthly report")],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
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
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                ("first", models.DateField(verbose_name="First day")),
                ("last", models.DateField(verbose_name="Last day")),
                ("edition", models.PositiveSmallIntegerField(default=1, verbose_name="Edition")),
                ("content", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("made_at", models.DateTimeField(verbose_name="Made")),
                ("made_by", models.CharField(max_length=120, verbose_name="Made by")),
            ],
            options={
                "verbose_name": "report of figures",
                "verbose_name_plural": "reports of figures",
                "ordering": ["-last", "-id"],
                "indexes": [models.Index(fields=["-last", "-id"], name="report_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "area", "unit", "first", "edition"),
                        name="report_edition_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("daily", "Daily brief"), ("weekly", "Weekly report"), ("monthly", "Monthly report")],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
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
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "Simplified Chinese"), ("en", "English")],
                        max_length=10,
                        verbose_name="Language",
                    ),
                ),
                ("by_mail", models.BooleanField(default=False, verbose_name="By mail too")),
                ("created_at", models.DateTimeField(verbose_name="Subscribed")),
            ],
            options={
                "verbose_name": "subscription of a report",
                "verbose_name_plural": "subscriptions of reports",
                "ordering": ["kind", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "area", "unit", "user"), name="report_subscribed_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("query", models.CharField(max_length=1000, verbose_name="Question")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Owner",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Shared in",
                    ),
                ),
                ("kept_at", models.DateTimeField(verbose_name="Kept")),
            ],
            options={
                "verbose_name": "kept table",
                "verbose_name_plural": "kept tables",
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(condition=models.Q(("unit__isnull", False)), fields=["unit"], name="kept_table_shared")
                ],
                "constraints": [models.UniqueConstraint(fields=("owner", "name"), name="kept_table_name_once")],
            },
        ),
        migrations.CreateModel(
            name="EarlyWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("burst", "Burst"),
                            ("cluster", "Same matter, many citizens"),
                            ("risk", "Risk words"),
                            ("place", "Repeat place"),
                            ("closure", "False closures"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("subject", models.CharField(editable=False, max_length=32)),
                ("period", models.DateField(editable=False)),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Area",
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
                        verbose_name="Duty item",
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
                ("name", models.CharField(max_length=160, verbose_name="Matter")),
                ("first_day", models.DateField(verbose_name="From")),
                ("last_day", models.DateField(verbose_name="Until")),
                ("count", models.PositiveIntegerField(verbose_name="Cases")),
                ("citizens", models.PositiveIntegerField(default=0, verbose_name="Citizens")),
                ("expected", models.FloatField(null=True, verbose_name="Expected")),
                ("score", models.FloatField(verbose_name="Score")),
                (
                    "evidence",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="Evidence"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be judged"),
                            ("accepted", "Found true"),
                            ("false_alarm", "False alarm"),
                            ("acted", "Acted on"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="State",
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="Found")),
                ("last_found_at", models.DateTimeField(verbose_name="Last found")),
                ("times_found", models.PositiveIntegerField(default=1, verbose_name="Times found")),
                (
                    "owner_unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Owner",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Taken on by",
                    ),
                ),
                ("judged_at", models.DateTimeField(null=True, verbose_name="Judged")),
                ("judged_by", models.CharField(blank=True, max_length=120, verbose_name="Judged by")),
                ("judged_count", models.PositiveIntegerField(default=0, verbose_name="Cases when judged")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="Reason")),
                ("action", models.CharField(blank=True, max_length=1000, verbose_name="Action")),
                ("acted_at", models.DateTimeField(null=True, verbose_name="Acted")),
                ("acted_by", models.CharField(blank=True, max_length=120, verbose_name="Acted by")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="Closed")),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "early warning",
                "verbose_name_plural": "early warnings",
                "ordering": ["-score", "id"],
                "indexes": [
                    models.Index(fields=["state", "-score", "id"], name="warning_by_score"),
                    models.Index(
                        models.OrderBy(models.F("last_found_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="warning_by_time",
                    ),
                    models.Index(
                        condition=models.Q(("judged_at__isnull", False)), fields=["judged_at"], name="warning_judged"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "period"), name="warning_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(("judged_at__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="warning_judged_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DetectorRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("burst", "Burst"),
                            ("cluster", "Same matter, many citizens"),
                            ("risk", "Risk words"),
                            ("place", "Repeat place"),
                            ("closure", "False closures"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("slot_at", models.DateTimeField(verbose_name="Due")),
                ("ended_at", models.DateTimeField(verbose_name="Ended")),
                ("found", models.PositiveIntegerField(default=0, verbose_name="Found")),
                ("fresh", models.PositiveIntegerField(default=0, verbose_name="New")),
                ("read_until", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "look of a detector",
                "verbose_name_plural": "looks of detectors",
                "ordering": ["-id"],
                "constraints": [models.UniqueConstraint(fields=("kind", "slot_at"), name="detector_run_once")],
            },
        ),
        migrations.CreateModel(
            name="SpecialTheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                (
                    "warning",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="themes",
                        to="analytics.earlywarning",
                        verbose_name="Early warning",
                    ),
                ),
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
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Words",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="Why")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit in charge",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="In charge",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[("fewer", "Fewer cases of its items"), ("indicator", "An indicator of its area")],
                        max_length=10,
                        verbose_name="Target",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analytics.indicator",
                    ),
                ),
                ("target_value", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="Target value")),
                ("target_on", models.DateField(verbose_name="To be reached by")),
                ("started_on", models.DateField(verbose_name="First day")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="Last day")),
                ("outcome", models.CharField(blank=True, max_length=500, verbose_name="What came of it")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("running", "Under way"),
                            ("achieved", "Target reached"),
                            ("ended", "Ended"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("is_sample", models.BooleanField(default=False, verbose_name="Sample")),
                ("opened_at", models.DateTimeField(verbose_name="Opened")),
                ("opened_by", models.CharField(max_length=120, verbose_name="Opened by")),
                ("row_version", models.PositiveIntegerField(default=1)),
                ("items", models.ManyToManyField(related_name="+", to="dutylist.item", verbose_name="Duty items")),
                (
                    "batches",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="dutylist.batch", verbose_name="Batches of the duty list"
                    ),
                ),
            ],
            options={
                "verbose_name": "special theme",
                "verbose_name_plural": "special themes",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["state", "-id"], name="theme_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("indicator__isnull", False), ("target", "indicator")),
                            models.Q(("indicator", None), ("target", "fewer")),
                            _connector="OR",
                        ),
                        name="theme_target_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target_on__gt", models.F("started_on"))),
                        name="theme_target_after_its_first_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThemeStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="analytics.specialtheme"
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="Step")),
                ("who", models.CharField(max_length=80, verbose_name="Who")),
                ("due_on", models.DateField(verbose_name="Until")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="Done")),
                ("done_by", models.CharField(blank=True, max_length=120, verbose_name="Done by")),
            ],
            options={
                "verbose_name": "step of a theme",
                "verbose_name_plural": "steps of themes",
                "ordering": ["due_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="ThemeReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="analytics.specialtheme"
                    ),
                ),
                ("month", models.DateField(verbose_name="Month")),
                ("due_on", models.DateField(verbose_name="Until")),
                ("text", models.TextField(blank=True, verbose_name="Review")),
                ("written_at", models.DateTimeField(blank=True, null=True, verbose_name="Written")),
                ("written_by", models.CharField(blank=True, max_length=120, verbose_name="Written by")),
            ],
            options={
                "verbose_name": "review of a theme",
                "verbose_name_plural": "reviews of themes",
                "ordering": ["-month"],
                "constraints": [models.UniqueConstraint(fields=("theme", "month"), name="theme_review_once_a_month")],
            },
        ),
        migrations.CreateModel(
            name="ThemeCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="analytics.specialtheme"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.case"),
                ),
                ("linked_at", models.DateTimeField(verbose_name="Linked")),
                ("linked_by", models.CharField(max_length=120, verbose_name="Linked by")),
            ],
            options={
                "verbose_name": "case of a theme",
                "verbose_name_plural": "cases of themes",
                "ordering": ["-id"],
                "constraints": [models.UniqueConstraint(fields=("theme", "case"), name="theme_case_once")],
            },
        ),
    ]

    operations = [
        CreateTables(tables),
        migrations.AddField(
            model_name="specialtheme",
            name="cases",
            field=models.ManyToManyField(related_name="+", through="analytics.ThemeCase", to="intake.case"),
        ),
    ]
