"""Replay of a rule over past cases: where rules and list would have sent them, before and after, and who had them.

The unit that really had a case is the one that closed its lead work, or, while it is open, the one a dispatcher chose.
A case starts from the item that somebody had chosen when it was first decided, else from the one suggested then. Cases
that a rule hands to a person are counted apart: what no machine decides can be neither right nor wrong. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dispatch.choices import DecisionMode, WorkRole
from dispatch.models import Decision, RuleVersion, WorkOrder
from dispatch.replaying import Progress
from dispatch.workflow import DONE, OPEN_STATES
from dutylist.selectors import duties_for
from grid.choices import Level
from grid.models import Area, Unit
from intake.models import Case

from .engine import Matched, RuleBook, make_book, published_versions

CHUNK = 500
SAMPLES = 12
BY_HAND = (DecisionMode.RECOMMENDED, DecisionMode.MANUAL)


@dataclass(frozen=True)
class Answer:
    """Where the machine would send a case: a unit, nobody, or a person because a rule says so."""

    unit_id: int | None
    is_person: bool = False


@dataclass
class Tally:
    """What is counted."""

    cases: int = 0
    matched: int = 0
    compared: int = 0
    agreed_before: int = 0
    agreed_after: int = 0
    moved: int = 0
    better: int = 0
    worse: int = 0
    new_right: int = 0
    new_wrong: int = 0
    to_person: int = 0
    samples: list[tuple[int, str, int, Answer, Answer]] = field(default_factory=list)

    def add(self, number: str, real: int, before: Answer, after: Answer) -> None:
        """Count one case."""
        self.cases += 1
        self.moved += before != after
        if before != after:
            self._keep(number, real, before, after)
        if after.is_person:
            self.to_person += not before.is_person
            return
        was, will = before.unit_id == real, after.unit_id == real
        self.compared += 1
        self.agreed_before += was
        self.agreed_after += will
        self.better += will and not was
        self.worse += was and not will
        if before.unit_id is None and after.unit_id is not None:
            self.new_right += will
            self.new_wrong += not will

    def _keep(self, number: str, real: int, before: Answer, after: Answer) -> None:
        """Keep some differences: the worse ones first, whatever their order."""
        rank = 0 if before.unit_id == real else 1 if after.unit_id != real else 2
        self.samples.append((rank, number, real, before, after))
        if len(self.samples) >= 10 * SAMPLES:
            self.samples = sorted(self.samples, key=lambda one: one[0])[:SAMPLES]


def replay_rule(version: RuleVersion, *, days: int, limit: int, now: datetime, progress: Progress) -> dict[str, Any]:
    """Return the figures of a replay over the newest `limit` cases of the last `days` days in the rule's area."""
    day, since = timezone.localdate(now), now - timedelta(days=days)
    published = published_versions()
    others = [one for one in published if one.rule_id != version.rule_id]
    before, after = make_book(published, day), make_book([*others, as_of(version, now)], day)
    past = _past_cases(version.rule.area, since, limit)
    tally = Tally()
    for done in range(0, len(past), CHUNK):
        progress(done, len(past))
        _replay_chunk(past[done : done + CHUNK], before, after, version, tally, now)
    progress(len(past), len(past))
    return {"days": days, "capped": len(past) >= limit, "limit": limit} | _figures(tally)


def why_not_publish(figures: dict[str, Any]) -> str | Promise | None:
    """Return why these figures forbid publishing, None when they do not: also where no past case could be measured."""
    if not figures.get("cases"):
        return None
    if figures["agreed_after"] < figures["agreed_before"]:
        text = _("The replay shows less agreement: %(after)s instead of %(before)s of %(count)s cases.")
        given = {"before": figures["agreed_before"], "after": figures["agreed_after"], "count": figures["compared"]}
        return text % given
    if figures["new_wrong"] > figures["new_right"]:
        text = _("Of the cases that it newly sends somewhere, the replay shows %(wrong)s wrong and %(right)s right.")
        return text % {"wrong": figures["new_wrong"], "right": figures["new_right"]}
    return None


def as_of(version: RuleVersion, now: datetime) -> RuleVersion:
    """Return the version as if it held today, so that one that begins later can be replayed."""
    names = [one.attname for one in RuleVersion._meta.concrete_fields]
    copy = RuleVersion(**{name: getattr(version, name) for name in names})
    copy.rule = version.rule
    copy.valid_from, copy.valid_to = timezone.localdate(now), None
    return copy


