"""Units: setting them up, naming them, moving them. Every step keeps what was before.

Steps that change the tree queue behind one lock on its root, so that two of them can never build a loop;
naming locks the unit alone. A step takes effect today or took effect earlier: what is only planned is entered
on its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Level, NameKind, UnitChangeKind, UnitKind
from grid.models import Area, Unit, UnitChange, UnitName
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

from .trees import path_below, reserve_ids


@dataclass(frozen=True)
class NewUnit:
    """A unit to set up. `parent` is a unit's code (empty for the root), `home_area` an area's code."""

    code: str
    function: str
    kind: str
    level: int
    name: str
    parent: str
    home_area: str
    opened_on: date
    aliases: tuple[str, ...] = field(default=())


def create_unit(new: NewUnit, *, by: Actor, now: datetime, document: str = "") -> Unit:
    """Set up one unit; see `create_units`."""
    return create_units([new], by=by, now=now, document=document)[0]


@transaction.atomic
def create_units(rows: Sequence[NewUnit], *, by: Actor, now: datetime, document: str = "") -> list[Unit]:
    """Set up units, all or none; a parent stands before its children.

    Needs the administrator's act at each parent. Raises BadInput with the field at fault: code in use,
    unknown or closed parent, unknown area, a home area outside the parent's, the name of an open sibling,
    a day in the future.
    """
    lock_tree()
    context = _Context(rows)
    units = [_new_unit(row, own_id, context, by, now) for row, own_id in zip(rows, context.ids, strict=True)]
    _insert(units, rows, document)
    entries = [audit.Record("unit.created", unit, {"name": [None, unit.name]}, document) for unit in units]
    audit.record_many(entries, by=by, now=now)
    return units


@transaction.atomic
def rename_unit(unit_id: int, name: str, effective_on: date, *, by: Actor, now: datetime, document: str = "") -> Unit:
    """Give a unit a new official name from a day on; the old name still leads to it.

    Raises BadInput(field="effective_on") for a day before the present name, or one that is still to come.
    """
    unit = lock_unit(unit_id, by)
    name = _clean_name(name)
    if name == unit.name:
        raise BadInput(_("This is its name already."), field="name")
    _refuse_future(effective_on, now)
    since = unit.names.filter(kind=NameKind.OFFICIAL).latest("valid_from").valid_from
    if effective_on <= since:
        text = _("“%(name)s” holds since %(day)s; a new name must start later.")
        raise BadInput(text % {"name": unit.name, "day": since}, field="effective_on")
    _refuse_namesake(name, unit.parent_id, but=unit.pk)
    before, unit.name = unit.name, name
    unit.save(update_fields=["name"])
    UnitName.objects.create(unit=unit, name=name, valid_from=effective_on, source=document)
    keep_change(UnitChangeKind.RENAME, unit, effective_on, document, before={"name": before}, after={"name": name})
    audit.record("unit.renamed", unit, by=by, now=now, changes={"name": [before, name]}, note=document)
    return unit


@transaction.atomic
def add_alias(
    unit_id: int, name: str, *, by: Actor, now: datetime, valid_from: date | None = None, source: str = ""
) -> UnitName:
    """Let one more name lead to a unit (a short form, another system's spelling). Refused when it does."""
    unit = lock_unit(unit_id, by)
    name = _clean_name(name)
    if Unit.objects.ever_named(name).filter(pk=unit.pk).exists():
        raise Refused(_("“%(name)s” leads to this unit already.") % {"name": name}, field="name")
    alias = UnitName.objects.create(
        unit=unit, name=name, kind=NameKind.ALIAS, valid_from=valid_from or unit.opened_on, source=source
    )
    audit.record("unit.alias_added", unit, by=by, now=now, changes={"alias": [None, name]}, note=source)
    return alias


@transaction.atomic
def move_unit(
    unit_id: int, parent_id: int, effective_on: date, *, by: Actor, now: datetime, document: str = ""
) -> Unit:
    """Put a unit, with everything below it, under another one. Needs the administrator's act at both."""
    lock_tree()
    unit, parent = lock_unit(unit_id, by), lock_unit(parent_id, by)
    _refuse_future(effective_on, now)
    before = unit.parent
    if before is None:
        raise Refused(_("The root of the tree cannot be moved."))
    if parent.pk == before.pk:
        raise BadInput(_("It lies there already."), field="parent")
    put_below([unit], parent)
    changes = {"parent": [before.name, parent.name]}
    keep_change(
        UnitChangeKind.MOVE,
        unit,
        effective_on,
        document,
        before={"parent": before.name},
        after={"parent": parent.name},
        others=[parent],
    )
    audit.record("unit.moved", unit, by=by, now=now, changes=changes, note=document)
    return unit


def lock_tree() -> None:
    """Make steps that change the tree wait for each other; units may still be given work meanwhile."""
    list(Unit.objects.select_for_update(no_key=True).filter(parent=None).values_list("pk"))


def lock_unit(unit_id: int, by: Actor, *, open_only: bool = True) -> Unit:
    """Return the unit, locked, for somebody who may administer it. Raises Refused when it is closed."""
    unit = Unit.objects.select_for_update(no_key=True).filter(pk=unit_id).first()
    if unit is None:
        raise BadInput(_("There is no such unit."), field="unit")
    access.require_administration(by, unit)
    if open_only and unit.closed_on:
        raise Refused(_("%(unit)s is closed since %(day)s.") % {"unit": unit, "day": unit.closed_on})
    return unit


def put_below(units: Sequence[Unit], parent: Unit) -> None:
    """Hang `units` under `parent` and rewrite the paths of all below them; the caller has locked the tree."""
    for unit in units:
        if parent.path.startswith(unit.path):
            raise BadInput(_("%(unit)s cannot lie below itself.") % {"unit": unit}, field="parent")
        _refuse_outside(unit.home_area, parent)
        _refuse_namesake(unit.name, parent.pk, but=unit.pk)
        old, new = unit.path, path_below(parent, unit.pk)
        Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
        unit.parent, unit.path = parent, new
        unit.save(update_fields=["parent"])


def keep_change(
    kind: UnitChangeKind,
    unit: Unit,
    effective_on: date,
    document: str,
    *,
    before: dict,
    after: dict,
    others: Sequence[Unit] = (),
) -> None:
    """Keep an institutional change 机构变更 for ever."""
    change = UnitChange.objects.create(
        kind=kind, unit=unit, effective_on=effective_on, document=document, before=before, after=after
    )
    change.others.set(others)


def refuse_day(effective_on: date, unit: Unit, now: datetime) -> None:
    """Refuse a day that is still to come or lies before the unit was set up."""
    _refuse_future(effective_on, now)
    if effective_on < unit.opened_on:
        text = _("%(unit)s was set up on %(day)s; this cannot have happened before.")
        raise BadInput(text % {"unit": unit, "day": unit.opened_on}, field="effective_on")


class _Context:
    """What many new units are checked against, read with a fixed number of queries."""

    def __init__(self, rows: Sequence[NewUnit]):
        self.ids = reserve_ids(Unit, len(rows))
        parents = {row.parent for row in rows if row.parent}
        self.units = {
            unit.code: unit
            for unit in Unit.objects.filter(code__in={row.code for row in rows} | parents).select_related("home_area")
        }
        self.areas = {area.code: area for area in Area.objects.filter(code__in={row.home_area for row in rows})}
        self.names = set(
            Unit.objects.filter(parent__code__in=parents, closed_on=None).values_list("parent__code", "name")
        )


def _new_unit(row: NewUnit, own_id: int, context: _Context, by: Actor, now: datetime) -> Unit:
    """Check one row against what exists and the rows before it, and return the unit, not saved."""
    name = _clean_name(row.name)
    if row.code in context.units:
        raise BadInput(_("The code %(code)s is in use.") % {"code": row.code}, field="code")
    parent, area = _place(row, context)
    access.require_administration(by, parent)
    if row.kind not in UnitKind.values or row.level not in Level.values or not row.function:
        raise BadInput(_("%(unit)s: kind, level and function are needed.") % {"unit": name}, field="kind")
    if (row.parent, name) in context.names:
        raise BadInput(_("“%(name)s” exists there already.") % {"name": name}, field="name")
    _refuse_future(row.opened_on, now)
    unit = Unit(
        pk=own_id,
        code=row.code,
        function=row.function,
        kind=row.kind,
        level=row.level,
        name=name,
        parent=parent,
        path=path_below(parent, own_id),
        home_area=area,
        opened_on=row.opened_on,
    )
    context.units[row.code] = unit
    context.names.add((row.parent, name))
    return unit


def _insert(units: Sequence[Unit], rows: Sequence[NewUnit], document: str) -> None:
    """Write new units with their names and the fact that they were set up, one statement a table."""
    names = [
        UnitName(unit=unit, name=name, kind=kind, valid_from=unit.opened_on)
        for unit, row in zip(units, rows, strict=True)
        for name, kind in [(unit.name, NameKind.OFFICIAL), *((alias, NameKind.ALIAS) for alias in row.aliases)]
    ]
    changes = [
        UnitChange(
            kind=UnitChangeKind.CREATE, unit=unit, effective_on=unit.opened_on, document=document,
            after={"name": unit.name, "code": unit.code},
        )
        for unit in units
    ]  # fmt: skip
    Unit.objects.bulk_create(units, batch_size=500)
    UnitName.objects.bulk_create(names, batch_size=1000)
    UnitChange.objects.bulk_create(changes, batch_size=1000)


def _place(row: NewUnit, context: _Context) -> tuple[Unit | None, Area]:
    parent, area = context.units.get(row.parent), context.areas.get(row.home_area)
    if area is None:
        raise BadInput(_("There is no area with the code %(code)s.") % {"code": row.home_area}, field="home_area")
    if not row.parent:
        return None, area
    if parent is None:
        raise BadInput(_("There is no unit with the code %(code)s.") % {"code": row.parent}, field="parent")
    if parent.closed_on:
        raise BadInput(
            _("%(unit)s is closed since %(day)s.") % {"unit": parent, "day": parent.closed_on}, field="parent"
        )
    _refuse_outside(area, parent)
    return parent, area


def _clean_name(name: str) -> str:
    name = name.strip()
    if not name:
        raise BadInput(_("A unit needs a name."), field="name")
    if len(name) > 120:
        raise BadInput(_("A name has at most 120 characters."), field="name")
    return name


def _refuse_future(day: date, now: datetime) -> None:
    if day > timezone.localdate(now):
        text = _("%(day)s is still to come; a change is entered on the day it takes effect, or later.")
        raise BadInput(text % {"day": day}, field="effective_on")


def _refuse_outside(area: Area, parent: Unit) -> None:
    if not area.path.startswith(parent.home_area.path):
        text = _("The home area %(area)s does not lie in that of %(unit)s (%(other)s).")
        raise BadInput(text % {"area": area, "unit": parent, "other": parent.home_area}, field="home_area")


def _refuse_namesake(name: str, parent_id: int | None, *, but: int) -> None:
    if Unit.objects.filter(parent=parent_id, name=name, closed_on=None).exclude(pk=but).exists():
        raise BadInput(_("“%(name)s” exists there already.") % {"name": name}, field="name")
