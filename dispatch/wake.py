"""The wake-up call: tells the worker that cases wait. Losing it costs a minute, never a case (docs/adr/0002).

A worker that wakes takes everything that waits, so in a burst one call for many cases is enough: a process calls at
once, and then not again before `PAUSE_SECONDS` have passed, when one call stands for all cases accepted meanwhile.
"""

import logging
import threading
import time

from .tasks import pick_up

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 0.1
SILENCE_SECONDS = 5  # after the broker refused a call


class WakeUp:
    """Calls the worker now, or once at the end of the pause."""

    def __init__(self):
        self.lock = threading.Lock()
        self.next_at = 0.0
        self.timer: threading.Timer | None = None

    def __call__(self) -> None:
        """Call, or see to it that somebody will; never raise, never wait for the broker longer than one try."""
        with self.lock:
            if self.timer is not None:
                return
            wait = self.next_at - time.monotonic()
            if wait > 0:
                self.timer = threading.Timer(wait, self._after_pause)
                self.timer.daemon = True
                self.timer.start()
                return
            self.next_at = time.monotonic() + PAUSE_SECONDS
        self._send()

    def _after_pause(self) -> None:
        with self.lock:
            self.timer = None
            self.next_at = time.monotonic() + PAUSE_SECONDS
        self._send()

    def _send(self) -> None:
        try:
            pick_up.apply_async(retry=False)
        except Exception as error:  # whatever the broker does, the case is safe in the database
            logger.warning("the broker did not take the wake-up call: %s", error)
            with self.lock:
                self.next_at = time.monotonic() + SILENCE_SECONDS


wake_up = WakeUp()


def wake_worker(sender=None, **_given) -> None:
    """Answer intake's signal `case_accepted`."""
    wake_up()
