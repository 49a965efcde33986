"""Early warnings: bursts on a real series day by day, without and with planted ones; the detectors of one day at scale.

LEGACY_FILE names the real file (Pingshan 2018, not part of this project); thresholds were tuned on its days until the
end of August; what is told is of September and October, which had been looked at when they were chosen: no clean
hold-out. Without it a made-up quiet year is replayed.
"""

from __future__ import annotations

import csv
import os
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from analytics.choices import WarningKind
from analytics.detecting import LOOKS, Ground
from analytics.detectors import BurstSettings, Counts, find_bursts
from analytics.services.figures import rebuild
from shenzhen_gov.core.actor import Actor

from .context import Context
from .generate import generate
from .report import HIGHER, LOWER, Result

CASES = 1_000_000
TOLD_FROM, WEEK, WEEKS = date(2018, 9, 1), 7, 8
PLANTED = (5, 8, 12)
DISTRICT = 1


@dataclass
class Days:
    """A series of one district: day → (item, place) → cases, and the wider place around each."""

    cases: dict[date, dict[tuple[int, int], int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    around: dict[int, int] = field(default_factory=dict)

    def counts(self, day: date, planted: tuple[tuple[int, int], int] | None = None) -> Counts:
        """Return what the detector looks at on a day."""
        window: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * WEEK)
        before: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
        length, daily = WEEKS * WEEK, []
        for past in range(length + WEEK):
            of_day = dict(self.cases.get(day - timedelta(days=length + WEEK - 1 - past), {}))
            if planted and past == length + WEEK - 1:
                of_day[planted[0]] = of_day.get(planted[0], 0) + planted[1]
            daily.append(sum(of_day.values()))
            for series, number in of_day.items():
                if past >= length:
                    window[series][past - length] += number
                else:
                    before[series] = before[series][0] + number, before[series][1] + number * number
        district = dict.fromkeys([*self.around, *self.around.values()], DISTRICT)
        return Counts(dict(window), dict(before), daily, self.around, district)


def run(ctx: Context) -> list[Result]:
    """Replay the series, plant bursts in it, then let every detector look at one day of many cases."""
    days = _real() if os.environ.get("LEGACY_FILE") else _made_up()
    told = [day for day in sorted(days.cases) if day >= TOLD_FROM]
    results = [Result("bursts told a day, nothing planted", round(_alarms(days, told), 2), "warnings", 1, LOWER)]
    for size in PLANTED:
        share = _found_same_day(days, told, size, ctx.size(200, 20))
        results.append(Result(f"planted bursts of {size} found the same day", round(share, 1), "%", None, HIGHER))
    return results + _at_scale(ctx)


def _alarms(days: Days, told: list[date]) -> float:
    """Return the new warnings a day: one that goes on is told once in seven days."""
    known: dict[tuple[int, int], date] = {}
    fresh = 0
    for day in told:
        for burst in find_bursts(days.counts(day), BurstSettings()):
            last = known.get((burst.item, burst.place))
            fresh += last is None or (day - last).days > WEEK
            known[burst.item, burst.place] = day
    return fresh / len(told)


def _found_same_day(days: Days, told: list[date], size: int, trials: int) -> float:
    """Return the share of bursts planted at random that are found on their day, in per cent."""
    chance = random.Random(size)  # noqa: S311 - the same draws each time
    seen = sorted({series for of_day in days.cases.values() for series in of_day})
    found = 0
    for _ in range(trials):
        item, place = chance.choice(seen)
        bursts = find_bursts(days.counts(chance.choice(told), ((item, place), size)), BurstSettings())
        found += any(one.item == item and one.place in (place, days.around[place]) for one in bursts)
    return 100 * found / trials


def _real() -> Days:
    days, numbers = Days(), {}
    with open(os.environ["LEGACY_FILE"], encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            street = numbers.setdefault(("street", row["STREET_ID"]), len(numbers) + 1)
            place = numbers.setdefault((row["COMMUNITY_ID"], row["STREET_ID"]), len(numbers) + 1)
            days.around[place] = street
            days.cases[date.fromisoformat(row["CREATE_TIME"][:10])][int(row["SUB_TYPE_ID"]), place] += 1
    return days


def _made_up() -> Days:
    days, chance = Days(), random.Random(1)  # noqa: S311
    days.around = {place: 1000 + place % 6 for place in range(1, 26)}
    for back in range(240):
        day = date(2018, 10, 31) - timedelta(days=back)
        for _ in range(chance.randint(60, 120)):
            days.cases[day][int(chance.paretovariate(0.8)) % 200, chance.randint(1, 25)] += 1
    return days


def _at_scale(ctx: Context) -> list[Result]:
    """Let every detector look at yesterday."""
    size = ctx.size(CASES, CASES // 100)
    ctx.say(f"generating {size:,} cases")
    generate(size)
    rebuild(by=Actor.system("bench"), now=timezone.now())
    ground = Ground(timezone.localdate() - timedelta(days=1))
    results = []
    for kind, look in LOOKS.items():
        started = time.perf_counter()
        found = sum(1 for _ in look(ground))
        taken = round(time.perf_counter() - started, 2)
        name = f"detector {WarningKind(kind).value}: one day of {size:,} cases"
        results.append(Result(name, taken, "s", 60, LOWER, note=f"{found} found"))
    return results
