"""The address register: importing 600,000 buildings, searching them, and the area of a point among 20,000 polygons.

Import of 20,000 outlines too. In this process, through the services and selectors that the pages and the command use.
"""

from __future__ import annotations

import csv
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection
from django.utils import timezone

from grid.choices import Level, UnitKind
from grid.geometry import OutlineIndex
from grid.models import Area, AreaOutline, Role, Staff, Unit
from grid.selectors import find_buildings
from grid.services import NewStaff, create_staff, grant_role
from grid.services.outlines import import_outlines
from grid.services.place_imports import import_places
from shenzhen_gov.core.actor import Actor

from .context import Context
from .report import LOWER, Result, median_of, percentile

BUILDINGS, POLYGONS = 600_000, 20_000
RUNS = 3
PASSWORD = "bench-2026-only"  # noqa: S105 - of accounts in a database that is dropped at the end
CHARACTERS = "翠竹苑花园新村大厦龙凤祥和锦绣金色阳光名都华庭雅居海岸城山水湖畔东南西北中兴富强民主文明永安康泰"
ENDINGS = ("花园", "新村", "大厦", "小区", "苑")
COMMON = ("花园1", "大厦3", "新村2", "深圳市", "小区1")  # in every tenth building or more
NOWHERE = ("饕餮魑", "九龙寨")
CORNERS = 24  # of a generated polygon
BY = Actor.system("bench")


def run(ctx: Context) -> list[Result]:
    """Import, search as three people, ask for points, import outlines."""
    return [*_import(ctx), *_searches(ctx), *_points(ctx), *_outlines(ctx)]


