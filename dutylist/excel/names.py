"""Areas and units as a sheet names them, and the other way round; a whole sheet with a handful of queries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from grid.choices import Level
from grid.models import Area, Unit
from grid.selectors import current_unit, find_units_by_names
from shenzhen_gov.core.texts import joined
from shenzhen_gov.core.workbooks import as_key

BETWEEN = re.compile(r"\s*[/›>]\s*")
WITH_CODE = re.compile(r"^.*\[\s*([-\w]+)\s*\]$", re.DOTALL)


class Areas:
    """The areas of the territory: id → its name with the areas around it, and back."""

    def __init__(self, used: Iterable[int] = (), sought: Iterable[str] = ()):
        wanted = Q(level__lt=Level.CELL) | Q(pk__in=set(used)) | Q(code__in=set(sought))
        rows = Area.objects.filter(wanted).order_by("path").values_list("pk", "code", "name", "short_name", "path")
        self.texts: dict[int, str] = {}
        self.paths: dict[int, str] = {}
        self.by_code: dict[str, int] = {}
        self.by_name: dict[str, set[int]] = defaultdict(set)
        for pk, code, name, short_name, path in rows:
            around = [int(part) for part in path.strip("/").split("/")]
            self.texts[pk] = short_name if len(around) < 2 else f"{self._below_the_city(around)}{short_name}"
            self.by_code[code], self.paths[pk] = pk, path
            for text in {name, short_name, self.texts[pk]}:
                self.by_name[as_key(text)].add(pk)

    def _below_the_city(self, around: list[int]) -> str:
        parent = self.texts.get(around[-2]) if len(around) > 2 else None
        return f"{parent}/" if parent else ""

    def find(self, text: str) -> int:
        """Return the id of the area meant. Raises ValueError with what is wrong."""
        if (known := self.by_code.get(as_key(text))) is not None:
            return known
        found = self.by_name.get(as_key(BETWEEN.sub("/", text)), set())
        if len(found) == 1:
            return next(iter(found))
        if not found:
            raise ValueError(_("There is no area “%(name)s”.") % {"name": text})
        listed = joined(sorted(self.texts[pk] for pk in found))
        raise ValueError(_("“%(name)s” may be any of: %(areas)s.") % {"name": text, "areas": listed})


class Units:
    """The units of all times by their names: id → name, with its code where the name alone would mislead, and back.

    A name that a unit bore once leads to whoever does its work on the day `on`; a code means that very unit.
    """

    def __init__(self, *, on: date, used: Iterable[int] = (), sought: Iterable[str] = ()):
        self.on = on
        sought = {text for text in sought if text}
        codes = {code for text in sought for code in (text, self._code_in(text)) if code}
        own = Q(pk__in=set(used)) | Q(code__in=codes)
        self.units = self._load(own)
        names = {unit.name for unit in self.units.values()} | sought
        self.ids = find_units_by_names(names)
        self.units |= self._load(Q(pk__in={pk for ids in self.ids.values() for pk in ids} - self.units.keys()))
        self.by_code = {as_key(unit.code): unit.pk for unit in self.units.values()}
        self.texts = {pk: self._text(unit) for pk, unit in self.units.items()}

    @staticmethod
    def _load(condition: Q) -> dict[int, Unit]:
        return {unit.pk: unit for unit in Unit.objects.filter(condition).select_related("successor__successor")}

    @staticmethod
    def _code_in(text: str) -> str:
        found = WITH_CODE.match(text)
        return found[1] if found else ""

    def _text(self, unit: Unit) -> str:
        return unit.name if self._candidates(unit.name) == [unit] else f"{unit.name} [{unit.code}]"

    def _candidates(self, name: str) -> list[Unit]:
        """Return who may be meant by a name: whoever is called so today goes before those who were."""
        named = [self.units[pk] for pk in self.ids.get(name, ())]
        if today := [unit for unit in named if unit.name == name and unit.closed_on is None]:
            return today
        return list({unit.pk: unit for unit in (current_unit(unit, self.on) for unit in named)}.values())

    def find(self, text: str) -> int:
        """Return the id of the unit meant. Raises ValueError with what is wrong."""
        for code in (as_key(self._code_in(text)), as_key(text)):
            if code in self.by_code:
                return self.by_code[code]
        found = self._candidates(text)
        if len(found) == 1:
            return found[0].pk
        if not found:
            raise ValueError(_("No unit is or was called “%(name)s”.") % {"name": text})
        listed = joined(sorted(f"{unit.name} [{unit.code}]" for unit in found))
        raise ValueError(_("“%(name)s” may be any of: %(units)s. Give the code.") % {"name": text, "units": listed})