def _past_cases(area: Area, since: datetime, limit: int) -> list[tuple[int, int]]:
    """Return (case id, unit id) of closed cases and of those a dispatcher decided, the newest first."""
    orders = WorkOrder.objects.filter(role=WorkRole.LEAD, parent=None)
    if area.level != Level.CITY:
        orders = orders.filter(area__path__startswith=area.path)
    closed = orders.filter(state=DONE, ended_at__gte=since).order_by("-ended_at", "-id")
    chosen = orders.filter(state__in=OPEN_STATES, assigned_at__gte=since, decision__mode__in=BY_HAND).order_by("-id")
    found: dict[int, int] = {}
    for some in (closed, chosen):
        for case_id, unit_id in _pairs(some, limit):
            found.setdefault(case_id, unit_id)
    return list(found.items())[:limit]


def _pairs(orders: QuerySet[WorkOrder], limit: int) -> Iterator[tuple[int, int]]:
    return orders.values_list("case_id", "unit_id")[:limit].iterator()


def _replay_chunk(
    past: Sequence[tuple[int, int]],
    before: RuleBook,
    after: RuleBook,
    version: RuleVersion,
    tally: Tally,
    now: datetime,
) -> None:
    cases, suggested = _as_first_decided([case_id for case_id, _unit in past])
    matches = {pk: (before.match(case), after.match(case)) for pk, case in cases.items()}
    leads = _leads(cases, matches, suggested, now)
    for case_id, real in past:
        if case_id not in cases:
            continue
        first, second = matches[case_id]
        tally.matched += any(one.pk == version.pk for one in second.rules)
        case = cases[case_id]
        answers = [_answer(case, matched, suggested.get(case_id), leads) for matched in (first, second)]
        tally.add(case.number, real, *answers)


def _as_first_decided(ids: list[int]) -> tuple[dict[int, Case], dict[int, int]]:
    """Return the cases with the item chosen when they were first decided, never to be saved, and case id → suggestion.

    What a rule named then is taken away again: the rules of today are asked.
    """
    cases = Case.objects.filter(pk__in=ids).select_related("area").defer("legacy").in_bulk()
    first = Decision.objects.filter(case__in=ids).order_by("case_id", "id").distinct("case_id")
    suggested = {}
    names = ("case_id", "item_version__item_id", "item_version__item__code", "candidates", "rule_version__outcome")
    for case_id, item_id, code, candidates, said in first.values_list(*names):
        is_open = bool(candidates) or (said or {}).get("item") == code
        cases[case_id].item_id = None if is_open else item_id
        if candidates:
            suggested[case_id] = candidates[0]["item"]
    return cases, suggested


def _item_of(case: Case, matched: Matched, suggested: int | None) -> int:
    """Return the item as the pipeline takes it: chosen by somebody, else by a rule, else suggested."""
    return case.item_id or matched.item_id or suggested or 0


def _leads(
    cases: dict[int, Case], matches: dict[int, tuple[Matched, Matched]], suggested: dict[int, int], now: datetime
) -> dict[tuple[int, int | None], int | None]:
    """Return (item, area) → unit that the list names today, None where it names nobody; only items in force."""
    asked = {
        (item, case.area_id): (item, case.area)
        for pk, case in cases.items()
        for matched in matches[pk]
        if case.area and (item := _item_of(case, matched, suggested.get(pk)))
    }
    duties = duties_for(list(asked.values()), timezone.localdate(now))
    return {key: duty.row.lead_unit_id if duty.row else None for key, duty in duties.items()}


def _answer(case: Case, matched: Matched, suggested: int | None, leads: dict) -> Answer:
    if matched.force_person or matched.problems:
        return Answer(None, is_person=True)
    place = (_item_of(case, matched, suggested), case.area_id)
    return Answer(matched.unit_id if matched.unit_id and place in leads else leads.get(place))


def _figures(tally: Tally) -> dict[str, Any]:
    names = ("cases", "matched", "compared", "agreed_before", "agreed_after", "moved", "better", "worse", "new_right")
    figures: dict[str, Any] = {name: getattr(tally, name) for name in (*names, "new_wrong", "to_person")}
    for name in ("before", "after"):
        figures[f"agreement_{name}"] = figures[f"agreed_{name}"] / tally.compared if tally.compared else None
    kept = sorted(tally.samples, key=lambda one: one[0])[:SAMPLES]
    ids = {pk for _rank, _number, real, *both in kept for pk in (real, *(one.unit_id for one in both)) if pk}
    units = {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=ids)}
    figures["samples"] = [
        {"number": number, "real": units[real], "before": _told(before, units), "after": _told(after, units)}
        for _rank, number, real, before, after in kept
    ]
    return figures


def _told(answer: Answer, units: dict[int, str]) -> dict[str, Any]:
    return {"unit": units.get(answer.unit_id or 0, ""), "is_person": answer.is_person}
