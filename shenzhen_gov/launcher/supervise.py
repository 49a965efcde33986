"""Keeps child processes alive, and stops them all within seconds."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .logs import ERROR, Follower, rotate, tail
from .paths import ROOT
from .process import spawn

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
CALM = 30.0  # a child that lived this many seconds is trusted again


@dataclass
class Child:
    """One program to keep running. `start` replaces the plain way of starting it."""

    name: str
    log: Path
    command: Sequence[str | Path] = ()
    env: Mapping[str, str] | None = None
    death: signal.Signals = signal.SIGTERM
    start: Callable[[], subprocess.Popen] | None = None
    errors: re.Pattern[str] = ERROR
    process: subprocess.Popen | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    due: float = field(default=0.0, init=False)
    delay: float = field(default=FIRST_DELAY, init=False)

    def launch(self) -> None:
        """Start the program; it writes to its log."""
        self.started = time.monotonic()
        if self.start:
            self.process = self.start()
            return
        with self.log.open("ab") as log:
            self.process = spawn(list(self.command), death=self.death, stdout=log, stderr=log, env=self.env, cwd=ROOT)

    def is_running(self) -> bool:
        """Whether the program runs now."""
        return self.process is not None and self.process.poll() is None

    def send(self, how: signal.Signals, *, group: bool = False) -> None:
        """Send a signal to the program, or to everything it started as well."""
        if self.process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            if group:
                os.killpg(self.process.pid, how)
            elif self.process.poll() is None:
                self.process.send_signal(how)


def ending(code: int) -> str:
    """How a program ended, in words."""
    if code >= 0:
        return f"exit {code}"
    with suppress(ValueError):
        return f"killed by {signal.Signals(-code).name}"
    return f"killed by signal {-code}"


class Supervisor:
    """A set of children, in the order in which they were started."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.children: list[Child] = []
        self.followers: list[Follower] = []
        self.say = say

    def start(self, children: Sequence[Child]) -> None:
        """Take on more children; start those that do not run yet."""
        for child in children:
            rotate(child.log)
            self.followers.append(Follower(child.name, child.log, self.say, child.errors))
            self.children.append(child)
            if not child.is_running():
                child.launch()

    def tick(self) -> None:
        """Repeat error lines, and start again what has died, each time after a longer pause."""
        for follower in self.followers:
            follower.poll()
        now = time.monotonic()
        for child in self.children:
            if child.is_running():
                continue
            if not child.due:
                self._plan_restart(child, now)
            elif now >= child.due:
                child.due = 0.0
                child.launch()

    def _plan_restart(self, child: Child, now: float) -> None:
        """Say that a child has died and when it is started again."""
        if now - child.started > CALM:
            child.delay = FIRST_DELAY
        child.due = now + child.delay
        code = child.process.returncode if child.process else 0
        child.send(signal.SIGKILL, group=True)  # what it may have left behind
        self.say(f"{child.name} died ({ending(code)}); starting it again in {child.delay:g} s; last lines:")
        for text in tail(child.log).splitlines():
            self.say(f"[{child.name}] {text}")
        child.delay = min(child.delay * 2, LONGEST_DELAY)

    def stop(self, *, polite: float = 5.5, firm: float = 1.5) -> None:
        """Stop every child: SIGTERM, after `polite` seconds SIGQUIT, after `firm` more SIGKILL."""
        for how, seconds in ((signal.SIGTERM, polite), (signal.SIGQUIT, firm)):
            for child in self.children:
                child.send(how)
            until = time.monotonic() + seconds
            while time.monotonic() < until and any(child.is_running() for child in self.children):
                time.sleep(0.05)
        for child in self.children:
            child.send(signal.SIGKILL, group=True)
            if child.process is not None:
                child.process.wait()
