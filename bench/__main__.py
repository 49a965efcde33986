"""`python -m bench [app | app.name …] [--quick]`: run benchmarks one after the other, print and keep their results."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from shenzhen_gov.launcher.paths import ROOT

from . import report

APPS = ("core", "grid", "dutylist", "intake", "dispatch", "analytics")
HERE = Path(__file__).resolve().parent


def discover() -> dict[str, str]:
    """Return benchmark name → module name: `intake.create` is the file intake_create.py."""
    found = {}
    for path in sorted(HERE.glob("*.py")):
        app, _, name = path.stem.partition("_")
        if app in APPS and name:
            found[f"{app}.{name}"] = path.stem
    return found


def choose(wanted: list[str], known: dict[str, str]) -> list[str]:
    """Return the benchmarks that the words name: an app, or one of its benchmarks. Raises SystemExit for others."""
    words = [word.replace("_", ".", 1) if "." not in word and "_" in word else word for word in wanted]
    for word in words:
        if not any(name == word or name.split(".")[0] == word for name in known):
            raise SystemExit(f"bench: there is no benchmark “{word}”; there are: {', '.join(known)}")
    return [name for name in known if not words or name in words or name.split(".")[0] in words]


def run_one(benchmark: str, module: str, *, quick: bool, keep: bool, kept: str = "") -> bool:
    """Run one benchmark in a process of its own; print its table, write its file; tell whether it ran."""
    facts, ticks = report.machine(), report.busy_ticks()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        target = Path(folder) / "results.json"
        words = [sys.executable, "-m", "bench.one", module, str(target)]
        words += ["--quick"] * quick + ["--keep"] * keep + ["--kept", kept] * bool(kept)
        code = subprocess.run(words, cwd=ROOT, check=False).returncode
        if code:
            print(f"\n{benchmark}\n  FAILED (exit {code})", flush=True)
        told = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {"results": []}
    facts |= {"stolen": report.stolen_share(ticks), "postgresql": told.get("postgresql"), "broke_off": bool(code)}
    results = [report.Result(**row) for row in told["results"]]
    if results:
        print(report.table(benchmark, results), f"  taken by the host: {facts['stolen']:.1%}", sep="\n", flush=True)
    if results and not quick:
        report.write(benchmark, results, facts)
    return not code


def main() -> int:
    """Run what the command line names, or all; exit code 1 when a benchmark broke (a missed aim is no breakage)."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="app|app.name", help=", ".join(discover()))
    parser.add_argument("--quick", action="store_true", help="small sizes, to try out; nothing is written")
    parser.add_argument("--keep", action="store_true", help="leave each benchmark's database, to look at it")
    parser.add_argument("--kept", default="", metavar="DATABASE", help="go on with a database that was kept")
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL"):
        raise SystemExit("bench: DATABASE_URL is not set; `make bench` starts a database and sets it")
    known = discover()
    chosen = choose(options.names, known)
    ran = [run_one(name, known[name], quick=options.quick, keep=options.keep, kept=options.kept) for name in chosen]
    return 0 if all(ran) else 1


if __name__ == "__main__":
    sys.exit(main())
