"""What a benchmark hands back, the table on the terminal and the file in bench/results."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
HIGHER, LOWER = "higher", "lower"


@dataclass(frozen=True)
class Result:
    """One figure. `aim` None: told for comparison, nothing is asked of it. `runs`: what `value` is the median of."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    better: str = HIGHER
    runs: list[float] = field(default_factory=list)
    note: str = ""

    def __post_init__(self):
        if self.better not in (HIGHER, LOWER):
            raise ValueError(f"{self.name}: better is {HIGHER!r} or {LOWER!r}, not {self.better!r}")

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None where there is no aim."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.better == HIGHER else self.value <= self.aim


def median_of(
    name: str, runs: Sequence[float], unit: str, aim: float | None = None, better: str = HIGHER, note: str = ""
) -> Result:
    """Return the median of several runs as one result that keeps the runs."""
    kept = [_short(run) for run in runs]
    return Result(name, _short(statistics.median(runs)), unit, aim, better, kept if len(kept) > 1 else [], note)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` (0–1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _short(value: float) -> float:
    """Keep as many digits as mean something."""
    return round(value, 3 if abs(value) < 10 else 1 if abs(value) < 1000 else 0)


def machine() -> dict:
    """Return what the figures depend on."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "ram_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def busy_ticks() -> tuple[int, int]:
    """Return what the processors were used since the machine started, and what its host took away; 0, 0 off Linux."""
    try:
        user, nice, system, _, _, irq, softirq, stolen = map(int, Path("/proc/stat").read_text().split()[1:9])
    except (OSError, ValueError):
        return 0, 0
    return user + nice + system + irq + softirq, stolen


def stolen_share(before: tuple[int, int]) -> float:
    """Return which part (0–1) of the processors' time the host of a virtual machine took from it since `before`."""
    used, stolen = (now - then for now, then in zip(busy_ticks(), before, strict=True))
    return round(stolen / (used + stolen), 3) if used + stolen else 0.0


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def commit() -> str:
    """Return the commit that was measured; a plus sign says that files were changed after it."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!bench/results")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + ("+" if changed else "")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def write(benchmark: str, results: Sequence[Result], facts: dict, folder: Path = RESULTS) -> Path:
    """Write one benchmark's results and return the file."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{benchmark}.json"
    rows = [{**asdict(result), "met": result.met} for result in results]
    told = {
        "benchmark": benchmark,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": facts,
        "results": rows,
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def table(benchmark: str, results: Sequence[Result]) -> str:
    """Return the results of one benchmark as lines of equal columns."""
    rows = [("", "value", "unit", "aim", "", "runs")]
    for result in results:
        sign = "≥" if result.better == HIGHER else "≤"
        aim = "" if result.aim is None else f"{sign} {result.aim:g}"
        verdict = {None: "", True: "ok", False: "MISSED"}[result.met]
        runs = " ".join(f"{run:g}" for run in result.runs)
        rows.append(
            (
                result.name,
                f"{result.value:,g}" if result.value < 1e6 else f"{result.value:,.0f}",
                result.unit,
                aim,
                verdict,
                runs,
            )
        )
        if result.note:
            rows.append((f"  {result.note}", "", "", "", "", ""))
    wide = [row for row in rows if row[1]]
    widths = [max(_width(row[column]) for row in wide) for column in range(6)]
    lines = [f"\n{benchmark}"]
    lines += ["  " + "  ".join(_padded(row[i], widths[i], right=i == 1) for i in range(6)).rstrip() for row in rows]
    return "\n".join(lines)


def _width(text: str) -> int:
    """Return the columns a text takes on a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * max(0, width - _width(text))
    return space + text if right else text + space
