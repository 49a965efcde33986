"""The children's log files: rotated at the start, and their error lines repeated on the terminal."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

ROTATE_AT = 20 * 1024 * 1024
TRUNCATE_AT = 100 * 1024 * 1024
ERROR = re.compile(r"\b(ERROR|CRITICAL|FATAL|PANIC)\b|^Traceback|\"level\": ?\"(error|critical)\"")
# For the database: a refused statement is the portal's business, and common.
GRAVE = re.compile(r"\b(FATAL|PANIC):(?!.*(starting up|shutting down|administrator|postmaster exit))")
LONGEST = 400


def rotate(path: Path) -> None:
    """Move a big log of earlier runs aside; one older file is kept."""
    if path.exists() and path.stat().st_size > ROTATE_AT:
        path.replace(path.with_name(path.name + ".1"))


def tail(path: Path, lines: int = 8) -> str:
    """The last lines of a log, read from its end."""
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 64 * 1024))
        text = log.read().decode("utf-8", "replace")
    return "\n".join(text.splitlines()[-lines:])


class Follower:
    """Reads what is added to one log and repeats its error lines with a prefix."""

    def __init__(self, name: str, path: Path, say: Callable[[str], None], pattern: re.Pattern[str] = ERROR) -> None:
        self.name = name
        self.path = path
        self.say = say
        self.pattern = pattern
        self.position = path.stat().st_size if path.exists() else 0

    def poll(self) -> None:
        """Repeat the error lines that were added since the last time."""
        if not self.path.exists():
            return
        size = self.path.stat().st_size
        if size < self.position:
            self.position = 0
        with self.path.open("rb") as log:
            log.seek(self.position)
            added = log.read()
        whole, newline, _ = added.rpartition(b"\n")
        self.position += len(whole) + len(newline)
        for text in whole.decode("utf-8", "replace").splitlines():
            if self.pattern.search(text):
                self.say(f"[{self.name}] {text[:LONGEST]}")
        if size > TRUNCATE_AT:
            self._truncate()

    def _truncate(self) -> None:
        """Copy a log that grew too big aside and empty it; children append, so they go on writing."""
        shutil.copyfile(self.path, self.path.with_name(self.path.name + ".1"))
        with self.path.open("r+b") as log:
            log.truncate(0)
        self.position = 0
