"""The wake-up call: tells the worker that cases wait. Losing it costs a minute, never a case (docs/adr/0002)."""

import logging
import time

from .tasks import pick_up

logger = logging.getLogger(__name__)
SILENCE_SECONDS = 5
_silent_until = 0.0


def wake_worker(sender=None, **_given) -> None:
    """Send the task, unless the broker failed just now; never raise, never wait."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        pick_up.apply_async(retry=False)
    except Exception as error:  # whatever the broker does, the case is safe in the database
        _silent_until = time.monotonic() + SILENCE_SECONDS
        logger.warning("the broker did not take the wake-up call: %s", error)
