"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Listens for what happens to cases, and for published batches."""

    name = "dispatch"
    verbose_name = _("Dispatch")

    def ready(self):
        """Connect the wake-up calls."""
        from dutylist.signals import batch_published
        from intake.signals import case_accepted, case_evaluated, case_moved, case_supplemented, cases_anonymised

        from .listening import on_case_evaluated, on_case_moved, on_case_supplemented, on_cases_anonymised
        from .signals import messages_waiting, outcomes_noted
        from .wake import wake_counting, wake_exchange, wake_following, wake_worker

        case_accepted.connect(wake_worker, dispatch_uid="dispatch.wake_worker")
        case_moved.connect(on_case_moved, dispatch_uid="dispatch.on_case_moved")
        case_evaluated.connect(on_case_evaluated, dispatch_uid="dispatch.on_case_evaluated")
        case_supplemented.connect(on_case_supplemented, dispatch_uid="dispatch.on_case_supplemented")
        cases_anonymised.connect(on_cases_anonymised, dispatch_uid="dispatch.on_cases_anonymised")
        outcomes_noted.connect(wake_counting, dispatch_uid="dispatch.wake_counting")
        messages_waiting.connect(wake_exchange, dispatch_uid="dispatch.wake_exchange")
        batch_published.connect(wake_following, dispatch_uid="dispatch.wake_following")
