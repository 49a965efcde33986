"""Reading the CSV files of grid/data: whole, checked, every error with its row and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from grid.choices import Act, AreaKind, Level
from grid.services.areas import AreaRow
from grid.services.messages import TemplateRow
from grid.services.party.kinds import PartyKindRow
from grid.services.roles import RoleRow
from grid.services.rounds import KindRow
from shenzhen_gov.core.csv_files import bad_row, read_rows

DATA = Path(__file__).resolve().parent / "data"
AREA_COLUMNS = ["code", "name", "short_name", "level", "kind", "parent", "source"]
TEMPLATE_COLUMNS = ["key", "ways", "title", "title_en", "text", "text_en", "facts", "source"]
ROUND_KIND_COLUMNS = ["code", "name", "name_en", "check_list", "order", "source"]
PARTY_KIND_COLUMNS = ["code", "of", "name", "name_en", "order", "effective_from", "source"]
ROLE_COLUMNS = ["code", "name", "name_en", "order", "start_page", "acts"]


def read_areas(path: Path = DATA / "areas.csv") -> list[AreaRow]:
    """Return the areas of a file. Raises BadInput naming the row and the column."""
    rows: dict[str, tuple[int, AreaRow]] = {}
    for number, raw in read_rows(path, AREA_COLUMNS):
        row = _area(number, raw)
        if row.code in rows:
            raise bad_row(
                number,
                "code",
                _("%(code)s stands in row %(other)s already")
                % {
                    "code": row.code,
                    "other": rows[row.code][0],
                },
            )
        rows[row.code] = (number, row)
    areas = {code: row for code, (_number, row) in rows.items()}
    for number, row in rows.values():
        _check_parent(number, row, areas)
    return list(areas.values())


def read_roles(path: Path = DATA / "roles.csv") -> list[RoleRow]:
    """Return the roles of a file. Raises BadInput naming the row and the column."""
    return [_role(number, row) for number, row in read_rows(path, ROLE_COLUMNS)]


def _role(number: int, row: dict[str, str]) -> RoleRow:
    acts = tuple(act for act in row["acts"].split(";") if act)
    if unknown := [act for act in acts if act not in Act.values]:
        raise bad_row(number, "acts", _("unknown act %(act)s") % {"act": unknown[0]})
    for column in ("code", "name", "name_en"):
        if not row[column]:
            raise bad_row(number, column, _("must not be empty"))
    if not row["order"].isdigit():
        raise bad_row(number, "order", _("must be a number"))
    return RoleRow(row["code"], row["name"], row["name_en"], int(row["order"]), row["start_page"], acts)


def _area(number: int, row: dict[str, str]) -> AreaRow:
    for column in ("code", "name", "short_name"):
        if not row[column]:
            raise bad_row(number, column, _("must not be empty"))
    if row["level"] not in {str(level) for level in Level.values}:
        raise bad_row(number, "level", _("must be a number from 1 to 5"))
    if row["kind"] not in AreaKind.values:
        raise bad_row(number, "kind", _("unknown kind %(kind)s") % {"kind": row["kind"]})
    parts = row["code"], row["name"], row["short_name"], int(row["level"]), row["kind"], row["parent"], row["source"]
    return AreaRow(*parts)


def _check_parent(number: int, row: AreaRow, rows: dict[str, AreaRow]) -> None:
    """An area lies in one of the level above, and only the city lies in none."""
    if row.level == Level.CITY:
        if row.parent:
            raise bad_row(number, "parent", _("the city lies in no other area"))
        return
    parent = rows.get(row.parent)
    if parent is None:
        raise bad_row(number, "parent", _("no row has the code “%(code)s”") % {"code": row.parent})
    if parent.level != row.level - 1:
        raise bad_row(number, "parent", _("%(code)s is not of the level above") % {"code": row.parent})


def read_message_templates(path: Path = DATA / "message_templates.csv") -> list[TemplateRow]:
    """Return the message templates of a file; ways and facts stand with blanks between. Raises BadInput."""
    rows: dict[str, TemplateRow] = {}
    for number, row in read_rows(path, TEMPLATE_COLUMNS):
        if row["key"] in rows:
            raise bad_row(number, "key", _("“%(value)s” stands in the file twice") % {"value": row["key"]})
        ways, facts = row.pop("ways").split(), row.pop("facts").split()
        rows[row["key"]] = TemplateRow(**row, ways=ways, facts=facts)  # type: ignore[arg-type]
    return list(rows.values())


def read_round_kinds(path: Path = DATA / "round_kinds.csv") -> list[KindRow]:
    """Return the kinds of rounds of a file; the lines of a check list stand with | between. Raises BadInput."""
    rows: dict[str, KindRow] = {}
    for number, row in read_rows(path, ROUND_KIND_COLUMNS):
        if not (row["order"].isascii() and row["order"].isdigit()):
            raise bad_row(number, "order", _("must be a number"))
        if row["code"] in rows:
            raise bad_row(number, "code", _("“%(value)s” stands in the file twice") % {"value": row["code"]})
        values: dict[str, Any] = row | {"order": int(row["order"]), "check_list": row["check_list"].replace("|", "\n")}
        rows[row["code"]] = KindRow(**values)
    return list(rows.values())


def read_party_kinds(path: Path = DATA / "party_kinds.csv") -> list[PartyKindRow]:
    """Return the kinds of service sites and community tasks of a file. Raises BadInput."""
    rows: dict[str, PartyKindRow] = {}
    for number, row in read_rows(path, PARTY_KIND_COLUMNS):
        if not (row["order"].isascii() and row["order"].isdigit()):
            raise bad_row(number, "order", _("must be a number"))
        if row["code"] in rows:
            raise bad_row(number, "code", _("“%(value)s” stands in the file twice") % {"value": row["code"]})
        try:
            day = date.fromisoformat(row["effective_from"])
        except ValueError:
            raise bad_row(number, "effective_from", _("must be a day like 2026-01-31")) from None
        rows[row["code"]] = PartyKindRow(
            code=row["code"], of=row["of"], name=row["name"], name_en=row["name_en"], order=int(row["order"]),
            effective_from=day, source=row["source"],
        )  # fmt: skip
    return list(rows.values())
