"""Start-up checks of a production installation."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection


@register(Tags.database)
def no_sample_accounts(app_configs, databases, **kwargs):
    """Refuse to serve a production installation whose database holds sample accounts."""
    if settings.SAMPLE_SETUP or not databases:
        return []
    from django.contrib.auth import get_user_model
    from django.db import DatabaseError

    try:
        found = get_user_model().objects.filter(is_sample=True).exists()
    except DatabaseError:
        return []  # not migrated yet
    return [Error("Sample accounts exist; a production portal must not have them.", id="portal.E001")] if found else []


def refuse_sample_accounts() -> None:
    """Raise ImproperlyConfigured, so that the web server does not start, where the check above finds something.

    The connection is closed again: it is opened before the server forks, and must not be shared by its workers.
    """
    errors = no_sample_accounts(None, ["default"])
    if not settings.SAMPLE_SETUP:
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    if errors:
        raise ImproperlyConfigured(errors[0].msg)
