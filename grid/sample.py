"""The sample city 样例: a whole unit tree over the real areas, and one account per role. Never in production.

Unit names follow the patterns in use in Shenzhen; the tree is no official directory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grid.choices import Level
from grid.files import DATA
from grid.models import Area, Role, Staff, Unit
from grid.services import NewCell, NewStaff, NewUnit, create_cells, create_staff_accounts, create_units, grant_role
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.csv_files import read_rows
from shenzhen_gov.core.exceptions import Refused

PASSWORD = "minsheng2026!"  # noqa: S105 - printed for everybody by sample_accounts; production refuses such accounts
SET_UP = date(2012, 1, 1)  # before any case, so that imported history finds its units
LABEL = "样例"
UNIT_COLUMNS = ["level", "function", "kind", "parent", "name", "aliases"]
CELL_COLUMNS = ["code", "name", "parent"]
ACCOUNT_COLUMNS = ["username", "last_name", "first_name", "role", "unit", "post"]


@dataclass(frozen=True)
class Pattern:
    """One line of sample_units.csv: a unit for every area of a level.

    `parent` is `function@level`, e.g. `centre@district`. In names {a} is the area's short name, {n} its official
    name, {d} the district, {s} the district without 区 and the like, {p} its party committee.
    """

    level: int
    function: str
    kind: str
    parent: str
    name: str
    aliases: tuple[str, ...]


@transaction.atomic
def create_sample_city(*, by: Actor, now: datetime) -> dict[str, int]:
    """Create what is missing of the sample units, grid cells and accounts, and return how many of each were made."""
    if not settings.SAMPLE_SETUP:
        raise Refused(_("Sample data is refused: these settings are not of a sample set-up."))
    if not Area.objects.exists() or not Role.objects.exists():
        raise Refused(_("The sample city stands on the areas and roles: run load_areas and load_roles first."))
    present = set(Unit.objects.values_list("code", flat=True))
    rows = [row for row in planned_units(read_patterns()) if row.code not in present]
    create_units(rows, by=by, now=now, document=LABEL)
    return {"units": len(rows), "cells": _create_cells(by, now), "accounts": _create_accounts(by, now)}


def read_patterns() -> list[Pattern]:
    """Return the lines of sample_units.csv, wider levels first."""
    return [
        Pattern(
            Level[row["level"].upper()],
            row["function"],
            row["kind"],
            row["parent"],
            row["name"],
            tuple(alias for alias in row["aliases"].split(";") if alias),
        )
        for _number, row in read_rows(DATA / "sample_units.csv", UNIT_COLUMNS)
    ]


def planned_units(patterns: Iterable[Pattern]) -> Iterator[NewUnit]:
    """Yield every unit of the sample city, parents before children."""
    areas = list(Area.objects.filter(is_active=True).order_by("level", "path"))
    by_id = {area.pk: area for area in areas}
    for pattern in patterns:
        for area in areas:
            if area.level == pattern.level:
                yield _planned(pattern, area, _line_of(area, by_id))


def _line_of(area: Area, by_id: dict[int, Area]) -> dict[int, Area]:
    """Return the areas this one lies in, itself included, by level."""
    line = [by_id[int(part)] for part in area.path.strip("/").split("/")]
    return {step.level: step for step in line}


def _planned(pattern: Pattern, area: Area, line: dict[int, Area]) -> NewUnit:
    words = _words(area, line.get(Level.DISTRICT))
    name = pattern.name.format(**words)
    aliases = dict.fromkeys(alias.format(**words) for alias in pattern.aliases)
    function, _at, level = pattern.parent.partition("@")
    parent = _code(function, line[Level[level.upper()]]) if pattern.parent else ""
    return NewUnit(
        code=_code(pattern.function, area),
        function=pattern.function,
        kind=pattern.kind,
        level=pattern.level,
        name=name,
        parent=parent,
        home_area=area.code,
        opened_on=SET_UP,
        aliases=tuple(alias for alias in aliases if alias != name),
    )


def _words(area: Area, district: Area | None) -> dict[str, str]:
    full = district.short_name if district else ""
    short = full
    for ending in ("特别合作区", "新区", "区"):
        short = short.removesuffix(ending)
    committee = f"{full}委" if short + "区" == full else f"{full}党工委"
    return {"a": area.short_name, "n": area.name, "d": full, "s": short, "p": committee}


def _code(function: str, area: Area) -> str:
    return f"{function}-{area.code}"


def _create_cells(by: Actor, now: datetime) -> int:
    """Set up the cells of sample_cells.csv that are missing, communities' cells before their sub-cells."""
    present = set(Area.objects.filter(level__gte=Level.CELL).values_list("code", flat=True))
    rows = [NewCell(**row) for _number, row in read_rows(DATA / "sample_cells.csv", CELL_COLUMNS)]
    missing = [row for row in rows if row.code not in present]
    return len(create_cells(missing, source=LABEL, by=by, now=now))


def _create_accounts(by: Actor, now: datetime) -> int:
    """Create the accounts of sample_accounts.csv that are missing, each with its one role."""
    present = set(Staff.objects.values_list("username", flat=True))
    rows = [row for _number, row in read_rows(DATA / "sample_accounts.csv", ACCOUNT_COLUMNS)]
    missing = [row for row in rows if row["username"] not in present]
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[row["unit"] for row in missing])}
    roles = {role.code: role for role in Role.objects.all()}
    accounts = [
        NewStaff(
            row["username"], PASSWORD, units[row["unit"]].pk, row["last_name"], row["first_name"], row["post"],
            is_sample=True,
        )
        for row in missing
    ]  # fmt: skip
    for row, staff in zip(missing, create_staff_accounts(accounts, by=by, now=now), strict=True):
        grant_role(staff.pk, roles[row["role"]].pk, units[row["unit"]].pk, by=by, now=now)
    return len(missing)
