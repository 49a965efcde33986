"""Where the server processes share what they count (system/latency.py). Imports nothing that counts."""

import atexit
import os
import shutil
import tempfile

NAME = "PROMETHEUS_MULTIPROC_DIR"  # the library reads it once, when it is imported


def share_counters() -> None:
    """Make a directory for the counters of this process and its children, unless there is one; it goes with them."""
    if NAME in os.environ:
        return
    own, path = os.getpid(), tempfile.mkdtemp(prefix="portal-counters-")
    os.environ[NAME] = path

    def remove() -> None:
        if os.getpid() == own:  # children run it, too
            shutil.rmtree(path, ignore_errors=True)

    atexit.register(remove)
