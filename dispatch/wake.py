"""The wake-up calls of dispatch: cases, published batches, replays or messages wait (core/wake.py)."""

from shenzhen_gov.core.wake import WakeUp

from .tasks import count_outcomes, deliver_exchange, follow_batches, pick_up, run_replays

wake_up = WakeUp(lambda: pick_up.apply_async(retry=False))


def wake_worker(sender=None, **_given) -> None:
    """Answer intake's signal `case_accepted`."""
    wake_up()


wake_up_following = WakeUp(lambda: follow_batches.apply_async(retry=False))
wake_up_exchange = WakeUp(lambda: deliver_exchange.apply_async(retry=False))
wake_up_counting = WakeUp(lambda: count_outcomes.apply_async(retry=False))
wake_up_replays = WakeUp(lambda: run_replays.apply_async(retry=False))


def wake_following(sender=None, **_given) -> None:
    """Answer the duty list's signal `batch_published`."""
    wake_up_following()


def wake_exchange(sender=None, **_given) -> None:
    """Answer the signal `messages_waiting`."""
    wake_up_exchange()


def wake_counting(sender=None, **_given) -> None:
    """Answer the signal `outcomes_noted`."""
    wake_up_counting()
