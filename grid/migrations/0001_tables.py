"""Areas, units and people, places, rounds, party work, rentals: the tables as the models say.

`replaces` is for databases made before and goes with the first release.
"""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import grid.models.rentals
import grid.querysets
import shenzhen_gov.core.crypto
from shenzhen_gov.core.create_tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("grid", "0001_initial"),
        ("grid", "0002_places"),
        ("grid", "0003_rounds"),
        ("grid", "0004_party"),
        ("grid", "0005_rentals"),
        ("grid", "0007_rounds_points"),
        ("grid", "0008_recuts"),
        ("grid", "0009_words"),
        ("grid", "0010_analysts"),
        ("grid", "0011_outline_imports"),
        ("grid", "0012_list_exports"),
        ("grid", "0013_party_kinds_and_accounts"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    tables = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="Official code")),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("short_name", models.CharField(db_index=True, max_length=80, verbose_name="Short name")),
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
                    "kind",
                    models.CharField(
                        choices=[("ordinary", "Ordinary"), ("special_zone", "Special zone"), ("town", "Town")],
                        default="ordinary",
                        max_length=20,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="grid.area",
                        verbose_name="Parent",
                    ),
                ),
                ("path", models.CharField(editable=False, max_length=120, unique=True)),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="grid.area",
                    ),
                ),
            ],
            options={
                "verbose_name": "area",
                "verbose_name_plural": "areas",
                "ordering": ["path"],
                "indexes": [models.Index(fields=["path"], name="area_path_prefix", opclasses=["varchar_pattern_ops"])],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("path__endswith", "/")), name="area_path_ends_with_separator"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="Code")),
                ("function", models.SlugField(max_length=40, verbose_name="Function")),
                (
                    "kind",
                    models.CharField(
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
                        verbose_name="Kind",
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
                ("name", models.CharField(db_index=True, max_length=120, verbose_name="Name")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="grid.unit",
                        verbose_name="Parent",
                    ),
                ),
                ("path", models.CharField(editable=False, max_length=120, unique=True)),
                (
                    "home_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="grid.area",
                        verbose_name="Home area",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="Set up on")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="Closed on")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="grid.unit",
                        verbose_name="Successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit",
                "verbose_name_plural": "units",
                "ordering": ["path"],
                "permissions": [
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
                "default_permissions": ("add", "change", "delete", "view"),
                "indexes": [models.Index(fields=["path"], name="unit_path_prefix", opclasses=["varchar_pattern_ops"])],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("path__endswith", "/")), name="unit_path_ends_with_separator"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True), ("closed_on__gte", models.F("opened_on")), _connector="OR"
                        ),
                        name="unit_closed_after_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitEvent",
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
                        to="grid.unit",
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
                ("code", models.SlugField(db_index=False, max_length=60, verbose_name="Code")),
                ("function", models.SlugField(db_index=False, max_length=40, verbose_name="Function")),
                (
                    "kind",
                    models.CharField(
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
                        verbose_name="Kind",
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
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grid.unit",
                        verbose_name="Parent",
                    ),
                ),
                ("path", models.CharField(editable=False, max_length=120)),
                (
                    "home_area",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grid.area",
                        verbose_name="Home area",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="Set up on")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="Closed on")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grid.unit",
                        verbose_name="Successor",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_unitevent" ("closed_on", "code", "function", "home_area_id", "id", "kind", "level", "name", "opened_on", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "successor_id") VALUES (NEW."closed_on", NEW."code", NEW."function", NEW."home_area_id", NEW."id", NEW."kind", NEW."level", NEW."name", NEW."opened_on", NEW."parent_id", NEW."path", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."successor_id"); RETURN NULL;',
                    hash="9a056bf73f28537d4c247ce3cd97a0a6747cae55",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3f5cd",
                    table="grid_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grid_unitevent" ("closed_on", "code", "function", "home_area_id", "id", "kind", "level", "name", "opened_on", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "successor_id") VALUES (NEW."closed_on", NEW."code", NEW."function", NEW."home_area_id", NEW."id", NEW."kind", NEW."level", NEW."name", NEW."opened_on", NEW."parent_id", NEW."path", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."successor_id"); RETURN NULL;',
                    hash="fd21ec3d77ea6a84bbe9a43ffe66089384af3bd4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_19e82",
                    table="grid_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_unitevent" ("closed_on", "code", "function", "home_area_id", "id", "kind", "level", "name", "opened_on", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "successor_id") VALUES (OLD."closed_on", OLD."code", OLD."function", OLD."home_area_id", OLD."id", OLD."kind", OLD."level", OLD."name", OLD."opened_on", OLD."parent_id", OLD."path", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."successor_id"); RETURN NULL;',
                    hash="09b2a665e539a5d5450e392274c39eb2623efa08",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d687f",
                    table="grid_unit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7efd4e71da0d3ce44f288ae66adb6ccbbfdaa8f8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_93d27",
                    table="grid_unitevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="Post")),
                ("is_sample", models.BooleanField(default=False, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of staff",
                "verbose_name_plural": "staff",
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="ListExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=2000, verbose_name="Address")),
                ("name", models.CharField(max_length=80, verbose_name="File")),
                ("language", models.CharField(max_length=10, verbose_name="Language")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Asked by",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="Asked at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Ended")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="Rows")),
                ("problem", models.TextField(blank=True, verbose_name="Why there is no file")),
                ("file", models.FileField(blank=True, upload_to="exports/")),
            ],
            options={
                "verbose_name": "export of a list",
                "verbose_name_plural": "exports of lists",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("ended_at", None)), fields=["id"], name="list_export_waiting"),
                    models.Index(fields=["ended_at"], name="list_export_by_end"),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="names", to="grid.unit"
                    ),
                ),
                ("name", models.CharField(db_index=True, max_length=120, verbose_name="Name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("official", "Official name"), ("alias", "Alias")],
                        default="official",
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="From")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="Source")),
            ],
            options={
                "verbose_name": "unit name",
                "verbose_name_plural": "unit names",
                "ordering": ["unit", "valid_from"],
                "indexes": [models.Index(grid.querysets.NameKey("name"), name="unit_name_key")],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "name", "kind", "valid_from"), name="unit_name_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "official")),
                        fields=("unit", "valid_from"),
                        name="unit_one_official_name_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitNameEvent",
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
                        to="grid.unitname",
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
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grid.unit",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("official", "Official name"), ("alias", "Alias")],
                        default="official",
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="From")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="Source")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitname",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_unitnameevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit_id", "valid_from") VALUES (NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."unit_id", NEW."valid_from"); RETURN NULL;',
                    hash="f849872cdb83be5e23c19f7908036193a3b7f70b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2957e",
                    table="grid_unitname",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitname",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grid_unitnameevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit_id", "valid_from") VALUES (NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."unit_id", NEW."valid_from"); RETURN NULL;',
                    hash="63fd54b867c16b090a84a3ae25ddac4df7d587c4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_12ade",
                    table="grid_unitname",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitname",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_unitnameevent" ("id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "unit_id", "valid_from") VALUES (OLD."id", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."unit_id", OLD."valid_from"); RETURN NULL;',
                    hash="afb889da458bf919aa09d1125788da844877fb2a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a5522",
                    table="grid_unitname",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitnameevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="992c0598e538a9c50ea2cf8ae2516645e0b8aea6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_86313",
                    table="grid_unitnameevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="UnitChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("create", "Set up"),
                            ("rename", "Rename"),
                            ("merge", "Merge"),
                            ("split", "Split"),
                            ("close", "Closed down"),
                            ("move", "Move"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="grid.unit"
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="In force from")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="Decision document")),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("others", models.ManyToManyField(blank=True, related_name="+", to="grid.unit")),
            ],
            options={
                "verbose_name": "institutional change",
                "verbose_name_plural": "institutional changes",
                "ordering": ["-effective_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="MessageTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=40, unique=True, verbose_name="Key")),
                (
                    "ways",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("portal", "In the portal"), ("sms", "SMS"), ("mail", "Mail")], max_length=6
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Ways",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="Title")),
                ("title_en", models.CharField(max_length=120, verbose_name="English title")),
                ("text", models.CharField(max_length=300, verbose_name="Text")),
                ("text_en", models.CharField(max_length=500, verbose_name="English text")),
                (
                    "facts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Facts",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "message template",
                "verbose_name_plural": "message templates",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="MessageTemplateEvent",
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
                        to="grid.messagetemplate",
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
                ("key", models.SlugField(db_index=False, max_length=40, verbose_name="Key")),
                (
                    "ways",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("portal", "In the portal"), ("sms", "SMS"), ("mail", "Mail")], max_length=6
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Ways",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="Title")),
                ("title_en", models.CharField(max_length=120, verbose_name="English title")),
                ("text", models.CharField(max_length=300, verbose_name="Text")),
                ("text_en", models.CharField(max_length=500, verbose_name="English text")),
                (
                    "facts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Facts",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messagetemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_messagetemplateevent" ("facts", "id", "is_active", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "text", "text_en", "title", "title_en", "ways") VALUES (NEW."facts", NEW."id", NEW."is_active", NEW."key", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."text", NEW."text_en", NEW."title", NEW."title_en", NEW."ways"); RETURN NULL;',
                    hash="923d2e56accb8de274ab3d25900d988bbb0382f7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_92032",
                    table="grid_messagetemplate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messagetemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grid_messagetemplateevent" ("facts", "id", "is_active", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "text", "text_en", "title", "title_en", "ways") VALUES (NEW."facts", NEW."id", NEW."is_active", NEW."key", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."text", NEW."text_en", NEW."title", NEW."title_en", NEW."ways"); RETURN NULL;',
                    hash="3ee1c57c4b60ff8191680d34549b7f334edfaa0a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_43b5b",
                    table="grid_messagetemplate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messagetemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_messagetemplateevent" ("facts", "id", "is_active", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "text", "text_en", "title", "title_en", "ways") VALUES (OLD."facts", OLD."id", OLD."is_active", OLD."key", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."text", OLD."text_en", OLD."title", OLD."title_en", OLD."ways"); RETURN NULL;',
                    hash="1488cec2143f233767966ef3a57c96aba12fe294",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d8716",
                    table="grid_messagetemplate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="messagetemplateevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d383b4ddb3ef360d59bb08c04c48243f41814001",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2ee63",
                    table="grid_messagetemplateevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "template",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.messagetemplate",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("portal", "In the portal"), ("sms", "SMS"), ("mail", "Mail")],
                        max_length=6,
                        verbose_name="Way",
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
                    "act",
                    models.CharField(
                        blank=True,
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
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Person",
                    ),
                ),
                (
                    "address",
                    shenzhen_gov.core.crypto.EncryptedTextField(
                        blank=True, editable=True, verbose_name="Number or address"
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="Title")),
                ("title_en", models.CharField(max_length=240, verbose_name="English title")),
                ("text", models.TextField(verbose_name="Text")),
                ("text_en", models.TextField(verbose_name="English text")),
                ("link", models.CharField(blank=True, max_length=200, verbose_name="Page")),
                ("about", models.CharField(blank=True, max_length=60, verbose_name="About")),
                ("created_at", models.DateTimeField(verbose_name="Created")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("sent", "Sent"), ("stuck", "Stuck"), ("dropped", "Given up")],
                        default="waiting",
                        max_length=8,
                        verbose_name="State",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="Tries")),
                ("next_try_at", models.DateTimeField(null=True, verbose_name="Next try")),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="Problem")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="Sent")),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("user", None), ("way", "portal")),
                        fields=["unit", "act", "-id"],
                        name="message_of_unit",
                    ),
                    models.Index(condition=models.Q(("way", "portal")), fields=["user", "-id"], name="message_of_user"),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_try_at", "id"], name="message_due"
                    ),
                    models.Index(condition=models.Q(("state", "stuck")), fields=["-id"], name="message_stuck"),
                    models.Index(fields=["about"], name="message_about"),
                    models.Index(fields=["created_at"], name="message_old"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit__isnull", False),
                            ("user__isnull", False),
                            models.Q(("way", "portal"), _negated=True),
                            _connector="OR",
                        ),
                        name="message_in_the_portal_has_a_reader",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="message_mark",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_id", models.BigIntegerField(default=0, verbose_name="Seen up to")),
            ],
            options={
                "verbose_name": "mark of messages seen",
                "verbose_name_plural": "marks of messages seen",
            },
        ),
        migrations.CreateModel(
            name="PartyKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                (
                    "of",
                    models.CharField(
                        choices=[("site", "Service sites"), ("task", "Community tasks")],
                        max_length=8,
                        verbose_name="Register",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="Name")),
                ("name_en", models.CharField(max_length=60, verbose_name="English name")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("effective_from", models.DateField(verbose_name="Valid from")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "kind of site or task",
                "verbose_name_plural": "kinds of sites and tasks",
                "ordering": ["of", "order", "code"],
            },
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("name_en", models.CharField(max_length=60, verbose_name="English name")),
                ("start_page", models.CharField(blank=True, max_length=60, verbose_name="Start page")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("is_edited", models.BooleanField(default=False, editable=False, verbose_name="Edited by hand")),
                ("acts", models.ManyToManyField(related_name="+", to="auth.permission", verbose_name="Acts")),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "roles",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="member of staff",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="grid.role",
                        verbose_name="Role",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                ("granted_at", models.DateTimeField(verbose_name="Granted")),
                ("granted_by", models.CharField(max_length=120, verbose_name="Granted by")),
            ],
            options={
                "verbose_name": "role grant",
                "verbose_name_plural": "role grants",
                "constraints": [models.UniqueConstraint(fields=("staff", "role", "unit"), name="role_granted_once")],
            },
        ),
        migrations.CreateModel(
            name="RoleGrantEvent",
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
                        to="grid.rolegrant",
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
                    "staff",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="member of staff",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grid.role",
                        verbose_name="Role",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                ("granted_at", models.DateTimeField(verbose_name="Granted")),
                ("granted_by", models.CharField(max_length=120, verbose_name="Granted by")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_rolegrantevent" ("granted_at", "granted_by", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "staff_id", "unit_id") VALUES (NEW."granted_at", NEW."granted_by", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role_id", NEW."staff_id", NEW."unit_id"); RETURN NULL;',
                    hash="34918f853aff924d579e2c1d8570c32fd8588a86",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c2457",
                    table="grid_rolegrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grid_rolegrantevent" ("granted_at", "granted_by", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "staff_id", "unit_id") VALUES (NEW."granted_at", NEW."granted_by", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role_id", NEW."staff_id", NEW."unit_id"); RETURN NULL;',
                    hash="9f8401e0f9b2f44e7115c061922f0ffda9bf8892",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_06ac0",
                    table="grid_rolegrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_rolegrantevent" ("granted_at", "granted_by", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role_id", "staff_id", "unit_id") VALUES (OLD."granted_at", OLD."granted_by", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role_id", OLD."staff_id", OLD."unit_id"); RETURN NULL;',
                    hash="f262b840cddd0542f6c02ffade963ff3a15875b8",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8ddd6",
                    table="grid_rolegrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrantevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="eebd1544c9b32b55c35a6077a83a25ab238594b7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_aac31",
                    table="grid_rolegrantevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="StaffUnitPermission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ("content_object", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="grid.unit")),
            ],
            options={
                "verbose_name": "permission at a unit",
                "verbose_name_plural": "permissions at units",
                "unique_together": {("user", "permission", "content_object")},
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Building",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=19, unique=True, verbose_name="Building code")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="Address")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="buildings",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("housing", "Housing"),
                            ("rented", "Rented out"),
                            ("business", "Business"),
                            ("factory", "Factory"),
                            ("public", "Public"),
                            ("other", "Other"),
                        ],
                        default="housing",
                        max_length=12,
                        verbose_name="Use",
                    ),
                ),
                ("floors", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Floors")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="Longitude")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="Latitude")),
                ("outline", models.JSONField(blank=True, null=True, verbose_name="Outline")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, editable=False, size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "building",
                "verbose_name_plural": "buildings",
                "ordering": ["code"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="building_keys"),
                    models.Index(fields=["area", "code"], name="building_area_code"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                            _connector="OR",
                        ),
                        name="building_point_is_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=25, unique=True, verbose_name="House code")),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="grid.building",
                        verbose_name="Building",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="Room")),
                ("floor", models.SmallIntegerField(blank=True, null=True, verbose_name="Floor")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
            ],
            options={
                "verbose_name": "room",
                "verbose_name_plural": "rooms",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="PlaceImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "table",
                    models.CharField(
                        choices=[("buildings", "Buildings"), ("rooms", "Rooms"), ("outlines", "Outlines")],
                        max_length=10,
                        verbose_name="Table",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="File")),
                ("file", models.FileField(blank=True, upload_to="places/")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting"),
                            ("done", "Done"),
                            ("refused", "Refused, nothing written"),
                            ("failed", "Failed"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place_imports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Sent by",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="Sent")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="Ended")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="Rows")),
                ("added", models.PositiveIntegerField(default=0, verbose_name="Rows added")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="Changed")),
                ("faulty", models.PositiveIntegerField(default=0, verbose_name="Faults")),
                ("faults", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "import of places",
                "verbose_name_plural": "imports of places",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "asked")), fields=["id"], name="place_import_asked")
                ],
            },
        ),
        migrations.CreateModel(
            name="AreaOutline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outline",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("polygons", models.JSONField(verbose_name="Polygons")),
                ("west", models.FloatField()),
                ("south", models.FloatField()),
                ("east", models.FloatField()),
                ("north", models.FloatField()),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                ("imported_at", models.DateTimeField(verbose_name="Imported")),
            ],
            options={
                "verbose_name": "outline of an area",
                "verbose_name_plural": "outlines of areas",
            },
        ),
        migrations.CreateModel(
            name="AreaOutlineEvent",
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
                        to="grid.areaoutline",
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
                    "area",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("polygons", models.JSONField(verbose_name="Polygons")),
                ("west", models.FloatField()),
                ("south", models.FloatField()),
                ("east", models.FloatField()),
                ("north", models.FloatField()),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                ("imported_at", models.DateTimeField(verbose_name="Imported")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaoutline",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_areaoutlineevent" ("area_id", "east", "id", "imported_at", "north", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "polygons", "source", "south", "west") VALUES (NEW."area_id", NEW."east", NEW."id", NEW."imported_at", NEW."north", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."polygons", NEW."source", NEW."south", NEW."west"); RETURN NULL;',
                    hash="13f2b66046d4ca2908472f8c1091f40bb6e03675",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d76aa",
                    table="grid_areaoutline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaoutline",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grid_areaoutlineevent" ("area_id", "east", "id", "imported_at", "north", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "polygons", "source", "south", "west") VALUES (NEW."area_id", NEW."east", NEW."id", NEW."imported_at", NEW."north", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."polygons", NEW."source", NEW."south", NEW."west"); RETURN NULL;',
                    hash="bc17d62db8641cf56000480347b0354cdec74921",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1b2c6",
                    table="grid_areaoutline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaoutline",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_areaoutlineevent" ("area_id", "east", "id", "imported_at", "north", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "polygons", "source", "south", "west") VALUES (OLD."area_id", OLD."east", OLD."id", OLD."imported_at", OLD."north", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."polygons", OLD."source", OLD."south", OLD."west"); RETURN NULL;',
                    hash="47291128580fde29acba88088a576b01d34b96cd",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_81eb7",
                    table="grid_areaoutline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="areaoutlineevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="fc4f01714c3a7b348d2d1f7b518d49937f16fd3f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_01684",
                    table="grid_areaoutlineevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="GridPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("title", models.CharField(max_length=40, verbose_name="Post held")),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grid_posts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Member of staff",
                    ),
                ),
                ("person", models.CharField(blank=True, max_length=40, verbose_name="Name")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grid_posts",
                        to="grid.unit",
                        verbose_name="Sent by",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="From")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Until")),
            ],
            options={
                "verbose_name": "grid post",
                "verbose_name_plural": "grid posts",
                "ordering": ["area", "title"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("begins_on")), _connector="OR"
                        ),
                        name="post_ends_after_begin",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GridPostEvent",
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
                        to="grid.gridpost",
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
                    "area",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("title", models.CharField(max_length=40, verbose_name="Post held")),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Member of staff",
                    ),
                ),
                ("person", models.CharField(blank=True, max_length=40, verbose_name="Name")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="grid.unit",
                        verbose_name="Sent by",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="From")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Until")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gridpost",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_gridpostevent" ("area_id", "begins_on", "ends_on", "id", "person", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_id", "title", "unit_id") VALUES (NEW."area_id", NEW."begins_on", NEW."ends_on", NEW."id", NEW."person", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."staff_id", NEW."title", NEW."unit_id"); RETURN NULL;',
                    hash="331378935c6bb697b602533b9286408e49f17d69",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b76be",
                    table="grid_gridpost",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gridpost",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "grid_gridpostevent" ("area_id", "begins_on", "ends_on", "id", "person", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_id", "title", "unit_id") VALUES (NEW."area_id", NEW."begins_on", NEW."ends_on", NEW."id", NEW."person", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."staff_id", NEW."title", NEW."unit_id"); RETURN NULL;',
                    hash="67bb9d0077884c366183d7157193b98e083e6ddf",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_67039",
                    table="grid_gridpost",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gridpost",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "grid_gridpostevent" ("area_id", "begins_on", "ends_on", "id", "person", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "staff_id", "title", "unit_id") VALUES (OLD."area_id", OLD."begins_on", OLD."ends_on", OLD."id", OLD."person", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."staff_id", OLD."title", OLD."unit_id"); RETURN NULL;',
                    hash="8ba906586444a648da93707b3e8b7d749c7943ac",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_275e3",
                    table="grid_gridpost",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gridpostevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6b7ef17cf7655878a968bd9a4a50e24b8af3afc7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4a108",
                    table="grid_gridpostevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ServiceSite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_sites",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[("city", "City site"), ("district", "District site"), ("local", "Local site")],
                        default="local",
                        max_length=10,
                        verbose_name="Tier",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="grid.partykind",
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("address", models.CharField(max_length=300, verbose_name="Address")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="Phone")),
                ("services", models.CharField(blank=True, max_length=500, verbose_name="Services")),
                ("hours", models.JSONField(blank=True, default=dict, verbose_name="Opening hours")),
                ("has_counter", models.BooleanField(default=True, verbose_name="Requests are taken at the counter")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "service site",
                "verbose_name_plural": "service sites",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True), ("tier__in", ["city", "district"])),
                        fields=("area",),
                        name="site_one_of_city_and_district",
                        violation_error_message="The city and each district have one site of their own, and it is there.",
                    ),
                    models.UniqueConstraint(
                        fields=("area", "name"),
                        name="site_name_once",
                        violation_error_message="This site is there already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Liaison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("subdistrict", "City unit and subdistrict"),
                            ("community", "District unit and community"),
                        ],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="liaisons",
                        to="grid.unit",
                        verbose_name="Unit",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="liaisons",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="From")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Until")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "liaison",
                "verbose_name_plural": "liaisons",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("begins_on")), _connector="OR"
                        ),
                        name="liaison_ends_after_begin",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)), fields=("area",), name="liaison_one_unit_an_area"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None), ("kind", "subdistrict")),
                        fields=("unit",),
                        name="liaison_one_subdistrict_a_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Gathering",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("tea", "Secretary's tea meeting"), ("visit", "Liaison visit")],
                        default="tea",
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gatherings",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "liaison",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="grid.liaison",
                        verbose_name="Liaison",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("held_on", models.DateField(verbose_name="Day")),
                ("place", models.CharField(max_length=200, verbose_name="Place")),
                ("residents", models.PositiveSmallIntegerField(default=0, verbose_name="Residents")),
                ("members", models.PositiveSmallIntegerField(default=0, verbose_name="Party members")),
                ("officials", models.PositiveSmallIntegerField(default=0, verbose_name="Officials")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="Summary")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "meeting or visit",
                "verbose_name_plural": "meetings and visits",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "tea"), ("liaison", None)), ("kind", "visit"), _connector="OR"
                        ),
                        name="gathering_tea_has_no_liaison",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GatheringItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "gathering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="grid.gathering",
                        verbose_name="Meeting or visit",
                    ),
                ),
                ("content", models.TextField(max_length=2000, verbose_name="What was brought up")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="Place")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be answered"),
                            ("answered", "Answered there"),
                            ("escalated", "Escalated to the subdistrict"),
                            ("filed", "Handed on"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=1000, verbose_name="Answer")),
                (
                    "escalated_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalated_items",
                        to="grid.unit",
                        verbose_name="Escalated to",
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="Settled")),
                ("settled_by", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "verbose_name": "item of a meeting or visit",
                "verbose_name_plural": "items of meetings and visits",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Estate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="estates",
                        to="grid.unit",
                        verbose_name="Handling party",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("property", "Property company"), ("committee", "Estate committee")],
                        default="property",
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Estate")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="estates",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="Contract from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Contract until")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                (
                    "buildings",
                    models.ManyToManyField(
                        blank=True, related_name="estates", to="grid.building", verbose_name="Buildings"
                    ),
                ),
            ],
            options={
                "verbose_name": "estate",
                "verbose_name_plural": "estates",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("begins_on")), _connector="OR"
                        ),
                        name="estate_ends_after_begin",
                    ),
                    models.UniqueConstraint(
                        fields=("area", "name", "kind", "begins_on"),
                        name="estate_once",
                        violation_error_message="This estate is there already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Adviser",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("lawyer", "Lawyer"), ("mediator", "Mediator")], max_length=10, verbose_name="Kind"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="advisers",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="Name")),
                ("body", models.CharField(blank=True, max_length=120, verbose_name="Practice or committee")),
                ("weekdays", models.CharField(max_length=7, verbose_name="On duty")),
                ("duty", models.CharField(blank=True, max_length=120, verbose_name="Hours and place")),
                ("begins_on", models.DateField(verbose_name="From")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Until")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "adviser",
                "verbose_name_plural": "advisers",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("begins_on")), _connector="OR"
                        ),
                        name="adviser_ends_after_begin",
                    ),
                    models.UniqueConstraint(
                        fields=("area", "name", "begins_on"),
                        name="adviser_once",
                        violation_error_message="This adviser is there already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recuts",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("ends", models.BooleanField(default=True, verbose_name="The area ends")),
                ("targets", models.JSONField(default=list, verbose_name="Into")),
                ("effective_on", models.DateField(verbose_name="In force from")),
                ("document", models.CharField(max_length=200, verbose_name="Decision document")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("moving", "Buildings follow"),
                            ("done", "Carried out"),
                            ("cancelled", "Given up"),
                        ],
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
                ("cut_at", models.DateTimeField(null=True, verbose_name="Cut")),
                ("done_at", models.DateTimeField(null=True, verbose_name="Carried out")),
            ],
            options={
                "verbose_name": "re-cut",
                "verbose_name_plural": "re-cuts",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "planned")), fields=["effective_on"], name="recut_due"),
                    models.Index(condition=models.Q(("state", "moving")), fields=["id"], name="recut_moving"),
                    models.Index(condition=models.Q(("cut_at__isnull", False)), fields=["cut_at"], name="recut_by_cut"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "planned")), fields=("area",), name="recut_one_open_per_area"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeScheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grade_schemes",
                        to="grid.area",
                        verbose_name="District",
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="In force from")),
                ("source", models.CharField(max_length=200, verbose_name="Source")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
            ],
            options={
                "verbose_name": "grading scheme",
                "verbose_name_plural": "grading schemes",
                "ordering": ["area", "-effective_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("area", "effective_from"), name="grade_scheme_one_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="levels",
                        to="grid.gradescheme",
                        verbose_name="Scheme",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="Name")),
                ("colour", models.CharField(blank=True, max_length=10, verbose_name="Colour word")),
                (
                    "tone",
                    models.CharField(
                        choices=[
                            ("ok", "Green, ring"),
                            ("info", "Violet, arrow"),
                            ("warn", "Amber, triangle"),
                            ("bad", "Red, bar"),
                        ],
                        default="ok",
                        max_length=4,
                        verbose_name="Tone",
                    ),
                ),
                ("from_points", models.PositiveSmallIntegerField(verbose_name="From points")),
                (
                    "visit_every_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Visited every … days"),
                ),
                ("is_forbidden", models.BooleanField(default=False, verbose_name="Letting forbidden")),
            ],
            options={
                "verbose_name": "grade level",
                "verbose_name_plural": "grade levels",
                "ordering": ["scheme", "from_points"],
                "constraints": [
                    models.UniqueConstraint(fields=("scheme", "from_points"), name="grade_level_points_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("visit_every_days__isnull", True), ("visit_every_days__gte", 1), _connector="OR"
                        ),
                        name="grade_level_days_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeCriterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="grid.gradescheme",
                        verbose_name="Scheme",
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("fabric", "Building and equipment"),
                            ("owner", "Owner keeps the law and reports"),
                            ("problems", "Problems and hazards"),
                            ("hygiene", "Cleanliness"),
                        ],
                        max_length=10,
                        verbose_name="Group",
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="Criterion")),
                ("points", models.PositiveSmallIntegerField(verbose_name="Points")),
                (
                    "at_least",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="grid.gradelevel",
                        verbose_name="At least this level",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
            ],
            options={
                "verbose_name": "grading criterion",
                "verbose_name_plural": "grading criteria",
                "ordering": ["scheme", "group", "-points", "code"],
            },
        ),
        migrations.CreateModel(
            name="Rental",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rentals",
                        to="grid.building",
                        verbose_name="Building",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.room",
                        verbose_name="Room",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("building", "Whole building"),
                            ("room", "Room or flat"),
                            ("place", "Small place (shop, workshop, amusement)"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                (
                    "level",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rentals",
                        to="grid.gradelevel",
                        verbose_name="Grade",
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(default=0, verbose_name="Points")),
                ("last_visit_on", models.DateField(null=True, verbose_name="Last visit")),
                ("due_on", models.DateField(null=True, verbose_name="Next visit due")),
                ("planned_on", models.DateField(null=True, verbose_name="Planned for")),
                (
                    "planned_for",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Planned visitor",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="Let")),
                ("row_version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="Registered")),
            ],
            options={
                "verbose_name": "rental",
                "verbose_name_plural": "rentals",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("is_active", True)), fields=["due_on", "id"], name="rental_due"),
                    models.Index(
                        condition=models.Q(("is_active", True)), fields=["planned_on", "id"], name="rental_planned"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("building", "room", "kind", "name"), name="rental_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_on__isnull", False), ("planned_for__isnull", True), _connector="OR"
                        ),
                        name="rental_planned_with_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RentalVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rental",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="grid.rental"
                    ),
                ),
                ("visited_at", models.DateTimeField(verbose_name="Visited")),
                ("due_on", models.DateField(null=True, verbose_name="Was due")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("by_name", models.CharField(max_length=120, verbose_name="Visitor")),
                ("found", models.JSONField(default=list, verbose_name="Found")),
                ("notes", models.CharField(blank=True, max_length=500, verbose_name="Notes")),
                ("points", models.PositiveSmallIntegerField(verbose_name="Points")),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gradelevel",
                        verbose_name="Grade",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit of a rental",
                "verbose_name_plural": "visits of rentals",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["rental", "-id"], name="rental_visit_newest")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rentalvisit",
            trigger=pgtrigger.compiler.Trigger(
                name="visit_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="851c5ff317884839e9ea4ce90eb072cf7152523e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_visit_is_kept_86959",
                    table="grid_rentalvisit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="VisitPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="grid.rentalvisit"
                    ),
                ),
                ("file", models.FileField(upload_to=grid.models.rentals.stored_photo, verbose_name="File")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("content_type", models.CharField(max_length=60)),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "photo of a visit",
                "verbose_name_plural": "photos of visits",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RentalGrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rental",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grades", to="grid.rental"
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gradelevel",
                        verbose_name="Before",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.gradelevel",
                        verbose_name="Grade",
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(verbose_name="Points")),
                (
                    "why",
                    models.CharField(
                        choices=[("visit", "Visit"), ("case", "Verified case"), ("decision", "Decision")],
                        max_length=10,
                        verbose_name="Why",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="Reason")),
                ("about", models.CharField(blank=True, max_length=60, verbose_name="Number of the case")),
                (
                    "visit",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grade",
                        to="grid.rentalvisit",
                    ),
                ),
                ("graded_at", models.DateTimeField(verbose_name="Graded")),
                ("graded_by", models.CharField(max_length=120, verbose_name="Graded by")),
            ],
            options={
                "verbose_name": "grade of a rental",
                "verbose_name_plural": "grades of rentals",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["rental", "-id"], name="rental_grade_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("about", ""), _negated=True),
                        fields=("rental", "about"),
                        name="rental_graded_once_a_case",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rentalgrade",
            trigger=pgtrigger.compiler.Trigger(
                name="grade_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b068ed661efc696476eadc547704d9f1c05bd287",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_grade_is_kept_05985",
                    table="grid_rentalgrade",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="RentalPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rental",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="people", to="grid.rental"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("manager", "Sub-landlord or manager"), ("tenant", "Tenant")],
                        max_length=10,
                        verbose_name="Role",
                    ),
                ),
                ("name", shenzhen_gov.core.crypto.EncryptedTextField(editable=True, verbose_name="Name")),
                ("phone", shenzhen_gov.core.crypto.EncryptedTextField(blank=True, editable=True, verbose_name="Phone")),
                (
                    "identity_number",
                    shenzhen_gov.core.crypto.EncryptedTextField(
                        blank=True, editable=True, verbose_name="Identity number"
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="Added")),
                ("added_by", models.CharField(max_length=120, verbose_name="Added by")),
            ],
            options={
                "verbose_name": "person of a rental",
                "verbose_name_plural": "people of rentals",
                "ordering": ["role", "id"],
            },
        ),
        migrations.CreateModel(
            name="RentalLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rental",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="grid.rental"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("purpose", models.CharField(max_length=200, verbose_name="Purpose")),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("visible_until", models.DateTimeField(verbose_name="Visible until")),
            ],
            options={
                "verbose_name": "look at the people of a rental",
                "verbose_name_plural": "looks at the people of rentals",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["rental", "staff", "-visible_until"], name="rental_look_newest")],
            },
        ),
        migrations.CreateModel(
            name="VisitPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visit_plan",
                        to="grid.area",
                        verbose_name="Community",
                    ),
                ),
                ("made_on", models.DateField(db_index=True, null=True, verbose_name="Made on")),
                ("made_at", models.DateTimeField(null=True, verbose_name="Made")),
                ("planned", models.PositiveIntegerField(default=0, verbose_name="Visits planned")),
                ("without_visitor", models.PositiveIntegerField(default=0, verbose_name="Without a visitor")),
            ],
            options={
                "verbose_name": "visit plan",
                "verbose_name_plural": "visit plans",
            },
        ),
        migrations.CreateModel(
            name="RoundKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=40, verbose_name="Name")),
                ("name_en", models.CharField(max_length=60, verbose_name="English name")),
                ("check_list", models.TextField(blank=True, help_text="One line each.", verbose_name="Check list")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "kind of round",
                "verbose_name_plural": "kinds of rounds",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="RoundPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="round_plans",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="grid.roundkind",
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("every_days", models.PositiveSmallIntegerField(default=1, verbose_name="Every … days")),
                ("weekdays", models.CharField(blank=True, max_length=7, verbose_name="Weekdays")),
                ("workdays_only", models.BooleanField(default=False, verbose_name="On working days only")),
                ("opens_at", models.TimeField(verbose_name="From")),
                ("closes_at", models.TimeField(verbose_name="Until")),
                ("check_list", models.TextField(blank=True, verbose_name="Check list")),
                ("valid_from", models.DateField(verbose_name="Valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="Valid until")),
                ("made_until", models.DateField(editable=False)),
                ("made_by", models.CharField(max_length=120, verbose_name="Made by")),
            ],
            options={
                "verbose_name": "patrol plan",
                "verbose_name_plural": "patrol plans",
                "ordering": ["area", "opens_at", "id"],
                "indexes": [models.Index(fields=["made_until", "id"], name="round_plan_to_make")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="round_plan_hours_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every_days__range", (1, 366))), name="round_plan_every_days"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoundPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="points", to="grid.roundplan"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="Order")),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                (
                    "building",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.building",
                        verbose_name="Building",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=25, verbose_name="Code on the spot")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="Longitude")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="Latitude")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
            ],
            options={
                "verbose_name": "point of a round",
                "verbose_name_plural": "points of rounds",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="RoundTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="grid.roundplan"
                    ),
                ),
                ("day", models.DateField(verbose_name="Day")),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.unit",
                        verbose_name="Team",
                    ),
                ),
                ("opens_at", models.DateTimeField(verbose_name="From")),
                ("closes_at", models.DateTimeField(verbose_name="Until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_walk", "To walk"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("partly", "Partly done"),
                            ("missed", "Missed"),
                        ],
                        default="to_walk",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(verbose_name="Points")),
                (
                    "point_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("passed", models.PositiveSmallIntegerField(default=0, verbose_name="Passed")),
                ("doubtful", models.PositiveSmallIntegerField(default=0, verbose_name="Doubtful")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="Reason")),
                ("reason_by", models.CharField(blank=True, max_length=120)),
                ("made_at", models.DateTimeField(verbose_name="Made")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="Ended")),
            ],
            options={
                "verbose_name": "patrol round",
                "verbose_name_plural": "patrol rounds",
                "ordering": ["-day", "opens_at", "id"],
                "indexes": [
                    models.Index(fields=["area", "-day", "-id"], name="round_task_of_area"),
                    models.Index(fields=["unit", "day"], name="round_task_of_unit"),
                    models.Index(fields=["-day", "-id"], name="round_task_of_day"),
                    models.Index(
                        condition=models.Q(("state__in", ["to_walk", "under_way"])),
                        fields=["closes_at", "id"],
                        name="round_task_to_end",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["missed", "partly"])),
                        fields=["area", "-day", "-id"],
                        name="round_task_missed",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("plan", "day"), name="round_task_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="RoundCheckIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="check_ins", to="grid.roundtask"
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grid.roundpoint"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Time")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Member of staff",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("place", "Position of the phone"),
                            ("code", "Code on the spot"),
                            ("hand", "Without proof"),
                        ],
                        max_length=8,
                        verbose_name="Way",
                    ),
                ),
                ("metres", models.PositiveIntegerField(null=True, verbose_name="Metres from the point")),
                ("is_doubtful", models.BooleanField(default=False, verbose_name="Doubtful")),
                ("wrong", models.JSONField(blank=True, default=list, verbose_name="Not in order")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
            ],
            options={
                "verbose_name": "check-in",
                "verbose_name_plural": "check-ins",
                "ordering": ["at", "id"],
                "constraints": [models.UniqueConstraint(fields=("task", "point"), name="check_in_once_a_point")],
            },
        ),
        migrations.CreateModel(
            name="Reporter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reporters",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("organisation", "Party organisation"),
                            ("member", "Party member"),
                            ("volunteer", "Volunteer"),
                        ],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("organisation", models.CharField(blank=True, max_length=120, verbose_name="Organisation")),
                ("name", shenzhen_gov.core.crypto.EncryptedTextField(blank=True, editable=True, verbose_name="Name")),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Account",
                    ),
                ),
                ("reported_on", models.DateField(verbose_name="Reported on")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "who reported",
                "verbose_name_plural": "who reported",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation", ""), _negated=True), ("kind", "volunteer"), _connector="OR"
                        ),
                        name="reporter_has_organisation",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("staff",),
                        name="reporter_once_an_account",
                        violation_error_message="This account has reported at a community already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_days",
                        to="grid.reporter",
                        verbose_name="Who",
                    ),
                ),
                ("day", models.DateField(verbose_name="Day")),
                ("hours", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="Hours")),
                ("people", models.PositiveSmallIntegerField(default=1, verbose_name="People")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="What was done")),
            ],
            options={
                "verbose_name": "service day",
                "verbose_name_plural": "service days",
                "ordering": ["-day"],
                "constraints": [
                    models.UniqueConstraint(fields=("reporter", "day"), name="service_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(("hours__gt", 0), ("hours__lte", 24), ("people__gte", 1)),
                        name="service_day_has_hours",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommunityTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="community_tasks",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="grid.partykind",
                        verbose_name="Kind",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("details", models.TextField(blank=True, max_length=1000, verbose_name="What is to be done")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everybody", "Everybody who reported"),
                            ("party", "Party organisations and members"),
                            ("volunteers", "Volunteers"),
                        ],
                        default="everybody",
                        max_length=12,
                        verbose_name="For whom",
                    ),
                ),
                ("place", models.CharField(max_length=200, verbose_name="Place")),
                ("starts_at", models.DateTimeField(verbose_name="Begins")),
                ("ends_at", models.DateTimeField(verbose_name="Ends")),
                ("wanted", models.PositiveSmallIntegerField(verbose_name="People wanted")),
                ("claimed", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("cancelled_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "community task",
                "verbose_name_plural": "community tasks",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="task_ends_after_begin",
                        violation_error_message="It ends before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("claimed__lte", models.F("wanted")), ("wanted__gte", 1)),
                        name="task_is_not_over_claimed",
                        violation_error_message="More people than that have claimed it, or none are wanted.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="grid.communitytask",
                        verbose_name="Task",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="grid.reporter",
                        verbose_name="Who",
                    ),
                ),
                ("people", models.PositiveSmallIntegerField(default=1, verbose_name="People")),
                ("claimed_at", models.DateTimeField(verbose_name="Claimed")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="Withdrawn")),
                ("was_present", models.BooleanField(blank=True, null=True, verbose_name="Was present")),
            ],
            options={
                "verbose_name": "claim of a task",
                "verbose_name_plural": "claims of tasks",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)), fields=("task", "reporter"), name="task_claim_once"
                    )
                ],
            },
        ),
    ]

    operations = [CreateTables(tables)]
