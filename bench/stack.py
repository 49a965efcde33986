"""The portal's processes as `make run` starts them, on a database of one's own: for measurements and for faults."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from shenzhen_gov.launcher import run
from shenzhen_gov.launcher.paths import ROOT
from shenzhen_gov.launcher.postgres import Cluster
from shenzhen_gov.launcher.say import Stop
from shenzhen_gov.launcher.supervise import Child, Supervisor

PATIENCE = 60.0


class Stack:
    """Running processes under the launcher's own supervisor; `url` is the web server's address.

    `said` collects what the supervisor says, e.g. that a process died and is started again. `tick` must be called often
    where processes are expected to die; like the launcher, only the main thread does it.
    """

    def __init__(self, url: str):
        self.url = url
        self.said: list[str] = []
        self.supervisor = Supervisor(self.said.append)

    def child(self, name: str) -> Child:
        """Return one of the processes: postgres, web, worker or beat."""
        return next(child for child in self.supervisor.children if child.name == name)

    def kill(self, name: str) -> None:
        """Kill a process with -9, as a crash does, and wait until it is dead. The supervisor starts it again."""
        process = self.child(name).process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def tick(self, seconds: float = 0.1) -> None:
        """Supervise once, then pause."""
        self.supervisor.tick()
        time.sleep(seconds)

    def wait_for_web(self) -> None:
        """Return when the web server answers. Raises Stop when it never does."""
        until = time.monotonic() + PATIENCE
        while not run.answers(f"{self.url}/"):
            if time.monotonic() > until or not self.child("web").is_running():
                raise Stop("the web server does not answer")
            time.sleep(0.1)


@contextmanager
def running(
    env: Mapping[str, str],
    folder: Path,
    *,
    names: Sequence[str] = ("worker",),
    web: Sequence[str] = (),
    cluster: Cluster | None = None,
) -> Iterator[Stack]:
    """Start the web server, wait until it answers, start the other children named, and stop all of them in the end.

    They log to `folder`. `web` replaces the WSGI application and keeps the server's settings. A `cluster` is supervised
    like the others but not stopped: whoever started it stops it.
    """
    port = free_port()
    stack = Stack(f"http://127.0.0.1:{port}")
    first, then = run.foreground(port, env, cluster), run.background(env)
    try:
        stack.supervisor.start([_adapted(child, folder, web) for child in first])
        stack.wait_for_web()
        stack.supervisor.start([_adapted(child, folder, web) for child in then if child.name in names])
        yield stack
    except Exception:
        for child in stack.supervisor.children:
            kept = ROOT / "var" / "log" / f"bench-{child.log.name}"
            shutil.copyfile(child.log, kept)
            print(f"    the log of {child.name} is kept in {kept}", file=sys.stderr)
        raise
    finally:
        stack.supervisor.children = [child for child in stack.supervisor.children if child.name != run.DATABASE]
        stack.supervisor.stop(polite=3, firm=1)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def _adapted(child: Child, folder: Path, web: Sequence[str]) -> Child:
    """Let a child log to the folder, and serve another application where asked."""
    child.log = folder / f"{child.name}.log"
    if child.name == "web" and web:
        child.command = [*child.command[:-1], *web]
    return child
