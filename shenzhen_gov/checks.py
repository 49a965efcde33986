"""Start-up checks of a production installation."""

from django.conf import settings
from django.core.checks import Error, Tags, register


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
