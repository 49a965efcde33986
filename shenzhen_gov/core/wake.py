"""The wake-up call: tells the worker that work waits. Losing it costs a minute, never the work (docs/adr/0002).

A broker that is gone holds whoever calls it for seconds, so requests never do: one thread beside them makes the calls.
A worker that wakes takes everything that waits, so in a burst one call for many rows is enough.
"""

import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 0.5  # between two calls of one process: long enough to fill a batch in a burst
SILENCE_SECONDS = 5  # after the broker refused a call


class WakeUp:
    """Calls the worker soon, once for everything that was asked meanwhile."""

    def __init__(self, call: Callable[[], object], *, pause: float = PAUSE_SECONDS, silence: float = SILENCE_SECONDS):
        self.call = call
        self.pause = pause
        self.silence = silence
        self.asked = threading.Event()
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None

    def __call__(self) -> None:
        """Ask for a call; never raise, never wait. The thread starts with the first one, in the process that asks."""
        self.asked.set()
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name="wake-up", daemon=True)
                self.thread.start()

    def _run(self) -> None:
        while True:
            self.asked.wait()
            self.asked.clear()
            time.sleep(self.pause if self._send() else self.silence)

    def _send(self) -> bool:
        """Call the broker and tell whether it took the call."""
        try:
            self.call()
        except Exception as error:  # whatever the broker does, the case is safe in the database
            logger.warning("the broker did not take the wake-up call: %s", error)
            return False
        return True
