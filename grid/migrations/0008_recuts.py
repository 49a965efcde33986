import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT
STATES = [("planned", "Planned"), ("moving", "Buildings follow"), ("done", "Carried out"), ("cancelled", "Given up")]


class Migration(migrations.Migration):
    dependencies = [("grid", "0007_rounds_points")]

    operations = [
        migrations.AddField(
            model_name="area",
            name="successor",
            field=models.ForeignKey(
                blank=True, editable=False, null=True, on_delete=PROTECT, related_name="predecessors", to="grid.area"
            ),
        ),
        migrations.CreateModel(
            name="Recut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ends", models.BooleanField(default=True, verbose_name="The area ends")),
                ("targets", models.JSONField(default=list, verbose_name="Into")),
                ("effective_on", models.DateField(verbose_name="In force from")),
                ("document", models.CharField(max_length=200, verbose_name="Decision document")),
                ("state", models.CharField(choices=STATES, default="planned", max_length=10, verbose_name="State")),
                ("problem", models.TextField(blank=True, verbose_name="Why it could not be carried out")),
                ("created_at", models.DateTimeField(verbose_name="Planned")),
                ("cut_at", models.DateTimeField(null=True, verbose_name="Cut")),
                ("done_at", models.DateTimeField(null=True, verbose_name="Carried out")),
                (
                    "area",
                    models.ForeignKey(on_delete=PROTECT, related_name="recuts", to="grid.area", verbose_name="Area"),
                ),
                (
                    "created_by",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
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
    ]
