"""异议: raised by a unit, decided along the route unit → district → city, and taken into a batch when agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.choices import LineSource, ObjectionStage, ObjectionVerdict
from dutylist.cleaning import clean_columns
from dutylist.models import Batch, Item, ItemVersion, Objection, ObjectionStep
from dutylist.workflow import CITY_REVIEW, DISTRICT_REVIEW, OBJECTION, OBJECTION_OPEN_STATES
from grid import access
from grid.choices import Act, Level
from grid.models import Area, Unit
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, StalePage

from . import needs  # noqa: F401  registers the needs of the moves
from .documents import inspect_documents, keep_document
from .reowning import given_to, newest_version, open_for_item, reown_items
from .steps import clean_opinion

MAY_RAISE = (Act.ENTER_DUTY.value, Act.HANDLE_CASE.value)
VERDICTS = {
    "support": ObjectionVerdict.AGREE,
    "pass_on": ObjectionVerdict.AGREE,
    "support_at_city": ObjectionVerdict.AGREE,
    "agree": ObjectionVerdict.AGREE,
    "oppose": ObjectionVerdict.DISAGREE,
    "refuse": ObjectionVerdict.DISAGREE,
    "return_early": ObjectionVerdict.RETURN,
    "return": ObjectionVerdict.RETURN,
}


@dataclass(frozen=True, kw_only=True)
class NewObjection:
    """An objection to be raised. `area_id` and `handling_unit_id` say where which other unit should answer."""

    title: str
    content: str
    item_code: str
    area_id: int | None = None
    handling_unit_id: int | None = None


def raise_objection(data: NewObjection, files: Sequence[Any] = (), *, by: Actor, now: datetime) -> Objection:
    """提出异议: by somebody's own unit, about an item of a list that is open to it.

    A unit of a district enters at the district's review, a unit of the city at the city's; what is on a district's own
    list is reviewed and settled in that district.
    """
    inspected = inspect_documents(files, now)
    with transaction.atomic():
        unit = _raising_unit(by, now)
        version = _version_open_to(data.item_code, by, now)
        state, at_area = _entry(version.item, unit)
        objection = Objection(
            item=version.item, version=version, raising_unit=unit, state=state, at_area=at_area,
            area_id=_known(Area, data.area_id, "area"), handling_unit_id=_open_unit(data.handling_unit_id, now),
            raised_at=now, raised_by=by.user,
            **clean_columns(Objection, {"title": data.title, "content": data.content}),
        )  # fmt: skip
        objection.save(force_insert=True)
        _keep_step(objection, ObjectionStage.UNIT, ObjectionVerdict.RAISED, objection.content, by, now)
        audit.record("objection.raised", objection, by=by, now=now, changes={"item": version.item.code})
        for one in inspected:
            keep_document(one, "objection.document_added", objection, by=by, now=now, objection=objection)
    return objection


@transaction.atomic
def decide_objection(
    objection_id: int, move: str, opinion: str = "", *, row_version: int | None = None, by: Actor, now: datetime
) -> Objection:
    """One step of the route: a verdict with an opinion, which only an agreement may leave out.

    Raises NotAllowed for whoever raised it or decided an earlier step: every step is somebody else's.
    """
    objection = _begin(objection_id, move, by=by, row_version=row_version)
    if move not in VERDICTS:
        raise BadInput(_("Choose a verdict."), field="move")
    verdict = VERDICTS[move]
    opinion = clean_opinion(opinion, needed=verdict != ObjectionVerdict.AGREE)
    if reason := why_not_decide(objection, by):
        raise NotAllowed(reason)
    OBJECTION.check(move, objection)
    before = objection.state
    objection.state = OBJECTION.moves[move].to_state or before
    if objection.state == CITY_REVIEW:
        objection.at_area = _ancestor(objection.at_area, Level.CITY)
    objection.ended_at = None if objection.state in OBJECTION_OPEN_STATES else now
    _save(objection, "state", "at_area", "ended_at")
    _keep_step(objection, before, verdict, opinion, by, now)
    changes = {"state": [before, objection.state], "verdict": verdict}
    audit.record("objection.decided", objection, by=by, now=now, changes=changes, note=opinion)
    return objection


@transaction.atomic
def take_into_batch(
    objection_id: int,
    batch_id: int | None = None,
    *,
    area_id: int | None = None,
    unit_id: int | None = None,
    row_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Batch:
    """Take an agreed objection into an open draft of the item's list, or a new one; returns the batch.

    Where a unit and an area are known (given here, else as the objection proposed them) the line is drafted; otherwise
    the batch is only noted, and what shall change is entered there.
    """
    objection = _begin(objection_id, "take_into_batch", by=by, row_version=row_version)
    OBJECTION.check("take_into_batch", objection)
    version = newest_version(objection.item.code)
    batch = _batch_for(objection, batch_id, by=by, now=now)
    area_id, unit_id = area_id or objection.area_id, unit_id or objection.handling_unit_id
    if area_id and unit_id:
        reown = given_to(area_id, unit_id)
        batch = reown_items(
            batch.pk, [version], reown, LineSource.OBJECTION, note=objection.title, by=by, now=now
        )  # fmt: skip
    objection.batch = batch
    _save(objection, "batch")
    audit.record("objection.taken", objection, by=by, now=now, changes={"batch": batch.number})
    return batch


def why_not_decide(objection: Objection, by: Actor) -> str | None:
    """Return why `by` may not take this step although the role is there, else None: each step is another person's."""
    said = {step.person_id for step in objection.steps.all()}
    if by.user is not None and by.user.pk in said:
        return _("You raised this objection or decided an earlier step; somebody else has to decide this one.")
    return None


