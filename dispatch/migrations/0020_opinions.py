import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0019_disputes"), ("intake", "0015_veto_words")]

    operations = [
        migrations.CreateModel(
            name="CaseOpinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(verbose_name="Asked")),
                ("model", models.CharField(max_length=80)),
                ("offered", models.JSONField(default=list)),
                ("codes", models.JSONField(default=list)),
                ("problem", models.CharField(blank=True, max_length=200)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinion", to="intake.case"
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion of a language model",
                "verbose_name_plural": "opinions of a language model",
            },
        ),
    ]
