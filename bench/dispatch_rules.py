"""500 rules against 1,000 cases, as the pipeline holds them together; and what reading the rules anew costs.

The rules are those an expert might write: words with an item, words in an area, patterns, hours, channels, marks. The
cases are made up of sentences of which some hit. Nothing is written: the engine only reads cases.
"""

from __future__ import annotations

import random
from datetime import timedelta

from django.utils import timezone

from dispatch.models import Rule, RuleVersion
from dispatch.rules.checking import check_version
from dispatch.rules.engine import RuleBook, compile_rules
from dutylist.models import ItemVersion
from grid.choices import Level
from grid.models import Area
from intake.models import Case

from .context import Context, seconds
from .report import LOWER, Result, median_of

RULES, CASES = 500, 1_000
RUNS = 7
NAMES = "路灯 井盖 噪声 工地 垃圾 摊贩 停水 停电 欠薪 物业 电梯 楼道 消防 油烟 积水 树木 违建 车位 公交 学位".split()  # noqa: SIM905
THINGS = "不亮 破损 扰民 堵塞 丢失 外溢 乱停 太吵 没人管 反复 漏水 倾斜 开裂 异味 占道 超时 拖欠 投诉 无照 倒伏".split()  # noqa: SIM905
FILLER = "居民来电反映小区附近情况已经持续多日希望有关部门尽快到现场核实处理并答复谢谢"


def run(ctx: Context) -> list[Result]:
    """Make rules and cases in memory, match them with the index and without."""
    chance, today = random.Random(5), timezone.localdate()
    versions = _rules(chance, ctx.size(RULES, 50), today)
    cases = _cases(chance, ctx.size(CASES, 100))
    compiled = [seconds(lambda: RuleBook(compile_rules(versions, today))) * 1000 for _ in range(RUNS)]
    book = RuleBook(compile_rules(versions, today))
    indexed = [seconds(lambda: [book.match(case) for case in cases]) for _ in range(RUNS)]
    naive = [seconds(lambda: [book.match_all(case) for case in cases]) for _ in range(3)]
    hits = sum(bool(book.match(case).rules) for case in cases)
    checked = [seconds(lambda: check_version(versions[0], versions, today)) * 1000 for _ in range(3)]
    note = f"{len(versions)} rules, {len(cases):,} cases, {hits} of them hit"
    return [
        median_of("rules matched, behind the index", indexed, "s", 0.3, LOWER, note=note),
        median_of("the same, every rule tried", naive, "s", None, LOWER),
        median_of("rules read and compiled", compiled, "ms", 200, LOWER),
        median_of("one rule checked against all others", checked, "ms", 2000, LOWER),
    ]


def _rules(chance: random.Random, count: int, today) -> list[RuleVersion]:
    items = list(ItemVersion.objects.in_force(today).values_list("item__code", flat=True)[:300])
    city = Area.objects.get(level=Level.CITY)
    areas = list(
        Area.objects.filter(level__gt=Level.CITY, is_active=True).order_by("code").values_list("code", flat=True)
    )
    return [_rule(chance, number, items, areas, city, today) for number in range(1, count + 1)]


def _rule(chance: random.Random, number: int, items: list[str], areas: list[str], city: Area, today) -> RuleVersion:
    words = [chance.choice(NAMES) + chance.choice(["", *THINGS]) for _ in range(chance.randrange(1, 4))]
    leaves = [{"field": "text", "op": "contains_any", "value": words}]
    more = (
        [],
        [{"field": "text", "op": "contains_none", "value": chance.sample(THINGS, 2)}],
        [{"field": "area", "op": "in_area", "value": chance.sample(areas, 3)}],
        [
            {
                "any": [
                    {"field": "hour", "op": "between", "value": [0, 6]},
                    {"field": "urgency", "op": "eq", "value": "urgent"},
                ]
            }
        ],
        [{"field": "item", "op": "in", "value": chance.sample(items, min(3, len(items)))}],
    )
    pattern = [
        {
            "field": "text",
            "op": "regex",
            "value": f"{chance.choice(NAMES)}.{{0,12}}({'|'.join(chance.sample(THINGS, 3))})",
        }
    ]
    condition = {"all": pattern if number % 20 == 0 else [*leaves, *chance.choice(more)]}
    outcome = chance.choice(
        [{"item": chance.choice(items)}, {"person": "看一看"}, {"urgency": "urgent"}, {"flags": ["sensitive"]}]
    )
    rule = Rule(pk=number, code=f"B{number:03d}", area=city)
    return RuleVersion(
        pk=number, rule=rule, number=1, name="bench", condition=condition, outcome=outcome, priority=number % 90 + 1,
        valid_from=today - timedelta(days=1), state="published",
    )  # fmt: skip


def _cases(chance: random.Random, count: int) -> list[Case]:
    areas = list(Area.objects.filter(level=Level.COMMUNITY, is_active=True)[:300])
    versions = list(ItemVersion.objects.in_force(timezone.localdate()).values_list("item_id", flat=True)[:300])
    cases = []
    for number in range(1, count + 1):
        title = chance.choice(NAMES) + chance.choice(THINGS)
        parts = [chance.choice([FILLER, chance.choice(NAMES), chance.choice(THINGS)]) for _ in range(8)]
        cases.append(
            Case(
                pk=number, title=title, content="，".join(parts)[:300], address="民治街道", area=chance.choice(areas),
                item_id=chance.choice([None, *versions]), channel_id=1, request_type="help",
                registered_at=timezone.now() - timedelta(minutes=number),
            )
        )  # fmt: skip
    return cases
