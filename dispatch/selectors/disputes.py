"""Dockets: the desk of those who rule, the page with all sides beside each other, what a case page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.models import CaseRequest, Decision, Docket, DocketParty, StageFact
from dispatch.workflow import DOCKET, DOCKET_ARGUED, DOCKET_OPEN_STATES
from dutylist.selectors import Duty, duties_for
from grid import access
from grid.choices import Act
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight
from shenzhen_gov.core.lists import Sort

from .cases import find_case
from .precedents import Precedent, find_precedents, match_words

SOONEST = Sort("due", _("Deadline"), ("due_at", "id"))
LATEST = Sort("decided", _("Latest first"), ("-decided_at", "-id"))
ROW_PARTS = ("case__area", "interim_unit", "ruled_unit", "item__entry")
SHOWN = 40


@dataclass(frozen=True)
class DocketTab:
    """One tab of the desk."""

    code: str
    label: str | Promise
    where: Q
    sort: Sort = SOONEST
    counted: bool = True


DOCKET_TABS = (
    DocketTab("open", _("To be ruled"), Q(state__in=DOCKET_OPEN_STATES)),
    DocketTab("argued", _("All have argued"), Q(state=DOCKET_ARGUED)),
    DocketTab("decided", pgettext_lazy("dockets", "Decided"), ~Q(state__in=DOCKET_OPEN_STATES), LATEST, counted=False),
)


def get_docket_tab(code: str | None) -> DocketTab:
    """Return the tab with this code, else the first."""
    return next((tab for tab in DOCKET_TABS if tab.code == code), DOCKET_TABS[0])


def find_dockets(user, tab: DocketTab, words: str = "") -> QuerySet[Docket]:
    """Return the dockets of a tab that lie in the territory of `user`; with `words` the decided ones like them."""
    rows = Docket.objects.visible_to(user).filter(tab.where)
    if words and tab.sort == LATEST:
        rows = rows.filter(pk__in=list(match_words(words)))
    return rows.select_related(*ROW_PARTS).defer("case__content", "case__legacy")


def sees_docket(user, docket: Docket) -> bool:
    """Whether `user` may read a docket: the case or one of its work orders is in their sight, or a party is."""
    if access.can_see(user, docket) or access.can_see(user, docket.case):
        return True
    if access.visible_to(docket.parties.all(), user).exists():
        return True
    return find_case(user, docket.case.number) is not None


def get_docket(user, pk: int) -> Docket:
    """Return a docket that `user` may read, or raise OutOfSight."""
    related = (*ROW_PARTS, "area", "fallback_unit", "batch", "case__item", "case__holder", "case__channel")
    docket = Docket.objects.select_related(*related).filter(pk=pk).first()
    if docket is None or not sees_docket(user, docket):
        raise OutOfSight(_("Not found."))
    return docket


def list_dockets(case: Case) -> list[Docket]:
    """Return the dockets of a case, newest first."""
    return list(case.dockets.select_related("interim_unit", "ruled_unit", "fallback_unit", "batch").order_by("-id")[:5])


@dataclass(frozen=True)
class Side:
    """One party as the page shows it; `may_argue` whether this person speaks for it now."""

    party: DocketParty
    may_argue: bool

    @property
    def request(self) -> CaseRequest | None:
        """Return the return by which the unit gave the case back."""
        return self.party.request


@dataclass
class DocketPage:
    """A docket that `user` was found to see, with everything that is weighed."""

    docket: Docket
    user: Any
    now: datetime

    @cached_property
    def by(self) -> Actor:
        """Return the person as an actor."""
        return Actor.staff(self.user)

    @cached_property
    def sides(self) -> list[Side]:
        """Return the parties in the order in which they came in, each with its argument, citations and evidence."""
        rows = self.docket.parties.select_related(
            "unit__home_area", "request__cited_item__entry", "request__proposed_unit", "request__ground"
        )
        rows = rows.prefetch_related("citations__version__item", "files").order_by("id")
        acts = DOCKET.moves["argue"].acts
        return [
            Side(row, self.docket.is_open and access.why_not(self.by, acts, row.unit) is None) for row in rows
        ]  # fmt: skip

    @cached_property
    def entries(self) -> list[Duty]:
        """Return the entries in dispute as they were in force when the docket was opened, with the unit each names."""
        day, area = timezone.localdate(self.docket.opened_at), self.docket.case.area
        cited = [side.request.cited_item_id for side in self.sides if side.request]
        argued = [one.version.item_id for side in self.sides for one in side.party.citations.all()]
        ids = dict.fromkeys(pk for pk in (self.docket.case.item_id, self.docket.item_id, *cited, *argued) if pk)
        return list(duties_for([(pk, area) for pk in ids], day).values())

    @cached_property
    def cited(self) -> list[tuple[Duty, list[Unit]]]:
        """Return the same entries, each with the units that cite it."""
        citing: dict[int, list[Unit]] = {}
        for side in self.sides:
            named = [side.request.cited_item_id] if side.request and side.request.cited_item_id else []
            for pk in dict.fromkeys([*named, *(one.version.item_id for one in side.party.citations.all())]):
                citing.setdefault(pk, []).append(side.party.unit)
        return [(duty, citing.get(duty.version.item_id, [])) for duty in self.entries]

    @cached_property
    def decisions(self) -> list[Decision]:
        """Return how the case was dispatched until now, oldest first."""
        rows = Decision.objects.filter(case=self.docket.case).select_related("unit", "item_version")
        return list(rows.order_by("-id")[:SHOWN])[::-1]

    @cached_property
    def stages(self) -> list[StageFact]:
        """Return which unit had the case for what, oldest first."""
        facts = StageFact.objects.filter(case=self.docket.case).select_related("unit")
        return sorted(facts.order_by("-id")[:SHOWN], key=lambda fact: (fact.started_at, fact.pk))

    @cached_property
    def precedents(self) -> list[Precedent]:
        """Return earlier rulings that may speak for this one, the closest first."""
        units = [side.party.unit_id for side in self.sides]
        return find_precedents(self.user, self.docket.case, units, self.docket.reason, exclude=self.docket.pk)

    def may(self, move: str) -> bool:
        """Whether this person may make a move now."""
        acts = DOCKET.moves[move].acts
        return DOCKET.why_not(move, self.docket) is None and access.why_not(self.by, acts, self.docket) is None

    @property
    def may_rule(self) -> bool:
        """Whether this person rules."""
        return self.may("rule")

    @property
    def may_confer(self) -> bool:
        """Whether this person may call a conference."""
        return self.may("confer")

    @property
    def may_withdraw(self) -> bool:
        """Whether this person may withdraw it."""
        return self.may("withdraw")

    @cached_property
    def case(self) -> Case | None:
        """Return the case where its page is open to this person."""
        return find_case(self.user, self.docket.case.number)

    @cached_property
    def units(self) -> list[Unit]:
        """Return the units to choose from: parties, then those that the entries name."""
        named = [unit for duty in self.entries if duty.row for unit in (duty.row.lead_unit, duty.row.fallback_unit)]
        return list(dict.fromkeys([*(side.party.unit for side in self.sides), *(unit for unit in named if unit)]))


def get_docket_page(user, docket: Docket, now: datetime) -> DocketPage:
    """Return the page of a docket that `user` was found to see."""
    return DocketPage(docket, user, now)


def may_list(user) -> bool:
    """Whether the desk of dockets is open to this person."""
    return access.holds(user, Act.RULE_DISPUTE) or access.holds(user, Act.DISPATCH_CASE)
