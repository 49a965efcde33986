"""Matching cases against the rules in force. `match_many` is all that the pipeline needs.

Of several rules that match, the first by priority (then by code) decides each of item, unit and person; urgency rises
and flags add up. A rule that fails is told with the case, never skipped: the pipeline sends the case to a person and
`services.note_matches` writes the alarm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from dispatch.choices import RuleProblem
from dispatch.models import RuleVersion
from dispatch.reasons import reason
from dispatch.workflow import RULE_PUBLISHED
from dutylist.models import Item
from dutylist.selectors import versions_in_force
from grid.choices import Level
from grid.models import Area, Unit
from intake.models import Case, Channel
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.kept import kept
from shenzhen_gov.core.worktime import MissingCalendarYear

from .conditions import Group, Names, Node, leaves_of, raw_leaves, read_condition
from .fields import Reading
from .index import RuleIndex
from .outcomes import EXCLUSIVE, SEVERITY, Outcome, read_outcome
from .wording import store_facts


@dataclass(frozen=True)
class Problem:
    """A rule failed for a case; `detail` names the error, never what stands in the case."""

    version: RuleVersion
    code: RuleProblem
    detail: str = ""


@dataclass
class Matched:
    """What the rules say about one case."""

    item_id: int | None = None
    unit_id: int | None = None
    force_person: str | None = None  # the reason the rule gives
    urgency: str | None = None
    flags: set[str] = field(default_factory=set)
    by: dict[str, RuleVersion] = field(default_factory=dict)  # item, unit, person → the version that says so
    rules: list[RuleVersion] = field(default_factory=list)  # whatever had a say
    facts: list[dict] = field(default_factory=list)  # of each of them, the conditions that held (rules/wording.py)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rule(self) -> RuleVersion | None:
        """Return the version that decided most: a person, else the unit, else the item, else the first that matched."""
        found = (self.by[kind] for kind in ("person", "unit", "item") if kind in self.by)
        return next(found, self.rules[0] if self.rules else None)

    def reasons(self) -> list[dict]:
        """Return what a decision stores (dispatch/reasons.py): each rule with its conditions, each failure."""
        said = [reason("rule_held", conditions=one["conditions"], **one["rule"]) for one in self.facts]
        failed = [
            reason("rule_failed", ok=False, rule=problem.version, problem=problem.code.value)
            for problem in self.problems
        ]
        return said + failed


@dataclass
class CompiledRule:
    """A version ready to be matched. `fails` says why its outcome cannot be carried out today."""

    version: RuleVersion
    condition: Node
    outcome: Outcome
    item_id: int | None = None
    unit_id: int | None = None
    fails: RuleProblem | None = None

    @property
    def order(self) -> tuple[int, str]:
        """Return what the first rule is found by."""
        return self.version.priority, self.version.rule.code


class Unreadable:
    """Stands where a condition cannot be read: asking it fails, for every case of the rule's area."""

    parts: tuple = ()
    mode = "all"

    def holds(self, reading: Reading) -> bool:
        """Fail."""
        raise UnreadableRule


class UnreadableRule(Exception):
    """The stored condition is no condition."""


class RuleBook:
    """Rules that hold on one day, behind an index."""

    def __init__(self, rules: Iterable[CompiledRule]):
        self.rules = sorted(rules, key=lambda rule: rule.order)
        self.index = RuleIndex([rule.condition for rule in self.rules])

    def match(self, case: Case) -> Matched:
        """Return what the rules say about a case."""
        reading, matched = Reading(case), Matched()
        for place in self.index.candidates(reading):
            _try(self.rules[place], reading, matched)
        return matched

    def match_all(self, case: Case) -> Matched:
        """Return the same without the index: what the index is tested against."""
        reading, matched = Reading(case), Matched()
        for rule in self.rules:
            _try(rule, reading, matched)
        return matched


def match_many(cases: Sequence[Case], now: datetime) -> dict[int, Matched]:
    """Return case id → what the rules in force say, for every case (with `area` loaded)."""
    book = book_on(timezone.localdate(now))
    return {case.pk: book.match(case) for case in cases}


def book_on(day: date) -> RuleBook:
    """Return the rules that hold on a day, as published a few seconds ago at the most."""
    shelf = _shelf()
    if day not in shelf.books:
        shelf.books = {day: make_book(shelf.versions, day)}
    return shelf.books[day]


def forget() -> None:
    """Drop what is kept, after a change of the rules."""
    _shelf.forget()


def make_book(versions: Iterable[RuleVersion], day: date) -> RuleBook:
    """Return the book of the versions that hold on a day: of each rule the newest that has begun, until it ends."""
    return RuleBook(compile_rules(holding_on(versions, day), day))


def holding_on(versions: Iterable[RuleVersion], day: date) -> list[RuleVersion]:
    """Return the versions that hold on a day."""
    newest: dict[int, RuleVersion] = {}
    for version in sorted(versions, key=lambda version: version.number):
        if version.valid_from <= day:
            newest[version.rule_id] = version
    return [version for version in newest.values() if version.valid_to is None or version.valid_to >= day]


