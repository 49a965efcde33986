"""Requests as channels send them: every item and community in turn, texts and callers varied, always the same ones."""

from __future__ import annotations

import random
from datetime import datetime
from functools import cache

from django.utils import timezone

from dispatch.services import decide_many
from dutylist.models import ItemVersion, Responsibility
from grid.choices import Level
from grid.models import Area
from intake.choices import RequestType
from intake.models import Case, Channel

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
    """Return (code, name) of the items that some unit answers for in the whole city, so that nothing needs a person.

    What a rule or a veto gives to a person because of its very name, such as what concerns minors, is left out.
    """
    now = timezone.now()
    answered = Responsibility.objects.values("version")
    versions = ItemVersion.objects.in_force(timezone.localdate(now)).filter(pk__in=answered, is_secret=False)
    cases = [_imagined(number, one, now) for number, one in enumerate(versions.order_by("item__code"), 1)]
    drafts = decide_many(cases, now)
    return [(draft.version.item.code, draft.version.name) for draft in drafts if draft.unit and draft.version]


def _imagined(number: int, version: ItemVersion, now: datetime) -> Case:
    """Return a case about this item that is nowhere stored, with all that the texts could say."""
    text = "".join(text.format(item=version.name, place="") for text in TEXTS)
    return Case(
        pk=-number, title=version.name, content=text, request_type=RequestType.COMPLAINT, item_id=version.item_id,
        area=_community(), channel_id=_channel(), registered_at=now, accepted_at=now,
    )  # fmt: skip


@cache
def _community() -> Area:
    return Area.objects.filter(level=Level.COMMUNITY, is_active=True).select_related("parent").order_by("code")[0]


@cache
def _channel() -> int:
    return Channel.objects.get(code="wechat").pk
