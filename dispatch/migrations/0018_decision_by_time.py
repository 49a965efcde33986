from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0017_again_index")]

    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=BrinIndex(fields=["made_at"], autosummarize=True, name="decision_by_time"),
        ),
    ]
