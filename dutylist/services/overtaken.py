"""Whether the list moved on since a batch was entered. Asked again at the last moment, under the lock of publishing."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from dutylist.choices import LineKind
from dutylist.lines.ground import Ground
from dutylist.lines.rows import units_of
from dutylist.models import Batch, BatchLine
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.texts import joined

NAMED = 10  # items, in one refusal


def refuse_overtaken(batch: Batch, lines: list[BatchLine], day: date) -> None:
    """Raise Refused naming the items and what happened to them when the lines no longer fit the published list."""
    ground = _ground(batch, lines, day)
    added = {line.code for line in lines if line.kind == LineKind.ADD}
    reasons = {line.code: reason for line in lines if (reason := _why_overtaken(line, ground, added))}
    if not reasons:
        return
    named = [f"{code} ({reason})" for code, reason in list(reasons.items())[:NAMED]]
    if len(reasons) > NAMED:
        named.append(_("and %(count)s more") % {"count": len(reasons) - NAMED})
    raise Refused(
        _("The list has moved on since this batch was entered; it cannot be published: %(items)s")
        % {"items": joined(named)}
    )


def _ground(batch: Batch, lines: list[BatchLine], day: date) -> Ground:
    rows = [row for line in lines for row in line.after.get("rows") or []]
    return Ground(
        batch=batch,
        on=day,
        codes={code for line in lines for code in (line.code, *line.after.get("successors", []))}
        | {line.narrows.code for line in lines if line.narrows},
        area_ids=set(),
        unit_ids={unit for row in rows for unit in units_of(row)},
        names={line.name for line in lines if line.item_id is None and line.narrows_id is None},
        with_rows=set(),
    )


def _why_overtaken(line: BatchLine, ground: Ground, added: set[str]) -> str | None:
    newest = ground.version_of(line.code)
    if newest is not None and newest.pk != line.before_id:
        return _changed_by(newest) if ground.is_known(ground.items[line.code]) else _("the code is taken")
    if newest is not None and newest.effective_from > ground.on:
        return _("its newest version takes effect on %(day)s only") % {"day": newest.effective_from}
    if line.item_id is None and (reason := _why_no_room(line, ground)):
        return reason
    for code in line.after.get("successors", []):
        version = ground.version_of(code)
        if code not in added and (version is None or version.is_retired):
            return _("%(code)s, which takes over, is not in force") % {"code": code}
    closed = {unit for row in line.after.get("rows") or [] for unit in units_of(row) if not ground.units[unit].is_open}
    return _("%(unit)s has closed") % {"unit": ground.units[min(closed)].name} if closed else None


def _changed_by(version) -> str:
    if version.batch is None:
        return _("changed meanwhile")
    return _("changed meanwhile by batch %(number)s") % {"number": version.batch.number}


def _why_no_room(line: BatchLine, ground: Ground) -> str | None:
    """Return what stands already where a new item or overlay is to be."""
    if line.narrows_id:
        other, wide = ground.overlays.get(line.narrows_id), ground.newest.get(line.narrows_id)
        if wide is None or wide.is_retired:
            return _("the item it narrows has ended")
    else:
        other = ground.paths.get((line.after["level1"], line.after["level2"], line.after["name"]))
    return _("%(code)s stands there already") % {"code": other} if other else None
