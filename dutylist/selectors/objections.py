"""Objections as the desk shows them: whose turn it is, what was said, what may be said next."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from dutylist.choices import ObjectionStage
from dutylist.models import Batch, Document, Item, ItemVersion, Objection, ObjectionStep
from dutylist.services.documents import MAY_EDIT
from dutylist.services.objections import MAY_RAISE, VERDICTS, why_not_decide, why_not_move
from dutylist.workflow import DRAFT, MANAGEMENTS, OBJECTION, OBJECTION_OPEN_STATES, REVIEWS
from grid import access
from grid.access import areas_with
from grid.choices import Act, Level
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.workflow import Offer

DECIDE, RAISED, ALL = "decide", "raised", "all"
SHOWN = 5  # objections on the page of their item


@dataclass(frozen=True)
class RouteStep:
    """One of the five steps: what was said there, or that it is the turn of it."""

    stage: ObjectionStage
    said: ObjectionStep | None
    is_current: bool


@dataclass(frozen=True)
class ItemMore:
    """What belongs to an item beside its versions: files, objections, and what `user` may start here."""

    documents: list[Document]
    objections: list[Objection]
    may_object: bool
    may_rule: bool
    may_add: bool


@dataclass(frozen=True)
class ObjectionPage:
    """An objection with its route, its files, what may be said now, and the drafts it may be taken into."""

    objection: Objection
    route: list[RouteStep]
    documents: list[Document]
    offers: list[Offer]
    take: Offer | None
    drafts: list[Batch]


def list_objections(user, tab: str = ALL) -> QuerySet[Objection]:
    """Return the objections in sight: those that wait for `user`, those of the own unit, or all."""
    found = Objection.objects.visible_to(user).select_related("item", "version", "raising_unit", "handling_unit")
    if tab == DECIDE:
        return found.filter(_waits_for(user))
    if tab == RAISED:
        return found.filter(Q(raised_by=user.pk) | Q(raising_unit=user.unit_id))
    return found


def count_to_decide(user) -> int:
    """Return how many objections wait for `user`."""
    return list_objections(user, DECIDE).count()


def get_objection(user, pk: int) -> Objection | None:
    """Return an objection in sight with what its page names, or None."""
    found = Objection.objects.visible_to(user).select_related(
        "item__owner_area", "version", "raising_unit", "handling_unit", "area", "at_area", "raised_by", "batch"
    )
    return found.filter(pk=pk).first()


def get_objection_page(objection: Objection, user) -> ObjectionPage:
    """Return what the page of an objection shows."""
    by = Actor.staff(user)
    steps = list(objection.steps.all())
    offers = OBJECTION.offers(objection, lambda move: why_not_move(objection, move.name, by))
    verdicts = [offer for offer in offers if offer.move.name in VERDICTS]
    if own_hand := why_not_decide(objection, by):
        verdicts = [Offer(offer.move, offer.reason or own_hand) for offer in verdicts]
    take = next((offer for offer in offers if offer.move.name == "take_into_batch"), None)
    may_take = take is not None and take.allowed
    return ObjectionPage(
        objection=objection,
        route=_route(objection, steps),
        documents=list(objection.documents.all()),
        offers=verdicts,
        take=take,
        drafts=list_drafts(user, objection.item.owner_area_id) if may_take else [],
    )


def list_drafts(user, owner_area_id: int) -> list[Batch]:
    """Return the drafts of one list, newest first."""
    return list(Batch.objects.visible_to(user).filter(owner_area=owner_area_id, state=DRAFT).order_by("-id")[:50])


def get_version_to_object(user, code: str) -> ItemVersion | None:
    """Return how an item reads today, if its list is open to `user`."""
    versions = ItemVersion.objects.in_force(timezone.localdate()).open_to(user)
    return versions.filter(item__code=code).select_related("item__owner_area").first()


def get_item_more(user, item: Item, *, is_in_force: bool) -> ItemMore:
    """Return the files and objections of an item that `user` reads, and what may be started on its page."""
    objections = list_objections(user).filter(item=item).order_by("-id")
    return ItemMore(
        documents=list(item.documents.all()),
        objections=list(objections[:SHOWN]),
        may_object=is_in_force and may_raise(user),
        may_rule=is_in_force and may_rule(user, item),
        may_add=access.why_not(Actor.staff(user), MAY_EDIT, item) is None,
    )


def may_raise(user) -> bool:
    """Whether `user` belongs to a unit for which objections may be raised."""
    return bool(user.unit_id) and access.why_not(Actor.staff(user), MAY_RAISE, user.unit) is None


def may_rule(user, item) -> bool:
    """Whether `user` may enter a ruling about an item."""
    return access.why_not(Actor.staff(user), (Act.MANAGE_DUTY,), item) is None


def _waits_for(user) -> Q:
    """Return what waits for `user`: by the act and the area, and not decided by the same person before."""
    reviews, manages = areas_with(user, Act.REVIEW_DUTY), areas_with(user, Act.MANAGE_DUTY)
    waits = Q(state__in=OBJECTION_OPEN_STATES, at_area__in=manages) | Q(state__in=REVIEWS, at_area__in=reviews)
    said = ObjectionStep.objects.filter(person=user.pk).values("objection")
    return waits & ~Q(pk__in=said)


def _route(objection: Objection, steps: list[ObjectionStep]) -> list[RouteStep]:
    """Return the steps this objection takes or took: a district's own item never reaches the city."""
    said = {step.stage: step for step in steps}
    stages = [stage for stage in ObjectionStage if stage in said or stage in _stages(objection)]
    return [RouteStep(stage, said.get(stage), stage == objection.state) for stage in stages]


def _stages(objection: Objection) -> set[str]:
    if not objection.is_open:
        return set()
    if objection.item.owner_area.level > Level.CITY:
        return {ObjectionStage.DISTRICT_REVIEW, ObjectionStage.DISTRICT_MANAGE}
    return {*REVIEWS, *MANAGEMENTS} if objection.at_area.level > Level.CITY else {REVIEWS[1], MANAGEMENTS[1]}
