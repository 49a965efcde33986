"""What an earlier server left on a data folder: a live server to stop, or stale lock files to remove.

PostgreSQL trusts the process number in ``postmaster.pid``. After ``kill -9`` or a reboot that number may
belong to any other process of the same user, and the server would refuse to start for ever. The file may
be removed only when no process works on the folder any more; that is looked up, not assumed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from .say import Stop


def command_of(pid: int) -> str:
    """The command line of a process, or an empty text when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    words = ["ps", "-p", str(pid), "-o", "command="]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()


def server_on(data: Path) -> int | None:
    """The process number of a live server on this data folder."""
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n")[0])
    except (OSError, ValueError):
        return None
    command = command_of(pid)
    return pid if "postgres" in command and str(data) in command else None


def backends_on(data: Path) -> list[int]:
    """Every PostgreSQL process that works in this folder; they outlive a killed server for a moment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            here = os.readlink(entry / "cwd") == str(data)
        except OSError:
            continue
        if here and "postgres" in command_of(int(entry.name)):
            found.append(int(entry.name))
    return found


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is true, for a limited time; tell whether it is."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def stop_server(data: Path, seconds: float = 8) -> bool:
    """Stop a live server on the folder: fast shutdown, then immediate. Tell whether there was one."""
    pid = server_on(data)
    if pid is None:
        return False
    for how in (signal.SIGINT, signal.SIGQUIT):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            break
        if wait_until(lambda: server_on(data) is None, seconds):
            break
    return True


def clear(data: Path, sockets: Path) -> None:
    """Make the folder ready for a new server. The caller holds the lock of the cluster."""
    stop_server(data)
    if not wait_until(lambda: not backends_on(data), 10):
        busy = ", ".join(str(pid) for pid in backends_on(data))
        raise Stop(f"processes {busy} still work on {data}; end them first")
    for stale in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)
