"""Short-lived per-process copies of small tables, so that a hot path does not read them for every case.

A change made here is seen at once (whoever writes forgets the copies), in other processes a few seconds later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

SECONDS_KEPT = 5
NEVER = float("-inf")  # when something was looked at that has to be looked at again
T = TypeVar("T")
_all: list[Kept] = []
_further: list[Callable[[], None]] = []


class Kept(Generic[T]):
    """Calls `load` and keeps its answer for a few seconds."""

    def __init__(self, load: Callable[[], T]):
        self.load = load
        self.copy: T | None = None
        self.loaded_at = NEVER
        _all.append(self)

    def __call__(self) -> T:
        """Return the copy, read afresh when it is too old."""
        if self.copy is None or is_old(self.loaded_at):
            self.copy, self.loaded_at = self.load(), time.monotonic()
        return self.copy

    def forget(self) -> None:
        """Drop the copy, so that the next read sees the table."""
        self.copy = None


def is_old(looked_at: float) -> bool:
    """Say whether what was last looked at then (`time.monotonic()`) has to be looked at again."""
    return time.monotonic() - looked_at > SECONDS_KEPT


def kept(load: Callable[[], T]) -> Kept[T]:
    """Decorate a function without arguments whose answer may be a few seconds old."""
    return Kept(load)


def also_forget(forget: Callable[[], None]) -> Callable[[], None]:
    """Decorate what drops a copy that is kept in another way, to be called by `forget_all`."""
    _further.append(forget)
    return forget


def forget_all() -> None:
    """Drop every copy (after a change, and between tests)."""
    for one in _all:
        one.forget()
    for forget in _further:
        forget()
