"""What is known of a batch before it is published: what was found, and how much it changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils.functional import Promise

from dutylist.choices import ENDING
from dutylist.coverage import leads_of
from dutylist.findings import KINDS, Finding
from dutylist.models import Batch, BatchLine, BatchPreview

LIMITS = ("limit_normal", "limit_urgent", "limit_very_urgent", "limit_unit", "contact_hours")


@dataclass(frozen=True)
class KindFound:
    """How often one kind of finding occurs, and the first items that have it."""

    kind: str
    count: int
    codes: list[str]

    @property
    def severity(self) -> str:
        """Return "block" or "warn"."""
        return KINDS[self.kind].severity.value

    @property
    def label(self) -> str | Promise:
        """Return what the kind is called."""
        return KINDS[self.kind].label


@dataclass(frozen=True)
class Check:
    """The last check of a batch, counted. `is_current`: it was of the lines as they are now.

    `blocking` and `warned` are the codes of the items with a finding of that weight.
    """

    made_at: datetime
    made_by: str
    is_current: bool
    blocks: int
    warns: int
    blocking: frozenset[str]
    warned: frozenset[str]
    kinds: list[KindFound]


@dataclass(frozen=True)
class BatchSummary:
    """How much a batch changes. `re_owned` items have another lead unit in `re_owned_areas` areas altogether."""

    lines: int
    by_kind: dict[str, int]
    re_owned: int
    re_owned_areas: int
    re_timed: int
    blocks: int | None
    warns: int | None


def get_check(batch: Batch) -> Check | None:
    """Return the last check of the batch, or None; one query that does not read the findings themselves."""
    figures = ("figures__counts", "figures__codes", "figures__kinds")
    found = _checks(batch).values_list("made_at", "made_by", "content_number", *figures).first()
    if found is None:
        return None
    made_at, made_by, content_number, counts, codes, kinds = found
    return Check(
        made_at=made_at,
        made_by=made_by,
        is_current=content_number == batch.content_number,
        blocks=counts["block"],
        warns=counts["warn"],
        blocking=frozenset(codes["block"]),
        warned=frozenset(codes["warn"]),
        kinds=[KindFound(kind, **said) for kind, said in sorted(kinds.items(), key=lambda one: [*KINDS].index(one[0]))],
    )


def get_findings(batch: Batch, code: str) -> list[Finding]:
    """Return what the last check found about one item, with one query; what blocks comes first."""
    at_code = KeyTransform(code, KeyTransform("lines", "figures"))
    stored = _checks(batch).annotate(found=at_code).values_list("found", flat=True).first()
    return [Finding(**one) for one in stored or ()]


def get_batch_summary(batch: Batch) -> BatchSummary:
    """Count what the batch changes, with three queries however many lines it has."""
    lines = list(
        BatchLine.objects.filter(batch=batch).values_list(
            "kind",
            "before__pk",
            "before__rows_from",
            KeyTransform("rows", "after"),
            *(name for limit in LIMITS for name in (f"before__{limit}", KeyTransform(limit, "after"))),
        )
    )
    moved = _areas_moved([(rows_from or pk, rows) for _kind, pk, rows_from, rows, *_limits in lines if pk and rows])
    check = get_check(batch)
    return BatchSummary(
        lines=len(lines),
        by_kind=dict(Counter(kind for kind, *_rest in lines)),
        re_owned=sum(count > 0 for count in moved),
        re_owned_areas=sum(moved),
        re_timed=sum(
            limits[::2] != limits[1::2] for kind, pk, _from, _rows, *limits in lines if pk and kind not in ENDING
        ),
        blocks=check.blocks if check else None,
        warns=check.warns if check else None,
    )


def _areas_moved(lines: list[tuple[int, list[dict]]]) -> list[int]:
    """Return for each (version whose rows held, new rows) in how many areas another unit leads, or none any more."""
    before = leads_of(rows_id for rows_id, _rows in lines)
    return [
        sum(lead != leads.get(area) for area, lead in after.items()) + len(leads.keys() - after.keys())
        for leads, after in (
            (before.get(rows_id, {}), {row["area"]: row["lead"] for row in rows}) for rows_id, rows in lines
        )
    ]


def _checks(batch: Batch) -> QuerySet[BatchPreview]:
    return BatchPreview.objects.filter(batch=batch, kind="findings")
