from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0011_requests"),
        ("dutylist", "0006_narrower_indexes"),
        ("grid", "0004_messages"),
        ("intake", "0012_request_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = []
