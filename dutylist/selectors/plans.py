"""What a planned institutional change touches: what names the unit, what lies below it, who works there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dutylist.choices import PlanKind, PlanState
from dutylist.models import Batch, ItemVersion, Responsibility, UnitPlan
from dutylist.workflow import BATCH
from grid import access
from grid.choices import Act
from grid.models import Area, RoleGrant, Staff, Unit
from shenzhen_gov.core.actor import Actor

SHOWN = 20


@dataclass(frozen=True)
class NamingList:
    """One list that names the unit: how many items, and how many rows name it as what."""

    area: Area
    versions: list[ItemVersion]
    lead: int
    co: int
    fallback: int


@dataclass(frozen=True)
class PlanPage:
    """A plan with everything it touches; `obstacles` say what stands in its way today."""

    plan: UnitPlan
    lists: list[NamingList]
    without_batch: list[NamingList]
    mine: list[NamingList]
    batches: list[Batch]
    parts: list[Unit]
    below: list[Unit]
    staff: list[Staff]
    grants: list[RoleGrant]
    obstacles: list[str]
    may_act: bool


def list_plans(user, tab: str = ""):
    """Return the plans about units in the user's sight: those to come, or with the tab "all" every one."""
    plans = UnitPlan.objects.visible_to(user).select_related("unit", "into")
    return plans if tab == "all" else plans.filter(state=PlanState.PLANNED)


def get_plan(user, pk: int) -> UnitPlan | None:
    """Return a plan the user may see, or None."""
    return (
        UnitPlan.objects.visible_to(user).select_related("unit__home_area", "into", "created_by").filter(pk=pk).first()
    )


def get_plan_page(plan: UnitPlan, user) -> PlanPage:
    """Return what the page of a plan shows, with the same number of queries however much it touches."""
    by = Actor.staff(user)
    lists = find_naming_lists(plan.unit_id) if plan.state == PlanState.PLANNED else []
    batches = list(plan.batches.select_related("owner_area").order_by("id"))
    without = lists_without_batch(plan, lists, batches)
    return PlanPage(
        plan=plan,
        lists=lists,
        without_batch=without,
        mine=[one for one in without if access.why_not(by, BATCH.moves["edit"].acts, one.area) is None],
        batches=batches,
        parts=list(Unit.objects.filter(code__in=plan.parts).order_by("id")),
        below=list(plan.unit.children.filter(closed_on=None)[:SHOWN]),
        staff=list(Staff.objects.filter(unit=plan.unit, is_active=True).order_by("id")[:SHOWN]),
        grants=list(RoleGrant.objects.filter(unit=plan.unit).select_related("staff", "role").order_by("id")[:SHOWN]),
        obstacles=find_obstacles(plan) if plan.state == PlanState.PLANNED else [],
        may_act=access.why_not(by, (Act.MANAGE_DUTY,), plan) is None,
    )


def find_naming_lists(unit_id: int) -> list[NamingList]:
    """Return the lists whose newest versions name the unit, widest first."""
    versions = list(
        _naming(unit_id, Q(~_has_newer())).select_related("item__owner_area").order_by("item__owner_area__path", "item")
    )
    rows_ids = {version.rows_id for version in versions}
    rows = Responsibility.objects.filter(version__in=rows_ids)
    counts = {
        "lead": Counter(rows.filter(lead_unit=unit_id).values_list("version", flat=True)),
        "co": Counter(rows.filter(co_units=unit_id).values_list("version", flat=True)),
        "fallback": Counter(rows.filter(fallback_unit=unit_id).values_list("version", flat=True)),
    }
    by_area: dict[Area, list[ItemVersion]] = {}
    for version in versions:
        by_area.setdefault(version.item.owner_area, []).append(version)
    return [
        NamingList(area, own, **{role: sum(count[one.rows_id] for one in own) for role, count in counts.items()})
        for area, own in by_area.items()
    ]


def lists_without_batch(plan: UnitPlan, lists: list[NamingList], batches: list[Batch]) -> list[NamingList]:
    """Return the lists for which no batch of the plan is on its way yet; none where the list stays as it is."""
    if plan.into_id is None:
        return []
    under_way = {batch.owner_area_id for batch in batches if batch.is_open}
    return [one for one in lists if one.area.pk not in under_way]


def find_obstacles(plan: UnitPlan) -> list[str]:
    """Return what keeps the plan from being carried out, as the list and the unit stand now; empty: nothing."""
    if plan.into_id is None:
        return []
    return [*_naming_obstacle(plan), *_successor_obstacle(plan), *_what_is_left(plan)]


def count_naming(unit_ids: list[int], on: date) -> int:
    """Return how many items name one of the units on the day `on` or later."""
    standing = Q(pk__in=ItemVersion.objects.standing(on).values("pk")) | Q(effective_from__gt=on)
    return sum(_naming(unit_id, standing).values("item").distinct().count() for unit_id in unit_ids)


def _naming_obstacle(plan: UnitPlan) -> list[str]:
    count = count_naming([plan.unit_id], plan.effective_on)
    if not count:
        return []
    text = ngettext(
        "%(count)s item would still name %(unit)s.", "%(count)s items would still name %(unit)s.", count
    )  # fmt: skip
    return [text % {"count": count, "unit": plan.unit}]


def _successor_obstacle(plan: UnitPlan) -> list[str]:
    into = plan.into
    if into is None or into.closed_on is None:
        return []
    return [_("%(unit)s is closed since %(day)s.") % {"unit": into, "day": into.closed_on}]


def _what_is_left(plan: UnitPlan) -> list[str]:
    """Return what must be moved before a unit is closed; a merge and a split take it along."""
    if plan.kind != PlanKind.CLOSE:
        return []
    left = (
        (plan.unit.children.filter(closed_on=None).count(), _("%(count)s open units lie below it.")),
        (Staff.objects.filter(unit=plan.unit, is_active=True).count(), _("%(count)s members of staff belong to it.")),
        (RoleGrant.objects.filter(unit=plan.unit).count(), _("%(count)s roles are held at it.")),
    )
    return [text % {"count": count} for count, text in left if count]


def _naming(unit_id: int, which: Q):
    """Return the versions in force or to come whose rows name the unit, among `which`."""
    rows = Responsibility.objects.order_by()
    ids = {
        *rows.filter(lead_unit=unit_id).values_list("version", flat=True),
        *rows.filter(fallback_unit=unit_id).values_list("version", flat=True),
        *rows.filter(co_units=unit_id).values_list("version", flat=True),
    }
    versions = ItemVersion.objects.annotate(own_rows=Coalesce("rows_from_id", "id")).filter(own_rows__in=ids)
    return versions.filter(which, is_retired=False)


def _has_newer() -> Exists:
    return Exists(ItemVersion.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number")))
