"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    """Registers the app under its Chinese name."""

    name = "grid"
    verbose_name = _("Territory and staff")

    def ready(self):
        """Connect the wake-up call."""
        from .signals import messages_waiting
        from .wake import wake_messages

        messages_waiting.connect(wake_messages, dispatch_uid="grid.wake_messages")
