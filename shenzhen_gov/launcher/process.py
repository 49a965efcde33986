"""Starting child processes: they die with the launcher, and PostgreSQL never runs as root."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534
INNER_ID = 1000

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(how: signal.Signals) -> Callable[[], None]:
    """What a child runs before exec so that it gets the signal when the launcher dies (Linux)."""
    parent = os.getpid()

    def before_exec() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, int(how), 0, 0, 0)
        if os.getppid() != parent:  # the launcher died between fork and here
            os._exit(1)

    return before_exec


def enter_user_namespace() -> None:
    """Become user 1000 of a new user namespace, which outside is still the user who called."""
    uid, gid = os.geteuid(), os.getegid()
    if _libc is None or _libc.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "no user namespace")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{INNER_ID} {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{INNER_ID} {gid} 1", encoding="ascii")


def can_enter_user_namespace() -> bool:
    """Try it once in a child that does nothing else."""
    try:
        done = subprocess.run(["true"], preexec_fn=enter_user_namespace, check=False)  # noqa: S607
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def unprivileged(data: Path) -> dict:
    """Popen arguments under which PostgreSQL, which refuses root, may use the folder ``data``.

    Nothing for an ordinary user. For root: the owner of an existing cluster, else user 1000 of a user
    namespace (files stay root's), else ``nobody``, who is then given the folder.
    """
    if os.geteuid() != 0:
        return {}
    owner = data.stat() if data.exists() else None
    if owner is not None and owner.st_uid != 0:
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    if can_enter_user_namespace():
        return {"preexec_fn": enter_user_namespace}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def spawn(command: list, *, death: signal.Signals | None = None, **popen) -> subprocess.Popen:
    """Start a child in its own session (Ctrl-C reaches only the launcher), tied to our life if asked."""
    first = popen.pop("preexec_fn", None)
    last = die_with_parent(death) if death else None

    def before_exec() -> None:
        for job in (first, last):
            if job:
                job()

    # The launcher has one thread, so running Python between fork and exec is safe.
    return subprocess.Popen(
        [str(part) for part in command],
        start_new_session=True,
        preexec_fn=before_exec if first or last else None,
        stdin=subprocess.DEVNULL,
        **popen,
    )
