"""What the launcher prints, and the one exception that ends it with a message."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stop(Exception):
    """The launcher cannot go on. Its text is shown as it is, without a traceback; exit code 1."""


def line(text: str) -> None:
    """Print one line at once, also when the output is a pipe."""
    print(text, flush=True)


def note(text: str) -> None:
    """Print one line to standard error, for verbs whose standard output is read by a shell."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(what: str, out: Callable[[str], None] = line) -> Iterator[list[str]]:
    """Run the body, then print one progress line with its seconds. The body may append remarks."""
    started = time.monotonic()
    remarks: list[str] = []
    if sys.stderr.isatty():
        print(f"    …      {what}", end="\r", file=sys.stderr, flush=True)
    yield remarks
    remark = f" ({'; '.join(remarks)})" if remarks else ""
    out(f"  {time.monotonic() - started:5.1f} s  {what}{remark}")
