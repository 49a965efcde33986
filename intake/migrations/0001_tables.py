"""Cases and leads, who reports them, knowledge, channels: the tables as the models say.

`replaces` is for databases made before and goes with the first release.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import intake.models.attachments
import intake.models.channels
import shenzhen_gov.core.crypto
from shenzhen_gov.core.create_tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("intake", "0001_initial"),
        ("intake", "0003_case_by_closing"),
        ("intake", "0004_community"),
        ("intake", "0005_lookups"),
        ("intake", "0006_place_by_point"),
        ("intake", "0007_lead_by_place"),
        ("intake", "0008_early_warnings"),
        ("intake", "0009_lean_indexes"),
        ("intake", "0010_cases_by_building"),
        ("intake", "0011_lean_indexes"),
    ]

    dependencies = [
        ("dutylist", "0001_initial"),
        ("grid", "0001_tables"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    tables = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("name_en", models.CharField(max_length=60, verbose_name="English name")),
                (
                    "origin",
                    models.CharField(
                        max_length=2,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")],
                        verbose_name="Origin letters",
                    ),
                ),
                (
                    "default_urgency",
                    models.CharField(
                        choices=[("normal", "Normal"), ("urgent", "Urgent"), ("emergency", "Emergency")],
                        default="normal",
                        max_length=10,
                        verbose_name="Default urgency",
                    ),
                ),
                (
                    "default_type",
                    models.CharField(
                        choices=[
                            ("consult", "Question"),
                            ("help", "Request for help"),
                            ("complaint", "Complaint"),
                            ("report", "Report of an offence"),
                            ("suggestion", "Suggestion"),
                            ("praise", "Praise"),
                            ("other", "Other"),
                        ],
                        default="help",
                        max_length=12,
                        verbose_name="Default kind of request",
                    ),
                ),
                (
                    "rights",
                    models.JSONField(
                        default=intake.models.channels.all_case_rights,
                        help_text="What its keys may do.",
                        verbose_name="Rights",
                    ),
                ),
                (
                    "quota",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: the parameter for all channels.",
                        null=True,
                        verbose_name="Calls a minute",
                    ),
                ),
                ("needs_signature", models.BooleanField(default=False, verbose_name="Calls must be signed")),
                ("callback_url", models.URLField(blank=True, max_length=300, verbose_name="Call-back address")),
                ("is_listed", models.BooleanField(default=False, verbose_name="Cases are listed publicly (Open311)")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="ChannelEvent",
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
                        to="intake.channel",
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
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("name_en", models.CharField(max_length=60, verbose_name="English name")),
                (
                    "origin",
                    models.CharField(
                        max_length=2,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")],
                        verbose_name="Origin letters",
                    ),
                ),
                (
                    "default_urgency",
                    models.CharField(
                        choices=[("normal", "Normal"), ("urgent", "Urgent"), ("emergency", "Emergency")],
                        default="normal",
                        max_length=10,
                        verbose_name="Default urgency",
                    ),
                ),
                (
                    "default_type",
                    models.CharField(
                        choices=[
                            ("consult", "Question"),
                            ("help", "Request for help"),
                            ("complaint", "Complaint"),
                            ("report", "Report of an offence"),
                            ("suggestion", "Suggestion"),
                            ("praise", "Praise"),
                            ("other", "Other"),
                        ],
                        default="help",
                        max_length=12,
                        verbose_name="Default kind of request",
                    ),
                ),
                (
                    "rights",
                    models.JSONField(
                        default=intake.models.channels.all_case_rights,
                        help_text="What its keys may do.",
                        verbose_name="Rights",
                    ),
                ),
                (
                    "quota",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: the parameter for all channels.",
                        null=True,
                        verbose_name="Calls a minute",
                    ),
                ),
                ("needs_signature", models.BooleanField(default=False, verbose_name="Calls must be signed")),
                ("callback_url", models.URLField(blank=True, max_length=300, verbose_name="Call-back address")),
                ("is_listed", models.BooleanField(default=False, verbose_name="Cases are listed publicly (Open311)")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channel",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_channelevent" ("callback_url", "code", "default_type", "default_urgency", "id", "is_active", "is_listed", "name", "name_en", "needs_signature", "order", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota", "rights", "source") VALUES (NEW."callback_url", NEW."code", NEW."default_type", NEW."default_urgency", NEW."id", NEW."is_active", NEW."is_listed", NEW."name", NEW."name_en", NEW."needs_signature", NEW."order", NEW."origin", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quota", NEW."rights", NEW."source"); RETURN NULL;',
                    hash="1788ddf55a0e6da40982120b3c3e64aa3a745b1c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2c1f6",
                    table="intake_channel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channel",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "intake_channelevent" ("callback_url", "code", "default_type", "default_urgency", "id", "is_active", "is_listed", "name", "name_en", "needs_signature", "order", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota", "rights", "source") VALUES (NEW."callback_url", NEW."code", NEW."default_type", NEW."default_urgency", NEW."id", NEW."is_active", NEW."is_listed", NEW."name", NEW."name_en", NEW."needs_signature", NEW."order", NEW."origin", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quota", NEW."rights", NEW."source"); RETURN NULL;',
                    hash="40a41af90ec7cfd31ec8d396cd97a16754be34da",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d449d",
                    table="intake_channel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channel",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_channelevent" ("callback_url", "code", "default_type", "default_urgency", "id", "is_active", "is_listed", "name", "name_en", "needs_signature", "order", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota", "rights", "source") VALUES (OLD."callback_url", OLD."code", OLD."default_type", OLD."default_urgency", OLD."id", OLD."is_active", OLD."is_listed", OLD."name", OLD."name_en", OLD."needs_signature", OLD."order", OLD."origin", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quota", OLD."rights", OLD."source"); RETURN NULL;',
                    hash="93bb24653e3a6be0248872b791ba48ade99c3e03",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8328d",
                    table="intake_channel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channelevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="97863e3a8d8aace81fc0f851866dc81288ca48f5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5fb6d",
                    table="intake_channelevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="ChannelToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to="intake.channel",
                        verbose_name="Channel",
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("prefix", models.CharField(editable=False, max_length=8, verbose_name="Begins with")),
                ("secret", shenzhen_gov.core.crypto.EncryptedTextField(blank=True, editable=True)),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="Note")),
                ("created_at", models.DateTimeField(verbose_name="Created")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="Revoked")),
            ],
            options={
                "verbose_name": "channel key",
                "verbose_name_plural": "channel keys",
            },
        ),
        migrations.CreateModel(
            name="Citizen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", shenzhen_gov.core.crypto.EncryptedTextField(editable=True, verbose_name="Name")),
                ("phone", shenzhen_gov.core.crypto.EncryptedTextField(editable=True, verbose_name="Phone")),
                ("phone_index", models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                ("phone_tail_index", models.CharField(blank=True, editable=False, max_length=40)),
                ("identity_type", models.CharField(blank=True, max_length=20, verbose_name="Identity document")),
                (
                    "identity_number",
                    shenzhen_gov.core.crypto.EncryptedTextField(
                        blank=True, editable=True, verbose_name="Identity number"
                    ),
                ),
                (
                    "address",
                    shenzhen_gov.core.crypto.EncryptedTextField(blank=True, editable=True, verbose_name="Address"),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True, choices=[("f", "Female"), ("m", "Male")], max_length=1, verbose_name="Sex"
                    ),
                ),
                ("wants_secrecy", models.BooleanField(default=False, verbose_name="Wants secrecy")),
                ("created_at", models.DateTimeField(verbose_name="Created")),
                ("anonymised_at", models.DateTimeField(blank=True, null=True, verbose_name="Anonymised")),
            ],
            options={
                "verbose_name": "citizen",
                "verbose_name_plural": "citizens",
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, verbose_name="Number")),
                ("external_id", models.CharField(blank=True, max_length=60, null=True, verbose_name="Outside number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("registered", "Awaiting acceptance"),
                            ("not_accepted", "Not accepted"),
                            ("answered", "Answered on the spot"),
                            ("awaiting_dispatch", "Awaiting dispatch"),
                            ("in_handling", "In handling"),
                            ("under_review", "Under review"),
                            ("stage_closed", "Closed for this stage"),
                            ("suspended", "Suspended"),
                            ("closed", "Closed"),
                            ("under_appeal", "Score under appeal"),
                            ("archived", "Archived"),
                            ("void", "Void"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="State",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="intake.channel",
                        verbose_name="Channel",
                    ),
                ),
                (
                    "request_type",
                    models.CharField(
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
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("content", models.TextField(verbose_name="Content")),
                ("wish", models.CharField(blank=True, max_length=300, verbose_name="What the citizen wants")),
                (
                    "reply_way",
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
                        default="phone",
                        max_length=12,
                        verbose_name="Reply by",
                    ),
                ),
                (
                    "citizen",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="intake.citizen",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="Address")),
                ("house_code", models.CharField(blank=True, max_length=25, verbose_name="House code")),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                (
                    "place_source",
                    models.CharField(
                        choices=[
                            ("chosen", "Chosen by a person"),
                            ("house_code", "House code"),
                            ("point", "Point on the map"),
                            ("text", "Place names in the text"),
                            ("imported", "Imported"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=12,
                        verbose_name="Place found by",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dutylist.item",
                        verbose_name="Duty item",
                    ),
                ),
                (
                    "item_version",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="dutylist.itemversion",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("normal", "Normal"), ("urgent", "Urgent"), ("emergency", "Emergency")],
                        default="normal",
                        max_length=10,
                        verbose_name="Urgency",
                    ),
                ),
                ("is_secret", models.BooleanField(default=False, verbose_name="Secret")),
                ("is_sensitive", models.BooleanField(default=False, verbose_name="Sensitive")),
                ("is_repeat", models.BooleanField(default=False, verbose_name="Same person again")),
                ("needs_callback", models.BooleanField(default=False, verbose_name="Needs a call-back")),
                ("may_publish", models.BooleanField(default=False, verbose_name="May be published")),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held_cases",
                        to="grid.unit",
                        verbose_name="Accountable unit",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="Round")),
                ("registered_at", models.DateTimeField(verbose_name="Registered")),
                ("registered_by", models.CharField(max_length=120, verbose_name="Registered by")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="Accepted")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="Closed")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="Due")),
                ("awaits_person", models.BooleanField(default=False, verbose_name="Needs a dispatcher")),
                ("refusal_reason", models.CharField(blank=True, max_length=300, verbose_name="Reason for refusing")),
                ("legacy", models.JSONField(blank=True, null=True, verbose_name="Imported data")),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "registered")),
                        fields=["registered_at", "id"],
                        name="case_registered",
                    ),
                    models.Index(
                        condition=models.Q(("awaits_person", False), ("state", "awaiting_dispatch")),
                        fields=["accepted_at", "id"],
                        name="case_awaiting_dispatch",
                    ),
                    models.Index(
                        condition=models.Q(("awaits_person", True), ("state", "awaiting_dispatch")),
                        fields=["accepted_at", "id"],
                        name="case_awaiting_person",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("closed", "answered", "not_accepted"))),
                        fields=["closed_at", "id"],
                        name="case_to_archive",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False)),
                        fields=["closed_at"],
                        include=("area", "due_at", "state"),
                        name="case_by_closing",
                    ),
                    models.Index(fields=["citizen", "-id"], name="case_by_citizen"),
                    models.Index(fields=["area", "-id"], name="case_by_area"),
                    models.Index(fields=["holder", "-id"], name="case_by_holder"),
                    models.Index(
                        django.db.models.functions.text.Left("house_code", 19),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("house_code", ""), _negated=True),
                        name="case_by_building",
                    ),
                    models.Index(fields=["item", "area", "-id"], name="case_by_item"),
                    models.Index(fields=["channel", "-registered_at", "-id"], name="case_by_channel"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("number",), name="case_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("external_id__isnull", False)),
                        fields=("channel", "external_id"),
                        name="case_external_id_once_per_channel",
                    ),
                    models.CheckConstraint(condition=models.Q(("round__gte", 1)), name="case_round_from_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=100)),
                ("request_hash", models.CharField(max_length=64)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to="intake.case"
                    ),
                ),
                ("answer", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner", "key"), name="idempotency_key_once")],
            },
        ),
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
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="intake.case"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("evidence", "Evidence"),
                            ("before", "Before handling"),
                            ("after", "After handling"),
                            ("reply", "Reply"),
                            ("request", "Evidence of a request"),
                        ],
                        default="evidence",
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("file", models.FileField(upload_to=intake.models.attachments.stored_name, verbose_name="File")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("content_type", models.CharField(max_length=60)),
                ("size", models.PositiveIntegerField(verbose_name="Size")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "thumbnail",
                    models.FileField(
                        blank=True, upload_to=intake.models.attachments.thumbnail_name, verbose_name="Thumbnail"
                    ),
                ),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                (
                    "scan",
                    models.CharField(
                        choices=[("none", "Not scanned"), ("clean", "Clean"), ("infected", "Infected")],
                        default="none",
                        max_length=8,
                        verbose_name="Virus scan",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="Added")),
                ("added_by", models.CharField(max_length=120, verbose_name="Added by")),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["id"],
                "indexes": [
                    models.Index(condition=models.Q(("scan", "none")), fields=["id"], name="attachment_unscanned")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "kind", "sha256"), name="attachment_same_file_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="Number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sensor", "Sensor"),
                            ("camera", "Camera"),
                            ("drone", "Drone"),
                            ("media", "Media"),
                            ("patrol", "Patrol"),
                            ("meeting", "Meeting"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="intake.channel",
                        verbose_name="Channel",
                    ),
                ),
                ("external_id", models.CharField(blank=True, max_length=80, verbose_name="Outside number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("found", "To be verified"),
                            ("verified", "Verified"),
                            ("filed", "Filed as a case"),
                            ("dismissed", "Not confirmed"),
                            ("done", "Followed to the end"),
                        ],
                        default="found",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("content", models.TextField(verbose_name="Content")),
                ("link", models.URLField(blank=True, max_length=500, verbose_name="Link")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="Address")),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="dutylist.item",
                        verbose_name="Duty item",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("normal", "Normal"), ("urgent", "Urgent"), ("emergency", "Emergency")],
                        default="normal",
                        max_length=10,
                        verbose_name="Urgency",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="grid.unit",
                        verbose_name="Accountable unit",
                    ),
                ),
                ("times_seen", models.PositiveIntegerField(default=1, verbose_name="Times reported")),
                ("found_at", models.DateTimeField(verbose_name="Found")),
                ("last_seen_at", models.DateTimeField(verbose_name="Last reported")),
                ("found_by", models.CharField(max_length=120, verbose_name="Found by")),
                ("finding", models.CharField(blank=True, max_length=500, verbose_name="What verification found")),
                ("verified_at", models.DateTimeField(blank=True, null=True, verbose_name="Verified")),
                ("verified_by", models.CharField(blank=True, max_length=120, verbose_name="Verified by")),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lead",
                        to="intake.case",
                    ),
                ),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "lead",
                "verbose_name_plural": "leads",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["state", "-id"], name="lead_by_state"),
                    models.Index(
                        condition=models.Q(models.Q(("state", "done"), _negated=True), ("latitude__isnull", False)),
                        fields=["kind", "latitude", "longitude"],
                        name="lead_by_place",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("channel", "external_id"),
                        name="lead_external_id_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemFiling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filing",
                        to="grid.gatheringitem",
                        verbose_name="Item",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item_filing",
                        to="intake.case",
                        verbose_name="Case",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item_filings",
                        to="intake.lead",
                        verbose_name="Lead",
                    ),
                ),
                ("filed_at", models.DateTimeField(verbose_name="Filed")),
            ],
            options={
                "verbose_name": "item handed on",
                "verbose_name_plural": "items handed on",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", True), ("lead__isnull", False)),
                            models.Q(("case__isnull", False), ("lead__isnull", True)),
                            _connector="OR",
                        ),
                        name="item_filing_is_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="site_case",
                        to="intake.case",
                        verbose_name="Case",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_cases",
                        to="grid.servicesite",
                        verbose_name="Service site",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Registered")),
            ],
            options={
                "verbose_name": "case taken at a counter",
                "verbose_name_plural": "cases taken at counters",
                "indexes": [models.Index(fields=["site", "at"], name="site_case_by_day")],
            },
        ),
        migrations.CreateModel(
            name="Mediation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mediations",
                        to="intake.case",
                        verbose_name="Case",
                    ),
                ),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mediations",
                        to="grid.adviser",
                        verbose_name="Adviser",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "In mediation"),
                            ("settled", "Settled by mediation"),
                            ("failed", "Mediation failed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("matter", models.CharField(max_length=300, verbose_name="Legal matter")),
                ("result", models.CharField(blank=True, max_length=500, verbose_name="Result")),
                ("opened_at", models.DateTimeField(verbose_name="Referred")),
                ("opened_by", models.CharField(max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="Ended")),
            ],
            options={
                "verbose_name": "mediation",
                "verbose_name_plural": "mediations",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("case",), name="mediation_one_open_a_case"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LookupConnector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("name_en", models.CharField(max_length=80, verbose_name="English name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("house", "House"), ("firm", "Firm")],
                        max_length=10,
                        verbose_name="Looks up",
                    ),
                ),
                ("url", models.CharField(max_length=300, verbose_name="Address")),
                (
                    "key_name",
                    models.CharField(
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\ALOOKUP_KEY_[A-Z0-9_]{1,40}\\Z", "The name begins with LOOKUP_KEY_."
                            )
                        ],
                        verbose_name="Key in the environment",
                    ),
                ),
                ("shown", models.JSONField(default=list, verbose_name="Fields shown")),
                (
                    "seconds",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="Time limit in seconds",
                    ),
                ),
                ("is_active", models.BooleanField(default=False, verbose_name="In use")),
                ("source", models.CharField(max_length=200, verbose_name="Source")),
            ],
            options={
                "verbose_name": "look-up connector",
                "verbose_name_plural": "look-up connectors",
                "ordering": ["kind", "code"],
            },
        ),
        migrations.CreateModel(
            name="LookupUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "connector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="intake.lookupconnector",
                        verbose_name="Connector",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="By",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lookups",
                        to="intake.case",
                        verbose_name="Case",
                    ),
                ),
                ("purpose", models.CharField(max_length=200, verbose_name="Purpose")),
                ("subject", models.CharField(max_length=40, verbose_name="Code looked up")),
                ("subject_index", models.CharField(db_index=True, editable=False, max_length=64)),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("found", "Found"),
                            ("none", "Nothing found"),
                            ("failed", "No answer"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="Result",
                    ),
                ),
            ],
            options={
                "verbose_name": "look-up",
                "verbose_name_plural": "look-ups",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["staff", "-id"], name="lookup_by_staff")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="intake.channel",
                        verbose_name="Channel",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="intake.case",
                        verbose_name="Case",
                    ),
                ),
                ("event", models.CharField(max_length=40, verbose_name="Event")),
                ("payload", models.JSONField(verbose_name="Content")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("stuck", "Stuck"),
                            ("dropped", "Given up"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="Tries")),
                ("next_try_at", models.DateTimeField(verbose_name="Next try")),
                ("last_error", models.CharField(blank=True, max_length=300, verbose_name="Last error")),
                ("created_at", models.DateTimeField(verbose_name="Created")),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="Delivered")),
            ],
            options={
                "verbose_name": "call-back",
                "verbose_name_plural": "call-backs",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["channel", "next_try_at", "id"],
                        name="delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "delivered")), fields=["delivered_at"], name="delivery_delivered"
                    ),
                    models.Index(condition=models.Q(("state", "stuck")), fields=["-id"], name="delivery_stuck"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name="Agent"
                    ),
                ),
                ("extension", models.CharField(max_length=20, unique=True, verbose_name="Extension")),
            ],
            options={
                "verbose_name": "seat",
                "verbose_name_plural": "seats",
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="intake.channel",
                    ),
                ),
                ("external_id", models.CharField(max_length=80, verbose_name="Outside number")),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("extension", models.CharField(blank=True, max_length=20, verbose_name="Extension")),
                ("phone", shenzhen_gov.core.crypto.EncryptedTextField(blank=True, editable=True, verbose_name="Phone")),
                ("phone_index", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ringing", "Ringing"),
                            ("talking", "Talking"),
                            ("ended", "Ended"),
                            ("missed", "Missed"),
                        ],
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("rang_at", models.DateTimeField(verbose_name="Rang")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="Answered")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="Ended")),
                ("recording", models.CharField(blank=True, max_length=200, verbose_name="Recording")),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="intake.case",
                    ),
                ),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "call",
                "verbose_name_plural": "calls",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["agent", "-id"], name="call_by_agent"),
                    models.Index(condition=models.Q(("case__isnull", False)), fields=["case"], name="call_by_case"),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["rang_at"], name="call_by_time"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("channel", "external_id"), name="call_once")],
            },
        ),
        migrations.CreateModel(
            name="CaseDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="case_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True)),
                (
                    "call",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft",
                        to="intake.call",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=60)),
                ("fields", shenzhen_gov.core.crypto.EncryptedTextField(blank=True, editable=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField(verbose_name="Saved")),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CasePresence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="present", to="intake.case"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "staff"), name="case_presence_once")],
            },
        ),
        migrations.CreateModel(
            name="StandardText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                (
                    "kind",
                    models.CharField(
                        choices=[("content", "Content"), ("wish", "Wish"), ("answer", "Answer")],
                        max_length=10,
                        verbose_name="Used for",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="Title")),
                ("text", models.TextField(verbose_name="Text")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "standard text",
                "verbose_name_plural": "standard texts",
                "ordering": ["kind", "order", "code"],
            },
        ),
        migrations.CreateModel(
            name="Supplement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="supplements", to="intake.case"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "Addition"),
                            ("urged", "Asks where it stands"),
                            ("withdrawn", "Wants to withdraw"),
                        ],
                        default="added",
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="Text")),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("agent", "Agent"),
                            ("channel", "Channel"),
                            ("track", "Tracking page"),
                            ("link", "Link"),
                            ("call_back", "Call-back"),
                        ],
                        max_length=10,
                        verbose_name="Through",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="Added")),
                ("added_by", models.CharField(max_length=120, verbose_name="Added by")),
            ],
            options={
                "verbose_name": "addition",
                "verbose_name_plural": "additions",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="intake.case",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="Round")),
                ("overall", models.PositiveSmallIntegerField(verbose_name="Overall")),
                ("speed", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Speed of handling")),
                ("effect", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Result of handling")),
                ("experience", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Service")),
                (
                    "feedback",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Quality of the reply"),
                ),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="Text")),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("agent", "Agent"),
                            ("channel", "Channel"),
                            ("track", "Tracking page"),
                            ("link", "Link"),
                            ("call_back", "Call-back"),
                        ],
                        max_length=10,
                        verbose_name="Through",
                    ),
                ),
                ("evaluated_at", models.DateTimeField(verbose_name="Evaluated")),
                ("evaluated_by", models.CharField(max_length=120, verbose_name="Evaluated by")),
            ],
            options={
                "verbose_name": "evaluation",
                "verbose_name_plural": "evaluations",
                "ordering": ["case", "round"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "round"), name="evaluation_once_a_round"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("overall__range", (1, 5)),
                            models.Q(("speed__isnull", True), ("speed__range", (1, 5)), _connector="OR"),
                            models.Q(("effect__isnull", True), ("effect__range", (1, 5)), _connector="OR"),
                            models.Q(("experience__isnull", True), ("experience__range", (1, 5)), _connector="OR"),
                            models.Q(("feedback__isnull", True), ("feedback__range", (1, 5)), _connector="OR"),
                        ),
                        name="evaluation_scores_one_to_five",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "main",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="linked_cases", to="intake.case"
                    ),
                ),
                (
                    "secondary",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked_to",
                        to="intake.case",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("same_matter", "Same matter"),
                            ("repeat", "Same person again"),
                            ("split", "Split off: another matter of the same request"),
                        ],
                        default="same_matter",
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("score", models.FloatField(blank=True, null=True, verbose_name="Similarity")),
                ("reasons", models.JSONField(blank=True, default=dict, verbose_name="Reasons")),
                ("linked_at", models.DateTimeField(verbose_name="Linked")),
                ("linked_by", models.CharField(max_length=120, verbose_name="Linked by")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="Undone")),
                ("undone_by", models.CharField(blank=True, max_length=120, verbose_name="Undone by")),
            ],
            options={
                "verbose_name": "link between cases",
                "verbose_name_plural": "links between cases",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("secondary",),
                        name="case_link_one_main",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("main", models.F("secondary")), _negated=True),
                        name="case_link_not_to_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="grid.unit",
                        verbose_name="Owned by",
                    ),
                ),
                ("uses", models.PositiveIntegerField(default=0, editable=False, verbose_name="Uses")),
                ("used_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Last used")),
                ("created_at", models.DateTimeField(verbose_name="Created")),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="intake.article"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="Version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("review", "In review"),
                            ("live", "Online"),
                            ("off", "Offline"),
                            ("expired", "Expired"),
                            ("replaced", "Replaced"),
                            ("dropped", "Discarded"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("questions", models.JSONField(blank=True, default=list, verbose_name="Asked as")),
                ("body", models.TextField(verbose_name="Answer")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="Legal basis")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grid.area",
                        verbose_name="Holds in",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="Valid from")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="Valid until")),
                ("entered_by", models.CharField(max_length=120, verbose_name="Entered by")),
                ("entered_by_id", models.BigIntegerField(editable=False, null=True)),
                ("entered_at", models.DateTimeField(verbose_name="Entered")),
                ("reviewed_by", models.CharField(blank=True, max_length=120, verbose_name="Reviewed by")),
                ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="Reviewed")),
                ("opinion", models.CharField(blank=True, max_length=300, verbose_name="Opinion")),
                ("is_sample", models.BooleanField(default=False, editable=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "items",
                    models.ManyToManyField(
                        blank=True, related_name="article_versions", to="dutylist.item", verbose_name="Duty items"
                    ),
                ),
            ],
            options={
                "verbose_name": "article version",
                "verbose_name_plural": "article versions",
                "ordering": ["article", "-number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "live")), fields=["reviewed_at"], name="article_live_since"
                    ),
                    models.Index(
                        condition=models.Q(("state", "live")), fields=["expires_on"], name="article_live_until"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("article", "number"), name="article_version_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "review"))),
                        fields=("article",),
                        name="article_one_version_in_work",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "live")), fields=("article",), name="article_one_live_version"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="article_use", to="intake.case"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_uses",
                        to="intake.articleversion",
                    ),
                ),
                ("used_at", models.DateTimeField()),
                ("used_by", models.CharField(max_length=120)),
                ("is_counted", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "use of an article",
                "verbose_name_plural": "uses of articles",
                "indexes": [
                    models.Index(condition=models.Q(("is_counted", False)), fields=["id"], name="article_use_uncounted")
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="intake.articleversion",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="What is wrong")),
                ("raised_at", models.DateTimeField(verbose_name="Raised")),
                ("raised_by", models.CharField(max_length=120, verbose_name="Raised by")),
                ("is_taken", models.BooleanField(null=True, verbose_name="Taken up")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="Answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="Answered")),
                ("answered_by", models.CharField(blank=True, max_length=120, verbose_name="Answered by")),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PlaceName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("estate", "Estate"),
                            ("road", "Road"),
                            ("building", "Building"),
                            ("station", "Station"),
                            ("alias", "Other name of an area"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place_names",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "place name",
                "verbose_name_plural": "place names",
                "ordering": ["name", "area"],
                "constraints": [models.UniqueConstraint(fields=("name", "area"), name="place_name_once")],
            },
        ),
        migrations.CreateModel(
            name="PlaceNameEvent",
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
                        to="intake.placename",
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
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("estate", "Estate"),
                            ("road", "Road"),
                            ("building", "Building"),
                            ("station", "Station"),
                            ("alias", "Other name of an area"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
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
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placename",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_placenameevent" ("area_id", "id", "is_active", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."area_id", NEW."id", NEW."is_active", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="beec4fc0459dd9a2f34a671726597a74b7306fdd",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_77449",
                    table="intake_placename",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placename",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "intake_placenameevent" ("area_id", "id", "is_active", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."area_id", NEW."id", NEW."is_active", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="484371bee0ae4f1ff6a98ddd2f7847f2af71727f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7042b",
                    table="intake_placename",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placename",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_placenameevent" ("area_id", "id", "is_active", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (OLD."area_id", OLD."id", OLD."is_active", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source"); RETURN NULL;',
                    hash="5282f0dae86eb7167fb2d6bd809f11b8e42fe987",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b72a6",
                    table="intake_placename",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placenameevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="19dfa35d885ac397be4ef0f3a7ea74c42f146bb1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a99fd",
                    table="intake_placenameevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="HintWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=30, verbose_name="Word")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("urgency", "Urgency"),
                            ("request_type", "Kind of request"),
                            ("veto", "A person decides"),
                            ("risk", "Early warning"),
                        ],
                        max_length=12,
                        verbose_name="Speaks for",
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        help_text="The code of an urgency or of a kind of request.", max_length=12, verbose_name="Value"
                    ),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        help_text="From a sum of 10 on it is said; 0 only hides shorter words inside this one.",
                        verbose_name="Weight",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "hint word",
                "verbose_name_plural": "hint words",
                "ordering": ["kind", "value", "word"],
                "constraints": [models.UniqueConstraint(fields=("word", "kind", "value"), name="hint_word_once")],
            },
        ),
        migrations.CreateModel(
            name="HintWordEvent",
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
                        to="intake.hintword",
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
                ("word", models.CharField(max_length=30, verbose_name="Word")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("urgency", "Urgency"),
                            ("request_type", "Kind of request"),
                            ("veto", "A person decides"),
                            ("risk", "Early warning"),
                        ],
                        max_length=12,
                        verbose_name="Speaks for",
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        help_text="The code of an urgency or of a kind of request.", max_length=12, verbose_name="Value"
                    ),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        help_text="From a sum of 10 on it is said; 0 only hides shorter words inside this one.",
                        verbose_name="Weight",
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
            model_name="hintword",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_hintwordevent" ("id", "is_active", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "value", "weight", "word") VALUES (NEW."id", NEW."is_active", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."value", NEW."weight", NEW."word"); RETURN NULL;',
                    hash="c78fd7e5301119e6fba5bd1e78ed72c00156e098",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2ae1b",
                    table="intake_hintword",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hintword",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "intake_hintwordevent" ("id", "is_active", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "value", "weight", "word") VALUES (NEW."id", NEW."is_active", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."value", NEW."weight", NEW."word"); RETURN NULL;',
                    hash="63b3f9482ffd7460b78901ae6bcd4fdc4f32b2f8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_77aba",
                    table="intake_hintword",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hintword",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_hintwordevent" ("id", "is_active", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "value", "weight", "word") VALUES (OLD."id", OLD."is_active", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."value", OLD."weight", OLD."word"); RETURN NULL;',
                    hash="168848abadc457c4ff79e27a7b9f5c2561256166",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4e0e8",
                    table="intake_hintword",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hintwordevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bc22ddc9fe32630ac47926bc96b0a210abadb057",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bc5ee",
                    table="intake_hintwordevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="confirmation", to="intake.case"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmations",
                        to="dutylist.item",
                    ),
                ),
                (
                    "suggested",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="dutylist.item",
                    ),
                ),
                (
                    "confirmed_by",
                    models.CharField(
                        choices=[("agent", "Agent"), ("dispatcher", "Dispatcher"), ("import", "Import")], max_length=12
                    ),
                ),
                ("confirmed_at", models.DateTimeField()),
                ("revision", models.BigIntegerField(unique=True)),
            ],
            options={
                "verbose_name": "confirmed classification",
                "verbose_name_plural": "confirmed classifications",
                "indexes": [models.Index(fields=["item", "-revision"], name="confirmation_newest")],
            },
        ),
        migrations.CreateModel(
            name="IdentityRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="identity_requests", to="intake.case"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("purpose", models.CharField(max_length=200, verbose_name="Purpose")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked"), ("granted", "Granted"), ("refused", "Refused")],
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="Decided")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="Decided by")),
                ("opinion", models.CharField(blank=True, max_length=300, verbose_name="Opinion")),
                ("visible_until", models.DateTimeField(blank=True, null=True, verbose_name="Visible until")),
            ],
            options={
                "verbose_name": "request to see an identity",
                "verbose_name_plural": "requests to see identities",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("case", "staff"),
                        name="identity_request_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("preview", "Preview"), ("carry_out", "Anonymise")], max_length=10, verbose_name="Kind"
                    ),
                ),
                ("day", models.DateField(verbose_name="As of")),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("asked_by", models.CharField(max_length=120, verbose_name="Asked by")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="Ended")),
                ("result", models.JSONField(default=dict, verbose_name="Result")),
            ],
            options={
                "verbose_name": "retention run",
                "verbose_name_plural": "retention runs",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("kind",), name="retention_one_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=16, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_points",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                ("address", models.CharField(max_length=300, verbose_name="Address")),
                ("house_code", models.CharField(blank=True, max_length=25, verbose_name="House code")),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("created_at", models.DateTimeField(verbose_name="Created")),
            ],
            options={
                "verbose_name": "QR point",
                "verbose_name_plural": "QR points",
                "ordering": ["area", "name"],
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("name_en", models.CharField(max_length=80, verbose_name="English name")),
                ("intro", models.CharField(blank=True, max_length=200, verbose_name="Introduction")),
                ("intro_en", models.CharField(blank=True, max_length=200, verbose_name="English introduction")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                (
                    "items",
                    models.ManyToManyField(blank=True, related_name="+", to="dutylist.item", verbose_name="Duty items"),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="RatingLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rating_links", to="intake.case"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "rating link",
                "verbose_name_plural": "rating links",
            },
        ),
        migrations.CreateModel(
            name="ScreeningWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40, unique=True, verbose_name="Word")),
                ("reason", models.CharField(max_length=60, verbose_name="Reason")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "screening word",
                "verbose_name_plural": "screening words",
                "ordering": ["word"],
            },
        ),
        migrations.CreateModel(
            name="ScreeningWordEvent",
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
                        to="intake.screeningword",
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
                ("word", models.CharField(max_length=40, verbose_name="Word")),
                ("reason", models.CharField(max_length=60, verbose_name="Reason")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="screeningword",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_screeningwordevent" ("id", "is_active", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "source", "word") VALUES (NEW."id", NEW."is_active", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."source", NEW."word"); RETURN NULL;',
                    hash="f3f4df479d8b2df1a573054b3f5b2a519aa6642b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0f07c",
                    table="intake_screeningword",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="screeningword",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "intake_screeningwordevent" ("id", "is_active", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "source", "word") VALUES (NEW."id", NEW."is_active", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."source", NEW."word"); RETURN NULL;',
                    hash="32845599ee221f289cb52081bae447f81f77c4ec",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_38290",
                    table="intake_screeningword",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="screeningword",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_screeningwordevent" ("id", "is_active", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "source", "word") VALUES (OLD."id", OLD."is_active", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."source", OLD."word"); RETURN NULL;',
                    hash="dcba991c48ba7281de070f28f905ffcbfb74a37f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ea271",
                    table="intake_screeningword",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="screeningwordevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7a1e7dcc08a6bd6240db4117b6846635d8976c43",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3c9a1",
                    table="intake_screeningwordevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("digest", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("window", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "tally",
                "verbose_name_plural": "tallies",
            },
        ),
        migrations.CreateModel(
            name="RefusalReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="Code")),
                ("name", models.CharField(max_length=80, verbose_name="Reason")),
                ("name_en", models.CharField(max_length=120, verbose_name="English reason")),
                ("told", models.CharField(max_length=300, verbose_name="What the citizen is told")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "verbose_name": "reason for refusing",
                "verbose_name_plural": "reasons for refusing",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="RefusalReasonEvent",
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
                        to="intake.refusalreason",
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
                ("name", models.CharField(max_length=80, verbose_name="Reason")),
                ("name_en", models.CharField(max_length=120, verbose_name="English reason")),
                ("told", models.CharField(max_length=300, verbose_name="What the citizen is told")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="Order")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(max_length=120, verbose_name="Source")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="refusalreason",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_refusalreasonevent" ("code", "id", "is_active", "name", "name_en", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "told") VALUES (NEW."code", NEW."id", NEW."is_active", NEW."name", NEW."name_en", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."told"); RETURN NULL;',
                    hash="612abc0bb7398296798278bef55b02b905a67a33",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7e163",
                    table="intake_refusalreason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="refusalreason",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "intake_refusalreasonevent" ("code", "id", "is_active", "name", "name_en", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "told") VALUES (NEW."code", NEW."id", NEW."is_active", NEW."name", NEW."name_en", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."told"); RETURN NULL;',
                    hash="bc0ac9a8f53e12d706b491488cc61a534ca1e41d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e711b",
                    table="intake_refusalreason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="refusalreason",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "intake_refusalreasonevent" ("code", "id", "is_active", "name", "name_en", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "told") VALUES (OLD."code", OLD."id", OLD."is_active", OLD."name", OLD."name_en", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."told"); RETURN NULL;',
                    hash="da7f8626f6edf95a01743afd317f800ab5943362",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_84a51",
                    table="intake_refusalreason",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="refusalreasonevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f94abde82944fbfb1c27c0038e021b2ce8f84fed",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5d65a",
                    table="intake_refusalreasonevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="Refusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refusals", to="intake.case"
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.refusalreason",
                        verbose_name="Reason",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                (
                    "told_way",
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
                        verbose_name="Citizen told by",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="Proposed")),
                ("proposed_by", models.CharField(max_length=120, verbose_name="Proposed by")),
                ("proposer_id", models.BigIntegerField(editable=False, null=True)),
                ("is_confirmed", models.BooleanField(null=True, verbose_name="Confirmed")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="Decided")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="Decided by")),
                ("opinion", models.CharField(blank=True, max_length=300, verbose_name="Opinion")),
            ],
            options={
                "verbose_name": "proposed refusal",
                "verbose_name_plural": "proposed refusals",
                "ordering": ["id"],
                "indexes": [
                    models.Index(condition=models.Q(("is_confirmed__isnull", True)), fields=["id"], name="refusal_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_confirmed__isnull", True)),
                        fields=("case",),
                        name="refusal_one_open_a_case",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EmergencyHandoff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handoffs", to="intake.case"
                    ),
                ),
                (
                    "service",
                    models.CharField(
                        choices=[("110", "Police 110"), ("119", "Fire service 119"), ("120", "Ambulance 120")],
                        max_length=6,
                        verbose_name="Service",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="Their number")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("handed_at", models.DateTimeField(verbose_name="Handed over")),
                ("handed_by", models.CharField(max_length=120, verbose_name="Handed over by")),
            ],
            options={
                "verbose_name": "emergency hand-over",
                "verbose_name_plural": "emergency hand-overs",
                "ordering": ["id"],
            },
        ),
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
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="case_text_keys"),
                    models.Index(fields=["backwards"], name="case_text_number", opclasses=["varchar_pattern_ops"]),
                ],
            },
        ),
    ]

    operations = [
        CreateTables(tables),
        migrations.AddField(
            model_name="article",
            name="live",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="live_of",
                to="intake.articleversion",
            ),
        ),
    ]
