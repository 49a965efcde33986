import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0015_co_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="rule_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dispatch.ruleversion",
                verbose_name="Rule",
            ),
        ),
    ]
