"""Words for the codes in rules: areas, duty items, channels, units by what somebody types, and their names now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dispatch.rules.conditions import raw_leaves
from dispatch.rules.entering import BETWEEN_VALUES, code_behind
from dispatch.rules.fields import FIELDS, MANY, Kind
from dutylist.models import ItemVersion
from dutylist.selectors import search_items
from grid.models import Area, Unit
from intake.models import Channel
from intake.selectors.areas import search_areas
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined_parts

SHOWN = 12
LONGEST = 120


def names_in(conditions: Iterable[dict], items: Iterable[str] = ()) -> dict[str, dict[str, str]]:
    """Return field → code → the name it has now, for the codes in conditions and for further items."""
    codes: dict[str, set[str]] = {"area": set(), "channel": set(), "item": {code for code in items if code}}
    for condition in conditions:
        for leaf in raw_leaves(condition):
            if leaf.get("field") in codes:
                value = leaf.get("value")
                listed = value if isinstance(value, list) else [value]
                codes[leaf["field"]] |= {one for one in listed if isinstance(one, str)}
    versions = ItemVersion.objects.filter(item__code__in=codes["item"]).order_by("item", "number")
    return {
        "area": {area.code: area.name for area in Area.objects.filter(code__in=codes["area"])},
        "channel": {one.code: one.label for one in Channel.objects.filter(code__in=codes["channel"])},
        "item": dict(versions.values_list("item__code", "name")),
    }


def look_up(field: str, text: str, today: date) -> str:
    """Return the code of what was typed: a code, a name, or a name with its code in brackets."""
    if len(text) > LONGEST or "\x00" in text:
        raise BadInput(_("Not known: %(what)s") % {"what": text[:60].replace("\x00", "")})
    code = code_behind(text)
    found = {"area": _areas, "item": _items, "channel": _channels, "unit": _units}[field](code, text, today)
    if len(found) == 1:
        return found[0][0]
    if not found:
        raise BadInput(_("Not known: %(what)s") % {"what": text})
    names = joined_parts(f"{name}（{own}）" for own, name in found[:5])
    raise BadInput(_("“%(what)s” may be: %(names)s. Choose one.") % {"what": text, "names": names})


def suggest_values(field: str, op: str, text: str, today: date) -> list[str]:
    """Return what the value may become, each as the whole text of the control."""
    known = FIELDS.get(field)
    if known is None and field != "unit":
        return []
    text = text.replace("\x00", "")[:500]
    parts = BETWEEN_VALUES.split(text) if op in MANY else [text]
    before, last = text[: len(text) - len(parts[-1])], parts[-1].strip()
    return [before + one for one in _suggestions(field, last[:LONGEST], today)]


def _suggestions(field: str, text: str, today: date) -> list[str]:
    if field == "unit":
        return [f"{unit.name}（{unit.code}）" for unit in _find_units(text, today)] if text else []
    known = FIELDS[field]
    if known.kind is Kind.FLAG:
        return [pgettext("answer", "yes"), pgettext("answer", "no")]
    if known.words is not None:
        return [str(label) for label in known.words.labels]
    if known.kind is Kind.CHANNEL:
        return [f"{channel.label}（{channel.code}）" for channel in Channel.objects.filter(is_active=True)]
    if known.kind is Kind.AREA and text:
        return [f"{area.name}（{area.code}）" for area in search_areas(text, SHOWN)]
    if known.kind is Kind.ITEM and text:
        return [f"{item.name}（{item.code}）" for item in search_items(text, on=today, limit=SHOWN)]
    return []


def _areas(code: str, text: str, today: date) -> list[tuple[str, str]]:
    exact = Area.objects.filter(code=code, is_active=True).values_list("code", "name")
    if exact:
        return list(exact)
    found = search_areas(text, 50)
    named = [area for area in found if text in (area.name, area.short_name)] or found
    return [(area.code, area.name) for area in named]


def _items(code: str, text: str, today: date) -> list[tuple[str, str]]:
    in_force = ItemVersion.objects.in_force(today)
    for condition in ({"item__code": code}, {"name": text}, {"path_text": text}):
        if found := list(in_force.filter(**condition).values_list("item__code", "name")[:6]):
            return found
    return []


def _channels(code: str, text: str, today: date) -> list[tuple[str, str]]:
    channels = list(Channel.objects.all())
    return [(one.code, one.label) for one in channels if one.code == code or text in (one.name, one.name_en)]


def _units(code: str, text: str, today: date) -> list[tuple[str, str]]:
    exact = Unit.objects.open_on(today).filter(code=code)
    found = list(exact) or list(_find_units(text, today))
    named = [unit for unit in found if unit.name == text] or found
    return [(unit.code, unit.name) for unit in named]


def _find_units(text: str, today: date):
    named = Unit.objects.open_on(today).filter(names__name__icontains=text.strip())
    return named.distinct().order_by("level", "path")[:SHOWN]
