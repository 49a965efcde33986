import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import dutylist.models.documents
from shenzhen_gov.core.create_tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("grid", "0001_tables"),
    ]

    tables = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="Number")),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("reason", models.TextField(blank=True, verbose_name="Reason")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="Decision document")),
                (
                    "owner_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="List of",
                    ),
                ),
                (
                    "proposing_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Proposed by",
                    ),
                ),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="In force from")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pre_review", "Waits for the first review"),
                            ("review", "Waits for approval"),
                            ("scheduled", "Waits for its date"),
                            ("published", "Published"),
                            ("rolled_back", "Rolled back"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="State",
                    ),
                ),
                ("content_number", models.PositiveIntegerField(default=1)),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="dutylist.batch",
                    ),
                ),
                (
                    "override",
                    models.CharField(blank=True, max_length=500, verbose_name="Published in spite of the gate because"),
                ),
                ("problem", models.TextField(blank=True, verbose_name="Why it could not be published")),
                ("created_at", models.DateTimeField(verbose_name="Opened")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("published_at", models.DateTimeField(null=True, verbose_name="Published")),
                ("row_version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "batch",
                "verbose_name_plural": "batches",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "scheduled")), fields=["effective_on"], name="batch_to_publish"
                    ),
                    models.Index(fields=["-published_at"], name="batch_published"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CatalogueEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("level", models.PositiveSmallIntegerField(verbose_name="Level")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="dutylist.catalogueentry",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("official", "Official list"),
                            ("sample", "Sample"),
                            ("legacy", "Pingshan 2018 sample"),
                        ],
                        max_length=10,
                        verbose_name="Source",
                    ),
                ),
            ],
            options={
                "verbose_name": "catalogue entry",
                "verbose_name_plural": "catalogue",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "parent", "name"),
                        name="catalogue_name_once_below_parent",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 3)), name="catalogue_three_levels"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchPreview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="previews", to="dutylist.batch"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("content_number", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField(verbose_name="Computed")),
                ("made_by", models.CharField(max_length=120)),
                ("figures", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
            options={
                "verbose_name": "preview of a batch",
                "verbose_name_plural": "previews of batches",
                "constraints": [models.UniqueConstraint(fields=("batch", "kind"), name="batch_one_preview_of_a_kind")],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="dutylist.catalogueentry",
                        verbose_name="Catalogue entry",
                    ),
                ),
                (
                    "management_type",
                    models.CharField(
                        choices=[
                            ("A", "A City item"),
                            ("B", "B District item handed down by the city"),
                            ("C", "C District's own item"),
                        ],
                        default="A",
                        max_length=1,
                        verbose_name="Management type",
                    ),
                ),
                (
                    "owner_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="List of",
                    ),
                ),
                (
                    "narrows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overlays",
                        to="dutylist.item",
                        verbose_name="Narrows",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty item",
                "verbose_name_plural": "duty items",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(fields=("narrows", "owner_area"), name="item_one_overlay_per_area"),
                    models.UniqueConstraint(
                        condition=models.Q(("narrows", None)),
                        fields=("entry", "owner_area"),
                        name="item_once_per_entry_and_list",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rename", "Rename"),
                            ("merge", "Merge into another"),
                            ("split", "Split"),
                            ("close", "Close down"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Successor",
                    ),
                ),
                ("parts", models.JSONField(blank=True, default=list, verbose_name="Parts")),
                ("new_name", models.CharField(blank=True, max_length=120, verbose_name="New name")),
                ("effective_on", models.DateField(verbose_name="In force from")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="Decision document")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("done", "Carried out"), ("cancelled", "Cancelled")],
                        default="planned",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("problem", models.TextField(blank=True, verbose_name="Why it could not be carried out")),
                ("created_at", models.DateTimeField(verbose_name="Planned")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("done_at", models.DateTimeField(null=True, verbose_name="Carried out")),
                ("row_version", models.PositiveIntegerField(default=1)),
                (
                    "batches",
                    models.ManyToManyField(
                        blank=True, related_name="unit_plans", to="dutylist.batch", verbose_name="Batches"
                    ),
                ),
            ],
            options={
                "verbose_name": "planned institutional change",
                "verbose_name_plural": "planned institutional changes",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "planned")), fields=["effective_on"], name="plan_to_carry_out"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "planned")), fields=("unit",), name="plan_one_open_per_unit"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "rename"), models.Q(("new_name", ""), _negated=True)),
                            ("kind", "split"),
                            models.Q(("into__isnull", False), ("kind__in", ("merge", "close"))),
                            _connector="OR",
                        ),
                        name="plan_says_what_follows",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="dutylist.item",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="Version")),
                ("effective_from", models.DateField(verbose_name="In force from")),
                ("is_retired", models.BooleanField(default=False, verbose_name="Retired")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("path_text", models.CharField(max_length=300, verbose_name="Path")),
                ("criteria", models.TextField(blank=True, verbose_name="Acceptance criteria")),
                ("exclusions", models.TextField(blank=True, verbose_name="Not this item")),
                ("close_criteria", models.TextField(blank=True, verbose_name="Closing criteria")),
                ("legal_basis", models.TextField(blank=True, verbose_name="Legal basis")),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Keywords",
                    ),
                ),
                (
                    "examples",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Example requests",
                    ),
                ),
                ("limit_normal", models.PositiveIntegerField(blank=True, null=True, verbose_name="Limit")),
                ("limit_urgent", models.PositiveIntegerField(blank=True, null=True, verbose_name="Limit, urgent")),
                (
                    "limit_unit",
                    models.CharField(
                        choices=[
                            ("workday", "working days"),
                            ("day", "calendar days"),
                            ("workhour", "working hours"),
                            ("hour", "hours"),
                            ("minute", "minutes"),
                        ],
                        default="workday",
                        max_length=10,
                        verbose_name="Unit of the limit",
                    ),
                ),
                ("hand_down", models.BooleanField(default=False, verbose_name="Handed down to subdistricts")),
                ("is_component", models.BooleanField(default=False, verbose_name="City facility: photos needed")),
                ("counts_satisfaction", models.BooleanField(default=True, verbose_name="Counts for satisfaction")),
                ("is_secret", models.BooleanField(default=False, verbose_name="Secret")),
                (
                    "duty_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("city", "City"),
                            ("district", "District"),
                            ("subdistrict", "Subdistrict"),
                            ("community", "Community"),
                        ],
                        max_length=12,
                        verbose_name="Level of the matter",
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=60, verbose_name="Origin of the matter")),
                (
                    "matter_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("patrol", "Patrol"),
                            ("lead", "Lead to follow"),
                            ("handling", "Handling"),
                            ("assistance", "Assistance"),
                            ("verification", "Verification"),
                        ],
                        max_length=12,
                        verbose_name="Type of matter",
                    ),
                ),
                (
                    "implementation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("single", "One unit"),
                            ("cross_unit", "Several units of one level"),
                            ("cross_level", "Several levels"),
                            ("cross_area", "Several areas"),
                        ],
                        max_length=12,
                        verbose_name="Way of implementation",
                    ),
                ),
                ("target", models.CharField(blank=True, max_length=120, verbose_name="Whom it concerns")),
                (
                    "lead_office",
                    models.CharField(blank=True, max_length=120, verbose_name="Office inside the lead unit"),
                ),
                ("lead_duties", models.TextField(blank=True, verbose_name="Duties of the lead unit")),
                ("co_duties", models.TextField(blank=True, verbose_name="Duties of the co-handling units")),
                ("procedure", models.TextField(blank=True, verbose_name="Procedure")),
                ("assessment", models.TextField(blank=True, verbose_name="Assessment")),
                ("remark", models.TextField(blank=True, verbose_name="Remark")),
                (
                    "limit_very_urgent",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="Limit, very urgent"),
                ),
                (
                    "contact_hours",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="First contact within hours"),
                ),
                ("is_key", models.BooleanField(default=False, verbose_name="Key item")),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Tags",
                    ),
                ),
                (
                    "confusable",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Easily confused with",
                    ),
                ),
                (
                    "successors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Superseded by",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("official", "Official list"),
                            ("sample", "Sample"),
                            ("legacy", "Pingshan 2018 sample"),
                        ],
                        max_length=10,
                        verbose_name="Source",
                    ),
                ),
                (
                    "rows_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.itemversion",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="dutylist.batch",
                        verbose_name="Batch",
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="Published")),
            ],
            options={
                "verbose_name": "version of a duty item",
                "verbose_name_plural": "versions of duty items",
                "ordering": ["item", "-effective_from"],
                "indexes": [
                    models.Index(fields=["item", "-effective_from", "-number"], name="item_version_in_time"),
                    models.Index(
                        condition=models.Q(("batch__isnull", False)), fields=["batch"], name="item_version_of_batch"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="item_version_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("limit_urgent__isnull", True), ("limit_normal__isnull", False), _connector="OR"
                        ),
                        name="item_urgent_needs_normal",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="dutylist.batch"
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="Line")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("add", "Add"),
                            ("change", "Change"),
                            ("merge", "Merge"),
                            ("split", "Split"),
                            ("transfer", "Transfer"),
                            ("retire", "Retire"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("code", models.SlugField(max_length=40, verbose_name="Code")),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.item",
                    ),
                ),
                (
                    "narrows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.item",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.itemversion",
                    ),
                ),
                (
                    "after",
                    models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Duty item")),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("keep", "Finish under the old version"),
                            ("redispatch", "Dispatch again"),
                            ("retime", "Apply the new limit"),
                            ("ask", "Decide case by case"),
                        ],
                        default="keep",
                        max_length=12,
                        verbose_name="Open cases",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("form", "Entered by hand"),
                            ("excel", "Imported from Excel"),
                            ("objection", "From an objection"),
                            ("ruling", "From a ruling"),
                            ("institution", "From an institutional change"),
                            ("rollback", "Rollback"),
                        ],
                        default="form",
                        max_length=12,
                        verbose_name="Source",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("entered_at", models.DateTimeField(verbose_name="Entered")),
                (
                    "published",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line",
                        to="dutylist.itemversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a batch",
                "verbose_name_plural": "lines of a batch",
                "ordering": ["batch", "position"],
                "indexes": [models.Index(fields=["item"], name="batch_line_of_item")],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "code"), name="batch_one_line_per_item"),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "add"), ("before__isnull", False), _connector="OR"),
                        name="line_changes_a_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("content", models.TextField(verbose_name="What is objected to, and why")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="dutylist.item",
                        verbose_name="Duty item",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="dutylist.itemversion"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="In",
                    ),
                ),
                (
                    "raising_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Raised by",
                    ),
                ),
                (
                    "handling_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit that should answer",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("district_review", "District review"),
                            ("district_manage", "District duty management"),
                            ("city_review", "City review"),
                            ("city_manage", "City duty management"),
                            ("agreed", "Agreed"),
                            ("refused", "Not agreed"),
                            ("returned", "Returned"),
                        ],
                        max_length=16,
                        verbose_name="State",
                    ),
                ),
                (
                    "at_area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.area"),
                ),
                ("raised_at", models.DateTimeField(verbose_name="Raised")),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Decided")),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="dutylist.batch",
                        verbose_name="Taken into batch",
                    ),
                ),
                ("row_version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "objection",
                "verbose_name_plural": "objections",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("district_review", "district_manage", "city_review", "city_manage"))
                        ),
                        fields=["at_area", "-id"],
                        name="objection_to_decide",
                    ),
                    models.Index(fields=["raising_unit", "-id"], name="objection_of_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("batch__isnull", True), ("state", "agreed"), _connector="OR"),
                        name="objection_taken_when_agreed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibilities",
                        to="dutylist.itemversion",
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
                    "lead_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Lead unit",
                    ),
                ),
                (
                    "fallback_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Fallback unit",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                (
                    "co_units",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="grid.unit", verbose_name="Co-handling units"
                    ),
                ),
            ],
            options={
                "verbose_name": "responsibility",
                "verbose_name_plural": "responsibilities",
                "constraints": [
                    models.UniqueConstraint(fields=("version", "area"), name="responsibility_one_row_per_area")
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="dutylist.item",
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="dutylist.objection",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="dutylist.batch",
                    ),
                ),
                ("file", models.FileField(upload_to=dutylist.models.documents.stored_name, verbose_name="File")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("content_type", models.CharField(max_length=60)),
                ("size", models.PositiveIntegerField(verbose_name="Size")),
                ("sha256", models.CharField(max_length=64)),
                ("added_at", models.DateTimeField(verbose_name="Added")),
                ("added_by", models.CharField(max_length=120, verbose_name="Added by")),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch__isnull", True), ("item__isnull", False), ("objection__isnull", True)),
                            models.Q(("batch__isnull", True), ("item__isnull", True), ("objection__isnull", False)),
                            models.Q(("batch__isnull", False), ("item__isnull", True), ("objection__isnull", True)),
                            _connector="OR",
                        ),
                        name="document_belongs_to_one",
                    ),
                    models.UniqueConstraint(
                        fields=("item", "objection", "batch", "sha256"),
                        name="document_same_file_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="dutylist.objection"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("unit", "Unit"),
                            ("district_review", "District review"),
                            ("district_manage", "District duty management"),
                            ("city_review", "City review"),
                            ("city_manage", "City duty management"),
                        ],
                        max_length=16,
                        verbose_name="Step",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("raised", "Raised"),
                            ("agree", "Agrees"),
                            ("disagree", "Does not agree"),
                            ("return", "Returns it"),
                        ],
                        max_length=10,
                        verbose_name="Verdict",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                ("unit_name", models.CharField(blank=True, max_length=120)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("person_name", models.CharField(max_length=120, verbose_name="Person")),
                ("at", models.DateTimeField(verbose_name="At")),
                ("opinion", models.TextField(blank=True, verbose_name="Opinion")),
            ],
            options={
                "verbose_name": "step of an objection",
                "verbose_name_plural": "steps of objections",
                "ordering": ["id"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="itemversion",
            trigger=pgtrigger.compiler.Trigger(
                name="published_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="fb474264d7a2091497af6dda00c371c599929a2a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_published_is_kept_0061c",
                    table="dutylist_itemversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objectionstep",
            trigger=pgtrigger.compiler.Trigger(
                name="said_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f0375d4ad3a8d0e45c7dccb54e260146ead7de0b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_said_is_kept_4e558",
                    table="dutylist_objectionstep",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="responsibility",
            trigger=pgtrigger.compiler.Trigger(
                name="published_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8b8c24314e251b7e0034a847ebe85892ba6ff62c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_published_is_kept_37585",
                    table="dutylist_responsibility",
                    when="BEFORE",
                ),
            ),
        ),
    ]

    operations = [CreateTables(tables)]
