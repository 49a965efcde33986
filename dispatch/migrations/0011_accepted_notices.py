from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0010_circular_readings"),
    ]

    operations = [
        # What was dispatched before is not told afterwards.
        migrations.AddField(
            model_name="round",
            name="is_told",
            field=models.BooleanField(default=True, editable=False),
        ),
        migrations.AlterField(
            model_name="round",
            name="is_told",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(
                fields=["id"], condition=models.Q(("is_told", False), ("number", 1)), name="round_to_tell"
            ),
        ),
    ]