def published_versions() -> list[RuleVersion]:
    """Return every published version with its rule and area."""
    return list(RuleVersion.objects.filter(state=RULE_PUBLISHED).select_related("rule__area").order_by("id"))


def compile_rules(versions: Sequence[RuleVersion], day: date) -> list[CompiledRule]:
    """Return the versions ready to be matched, looking up all the codes in them at once."""
    names = load_names(version.condition for version in versions)
    outcomes = [_outcome_of(version) for version in versions]
    items = dict(Item.objects.filter(code__in={o.item for o in outcomes if o and o.item}).values_list("code", "pk"))
    in_force = versions_in_force(items.values(), day)
    units = Unit.objects.open_on(day).filter(code__in={o.unit for o in outcomes if o and o.unit})
    unit_ids = dict(units.values_list("code", "pk"))
    items = {code: pk for code, pk in items.items() if pk in in_force}
    return [_compile(*pair, names, items, unit_ids) for pair in zip(versions, outcomes, strict=True)]


def load_names(conditions: Iterable[dict]) -> Names:
    """Return what the codes in conditions stand for."""
    codes: dict[str, set[str]] = {"area": set(), "item": set(), "channel": set()}
    for condition in conditions:
        for leaf in raw_leaves(condition):
            if leaf.get("field") in codes:
                codes[leaf["field"]] |= _codes_of(leaf.get("value"))
    return Names(
        areas=dict(Area.objects.filter(code__in=codes["area"]).values_list("code", "path")),
        items=dict(Item.objects.filter(code__in=codes["item"]).values_list("code", "pk")),
        channels=dict(Channel.objects.filter(code__in=codes["channel"]).values_list("code", "pk")),
    )


def _codes_of(value) -> set[str]:
    listed = value if isinstance(value, list) else [value]
    return {one for one in listed if isinstance(one, str) and "\x00" not in one}


def in_territory(condition: Node, area: Area) -> Node:
    """Return the condition with the rule's own area before it; a rule of the city holds everywhere."""
    if area.level == Level.CITY:
        return condition
    data = {"all": [{"field": "area", "op": "in_area", "value": [area.code]}]}
    return Group("all", (*read_condition(data, Names(areas={area.code: area.path})).parts, condition))


def _outcome_of(version: RuleVersion) -> Outcome | None:
    try:
        return read_outcome(version.outcome)
    except Refused:
        return None


def _compile(version: RuleVersion, outcome: Outcome | None, names: Names, items: dict, units: dict) -> CompiledRule:
    try:
        condition: Node = read_condition(version.condition, names)
    except Refused:
        condition = Unreadable()  # type: ignore[assignment]
    rule = CompiledRule(version, in_territory(condition, version.rule.area), outcome or Outcome())
    if outcome is None:
        rule.fails = RuleProblem.BROKEN
    elif outcome.item and outcome.item not in items:
        rule.fails = RuleProblem.ITEM_ENDED
    elif outcome.unit and outcome.unit not in units:
        rule.fails = RuleProblem.UNIT_CLOSED
    rule.item_id, rule.unit_id = items.get(rule.outcome.item), units.get(rule.outcome.unit)
    return rule


def _try(rule: CompiledRule, reading: Reading, matched: Matched) -> None:
    """Hold one rule against a case, and take over what it says."""
    try:
        if not rule.condition.holds(reading):
            return
    except UnreadableRule:
        matched.problems.append(Problem(rule.version, RuleProblem.BROKEN))
    except MissingCalendarYear:
        matched.problems.append(Problem(rule.version, RuleProblem.CALENDAR))
    except Exception as error:  # told with the case: a person decides, and somebody mends the rule
        matched.problems.append(Problem(rule.version, RuleProblem.FAILED, type(error).__name__))
    else:
        if rule.fails is not None:
            matched.problems.append(Problem(rule.version, rule.fails))
        elif _take(rule, matched):
            matched.rules.append(rule.version)
            matched.facts.append(store_facts(rule.version, leaves_of(rule.condition), reading))


def _take(rule: CompiledRule, matched: Matched) -> bool:
    """Take over what the rule says and nobody said before; returns whether it had a say."""
    said, outcome = False, rule.outcome
    for kind in EXCLUSIVE:
        if getattr(outcome, kind) and kind not in matched.by:
            matched.by[kind] = rule.version
            said = True
    for kind, name, value in (
        ("item", "item_id", rule.item_id),
        ("unit", "unit_id", rule.unit_id),
        ("person", "force_person", outcome.person),
    ):
        if matched.by.get(kind) is rule.version:
            setattr(matched, name, value)
    if outcome.urgency and SEVERITY[outcome.urgency] > SEVERITY.get(matched.urgency or "", 0):
        matched.urgency, said = outcome.urgency, True
    if set(outcome.flags) - matched.flags:
        matched.flags |= set(outcome.flags)
        said = True
    return said


class _Shelf:
    """The published versions and the book made of them last."""

    def __init__(self, versions: list[RuleVersion]):
        self.versions = versions
        self.books: dict[date, RuleBook] = {}


@kept
def _shelf() -> _Shelf:
    return _Shelf(published_versions())