def _import(ctx: Context) -> list[Result]:
    ctx.say("importing")
    count = ctx.size(BUILDINGS, 5_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "buildings.csv"
        _write(path, count)
        taken = [_timed_import(path)]
        taken.append(_timed_import(path))  # nothing is new
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE grid_building")
        cursor.execute("SELECT pg_total_relation_size('grid_building')")
        size = cursor.fetchone()[0]
    return [
        Result(f"import of {count:,} buildings", round(taken[0], 1), "s", 180, LOWER),
        Result("the same table again", round(taken[1], 1), "s", None, LOWER),
        Result("size of the register, a building", round(size / count), "bytes", None, LOWER),
    ]


def _timed_import(path: Path) -> float:
    started = time.perf_counter()
    with path.open("rb") as file:
        done = import_places(path.name, file, source="bench", by=BY, now=timezone.now())
    if done.faulty:
        raise RuntimeError(done.faults[0])
    return time.perf_counter() - started


def _write(path: Path, count: int) -> None:
    """Write a table of invented buildings, spread over all communities."""
    chance = random.Random(1)
    areas = list(Area.objects.filter(level=Level.COMMUNITY, is_active=True).order_by("code"))
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["building_code", "name", "address", "use", "floors", "longitude", "latitude"])
        for number in range(count):
            area = areas[number * len(areas) // count]
            name = f"{_word(chance, 3)}{chance.choice(ENDINGS)}{chance.randint(1, 60)}栋"
            address = f"深圳市{area.short_name}{_word(chance, 2)}路{chance.randint(1, 400)}号"
            point = (round(113.8 + chance.random() * 0.8, 6), round(22.45 + chance.random() * 0.4, 6))
            rows.writerow([f"{area.code}00{number % 100_000:05d}", name, address, "housing", 18, *point])


def _word(chance: random.Random, length: int) -> str:
    return "".join(chance.choice(CHARACTERS) for _n in range(length))


def _searches(ctx: Context) -> list[Result]:
    city = Unit.objects.get(kind=UnitKind.CENTRE, level=Level.CITY)
    station = Unit.objects.filter(kind=UnitKind.COMMUNITY).order_by("code").first()
    chance, count = random.Random(2), ctx.size(200, 10)
    words = {
        "3 characters of names": [_word(chance, 1) + chance.choice(ENDINGS)[:2] for _n in range(count)],
        "3 common characters": list(COMMON) * (count // len(COMMON)),
        "3 characters that are nowhere": list(NOWHERE) * (count // len(NOWHERE)),
        "beginning of a code": [station.home_area.code[:length] for length in (6, 9, 12)] * (count // 3),
    }
    results = []
    for name, unit in (
        ("whole city", city),
        ("one district", Unit.objects.get(code="centre-440309")),
        ("one community", station),
    ):
        staff = _staff(name, unit)
        for way, texts in words.items():
            ctx.say(f"searching: {name}, {way}")
            runs = [_p95(texts, lambda text, pk=staff.pk: _search(text, pk)) for _n in range(RUNS)]
            results.append(median_of(f"{name}: {way}, p95", runs, "ms", 60, LOWER))
    return results


def _staff(name: str, unit: Unit) -> Staff:
    by, now = Actor.system("bench"), timezone.now()
    staff = create_staff(NewStaff(f"bench-{name.replace(' ', '-')}", PASSWORD, unit.pk, "测", "试"), by=by, now=now)
    role = "community_secretary" if unit.kind == UnitKind.COMMUNITY else "leader"
    grant_role(staff.pk, Role.objects.get(code=role).pk, unit.pk, by=by, now=now)
    return staff


def _search(text: str, staff_id: int) -> None:
    find_buildings(text, Staff.objects.get(pk=staff_id))


def _p95(texts: list[str], ask: Callable[[str], None]) -> float:
    """Return the 95th percentile in ms."""
    taken = []
    for text in texts:
        started = time.perf_counter()
        ask(text)
        taken.append((time.perf_counter() - started) * 1000)
    return percentile(taken, 0.95)


def _points(ctx: Context) -> list[Result]:
    ctx.say("point to area")
    count = ctx.size(POLYGONS, 500)
    started = time.perf_counter()
    index = OutlineIndex(list(_polygons(count)))
    built = time.perf_counter() - started
    chance = random.Random(3)
    points = [(113.8 + chance.random() * 0.8, 22.45 + chance.random() * 0.4) for _n in range(20_000)]
    runs = []
    for _n in range(RUNS):
        started = time.perf_counter()
        found = sum(index.find(*point) is not None for point in points)
        runs.append((time.perf_counter() - started) / len(points) * 1e6)
    if found < len(points) // 2:
        raise RuntimeError(f"only {found} of {len(points)} points lie in a polygon")
    return [
        median_of(f"point → area over {count:,} polygons", runs, "µs", 50, LOWER),
        Result("making the index, once a process", round(built, 2), "s", None, LOWER),
    ]


def _outlines(ctx: Context) -> list[Result]:
    """Bring the outlines of as many new cells, as a worker does; the sample ones would lie below them."""
    ctx.say("importing outlines")
    count = ctx.size(POLYGONS, 500)
    codes = list(Area.objects.filter(level=Level.COMMUNITY, code__regex=r"^[0-9]{12}$").values_list("code", flat=True))
    features = []
    for number, _level, geometry in _polygons(count):
        code = f"{codes[number % len(codes)]}{50 + number // len(codes):02d}"
        told = {"code": code, "name": f"{number}"}
        features.append({"type": "Feature", "properties": told, "geometry": json.loads(geometry)})
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    AreaOutline.objects.all().delete()
    started = time.perf_counter()
    done = import_outlines(data, source="bench", by=BY, now=timezone.now())
    taken = time.perf_counter() - started
    if done.cells != count:
        raise RuntimeError(f"{done.cells} of {count} cells were set up")
    return [Result(f"import of {count:,} outlines that set up their cells", round(taken, 1), "s", None, LOWER)]


def _polygons(count: int) -> Iterator[tuple[int, int, str]]:
    """Yield a grid of cells over the city; each side has corners, as real outlines have."""
    side = int(count**0.5)
    wide, high = 0.8 / side, 0.4 / side
    for number in range(count):
        west, south = 113.8 + number % side * wide, 22.45 + number // side * high
        steps = [place / (CORNERS // 4) for place in range(CORNERS // 4)]
        ring = [(west + wide * step, south) for step in steps]
        ring += [(west + wide, south + high * step) for step in steps]
        ring += [(west + wide * (1 - step), south + high) for step in steps]
        ring += [(west, south + high * (1 - step)) for step in steps]
        yield number, Level.CELL, json.dumps({"type": "MultiPolygon", "coordinates": [[[*ring, ring[0]]]]})
