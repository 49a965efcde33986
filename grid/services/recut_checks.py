"""What a re-cut may be: checked when it is planned, and again on its day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from grid.choices import Level
from grid.models import Area, Building
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

MOST_TARGETS, MOST_TAKEN, NAME_LENGTH = 10, 20_000, 80
CODE = re.compile(r"[0-9A-Z]{1,20}")
DIGITS = {Level.COMMUNITY: 12, Level.CELL: 14}


def check_plan(area: Area, targets: Sequence[dict], *, ends: bool) -> None:
    """Raise BadInput naming the line of `targets` unless the plan can be carried out as the areas stand now."""
    if area.level not in DIGITS or not area.is_active:
        raise BadInput(_("Communities and cells that are in use can be cut anew."), field="area")
    if not 0 < len(targets) <= MOST_TARGETS:
        raise BadInput(_("Name 1 to %(most)s areas.") % {"most": MOST_TARGETS}, field="targets")
    _check_codes(targets)
    if len({one["code"] for one in targets}) < len(targets):
        raise BadInput(_("An area is named twice."), field="targets")
    known = Area.objects.select_related("parent").in_bulk([one["code"] for one in targets], field_name="code")
    for line, one in enumerate(targets, 1):
        problem = _wrong_target(area, one, known.get(one["code"]), ends)
        if problem:
            raise BadInput(_("Line %(line)s: %(problem)s") % {"line": line, "problem": problem}, field="targets")
    _check_taken(area, targets)


def _check_codes(targets: Sequence[dict]) -> None:
    """Raise BadInput for what cannot be a code, before the database is asked for it."""
    for line, one in enumerate(targets, 1):
        for code in (one["code"], *one["takes"]):
            if not CODE.fullmatch(code):
                problem = _("“%(code)s” is no code: digits, and letters in the code of a building.")
                shown = "".join(letter for letter in code[:30] if letter.isprintable())
                text = _("Line %(line)s: %(problem)s")
                raise BadInput(text % {"line": line, "problem": problem % {"code": shown}}, field="targets")


def _wrong_target(area: Area, one: dict, known: Area | None, ends: bool) -> str | None:
    """Return what is wrong with one line, or None."""
    if not ends and not one["takes"]:
        return _("Where the area lives on, say what is taken from it.")
    if known is not None:
        return _wrong_existing(area, known, "" if one.get("is_made") else one["name"])
    prefix = area.parent.code if area.parent else ""
    digits = DIGITS[Level(area.level)]
    code = one["code"]
    if not (code.isascii() and code.isdigit() and len(code) == digits and code.startswith(prefix)):
        text = _("“%(code)s” is no code of such an area: %(count)s digits that begin with %(prefix)s.")
        return text % {"code": code[:20], "count": digits, "prefix": prefix}
    if not one["name"]:
        return _("No area has the code %(code)s; give a name to set it up.") % {"code": code}
    checked_text(one["name"], NAME_LENGTH, field="targets")
    return None


def _wrong_existing(area: Area, known: Area, name: str) -> str | None:
    if known.pk == area.pk or known.level != area.level or not known.is_active:
        return _("%(area)s is not another area in use of the same level.") % {"area": known}
    if name:
        return _("The code %(code)s is in use.") % {"code": known.code}
    if known.path.split("/")[:3] != area.path.split("/")[:3]:
        return _("%(area)s lies in another district.") % {"area": known}
    return None


def _check_taken(area: Area, targets: Sequence[dict]) -> None:
    """Raise BadInput for what is taken twice, or does not lie in the area."""
    taken = [code for one in targets for code in one["takes"]]
    if len(taken) > MOST_TAKEN:
        raise BadInput(_("At most %(most)s codes can be named.") % {"most": MOST_TAKEN}, field="targets")
    if len(set(taken)) < len(taken):
        ((twice, _count),) = Counter(taken).most_common(1)
        raise BadInput(_("%(code)s is taken twice.") % {"code": twice[:30]}, field="targets")
    found = set(Area.objects.filter(parent=area, is_active=True, code__in=taken).values_list("code", flat=True))
    found.update(Building.objects.filter(area=area, code__in=taken).values_list("code", flat=True))
    if strange := [code for code in taken if code not in found]:
        text = _("%(code)s is neither an area nor a building that lies directly in %(area)s.")
        raise BadInput(text % {"code": strange[0][:30], "area": area}, field="targets")
