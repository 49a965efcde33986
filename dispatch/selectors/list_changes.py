"""What a batch of the duty list means for cases: open ones counted, past ones replayed, and what became of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count

from dispatch.choices import FollowReason, FollowState
from dispatch.list_states import states_of
from dispatch.models import BatchFollowUp, BatchReplay, FollowUp
from dutylist.models import Batch, BatchLine, BatchPreview, Item
from dutylist.selectors.drafts import get_draft
from grid.access import visible_to
from grid.models import Area, Unit
from shenzhen_gov.core.models import JobRun

from .touched import Reach, get_reach, leads_of, lines_of, waiting_of

CASES, REPLAY = "cases", "replay"
UNITS_SHOWN = 7


@dataclass(frozen=True)
class OpenGroup:
    """Open cases of one item in one area that one unit is accountable for."""

    item_id: int
    area_id: int | None
    unit_id: int | None
    cases: int


@dataclass
class BatchCases:
    """The open cases of a batch as one reader sees them; `preview` None: not counted yet."""

    preview: BatchPreview | None
    is_current: bool = False
    cases: int = 0
    moved: int = 0
    by_area: list[dict] = field(default_factory=list)
    by_unit: list[dict] = field(default_factory=list)
    follow_up: BatchFollowUp | None = None
    outcomes: list[tuple[str, str, int]] = field(default_factory=list)  # state, reason in words, cases

    @property
    def most(self) -> int:
        """Return the longest bar."""
        return max((area["cases"] for area in self.by_area), default=1)


@dataclass
class ReplayView:
    """The replay of a batch: the figures kept, the run that is under way, what was asked for last."""

    preview: BatchPreview | None
    is_current: bool
    asked: BatchReplay | None
    run: JobRun | None

    @property
    def figures(self) -> dict[str, Any]:
        """Return the figures kept, empty before the first replay."""
        return self.preview.figures if self.preview else {}

    @property
    def is_waiting(self) -> bool:
        """Whether a replay was asked for and is not ready."""
        return self.asked is not None and self.asked.state == "asked"

    @property
    def units(self) -> list[dict]:
        """Return the units whose load changes most, with the difference."""
        return [
            {
                **unit,
                "change": unit["after"] - unit["before"],
                "share": (unit["after"] - unit["before"]) / unit["before"] if unit["before"] else None,
            }
            for unit in self.figures.get("units", [])[:UNITS_SHOWN]
        ]

    @property
    def most(self) -> int:
        """Return the longest bar."""
        return max((abs(unit["change"]) for unit in self.units), default=1)


@dataclass
class LineCases:
    """What one line means for cases: open ones by unit, the replay of the item, what became of them."""

    line: BatchLine
    cases: int
    by_unit: list[tuple[str, int]]
    replayed: dict[str, int]
    samples: list[str]
    outcomes: list[tuple[str, str, int]]


def count_open_cases(batch: Batch, on: date) -> dict[str, Any]:
    """Return the figures of the open cases that the lines concern (dutylist: BatchPreview "cases").

    `moved` are those for whom the draft names another unit than the list of the day `on`. Only figures, no case.
    """
    reach = get_reach(lines_of(batch.pk))
    groups, paths = list(_open_groups(reach)), dict(Area.objects.values_list("pk", "path"))
    concerned = [(one, found) for one in groups if (found := _lines_at(reach, one, paths))]
    moved = _moved(batch, [one for one, _lines in concerned], paths, on)
    areas: Counter[int] = Counter()
    units: Counter[int | None] = Counter()
    lines: Counter[str] = Counter()
    depth = len(batch.owner_area.path.strip("/").split("/"))
    for one, found in concerned:
        areas[_part(paths.get(one.area_id or 0), depth) or batch.owner_area_id] += one.cases
        units[one.unit_id] += one.cases
        for line in found:
            lines[line.code] += one.cases
    return {
        "cases": areas.total(),
        "moved": moved,
        "by_area": _named(areas, dict(Area.objects.filter(pk__in=areas).values_list("pk", "short_name")), "area"),
        "by_unit": _named(
            units, dict(Unit.objects.filter(pk__in=[pk for pk in units if pk]).values_list("pk", "name")), "unit"
        ),
        "by_line": dict(lines),
    }


def get_batch_cases(batch: Batch, user) -> BatchCases:
    """Return the figures kept, narrowed to the areas and units `user` sees, and what became of the cases."""
    preview = BatchPreview.objects.filter(batch=batch, kind=CASES).first()
    follow_up = BatchFollowUp.objects.filter(batch=batch).first()
    if preview is None:
        return BatchCases(None, follow_up=follow_up, outcomes=_outcomes(batch, user))
    areas = _seen(Area, user, preview.figures["by_area"], "area")
    return BatchCases(
        preview,
        preview.content_number == batch.content_number,
        sum(area["cases"] for area in areas),
        preview.figures.get("moved", 0) if len(areas) == len(preview.figures["by_area"]) else 0,
        areas,
        _seen(Unit, user, preview.figures["by_unit"], "unit"),
        follow_up,
        _outcomes(batch, user),
    )


def replay_job(batch: Batch) -> str:
    """Return under which name the replays of a batch run."""
    return f"replay {batch.number}"


def get_replay(batch: Batch) -> ReplayView:
    """Return the replay of a batch, and how far the one is that is being made."""
    preview = BatchPreview.objects.filter(batch=batch, kind=REPLAY).first()
    asked = BatchReplay.objects.filter(batch=batch).first()
    run = JobRun.objects.filter(job=replay_job(batch)).order_by("-id").first() if asked else None
    return ReplayView(
        preview,
        preview is not None and preview.content_number == batch.content_number,
        asked,
        run if run and asked and run.started_at >= asked.asked_at else None,
    )


def get_line_cases(line: BatchLine, user) -> LineCases:
    """Return what one line means for cases, as `user` may read it."""
    units: Counter[str] = Counter()
    for item_id, reaches in get_reach([line]).items():
        for reach in reaches:
            units += _held(item_id, reach, user)
    preview = BatchPreview.objects.filter(batch=line.batch, kind=REPLAY).first()
    figures = preview.figures if preview and preview.content_number == line.batch.content_number else {}
    return LineCases(
        line=line,
        cases=units.total(),
        by_unit=units.most_common(UNITS_SHOWN),
        replayed=figures.get("by_line", {}).get(line.code, {}),
        samples=figures.get("samples", {}).get(line.code, []),
        outcomes=_outcomes(line.batch, user, line),
    )


def _held(item_id: int, reach: Reach, user) -> Counter[str]:
    """Return unit → its open cases of an item, of those in sight."""
    orders, waiting = (visible_to(rows([item_id]), user) for rows in (leads_of, waiting_of))
    found: Counter[str] = Counter()
    for rows, unit in ((orders, "unit__name"), (waiting, "holder__name")):
        rows = rows.filter(area__path__startswith=reach.area_path) if reach.area_path else rows
        found += Counter(dict(rows.order_by().values_list(unit).annotate(Count("pk"))))
    return found


def _open_groups(item_ids: Iterable[int]) -> Iterator[OpenGroup]:
    orders = leads_of(item_ids).order_by().values_list("case__item_id", "area_id", "unit_id")
    waiting = waiting_of(item_ids).order_by().values_list("item_id", "area_id", "holder_id")
    for rows in (orders, waiting):
        for row in rows.annotate(cases=Count("pk")):
            yield OpenGroup(*row)


def _lines_at(reach: dict[int, list[Reach]], group: OpenGroup, paths: dict[int, str]) -> list[BatchLine]:
    return [one.line for one in reach[group.item_id] if one.covers(paths.get(group.area_id or 0))]


def _moved(batch: Batch, groups: list[OpenGroup], paths: dict[int, str], on: date) -> int:
    """Return for how many cases the draft names another unit than the list in force."""
    codes = dict(Item.objects.filter(pk__in={one.item_id for one in groups}).values_list("pk", "code"))
    before, after = states_of(batch, get_draft(batch), codes.values(), on)
    moved = 0
    for one in groups:
        chain = tuple(int(part) for part in paths.get(one.area_id or 0, "").strip("/").split("/") if part)
        code = codes[one.item_id]
        moved += one.cases * (before.answering(code, chain)[1] != after.answering(code, chain)[1])
    return moved


def _part(path: str | None, depth: int) -> int | None:
    """Return the area one level below the list's own that a place lies in, or the place itself."""
    parts = [int(part) for part in (path or "").strip("/").split("/") if part]
    return parts[min(depth, len(parts) - 1)] if parts else None


def _named(counts: Counter, names: dict[int, str], kind: str) -> list[dict]:
    return [{kind: pk, "name": names.get(pk, ""), "cases": cases} for pk, cases in counts.most_common()]


def _seen(model, user, rows: list[dict], kind: str) -> list[dict]:
    """Return the figures of areas or units in sight."""
    seen = set(model.objects.visible_to(user).filter(pk__in=[row[kind] for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row[kind] in seen]


def _outcomes(batch: Batch, user, line: BatchLine | None = None) -> list[tuple[str, str, int]]:
    """Return what became of the open cases in sight: state, reason in words, how many."""
    rows = FollowUp.objects.visible_to(user).filter(line__batch=batch)
    if line is not None:
        rows = rows.filter(line=line)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for state, why, count in rows.order_by().values_list("state", "reason").annotate(Count("pk")):
        counts[state, str(FollowReason(why).label if why else FollowState(state).label)] += count
    return [(state, words, count) for (state, words), count in sorted(counts.items(), key=lambda one: -one[1])]
