from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0003_report_taken_back")]

    operations = [
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("role", "lead"), ("state__in", ("pending_sign", "handling", "under_review"))),
                fields=["area", "next_due_at"],
                include=("case",),
                name="work_order_open_by_area",
            ),
        ),
    ]
