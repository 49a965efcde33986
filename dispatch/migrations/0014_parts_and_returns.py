from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0013_after_closing"), ("intake", "0011_split_links")]

    operations = [
        migrations.RemoveField(model_name="casesplit", name="parts"),
        migrations.AddField(
            model_name="casesplit",
            name="cases",
            field=models.ManyToManyField(related_name="part_of_splits", to="intake.case", verbose_name="Parts"),
        ),
        migrations.AddIndex(
            model_name="caserequest",
            index=models.Index(
                condition=models.Q(("kind", "return")), fields=["asked_by_unit", "asked_at"], name="request_returns"
            ),
        ),
    ]
