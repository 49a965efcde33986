"""The wake-up call for messages that wait (core/wake.py)."""

from shenzhen_gov.core.wake import WakeUp

from .tasks import deliver_messages, import_places, make_exports

wake_up_messages = WakeUp(lambda: deliver_messages.apply_async(retry=False))


def wake_messages(sender=None, **_given) -> None:
    """Answer the signal `messages_waiting`."""
    wake_up_messages()


wake_up_imports = WakeUp(lambda: import_places.apply_async(retry=False))
wake_up_exports = WakeUp(lambda: make_exports.apply_async(retry=False))
