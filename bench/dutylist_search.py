"""Duty items for a text: the search as the agent types, over the sample catalogue and over a list of a city's size."""

from __future__ import annotations

import random
import time

from django.utils import timezone

from dutylist import ranking, selectors
from dutylist.models import ItemVersion

from .context import Context, seconds
from .report import LOWER, Result, median_of, percentile

CITY = 4_200  # items of the city's list (4,177 in 2025)
RUNS = 3


def run(ctx: Context) -> list[Result]:
    """Measure search_items, and the bare index over copies of the catalogue up to the city's size."""
    day = timezone.localdate()
    versions = list(ItemVersion.objects.in_force(day).select_related("item").order_by("item__code"))
    texts = _texts(versions, ctx.size(400, 40))
    results = [
        Result("index built, sample catalogue", round(seconds(lambda: ranking.index_on(day)), 3), "s", None, LOWER,
               note=f"{len(versions)} items")
    ]  # fmt: skip
    runs = [_p95(lambda text: selectors.search_items(text, on=day), texts) for _ in range(RUNS)]
    results.append(median_of("search_items p95, sample catalogue", runs, "ms", 30, LOWER))
    copies = (versions * (CITY // len(versions) + 1))[:CITY]
    started = time.perf_counter()
    index = ranking.ItemIndex(copies)
    results.append(Result(f"index built, {CITY:,} items", round(time.perf_counter() - started, 3), "s", 10, LOWER))
    runs = [_p95(lambda text: index.rank(text, 8), texts) for _ in range(RUNS)]
    results.append(median_of(f"index.rank p95, {CITY:,} items", runs, "ms", 30, LOWER))
    return results


def _texts(versions: list[ItemVersion], count: int) -> list[str]:
    """Return texts as they grow while somebody types: beginnings of example requests."""
    chance = random.Random(7)
    examples = [example for version in versions for example in version.examples]
    return [example[: chance.randrange(4, 80)] for example in chance.choices(examples, k=count)]


def _p95(search, texts: list[str]) -> float:
    taken = []
    for text in texts:
        started = time.perf_counter()
        search(text)
        taken.append((time.perf_counter() - started) * 1000)
    return percentile(taken, 0.95)
