"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Listens for accepted cases and published batches."""

    name = "dispatch"
    verbose_name = _("Dispatch")

    def ready(self):
        """Connect the wake-up calls."""
        from dutylist.signals import batch_published
        from intake.signals import case_accepted

        from .wake import wake_following, wake_worker

        case_accepted.connect(wake_worker, dispatch_uid="dispatch.wake_worker")
        batch_published.connect(wake_following, dispatch_uid="dispatch.wake_following")
