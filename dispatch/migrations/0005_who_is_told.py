from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0004_open_by_area")]

    operations = [
        migrations.AddField("instruction", "by_id", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField("supervision", "opened_by_id", models.BigIntegerField(editable=False, null=True)),
    ]
