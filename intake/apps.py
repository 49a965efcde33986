"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Listens for call-backs that are owed."""

    name = "intake"
    verbose_name = _("Intake")

    def ready(self):
        """Connect the wake-up call."""
        from .signals import callback_owed
        from .wake import wake_deliveries

        callback_owed.connect(wake_deliveries, dispatch_uid="intake.wake_deliveries")
