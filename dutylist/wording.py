"""The fields of a duty item as words: what pages, diffs and exports show of a content (content.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.models import Area, Unit
from shenzhen_gov.core.texts import joined

from .choices import LimitUnit
from .content import FIELDS, LABELS, Content
from .models import ItemVersion

EMPTY = "—"
LIMITS = ("limit_normal", "limit_urgent", "limit_very_urgent")
# How a reader is told what an item says: the fields in groups. Marks and links stand elsewhere on the page.
GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("What belongs here"), ("criteria", "exclusions", "examples", "keywords")),
    (gettext_lazy("Time limits"), (*LIMITS, "contact_hours")),
    (gettext_lazy("How it is carried out"), ("lead_office", "lead_duties", "co_duties", "procedure", "implementation")),
    (gettext_lazy("Closing"), ("close_criteria", "assessment")),
    (gettext_lazy("The matter"), ("duty_level", "matter_type", "target", "origin", "legal_basis", "remark")),
)
MARKS = ("is_key", "is_component", "hand_down", "is_secret")


@dataclass(frozen=True)
class Said:
    """One field as a reader sees it; `inherited`: an overlay leaves it to the item that it narrows."""

    name: str
    label: str
    text: str
    inherited: bool = False


@dataclass
class Names:
    """Areas and units by id, read once for many contents."""

    areas: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)

    def row(self, row: dict) -> str:
        """Return one responsibility row as a line of text."""
        parts = [self.units.get(row["lead"], EMPTY)]
        if row["co"]:
            parts.append(_("with %(units)s") % {"units": joined(self.units.get(unit, EMPTY) for unit in row["co"])})
        if row["fallback"]:
            parts.append(_("fallback %(unit)s") % {"unit": self.units.get(row["fallback"], EMPTY)})
        return f"{self.areas.get(row['area'], EMPTY)}: {' · '.join(filter(None, [*parts, row['note']]))}"


def names_in(rows: Iterable[dict]) -> Names:
    """Return the names of every area and unit that these responsibility rows mention, with two queries."""
    rows = list(rows)
    areas = {row["area"] for row in rows}
    units = {unit for row in rows for unit in (row["lead"], row["fallback"], *row["co"]) if unit}
    return Names(
        dict(Area.objects.filter(pk__in=areas).values_list("pk", "short_name")) if areas else {},
        dict(Unit.objects.filter(pk__in=units).values_list("pk", "name")) if units else {},
    )


def word(name: str, value: Any) -> str:
    """Return the value of one field as text; empty when nothing is said. `rows` have words of their own (Names.row)."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, tuple)):
        return ("\n" if name == "examples" else ", ").join(map(str, value))
    choices = dict(FIELDS[name].flatchoices) if name in FIELDS else {}
    return str(choices.get(value, value))


def read_out(version: ItemVersion, base: ItemVersion | None = None) -> list[tuple[str, list[Said]]]:
    """Return what a version says in groups, empty fields left out; what an overlay leaves empty comes from `base`."""
    found = []
    for title, names in GROUPS:
        said = [_said(name, version, base) for name in names]
        if shown := [one for one in said if one.text]:
            found.append((str(title), shown))
    return found


def marks_of(version: ItemVersion) -> list[str]:
    """Return what is special about an item, as words."""
    marks = [str(LABELS[name]) for name in MARKS if getattr(version, name)]
    return marks if version.counts_satisfaction else [*marks, _("Does not count for satisfaction")]


def limit_words(content: Content | Any, name: str = "limit_normal") -> str:
    """Return a time limit with its unit, of a content or of a version; empty when there is none."""
    if isinstance(content, dict):
        amount, unit = content.get(name), content["limit_unit"]
    else:
        amount, unit = getattr(content, name), content.limit_unit
    return f"{amount} {LimitUnit(unit).label}" if amount else ""


def _said(name: str, version: ItemVersion, base: ItemVersion | None) -> Said:
    own = _text(name, version)
    if name in LIMITS and version.limit_normal:
        base = None  # a limit of its own replaces all of them (selectors.Duty.terms)
    inherited = "" if own or base is None else _text(name, base)
    return Said(name, str(LABELS[name]), own or inherited, inherited=bool(inherited))


def _text(name: str, version: ItemVersion) -> str:
    return limit_words(version, name) if name in LIMITS else word(name, getattr(version, name))
