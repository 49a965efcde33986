import django.db.models.deletion
import shenzhen_gov.core.crypto
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0003_rounds"),
    ]

    operations = [
        migrations.CreateModel(
            name="CommunityTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="community_tasks",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
            ],
            options={
                "verbose_name": "community task",
                "verbose_name_plural": "community tasks",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Estate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("begins_on", models.DateField(verbose_name="Contract from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Contract until")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="estates",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
                (
                    "buildings",
                    models.ManyToManyField(
                        blank=True, related_name="estates", to="grid.building", verbose_name="Buildings"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="estates",
                        to="grid.unit",
                        verbose_name="Handling party",
                    ),
                ),
            ],
            options={
                "verbose_name": "estate",
                "verbose_name_plural": "estates",
                "ordering": ["-id"],
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
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("held_on", models.DateField(verbose_name="Day")),
                ("place", models.CharField(max_length=200, verbose_name="Place")),
                ("residents", models.PositiveSmallIntegerField(default=0, verbose_name="Residents")),
                ("members", models.PositiveSmallIntegerField(default=0, verbose_name="Party members")),
                ("officials", models.PositiveSmallIntegerField(default=0, verbose_name="Officials")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="Summary")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gatherings",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting or visit",
                "verbose_name_plural": "meetings and visits",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="GatheringItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="Settled")),
                ("settled_by", models.CharField(blank=True, max_length=120)),
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
                (
                    "gathering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="grid.gathering",
                        verbose_name="Meeting or visit",
                    ),
                ),
            ],
            options={
                "verbose_name": "item of a meeting or visit",
                "verbose_name_plural": "items of meetings and visits",
                "ordering": ["id"],
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
                ("begins_on", models.DateField(verbose_name="From")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Until")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="liaisons",
                        to="grid.area",
                        verbose_name="Area",
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
            ],
            options={
                "verbose_name": "liaison",
                "verbose_name_plural": "liaisons",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="gathering",
            name="liaison",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="grid.liaison",
                verbose_name="Liaison",
            ),
        ),
        migrations.CreateModel(
            name="Reporter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("reported_on", models.DateField(verbose_name="Reported on")),
                ("is_active", models.BooleanField(default=True, verbose_name="In use")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reporters",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
            ],
            options={
                "verbose_name": "who reported",
                "verbose_name_plural": "who reported",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ServiceDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="Day")),
                ("hours", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="Hours")),
                ("people", models.PositiveSmallIntegerField(default=1, verbose_name="People")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="What was done")),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_days",
                        to="grid.reporter",
                        verbose_name="Who",
                    ),
                ),
            ],
            options={
                "verbose_name": "service day",
                "verbose_name_plural": "service days",
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="ServiceSite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tier",
                    models.CharField(
                        choices=[("city", "City site"), ("district", "District site"), ("local", "Local site")],
                        default="local",
                        max_length=10,
                        verbose_name="Tier",
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
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_sites",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
            ],
            options={
                "verbose_name": "service site",
                "verbose_name_plural": "service sites",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="TaskClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("people", models.PositiveSmallIntegerField(default=1, verbose_name="People")),
                ("claimed_at", models.DateTimeField(verbose_name="Claimed")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="Withdrawn")),
                ("was_present", models.BooleanField(blank=True, null=True, verbose_name="Was present")),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="grid.reporter",
                        verbose_name="Who",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="grid.communitytask",
                        verbose_name="Task",
                    ),
                ),
            ],
            options={
                "verbose_name": "claim of a task",
                "verbose_name_plural": "claims of tasks",
                "ordering": ["id"],
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
                ("name", models.CharField(max_length=40, verbose_name="Name")),
                ("body", models.CharField(blank=True, max_length=120, verbose_name="Practice or committee")),
                ("weekdays", models.CharField(max_length=7, verbose_name="On duty")),
                ("duty", models.CharField(blank=True, max_length=120, verbose_name="Hours and place")),
                ("begins_on", models.DateField(verbose_name="From")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="Until")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="advisers",
                        to="grid.area",
                        verbose_name="Area",
                    ),
                ),
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
        migrations.AddConstraint(
            model_name="communitytask",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="task_ends_after_begin",
                violation_error_message="It ends before it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="communitytask",
            constraint=models.CheckConstraint(
                condition=models.Q(("claimed__lte", models.F("wanted")), ("wanted__gte", 1)),
                name="task_is_not_over_claimed",
                violation_error_message="More people than that have claimed it, or none are wanted.",
            ),
        ),
        migrations.AddConstraint(
            model_name="estate",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("begins_on")), _connector="OR"),
                name="estate_ends_after_begin",
            ),
        ),
        migrations.AddConstraint(
            model_name="estate",
            constraint=models.UniqueConstraint(
                fields=("area", "name", "kind", "begins_on"),
                name="estate_once",
                violation_error_message="This estate is there already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="liaison",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("begins_on")), _connector="OR"),
                name="liaison_ends_after_begin",
            ),
        ),
        migrations.AddConstraint(
            model_name="liaison",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)), fields=("area",), name="liaison_one_unit_an_area"
            ),
        ),
        migrations.AddConstraint(
            model_name="liaison",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None), ("kind", "subdistrict")),
                fields=("unit",),
                name="liaison_one_subdistrict_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "tea"), ("liaison", None)), ("kind", "visit"), _connector="OR"),
                name="gathering_tea_has_no_liaison",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation", ""), _negated=True), ("kind", "volunteer"), _connector="OR"
                ),
                name="reporter_has_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="serviceday",
            constraint=models.UniqueConstraint(fields=("reporter", "day"), name="service_day_once"),
        ),
        migrations.AddConstraint(
            model_name="serviceday",
            constraint=models.CheckConstraint(
                condition=models.Q(("hours__gt", 0), ("hours__lte", 24), ("people__gte", 1)),
                name="service_day_has_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicesite",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True), ("tier__in", ["city", "district"])),
                fields=("area",),
                name="site_one_of_city_and_district",
                violation_error_message="The city and each district have one site of their own, and it is there.",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicesite",
            constraint=models.UniqueConstraint(
                fields=("area", "name"), name="site_name_once", violation_error_message="This site is there already."
            ),
        ),
        migrations.AddConstraint(
            model_name="taskclaim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("task", "reporter"), name="task_claim_once"
            ),
        ),
    ]