def why_not_move(objection: Objection, move: str, by: Actor) -> str | None:
    """Return why `by` has not the role for this move, else None: asked where the objection is now, or of the list."""
    place = objection.item if move == "take_into_batch" else objection.at_area
    return access.why_not(by, OBJECTION.moves[move].acts, place)


def _begin(objection_id: int, move: str, *, by: Actor, row_version: int | None) -> Objection:
    """Return the locked objection if the role for the move is there; OutOfSight or NotAllowed otherwise."""
    rows = Objection.objects.select_for_update(of=("self",))
    rows = rows.select_related("item__owner_area", "at_area", "raising_unit", "batch")
    objection = rows.filter(pk=objection_id).first()
    if objection is None:
        raise OutOfSight(_("Not found."))
    if move not in OBJECTION.moves:
        raise BadInput(_("Choose a verdict."), field="move")
    if reason := why_not_move(objection, move, by):
        if by.user is not None and not access.can_see(by.user, objection):
            raise OutOfSight(_("Not found."))
        raise NotAllowed(reason)
    if row_version is not None and row_version != objection.row_version:
        raise StalePage(_("Somebody decided on this objection meanwhile; it is shown afresh."))
    return objection


def _raising_unit(by: Actor, now: datetime) -> Unit:
    unit = by.user.unit if by.user is not None else None
    if unit is None or unit.closed_on is not None:
        raise NotAllowed(_("An objection is raised by a unit; your account belongs to none that is open."))
    if reason := access.why_not(by, MAY_RAISE, unit):
        raise NotAllowed(reason)
    return unit


def _version_open_to(code: str, by: Actor, now: datetime) -> ItemVersion:
    versions = ItemVersion.objects.in_force(timezone.localdate(now)).open_to(by.user)
    version = versions.filter(item__code=code).select_related("item__owner_area").first()
    if version is None:
        raise OutOfSight(_("There is no duty item %(code)s.") % {"code": code})
    return version


def _entry(item: Item, unit: Unit) -> tuple[str, Area]:
    """Return where the route begins: the state, and the area whose office decides first."""
    if item.owner_area.level > Level.CITY:
        return DISTRICT_REVIEW, _ancestor(item.owner_area, Level.DISTRICT)
    if unit.home_area.level == Level.CITY:
        return CITY_REVIEW, item.owner_area
    return DISTRICT_REVIEW, _ancestor(unit.home_area, Level.DISTRICT)


def _ancestor(area: Area, level: int) -> Area:
    return Area.objects.containing(area).get(level=level)


def _known(model: type[Area], pk: int | None, field: str) -> int | None:
    if pk is not None and not model.objects.filter(pk=pk).exists():
        raise BadInput(_("There is no such area."), field=field)
    return pk


def _open_unit(pk: int | None, now: datetime) -> int | None:
    if pk is not None and not Unit.objects.open_on(timezone.localdate(now)).filter(pk=pk).exists():
        raise BadInput(_("This unit does not exist or is closed."), field="handling_unit")
    return pk


def _batch_for(objection: Objection, batch_id: int | None, *, by: Actor, now: datetime) -> Batch:
    if batch_id is None:
        title = _("Objection: %(title)s") % {"title": objection.title}
        return open_for_item(objection.item, title, by=by, now=now)
    batch = Batch.objects.filter(pk=batch_id, owner_area=objection.item.owner_area).first()
    if batch is None:
        raise BadInput(_("Choose a draft of the list the item is on."), field="batch")
    return batch


def _keep_step(objection: Objection, stage: str, verdict: str, opinion: str, by: Actor, now: datetime) -> None:
    unit = by.user.unit
    ObjectionStep.objects.create(
        objection=objection, stage=stage, verdict=verdict, unit=unit, unit_name=unit.name if unit else "",
        person=by.user, person_name=by.name[:120], at=now, opinion=opinion,
    )  # fmt: skip


def _save(objection: Objection, *columns: str) -> None:
    objection.row_version += 1
    objection.save(update_fields=[*columns, "row_version"])
