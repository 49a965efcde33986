"""``check-types``: mypy against a baseline that may only shrink.

The baseline counts the known errors of each file. More errors than counted fail; fewer ask for the
baseline to be written anew, so that what was repaired stays repaired.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

from .paths import ROOT, venv_program
from .say import Stop, line

BASELINE = ROOT / "mypy-baseline.txt"
ERROR = re.compile(r"^(?P<file>[^:\n]+):\d+(?::\d+)?: error: ", re.MULTILINE)


def count(output: str) -> Counter[str]:
    """Errors for each file in what mypy printed."""
    return Counter(match["file"] for match in ERROR.finditer(output))


def parse(text: str) -> Counter[str]:
    """The baseline's counts: lines of ``<count> <file>``."""
    rows = (row.split(maxsplit=1) for row in text.splitlines() if row and not row.startswith("#"))
    return Counter({file: int(number) for number, file in rows})


def render(counts: Counter[str]) -> str:
    """The baseline as text."""
    head = "# Known mypy errors of each file; may only shrink: `make check-types WRITE=1` after repairs.\n"
    return head + "".join(f"{counts[file]} {file}\n" for file in sorted(counts))


def compare(found: Counter[str], known: Counter[str]) -> tuple[list[str], list[str]]:
    """Files with more errors than known, and files with fewer."""
    grown = [f"{file}: {found[file]} errors, {known[file]} known" for file in sorted(found - known)]
    shrunk = [f"{file}: {found[file]} errors, {known[file]} known" for file in sorted(known - found)]
    return grown, shrunk


def run_mypy() -> str:
    """What mypy prints for the whole project. Raises Stop when mypy itself breaks down."""
    words: list[str | Path] = [venv_program("python"), "-m", "mypy"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or (done.returncode and not count(done.stdout)):
        raise Stop(f"mypy could not run:\n{done.stdout}{done.stderr}")
    return done.stdout


def check_types(words: list[str]) -> int:
    """Compare and explain; with ``--write``, write the baseline anew unless an error count grew."""
    output = run_mypy()
    found = count(output)
    known = parse(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else Counter()
    grown, shrunk = compare(found, known)
    if grown and not ("--write" in words and not BASELINE.exists()):
        files = {row.split(":")[0] for row in grown}
        line("\n".join(row for row in output.splitlines() if row.split(":")[0] in files))
        line("more type errors than mypy-baseline.txt knows:\n  " + "\n  ".join(grown))
        return 1
    if "--write" in words:
        BASELINE.write_text(render(found), encoding="utf-8")
        line(f"mypy-baseline.txt: {found.total()} errors in {len(found)} files")
        return 0
    if shrunk:
        line("fewer type errors than known; run `make check-types WRITE=1`:\n  " + "\n  ".join(shrunk))
        return 1
    line(f"types: {found.total()} known errors, none new")
    return 0
