from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_case_sequence")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["closed_at"],
                include=("area", "due_at", "state"),
                name="case_by_closing",
            ),
        ),
    ]
