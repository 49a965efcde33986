"""The composition root as a Django app: commands, checks and start-up."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Makes the Celery app current, so that `shared_task` finds it, and registers the start-up checks."""

    name = "shenzhen_gov"
    label = "portal"
    verbose_name = "民意速办"

    def ready(self):
        """Import what registers itself."""
        from . import celery, checks  # noqa: F401
        from .account import choices as account_choices  # noqa: F401
        from .system import choices  # noqa: F401
