"""回滚: the inverse of a published batch, as a batch of its own that a second person approves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.choices import LineKind, LineSource
from dutylist.cleaning import clean_columns
from dutylist.content import Content, contents_of, rows_of, same_rows
from dutylist.lines.ground import newest_versions
from dutylist.lines.rules import usual_policy
from dutylist.models import Batch, BatchLine, ItemVersion
from dutylist.workflow import REVIEW
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.texts import joined

from .batches import next_number
from .steps import begin

TITLE_LIMIT = Batch._meta.get_field("title").max_length
NAMED = 10


@dataclass(frozen=True)
class Undo:
    """One line to be taken back: `now` is the newest version of its item, `then` what is restored (None: it ends)."""

    line: BatchLine
    now: ItemVersion
    then: ItemVersion | None

    @property
    def moves_rows(self) -> bool:
        """Whether other rows hold now than then (or the same ones, written anew)."""
        return self.then is not None and self.then.rows_id != self.now.rows_id


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
    undone = _undone(original)
    inverse = _open_inverse(original, reason, effective_on, by, now)
    BatchLine.objects.bulk_create(_inverse_lines(inverse, undone, by, now), batch_size=500)
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


def _undone(original: Batch) -> list[Undo]:
    """Return what is to be taken back. Raises Refused unless every item reads as the batch left it.

    That is so when the batch's own version is the newest one, or when what came later was itself taken back.
    """
    lines = list(original.lines.select_related("published__item", "before"))
    published = {line.pk: line.published for line in lines if line.published}
    newest = newest_versions(version.item_id for version in published.values())
    alike = _read_alike(newest)
    pairs = [(line, newest[published[line.pk].item_id]) for line in lines]
    changed = [
        _("%(code)s by batch %(number)s") % {"code": line.code, "number": latest.batch or "—"}
        for line, latest in pairs
        if line.published_id not in alike[latest.item_id]
    ]
    if changed:
        text = _("These items were changed since, so the batch cannot be taken back as a whole: %(items)s")
        more = "…" if len(changed) > NAMED else ""
        raise Refused(text % {"items": joined(changed[:NAMED]) + more})
    return [
        Undo(line, latest, None if line.before is None or line.before.is_retired else line.before)
        for line, latest in pairs
    ]


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


def _inverse_lines(inverse: Batch, undone: list[Undo], by: Actor, now: datetime) -> Iterable[BatchLine]:
    """Give every item back the words and rows it had; what the batch added ends."""
    words = contents_of([undo.then for undo in undone if undo.then], with_rows=False)
    rows = _rows_to_restore(undone)
    for undo in undone:
        kind, after = _inverse_kind(undo), Content({"successors": []})
        if undo.then:
            after |= words[undo.then.pk] | {"rows": rows.get(undo.then.pk)}
        yield BatchLine(
            batch=inverse,
            position=undo.line.position,
            kind=kind,
            code=undo.line.code,
            item_id=undo.now.item_id,
            narrows_id=undo.line.narrows_id,
            before=undo.now,
            after=after,
            name=after.get("name") or undo.line.name,
            policy=usual_policy(kind, undo.line.kind),
            source=LineSource.ROLLBACK,
            entered_by=by.user,
            entered_at=now,
        )


def _rows_to_restore(undone: list[Undo]) -> dict[int, list[dict]]:
    """Return id of the version to be restored → its rows, where they are not those that hold now."""
    pairs = {undo.then.pk: (undo.now.rows_id, undo.then.rows_id) for undo in undone if undo.then and undo.moves_rows}
    rows = rows_of({owner for pair in pairs.values() for owner in pair}) if pairs else {}
    return {
        pk: rows.get(then, [])
        for pk, (today, then) in pairs.items()
        if not same_rows(rows.get(today, []), rows.get(then, []))
    }


def _inverse_kind(undo: Undo) -> LineKind:
    if undo.then is None:
        return LineKind.RETIRE
    return LineKind.TRANSFER if undo.line.kind == LineKind.TRANSFER else LineKind.CHANGE
