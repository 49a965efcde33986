"""Remembers what a step was done for, so that the step is skipped while nothing it depends on changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path], *words: str) -> str:
    """One hash over words and over the names and contents of files, in a fixed order."""
    total = hashlib.sha256()
    for word in words:
        total.update(word.encode() + b"\0")
    for file in sorted(set(files)):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file}\0{content}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


class Stamp:
    """A small file that holds the hash for which a step was last completed."""

    def __init__(self, path: Path, wanted: str) -> None:
        self.path = path
        self.wanted = wanted

    def is_current(self) -> bool:
        """Whether the step was completed for exactly this."""
        try:
            return self.path.read_text(encoding="ascii").strip() == self.wanted
        except (OSError, ValueError):
            return False

    def write(self) -> None:
        """Remember that the step is completed."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.wanted + "\n", encoding="ascii")
