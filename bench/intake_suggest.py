"""What the agent's desk is told while somebody types: at a list of 4,200 items, over 1,000,000 cases.

The whole answer as the desk asks it, through Django's test client (place, duty items, the same matter, knowledge), its
parts, the destination, and how soon a correction counts. Texts grow as they do under the hand: the beginnings of
example requests behind the name of a community.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dutylist.models import ItemVersion
from grid.choices import Level
from grid.models import Area, Staff
from intake.choices import ConfirmedBy
from intake.location import current_gazetteer, find_place
from intake.models import Case, Confirmation
from intake.selectors import assist, suggest_items
from intake.services import confirm_item, index_texts
from intake.services.place_names import PlaceNameRow, load_place_names
from intake.suggestion import ranking
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.launcher import prepare

from . import dutylist_world
from .context import Context, seconds
from .generate import generate
from .report import LOWER, Result, median_of, percentile

ITEMS, CASES, CONFIRMED, PLACES = 4_200, 1_000_000, 32, 60_000
RUNS = 3
CONFIRM = """
INSERT INTO intake_confirmation (case_id, item_id, confirmed_by, confirmed_at, revision)
SELECT id, item_id, 'agent', registered_at, nextval(pg_get_serial_sequence('intake_confirmation', 'id'))
  FROM (SELECT id, item_id, registered_at, row_number() OVER (PARTITION BY item_id ORDER BY id DESC) AS place
          FROM intake_case WHERE item_id IS NOT NULL) c
 WHERE place <= %s
"""


def run(ctx: Context) -> list[Result]:
    """Make the city, then measure what is built once and what every pause of an agent costs."""
    prepare.manage(ctx.env, "collectstatic", "--noinput")
    ctx.say("the list and the cases")
    dutylist_world.build(items=ctx.size(ITEMS, 1_700), batches=ctx.size(dutylist_world.BATCHES, 2))
    generate(ctx.size(CASES, 5_000))
    while index_texts():
        pass
    results = _built(ctx)
    texts = _texts(ctx.size(300, 20))
    day = timezone.localdate()
    parts: list[tuple[str, Callable, float | None]] = [
        ("place", lambda text: find_place("", text), None),
        ("duty items", lambda text: suggest_items(text, on=day), None),
        ("place, items, hints", lambda text: assist(**_fields(text), today=day), None),
        ("whole answer to the desk", _asker(reverse("intake:assist")), 50),
    ]
    for name, ask, aim in parts:
        results += _times(name, ask, texts, aim)
    return results + _destination(day, len(texts)) + _correction(day)


def _built(ctx: Context) -> list[Result]:
    """Measure loading place names, and what a process builds before its first answer."""
    areas = list(
        Area.objects.filter(level=Level.COMMUNITY, is_active=True).order_by("code").values_list("pk", flat=True)
    )
    count = ctx.size(PLACES, 2_000)
    rows = [PlaceNameRow(f"测试{number}花园", "estate", areas[number % len(areas)], "bench") for number in range(count)]
    loading = seconds(lambda: load_place_names(rows, by=Actor.system("bench"), now=timezone.now()))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CONFIRM, [CONFIRMED])
        confirmed = cursor.rowcount
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    gazetteer = seconds(current_gazetteer)
    ranking.forget()
    first = seconds(lambda: suggest_items("路灯不亮", on=timezone.localdate()))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return [
        Result(f"{count:,} place names loaded", round(loading, 2), "s", 10, LOWER),
        Result("gazetteer built", round(gazetteer, 2), "s", 5, LOWER),
        Result("items and confirmed cases learned", round(first, 2), "s", None, LOWER, note=f"{confirmed:,} confirmed"),
        Result("memory of it, at its peak", round(grown), "MB", 200, LOWER),
    ]


def _texts(count: int) -> list[str]:
    chance = random.Random(7)
    versions = ItemVersion.objects.in_force(timezone.localdate()).exclude(examples=[])
    examples = [example for listed in versions.values_list("examples", flat=True)[:2_000] for example in listed]
    places = [area.name for area in Area.objects.filter(level=Level.COMMUNITY)[:200]]
    return [
        f"{chance.choice(places)}{chance.choice(examples)}，{chance.choice(examples)}"[: chance.randrange(6, 120)]
        for _ in range(count)
    ]


def _fields(text: str) -> dict[str, str]:
    return dict.fromkeys(("address", "area", "house_code", "item", "search"), "") | {"content": text}


def _asker(address: str) -> Callable[[str], object]:
    client = Client(HTTP_HOST="localhost")
    client.force_login(Staff.objects.get(username="agent"))

    def ask(text: str) -> None:
        answer = client.post(address, _fields(text) | {"urgency": "normal", "phone": ""})
        if answer.status_code != 200:
            raise RuntimeError(f"POST {address}: {answer.status_code}")

    return ask


def _times(name: str, ask: Callable, texts: list, aim: float | None) -> list[Result]:
    ask(texts[0])
    runs = [[seconds(lambda text=text: ask(text)) * 1000 for text in texts] for _ in range(RUNS)]
    return [
        median_of(f"{name}, p50", [percentile(run, 0.5) for run in runs], "ms", None, LOWER),
        median_of(f"{name}, p95", [percentile(run, 0.95) for run in runs], "ms", aim, LOWER),
    ]


def _destination(day, count: int) -> list[Result]:
    client, address = Client(HTTP_HOST="localhost"), reverse("dispatch:forecast")
    client.force_login(Staff.objects.get(username="agent"))
    codes = list(ItemVersion.objects.in_force(day).values_list("item__code", flat=True)[:count])
    area = Area.objects.filter(level=Level.COMMUNITY, is_active=True).values_list("code", flat=True)[0]
    return _times("destination", lambda code: client.get(address, {"item": code, "area": area}), codes, 50)


def _correction(day) -> list[Result]:
    """Measure one correction: until the next answer puts the item first."""
    case = Case.objects.filter(pk__in=Confirmation.objects.values("case")).order_by("-pk")[0]
    other = ItemVersion.objects.in_force(day).exclude(item=case.item_id).order_by("item__code")[0]
    Case.objects.filter(pk=case.pk).update(title="铜锣湾鸽舍夜鸣", content="铜锣湾鸽舍夜里鸣叫不止")
    started = time.perf_counter()
    with transaction.atomic():
        confirm_item(case, other.item_id, suggested_id=None, confirmed_by=ConfirmedBy.DISPATCHER, now=timezone.now())
    found = suggest_items("铜锣湾鸽舍夜里鸣叫", on=day)
    taken = (time.perf_counter() - started) * 1000
    if found[0].item_id != other.item_id:
        raise RuntimeError("a correction did not count at the next question")
    return [Result("a correction written and counted", round(taken, 1), "ms", 50, LOWER)]
