"""The command line: one verb for each target of the Makefile."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from . import check, links, run, testdb, upkeep, verbs
from .say import Stop, note

# verb → (what it is for, function that takes the remaining words)
VERBS: dict[str, tuple[str, Callable[[list[str]], int | None]]] = {
    "run": ("set everything up and run the portal", lambda words: run.run()),
    "setup": ("the venv with everything in it", lambda words: upkeep.setup()),
    "manage": ("one management command on the database of `run`", verbs.manage),
    "test": ("the tests, with a database of their own", verbs.test),
    "test-db": ("a development test database that stays up; --stop ends it", testdb.main),
    "e2e": ("the journeys in a browser", verbs.e2e),
    "bench": ("the measurements", verbs.bench),
    "check": ("linters, types, links, migrations, translations", check.check),
    "tidy": ("format sources and templates, or the given paths", check.tidy),
    "check-types": ("mypy over the whole project", lambda words: check.check_types()),
    "check-links": ("relative links in the documentation", lambda words: links.check_links()),
    "lock": ("compile the pinned requirements", upkeep.lock),
    "clean": ("remove var, .venv and caches", lambda words: upkeep.clean()),
}


def usage() -> str:
    """All verbs with what they are for."""
    rows = "\n".join(f"  {verb:12} {what}" for verb, (what, _) in VERBS.items())
    return f"python3 -m shenzhen_gov.launcher <verb>\n{rows}"


def main(words: list[str]) -> int:
    """Run one verb; the exit code."""
    if not words or words[0] not in VERBS:
        note(usage())
        return 2
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.default_int_handler)  # each unwinds, so that what was started is stopped
    try:
        return VERBS[words[0]][1](words[1:]) or 0
    except Stop as reason:
        note(f"stopped: {reason}")
        return 1
    except KeyboardInterrupt:
        note("interrupted")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
