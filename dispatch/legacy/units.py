"""The units that the rows of a file name: stable by their id, with dated names, each below its district's centre."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from grid.choices import Level, NameKind, UnitKind
from grid.models import Unit, UnitName
from grid.services import NewUnit, add_alias, create_unit, create_units, rename_unit
from shenzhen_gov.core.actor import Actor

from .dated_names import Names, history_of, sightings
from .mapping import Mapping, UnitFunction
from .places import Places
from .reader import LegacyRow


class Units:
    """The units of a file below one district centre: created once, renamed as the rows tell it."""

    def __init__(self, mapping: Mapping, places: Places, centre: Unit, by: Actor, now: datetime):
        self.mapping, self.places, self.centre, self.by, self.now = mapping, places, centre, by, now
        self.ids: dict[str, int] = {}

    def bring_in_line(self, rows: Sequence[LegacyRow]) -> tuple[int, int]:
        """Create missing units and enter names that are new; returns how many of each."""
        seen: dict[str, list[tuple[date, str]]] = defaultdict(list)
        spelled: dict[tuple[str, str], str] = {}  # the first spelling of a name stands for all
        for given in rows:
            if given.unit_id:
                name = given.unit_name or given.unit_id
                seen[given.unit_id].append((given.day, spelled.setdefault((given.unit_id, _key(name)), name)))
        known = {unit.code: unit for unit in Unit.objects.filter(code__in=[self._code(unit_id) for unit_id in seen])}
        fresh = sorted(unit_id for unit_id in seen if self._code(unit_id) not in known)
        histories = {
            unit_id: history_of(sightings(seen[unit_id]), since=self.mapping.in_force_from) for unit_id in fresh
        }
        known |= {unit.code: unit for unit in self._create(histories)}
        self.ids = {unit_id: known[self._code(unit_id)].pk for unit_id in seen}
        borne: dict[int, list[UnitName]] = defaultdict(list)
        for row in UnitName.objects.filter(unit__in=self.ids.values()):
            borne[row.unit_id].append(row)
        units = {unit_id: known[self._code(unit_id)] for unit_id in sorted(seen)}
        return len(fresh), sum(self._enter_names(unit, borne[unit.pk], seen[key]) for key, unit in units.items())

    def _create(self, histories: dict[str, Names]) -> list[Unit]:
        if not histories:
            return []
        home = self._folder()
        taken = set(home.children.filter(closed_on=None).values_list("name", flat=True))
        return create_units(
            [self._new_unit(unit_id, names, home, taken) for unit_id, names in histories.items()],
            by=self.by,
            now=self.now,
            document=self.mapping.name,
        )

    def _folder(self) -> Unit:
        """Return the unit below the district centre under which the file's units hang, so that today's stay apart."""
        code = self.mapping.code("units")
        folder = Unit.objects.filter(code=code).first()
        if folder is None:
            name = f"{self.mapping.name}（历史导入单位）"
            new = NewUnit(
                code,
                code,
                UnitKind.SECTION,
                Level.DISTRICT,
                name,
                self.centre.code,
                self.places.district.code,
                self.mapping.in_force_from,
            )
            folder = create_unit(new, by=self.by, now=self.now, document=self.mapping.name)
        return folder

    def _new_unit(self, unit_id: str, names: Names, folder: Unit, taken: set[str]) -> NewUnit:
        every = [name for _day, name in (*names.official, *names.aliases)]
        home, rule, name = self.places.home_of(every), self._rule(every), names.official[0][1]
        aliases = [alias for _day, alias in names.aliases]
        if name in taken:  # two units of one name: told apart by where they are
            aliases.append(name)
            told_apart = f"{name}（{home.short_name}）"
            name = told_apart if told_apart not in taken else f"{name}（{unit_id}）"
        taken.add(name)
        return NewUnit(
            code=self._code(unit_id),
            function=rule.function if rule and rule.function else self._code(unit_id),
            kind=rule.kind if rule else UnitKind.BUREAU,
            level=rule.level if rule else Level.DISTRICT,
            name=name,
            parent=folder.code,
            home_area=home.code,
            opened_on=self.mapping.in_force_from,
            aliases=tuple(dict.fromkeys(aliases)),
        )

    def _rule(self, names: list[str]) -> UnitFunction | None:
        rules = self.mapping.unit_functions
        return next((rule for rule in rules if any(word in name for word in rule.words for name in names)), None)

    def _enter_names(self, unit: Unit, rows: list[UnitName], seen: list[tuple[date, str]]) -> int:
        """Enter names the unit is not known by: a name that took over as a rename on its day, others as aliases."""
        latest = max((row for row in rows if row.kind == NameKind.OFFICIAL), key=lambda row: row.valid_from)
        if unit.closed_on is not None:
            return 0  # its history has ended; the case keeps the name it came with
        known = {_key(row.name): row.name for row in rows} | {_key(latest.name): latest.name}
        borne = ((day, known.get(_key(name), name)) for day, name in seen)
        counts = sightings((day, name) for day, name in borne if _key(name) not in known or name == latest.name)
        names = history_of(counts, since=latest.valid_from, current=latest.name)
        for day, name in names.official[1:]:
            self._rename(unit, name, day)
        for day, name in names.aliases:
            self._alias(unit, name, day)
        return len(names.official) - 1 + len(names.aliases)

    def _rename(self, unit: Unit, name: str, day: date) -> None:
        siblings = Unit.objects.filter(parent=unit.parent_id, closed_on=None).exclude(pk=unit.pk)
        if siblings.filter(name=name).exists():
            self._alias(unit, name, day)
        else:
            rename_unit(unit.pk, name, day, by=self.by, now=self.now, document=self.mapping.name)

    def _alias(self, unit: Unit, name: str, day: date) -> None:
        add_alias(unit.pk, name, by=self.by, now=self.now, valid_from=day, source=self.mapping.name)

    def _code(self, unit_id: str) -> str:
        return self.mapping.code(unit_id.lower())


def _key(name: str) -> str:
    """Return a name as names are compared (grid.querysets.NameKey): full and half width alike, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).split()).lower()
