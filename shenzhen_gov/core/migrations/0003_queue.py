"""The queue on the same database: pgmq's SQL, only where Celery uses it (docs/adr/0002)."""

from django.conf import settings
from django.db import migrations


def install(apps, schema_editor):
    """Install pgmq's functions unless another broker is used or they are there already."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('pgmq') IS NOT NULL")
        if cursor.fetchone()[0] or not settings.CELERY_BROKER_URL.startswith("pgmq"):
            return
        from pgmq.install import get_embedded_install_sql

        cursor.execute(get_embedded_install_sql())


class Migration(migrations.Migration):
    """Guarded installation."""

    dependencies = [("core", "0002_audit_chain")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
