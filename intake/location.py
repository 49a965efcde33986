"""From a text to an area: the names of districts, subdistricts and communities in it, and what they agree on.

A full name (民治街道) counts 2, a bare one (民治) counts 1, the bare name of a district counts 2. Names in one line of
the tree support each other; the best supported, most specific line wins. A bare name that is also an ordinary word
(光明), and every bare community, counts only directly behind a name that it lies in (龙华区民治街道北站). A name that
several districts have needs a parent beside it. Where the names contradict each other nothing is decided: the wider
area that they share is returned if it is named too, else none, and the candidates are kept for a person.

Estates, roads, buildings and stations (PlaceName) count like a full name of the area they lie in. A road through
several communities counts for the area that holds them all; through several districts, it needs one beside it.
"""

from __future__ import annotations

import csv
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from django.db.models import BigIntegerField, Count, Max
from django.db.models.expressions import RawSQL

from grid.choices import Level
from grid.models import Area
from shenzhen_gov.core.kept import NEVER, also_forget, is_old

from .choices import PlaceNameKind
from .models import PlaceName
from .spotting import Spotter

WORDS = Path(__file__).parent / "data" / "gazetteer_words.csv"
# What an area is called, longest first; without it the name is "bare".
SUFFIXES = ("特别合作区", "新区", "街道", "社区", "区", "镇")
# Behind a bare name these make another thing of it: 龙华路, 坪山大道, 南山医院.
OTHER_THINGS = (
    "路",
    "街",
    "大道",
    "道",
    "巷",
    "大厦",
    "花园",
    "公园",
    "医院",
    "学校",
    "小学",
    "中学",
    "地铁",
    "广场",
    "水库",
)
BETWEEN = " \t,，、·>›/-—"  # may stand between a name and the one inside it
FULL, BARE, CERTAIN = 2, 1, 2
SHORT = 2  # characters: a place name that short is taken for a part of a longer one before OTHER_THINGS
DISTRICTS = (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY)
CANDIDATES = 6


@dataclass(frozen=True)
class Evidence:
    """A word that led to the place, and where it stands in the text."""

    word: str
    start: int
    end: int
    area_id: int
    kind: str = ""  # of a place name; empty for the name of an area itself

    @property
    def kind_label(self) -> str:
        """Return what kind of place the word names, in the reader's language."""
        return str(PlaceNameKind(self.kind).label) if self.kind else ""


@dataclass(frozen=True)
class Place:
    """What a text says about the place: one area or none, the words, and what else it might be."""

    area: Area | None = None
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Area, ...] = ()


@dataclass(frozen=True)
class Mention:
    """A name in the text, with every area it may mean."""

    word: str
    start: int
    end: int
    areas: tuple[Area, ...]
    weight: int
    kind: str = ""


