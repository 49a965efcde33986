"""The lines of a batch as its page shows them: in slices, never all at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.db.models.fields.json import KT, KeyTransform

from dutylist.choices import LineKind
from dutylist.models import Batch, BatchLine

SLICE = 60
BEFORE_CHOSEN = 5  # lines shown above one that was asked for by its code


@dataclass(frozen=True)
class LineFilter:
    """What narrows the column of lines. `codes`: only these items (those with findings); None: all."""

    kind: str = ""
    text: str = ""
    codes: Collection[str] | None = None

    def narrow(self, lines: QuerySet[BatchLine]) -> QuerySet[BatchLine]:
        """Return the lines that fit."""
        if self.kind in LineKind.values:
            lines = lines.filter(kind=self.kind)
        if self.text:
            lines = lines.filter(Q(name__icontains=self.text) | Q(code__icontains=self.text))
        return lines if self.codes is None else lines.filter(code__in=self.codes)


@dataclass(frozen=True)
class LineSlice:
    """Up to SLICE lines. `next`: the position after which the next slice begins; None at the end."""

    lines: Sequence[BatchLine]
    next: int | None
    is_from_start: bool


@dataclass(frozen=True)
class LineCounts:
    """How many lines a batch has in all, and of each kind."""

    total: int
    by_kind: dict[str, int]

    @property
    def kinds(self) -> list[tuple[str, object, int]]:
        """Return (kind, label, count) of the kinds there are, in the usual order."""
        return [(kind.value, kind.label, self.by_kind[kind]) for kind in LineKind if self.by_kind.get(kind)]


def get_line_slice(batch: Batch, wanted: LineFilter, *, after: int = 0, size: int = SLICE) -> LineSlice:
    """Return the lines after the position `after`, without their contents but with what a row of the column says."""
    rows = (
        wanted.narrow(BatchLine.objects.filter(batch=batch, position__gt=after))
        .defer("after")
        .annotate(level1=KT("after__level1"), level2=KT("after__level2"))
        .annotate(successors=KeyTransform("successors", "after"), path=F("before__path_text"))
        .order_by("position")
    )
    lines = list(rows[: size + 1])
    following = lines[size - 1].position if len(lines) > size else None
    return LineSlice(lines[:size], following, is_from_start=after == 0)


def place_before(batch: Batch, code: str) -> int:
    """Return the position after which a slice begins that shows the line of this item near its top."""
    own = BatchLine.objects.filter(batch=batch, code=code).values_list("position", flat=True).first()
    return max(0, (own or 0) - BEFORE_CHOSEN - 1)


def count_lines(batch: Batch) -> LineCounts:
    """Count the lines by kind, with one query."""
    rows = BatchLine.objects.filter(batch=batch).order_by("kind").values_list("kind").annotate(Count("pk"))
    by_kind = dict(rows)
    return LineCounts(sum(by_kind.values()), by_kind)


def get_line(batch: Batch, code: str) -> BatchLine | None:
    """Return the line of one item with everything its diff needs, or None."""
    lines = BatchLine.objects.filter(batch=batch, code=code)
    return lines.select_related("batch__owner_area", "before__item", "item", "narrows", "entered_by").first()


def list_line_codes(batch: Batch, wanted: LineFilter) -> list[str]:
    """Return the item codes of the lines that fit."""
    return list(wanted.narrow(BatchLine.objects.filter(batch=batch)).values_list("code", flat=True))
