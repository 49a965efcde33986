import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import grid.querysets
import shenzhen_gov.core.crypto


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
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
                        choices=[(1, "City"), (2, "District"), (3, "Subdistrict"), (4, "Community"), (5, "Grid cell")],
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
                        choices=[(1, "City"), (2, "District"), (3, "Subdistrict"), (4, "Community"), (5, "Grid cell")],
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
                    ("view_figures", "See figures"),
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
                        choices=[(1, "City"), (2, "District"), (3, "Subdistrict"), (4, "Community"), (5, "Grid cell")],
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
                            ("view_figures", "See figures"),
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
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
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
    ]
