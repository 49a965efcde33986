"""The working hours of a day: plain Python, seconds after midnight."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class WorkingHours:
    """The working hours of a working day, in seconds after midnight, and the ordinary working weekdays.

    `spans` are ordered and do not overlap; `weekdays` count from Monday = 0. A made-up working day (调休) has
    the same hours as any other. Raises ValueError when the spans make no day.
    """

    spans: tuple[tuple[int, int], ...]
    weekdays: frozenset[int] = frozenset(range(5))
    starts: list[int] = field(init=False, repr=False, compare=False)
    worked: list[int] = field(init=False, repr=False, compare=False)  # seconds worked when each span closes

    def __post_init__(self) -> None:
        flat = [moment for span in self.spans for moment in span]
        in_order = all(start < end for start, end in self.spans) and flat == sorted(flat)
        if not flat or not in_order or flat[0] < 0 or flat[-1] > DAY_SECONDS:
            raise ValueError(f"working hours out of order: {self.spans}")
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError(f"weekdays run from 0 (Monday) to 6: {sorted(self.weekdays)}")
        object.__setattr__(self, "starts", [start for start, _ in self.spans])
        object.__setattr__(self, "worked", list(accumulate(end - start for start, end in self.spans)))

    @classmethod
    def parse(cls, text: str, weekdays: Iterable[int] = range(5)) -> "WorkingHours":
        """Return the hours written as "09:00-12:00,14:00-18:00" (24:00 is midnight); ValueError else."""
        spans = []
        for part in text.split(","):
            opening, dash, closing = part.partition("-")
            if not dash:
                raise ValueError(f"not a span of hours: {part!r}")
            spans.append((_second_of(opening), _second_of(closing)))
        return cls(tuple(spans), frozenset(weekdays))

    @property
    def length(self) -> int:
        """Return the working seconds of one working day."""
        return self.worked[-1]

    @property
    def closing(self) -> int:
        """Return the end of working hours, in seconds after midnight."""
        return self.spans[-1][1]

    def elapsed(self, second: int) -> int:
        """Return the working seconds between midnight and `second` of a working day."""
        at = bisect_right(self.starts, second) - 1
        if at < 0:
            return 0
        return self.worked[at] - max(0, self.spans[at][1] - second)

    def second_at(self, elapsed: int) -> int:
        """Return the first second of the day by which `elapsed` (1 to `length`) seconds have been worked."""
        at = bisect_left(self.worked, elapsed)
        return self.spans[at][1] - (self.worked[at] - elapsed)


# [P] proposed: the common office hours of Shenzhen's public bodies; an installation passes its own.
DEFAULT_HOURS = WorkingHours(((9 * 3600, 12 * 3600), (14 * 3600, 18 * 3600)))


def _second_of(text: str) -> int:
    """Return "HH:MM" as seconds after midnight; ValueError when it is none."""
    hour, minute = (int(part) for part in text.strip().split(":"))
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        raise ValueError(f"not a time of day: {text!r}")
    return hour * 3600 + minute * 60
