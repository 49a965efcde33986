"""Requests as channels send them: every item and community in turn, texts and callers varied, always the same ones."""

from __future__ import annotations

import random

from django.utils import timezone

from dutylist.models import ItemVersion, Responsibility
from intake.choices import RequestType

TEXTS = (
    "{place}{item}，已经好几天了，一直没有人来处理，晚上尤其严重，希望尽快解决并回复。",
    "我是{place}的居民，反映{item}的问题，之前打过电话没有结果，请派人到现场看一下。",
    "{item}，地点在{place}路口附近，影响大家出行，请相关部门核实。",
)


def bodies(count: int, areas: list[str], *, seed: int) -> list[dict]:
    """Return the JSON bodies of `count` requests that the duty list answers in every community."""
    chance = random.Random(seed)
    items = _answered_everywhere()
    return [_body(chance, *chance.choice(items), chance.choice(areas)) for _ in range(count)]


def _body(chance: random.Random, code: str, name: str, area: str) -> dict:
    return {
        "content": chance.choice(TEXTS).format(item=name, place=f"第{chance.randrange(1, 40)}栋"),
        "request_type": chance.choice(RequestType.values),
        "phone": f"13{chance.randrange(10**9):09d}",
        "name": chance.choice("陈王李张刘黄林吴") + "先生",
        "area": area,
        "address": f"{chance.randrange(1, 300)}号",
        "item": code,
    }


def _answered_everywhere() -> list[tuple[str, str]]:
    """Return (code, name) of the items that some unit answers for in the whole city, so that nothing needs a person."""
    day = timezone.localdate()
    answered = Responsibility.objects.values("version")
    versions = ItemVersion.objects.in_force(day).filter(pk__in=answered, is_secret=False).order_by("item__code")
    return list(versions.values_list("item__code", "name"))
