"""The running number inside a second, shared by every process."""

from django.db import migrations


class Migration(migrations.Migration):
    """A cycling sequence: unique as long as fewer than 10,000 cases are registered within one second."""

    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE intake_case_number MINVALUE 0 MAXVALUE 9999 START 0 CYCLE",
            "DROP SEQUENCE intake_case_number",
        )
    ]
