"""回滚: the inverse of a published batch, as a batch of its own that a second person approves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.choices import LineKind, LineSource
from dutylist.cleaning import clean_columns
from dutylist.content import Content, contents_of, rows_of, same_rows
from dutylist.line_ground import newest_versions
from dutylist.line_rules import usual_policy
from dutylist.models import Batch, BatchLine, ItemVersion
from dutylist.workflow import REVIEW
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

from .batches import next_number
from .steps import begin

TITLE_LIMIT = Batch._meta.get_field("title").max_length
NAMED = 10


@transaction.atomic
def roll_back(
    batch_id: int, *, reason: str, effective_on: date | None = None, by: Actor, now: datetime
) -> Batch:  # fmt: skip
    """Make the inverse batch of a published one and hand it to the reviewers; the list changes when it is published.

    Raises Refused naming the items that a later batch changed since, and when a rollback is on its way already.
    """
    original = begin(batch_id, "roll_back", by=by)
    if rival := Batch.objects.filter(reverses=original).first():
        raise Refused(_("Batch %(number)s takes it back already.") % {"number": rival.number})
    lines = list(original.lines.select_related("published__item", "before"))
    newest = _newest_unchanged(lines)
    inverse = _open_inverse(original, reason, effective_on, by, now)
    BatchLine.objects.bulk_create(_inverse_lines(inverse, lines, newest, by, now), batch_size=500)
    audit.record(
        "batch.created", inverse, by=by, now=now, note=inverse.reason, changes={"reverses": original.number}
    )  # fmt: skip
    return inverse


def _open_inverse(original: Batch, reason: str, effective_on: date | None, by: Actor, now: datetime) -> Batch:
    today = timezone.localdate(now)
    if not (reason or "").strip():
        raise BadInput(_("Write down why."), field="reason")
    if effective_on is not None and effective_on < today:
        raise BadInput(_("A batch takes effect today or later, never for the past."), field="effective_on")
    title = _("Rollback of %(number)s %(title)s") % {"number": original.number, "title": original.title}
    inverse = Batch(
        number=next_number(original.owner_area, now),
        owner_area=original.owner_area,
        effective_on=effective_on or today,
        state=REVIEW,
        reverses=original,
        created_at=now,
        created_by=by.user,
        **clean_columns(Batch, {"title": title[:TITLE_LIMIT], "reason": reason}),
    )
    inverse.save(force_insert=True)
    return inverse


def _newest_unchanged(lines: list[BatchLine]) -> dict[int, ItemVersion]:
    """Return item id → newest version. Raises Refused unless every item reads as the batch left it.

    That is so when the batch's own version is the newest one, or when what came later was itself taken back.
    """
    newest = newest_versions(line.published.item_id for line in lines)
    reads_as = _read_alike(newest)
    changed = [
        _("%(code)s by batch %(number)s") % {"code": line.code, "number": newest[line.published.item_id].batch or "—"}
        for line in lines
        if line.published_id not in reads_as[line.published.item_id]
    ]
    if changed:
        text = _("These items were changed since, so the batch cannot be taken back as a whole: %(items)s")
        more = "…" if len(changed) > NAMED else ""
        raise Refused(text % {"items": ", ".join(changed[:NAMED]) + more})
    return newest


def _read_alike(newest: dict[int, ItemVersion]) -> dict[int, set[int | None]]:
    """Return item id → ids of the versions it reads as: the newest, and what an inverse batch restored by it.

    A query for each rollback upon rollback of one item, in practice one or two.
    """
    alike: dict[int, set[int | None]] = {item_id: {version.pk} for item_id, version in newest.items()}
    asked = {version.pk: item_id for item_id, version in newest.items() if version.batch and version.batch.reverses_id}
    while asked:
        undone = BatchLine.objects.filter(batch__reversed_by__versions__in=asked, published__item__in=asked.values())
        same_item = undone.filter(published__item=F("batch__reversed_by__versions__item"))
        columns = ("published__item", "before", "before__batch__reverses")
        asked = {}
        for item_id, before_id, reverses_id in same_item.values_list(*columns):
            alike[item_id].add(before_id)
            if reverses_id:
                asked[before_id] = item_id
    return alike


def _inverse_lines(
    inverse: Batch, lines: list[BatchLine], newest: dict[int, ItemVersion], by: Actor, now: datetime
) -> Iterable[BatchLine]:
    """Give every item back the words and rows it had; what the batch added ends."""
    words = contents_of([line.before for line in lines if _was_in_force(line)], with_rows=False)
    rows = _rows_to_restore(lines, newest)
    for line in lines:
        kind = _inverse_kind(line)
        after: Content = {"successors": []}
        if line.before_id and kind != LineKind.RETIRE:
            after |= words[line.before_id] | {"rows": rows.get(line.before_id)}
        yield BatchLine(
            batch=inverse,
            position=line.position,
            kind=kind,
            code=line.code,
            item=line.published.item,
            narrows_id=line.published.item.narrows_id,
            before=newest[line.published.item_id],
            after=after,
            name=after.get("name") or line.name,
            policy=usual_policy(line.kind),
            source=LineSource.ROLLBACK,
            entered_by=by.user,
            entered_at=now,
        )


def _rows_to_restore(lines: list[BatchLine], newest: dict[int, ItemVersion]) -> dict[int, list[dict]]:
    """Return id of the version to be restored → its rows, where they are not those that hold now."""
    pairs = {
        line.before_id: (newest[line.published.item_id].rows_id, line.before.rows_id)
        for line in lines
        if _was_in_force(line) and newest[line.published.item_id].rows_id != line.before.rows_id
    }
    rows = rows_of({owner for pair in pairs.values() for owner in pair}) if pairs else {}
    return {
        pk: rows.get(then, [])
        for pk, (today, then) in pairs.items()
        if not same_rows(rows.get(today, []), rows.get(then, []))
    }


def _was_in_force(line: BatchLine) -> bool:
    before: ItemVersion | None = line.before
    return before is not None and not before.is_retired


def _inverse_kind(line: BatchLine) -> LineKind:
    if not _was_in_force(line):
        return LineKind.RETIRE
    return LineKind.TRANSFER if line.kind == LineKind.TRANSFER else LineKind.CHANGE
