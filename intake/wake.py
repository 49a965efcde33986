"""The wake-up call of intake: call-backs to channels wait (core/wake.py)."""

from shenzhen_gov.core.wake import WakeUp

from .tasks import deliver_callbacks

wake_up_deliveries = WakeUp(lambda: deliver_callbacks.apply_async(retry=False))


def wake_deliveries(sender=None, **_given) -> None:
    """Answer the signal `callback_owed`."""
    wake_up_deliveries()