class Gazetteer:
    """The names of all areas in use and of places in them, ready for a search that costs one pass over the text.

    `places` are (name, kind, area id).
    """

    def __init__(
        self,
        areas: Iterable[Area],
        words: Iterable[dict[str, str]] = (),
        places: Iterable[tuple[str, str, int]] = (),
    ):
        self.areas = {area.pk: area for area in areas}
        words = list(words)
        self.ordinary = {row["word"] for row in words if row["kind"] == "ordinary"}
        self.full: dict[str, list[Area]] = {}
        self.bare: dict[str, list[Area]] = {}
        self._name_areas({row["target"]: row["word"] for row in words if row["kind"] == "alias"})
        self.places: dict[str, tuple[str, tuple[Area, ...]]] = {}
        self._name_places(places)
        self.spotter = Spotter({*self.full, *self.bare, *self.places})

    def _name_places(self, places: Iterable[tuple[str, str, int]]) -> None:
        lying = defaultdict(list)
        for name, kind, area_id in places:
            if area_id in self.areas and name not in self.full:
                lying[name].append((kind, self.areas[area_id]))
        for name, found in lying.items():
            self.places[name] = (found[0][0], self._meant([area for _kind, area in found], found[0][0]))

    def _meant(self, areas: list[Area], kind: str) -> tuple[Area, ...]:
        """Return what a name may mean: of a road, in each district, the narrowest area that holds all of it there."""
        if len(areas) == 1 or kind != PlaceNameKind.ROAD:
            return tuple(areas)
        by_district = defaultdict(list)
        for area in areas:
            by_district[_parts(area)[: Level.DISTRICT]].append(_parts(area))
        return tuple(self.areas[int(_common(chains)[-1])] for chains in by_district.values())

    def _name_areas(self, aliases: dict[str, str]) -> None:
        for area in self.areas.values():
            if area.level not in DISTRICTS:
                continue
            names = {area.name, area.short_name, *([aliases[area.name]] if area.name in aliases else [])}
            for name in names - {""}:
                self.full.setdefault(name, []).append(area)
                bare = bare_name(name)
                if bare != name:
                    self.bare.setdefault(bare, []).append(area)
        for name in self.full.keys() & self.bare.keys():  # a community officially called 田心 has no full form
            del self.bare[name]

    def find(self, text: str) -> Place:
        """Return the place that `text` names."""
        mentions = list({(m.word, m.areas): m for m in reversed(self._mentions(text))}.values())[::-1]  # each name once
        support = {
            area.pk: sum(m.weight for m in mentions if any(_holds(other, area) for other in m.areas))
            for m in mentions
            for area in m.areas
        }
        meant = {area.pk for m in mentions for area in _best_supported(m, support)}
        decided = [self.areas[pk] for pk in sorted(meant) if support[pk] >= CERTAIN]
        if not decided:
            return Place(candidates=self._listed(support))
        best = max((support[area.pk], area.level) for area in decided)
        winners = [area for area in decided if (support[area.pk], area.level) == best]
        leaves = _leaves(decided)
        if len(winners) == 1 and not self._contradicted(winners[0], mentions):
            others = [area for area in leaves if area != winners[0]]
            return Place(winners[0], _evidence(mentions, winners[0]), tuple(others[:CANDIDATES]))
        shared = self._shared(leaves, mentions)
        return Place(shared, _evidence(mentions, shared) if shared else (), tuple(leaves[:CANDIDATES]))

    def _mentions(self, text: str) -> list[Mention]:
        """Return the names in the text that count, in order."""
        mentions: list[Mention] = []
        for start, end, name in self.spotter.find(text):
            mention = self._mention(text, start, end, name, mentions[-1] if mentions else None)
            if mention:
                mentions.append(mention)
        return mentions

    def _mention(self, text: str, start: int, end: int, name: str, before: Mention | None) -> Mention | None:
        if name in self.full and self._is_marked(name):
            return Mention(name, start, end, tuple(self.full[name]), FULL)
        if text.startswith(OTHER_THINGS, end) and (name not in self.places or len(name) == SHORT):
            return None
        kind, places = self.places.get(name, ("", ()))
        areas = [*self.full.get(name, ()), *self.bare.get(name, ()), *places]
        if before and not text[before.end : start].strip(BETWEEN):
            inside = [area for area in areas if any(_holds(outer, area) and outer != area for outer in before.areas)]
            if inside:
                return Mention(name, start, end, tuple(_widest(inside)), BARE, kind)
        if name in self.ordinary:
            return None
        if places:
            return Mention(name, start, end, places, CERTAIN, kind)
        widest = _widest([area for area in areas if area.level != Level.COMMUNITY])
        if not widest:
            return None
        weight = CERTAIN if all(area.level == Level.DISTRICT for area in widest) else BARE
        return Mention(name, start, end, tuple(widest), weight)

    @staticmethod
    def _is_marked(name: str) -> bool:
        """Whether the name says what it is."""
        return name.endswith(SUFFIXES)

    def _contradicted(self, winner: Area, mentions: list[Mention]) -> bool:
        """Whether a name that counts fully lies in another line of the tree."""
        return any(
            m.weight >= FULL and not any(_holds(area, winner) or _holds(winner, area) for area in m.areas)
            for m in mentions
        )

    def _shared(self, leaves: list[Area], mentions: list[Mention]) -> Area | None:
        """Return the deepest named area that holds all of `leaves`."""
        named = [m.areas[0] for m in mentions if m.weight >= FULL and len(m.areas) == 1]
        around = [area for area in named if all(_holds(area, leaf) for leaf in leaves)]
        return max(around, key=lambda area: area.level, default=None)

    def _listed(self, ids: Iterable[int]) -> tuple[Area, ...]:
        return tuple(self.areas[pk] for pk in ids)[:CANDIDATES]


