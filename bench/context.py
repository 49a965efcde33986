"""What a benchmark is given."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .report import Result


@dataclass(frozen=True)
class Context:
    """The database, the environment for child processes, a folder for files, and how large to measure.

    `quick` is for trying a benchmark out: small sizes, and nothing is written to bench/results. `kept` names a database
    of this server that an earlier run left behind, for benchmarks that can go on with one. `told` are the results of a
    long benchmark so far: they are kept when a later step fails.
    """

    url: str
    env: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path()
    quick: bool = False
    kept: str = ""
    told: list[Result] = field(default_factory=list)

    def size(self, full: int, quick: int) -> int:
        """Return how many of something to take."""
        return quick if self.quick else full

    def tell(self, results: Iterable[Result]) -> None:
        """Say some results as they come and keep them."""
        for result in results:
            self.say(f"{result.name}: {result.value} {result.unit}")
            self.told.append(result)

    def say(self, text: str) -> None:
        """Tell what is being done, on standard error."""
        print(f"    {text}", file=sys.stderr, flush=True)


def seconds(job: Callable[[], object]) -> float:
    """Return how long a call took."""
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


def rates(job: Callable[[], object], count: int, runs: int = 5) -> list[float]:
    """Return calls per second of several runs of a job that does `count` of something."""
    job()  # warms caches
    return [count / seconds(job) for _ in range(runs)]


def spread(runs: list[float]) -> float:
    """Return the distance between the best and the worst run as a share of the median."""
    return (max(runs) - min(runs)) / statistics.median(runs)
