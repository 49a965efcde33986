"""Taking over another system's cases: rows a second, and how well the earlier ones tell who handles the later ones.

LEGACY_FILE names the real file (Pingshan 2018, not part of this project). Without it a made-up file of the same shape
is imported, and there is no replay: made-up cases tell nothing about dispatch.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import django
from django.utils import timezone

if __name__ == "__main__":
    django.setup()

from dispatch.legacy.importer import Summary, import_file
from dispatch.legacy.mapping import PINGSHAN, load_mapping
from dispatch.legacy.replay import replay
from grid.choices import Level
from grid.models import Area
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.launcher.paths import ROOT

from . import databases
from .context import Context
from .report import LOWER, Result, median_of

ROWS = 7_000
RUNS = 3
LEARN_UNTIL = date(2018, 10, 1)
COLUMNS = (
    "REC_ID", "CREATE_TIME", "EVENT_PROPERTY_NAME", "EVENT_SRC_NAME", "EVENT_TYPE_NAME", "MAIN_TYPE_NAME",
    "SUB_TYPE_NAME", "SUB_TYPE_ID", "STREET_NAME", "COMMUNITY_NAME", "DISPOSE_UNIT_ID", "DISPOSE_UNIT_NAME",
    "INTIME_ARCHIVE_NUM", "OVERTIME_ARCHIVE_NUM",
)  # fmt: skip


def run(ctx: Context) -> list[Result]:
    """Import into fresh databases, then once more (nothing may be doubled), then replay the real file."""
    given = os.environ.get("LEGACY_FILE")
    path = Path(given) if given else made_up(ctx.folder / "legacy.csv", ctx.size(ROWS, 300))
    kind = "the real file" if given else "a made-up file"
    runs = [_import_afresh(ctx, path) for _ in range(ctx.size(RUNS - 1, 0))]
    first, summary = import_once(path)
    again, repeated = import_once(path)
    rows = summary.imported
    results = [
        median_of(f"import, {kind}", [*runs, rows / first], "rows/s", 3_000, note=f"{rows} rows"),
        Result("import again, all known", round(rows / again), "rows/s"),
        Result("doubled by importing again", repeated.imported, "rows", 0, LOWER),
    ]
    return results + (_replay() if given else [])


def _import_afresh(ctx: Context, path: Path) -> float:
    """Import into another copy of the template, in a process of its own; return rows a second."""
    with databases.database(ctx.url, "bench_dispatch_legacy_afresh", ctx.env) as url:
        done = subprocess.run(
            [sys.executable, "-m", "bench.dispatch_legacy", path],
            cwd=ROOT,
            env={**ctx.env, "DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=True,
        )
    return float(done.stdout.splitlines()[-1])


def made_up(path: Path, rows: int) -> Path:
    """Write a file of the shape of Pingshan 2018: items, places and units drawn by a power law, always the same."""
    chance = random.Random(2018)
    pingshan = Area.objects.get(code="440310")
    communities = list(
        Area.objects.below(pingshan).filter(level=Level.COMMUNITY).select_related("parent").order_by("code")
    )
    start = datetime(2018, 7, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            item, unit = int(200 * chance.random() ** 2.5), int(60 * chance.random() ** 2)
            community = communities[int(len(communities) * chance.random() ** 2)]
            at = start + timedelta(seconds=number * 1_200)
            writer.writerow([
                number + 1, f"{at:%Y-%m-%d %H:%M:%S}", chance.choice(["投诉", "咨询", "建议", "求决"]), "12345",
                f"大类{item // 40}", f"中类{item // 8}", f"小类{item}", 1_000 + item, community.parent.short_name,
                community.short_name, 8_000 + unit, f"处置单位{unit}", int(chance.random() > 0.1), 0,
            ])  # fmt: skip
    return path


def import_once(path: Path) -> tuple[float, Summary]:
    """Import and return the seconds it took, and what was done."""
    started = time.perf_counter()
    summary = import_file(path, load_mapping(PINGSHAN), by=Actor.system("bench"), now=timezone.now())
    return time.perf_counter() - started, summary


def _replay() -> list[Result]:
    """Learn until the day of the goal and foretell the cases after it; units under their unified names."""
    report = replay(LEARN_UNTIL)
    found = next(one for one in report.figures if (one.method, one.names) == ("back-off", "unified"))
    note = f"learned from {report.learned}, measured on {report.tested} cases"
    return [
        Result("replay top-1, renames unified", round(found.top1, 3), "share", 0.66, note=note),
        Result("replay top-3, renames unified", round(found.top3, 3), "share", 0.80),
    ]


if __name__ == "__main__":
    taken, done = import_once(Path(sys.argv[1]))
    print(done.imported / taken)