def bare_name(name: str) -> str:
    """Return a name without the word for what it is; names too short to stand alone stay whole."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return name


def find_place(address: str, content: str = "") -> Place:
    """Return the place of a request: the address decides, the text around it may make it more specific."""
    gazetteer = current_gazetteer()
    by_address = gazetteer.find(address) if address else Place()
    both = gazetteer.find(f"{address}\n{content}" if address else content)
    if by_address.area is None:
        return both
    return both if both.area is not None and _holds(by_address.area, both.area) else by_address


def path_names(area: Area) -> list[str]:
    """Return the names from the district down to `area`; the city goes without saying."""
    areas = _gazetteer_with(area).areas
    around = [areas[int(part)] for part in area.path.strip("/").split("/") if int(part) in areas]
    return [one.short_name for one in around if one.level != Level.CITY] or [area.short_name]


_kept: tuple[tuple, Gazetteer] | None = None
_looked_at = NEVER


def current_gazetteer() -> Gazetteer:
    """Return this process's gazetteer, built again when any area was added or changed."""
    global _kept, _looked_at
    _looked_at = time.monotonic()
    state = _state()
    kept = _kept
    if kept is None or kept[0] != state:
        areas = Area.objects.filter(is_active=True, level__lt=Level.CELL).order_by("path")
        places = PlaceName.objects.filter(is_active=True).order_by("name", "area__path")
        with WORDS.open(encoding="utf-8", newline="") as lines:
            built = Gazetteer(areas, csv.DictReader(lines), places.values_list("name", "kind", "area_id").iterator())
        kept = _kept = (state, built)
    return kept[1]


@also_forget
def _look_again() -> None:
    """Look again whether names changed, when the next one is read."""
    global _looked_at
    _looked_at = NEVER


def _gazetteer_with(area: Area) -> Gazetteer:
    """Return the gazetteer for reading names: a page with many areas does not look for changes at each of them."""
    kept = _kept
    is_fresh = kept is not None and area.pk in kept[1].areas and not is_old(_looked_at)
    return kept[1] if kept is not None and is_fresh else current_gazetteer()


def _state() -> tuple:
    """Return what tells one state of the names from another, with one question.

    Every write marks its row of the few areas with transaction and command; of the many place names their history is
    asked for its last entry.
    """
    mark = "xmin::text::bigint * 1000000 + least(cmin::text::bigint, 999999)"
    changed = RawSQL(mark, (), output_field=BigIntegerField())  # noqa: S611 - no value from outside
    places = RawSQL("(SELECT max(pgh_id) FROM intake_placenameevent)", (), output_field=BigIntegerField())  # noqa: S611
    marks = Area.objects.aggregate(rows=Count("pk"), last=Max("pk"), changed=Max(changed), places=Max(places))
    return tuple(marks.values())


def _holds(outer: Area, inner: Area) -> bool:
    return inner.path.startswith(outer.path)


def _best_supported(mention: Mention, support: dict[int, int]) -> list[Area]:
    """Return what an ambiguous name most likely means: the areas the other names speak for."""
    best = max(support[area.pk] for area in mention.areas)
    return [area for area in mention.areas if support[area.pk] == best]


def _widest(areas: list[Area]) -> list[Area]:
    """Return the areas that lie in none of the others."""
    return [area for area in areas if not any(_holds(outer, area) and outer != area for outer in areas)]


def _leaves(areas: list[Area]) -> list[Area]:
    """Return the areas that hold none of the others."""
    return [area for area in areas if not any(_holds(area, other) and other != area for other in areas)]


def _evidence(mentions: list[Mention], winner: Area) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(m.word, m.start, m.end, next(area.pk for area in m.areas if _holds(area, winner)), m.kind)
        for m in mentions
        if any(_holds(area, winner) for area in m.areas)
    )


def _parts(area: Area) -> tuple[str, ...]:
    """Return the ids of the areas around, widest first."""
    return tuple(area.path.strip("/").split("/"))


def _common(chains: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what all chains begin with."""
    shared = zip(*chains, strict=False)
    return tuple(parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, shared))
