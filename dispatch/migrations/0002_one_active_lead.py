"""A case has one lead order under way, kept so by the database again.

The index of this constraint had gone with that of the foreign key: Django takes away every index of that one column.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_tables")]

    operations = [
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "lead"), ("state__in", ("pending_sign", "handling", "under_review"))),
                fields=("case",),
                name="work_order_one_active_lead",
            ),
        ),
    ]
