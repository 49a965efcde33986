"""The steps of a case that intake itself takes after registration: accept, classify again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.choices import ConfirmedBy, PlaceSource
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, CASE, REGISTERED
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import CHANNEL, STAFF, SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, StalePage

from .learning import confirm_item
from .lookups import area_with_code, centre_answering_for, version_with_code
from .moves import move_case


@transaction.atomic
def accept_case(case_id: int, *, by: Actor, now: datetime, row_version: int | None = None) -> Case:
    """受理: from now on the case awaits dispatch."""
    case = lock_case(case_id, by=by, row_version=row_version)
    access.require(by, CASE.moves["accept"].acts, case)
    refuse_while_proposed(case)
    return take_in(case, by=by, now=now)


def take_in(case: Case, *, by: Actor, now: datetime) -> Case:
    """Make the move 受理 of a case that is locked and was asked for."""
    return move_case(case, "accept", action="case.accepted", by=by, now=now)


def refuse_while_proposed(case: Case) -> None:
    """Raise IllegalMove while a shift leader has to say whether the case is refused."""
    if case.refusals.filter(is_confirmed=None).exists():
        text = _("A refusal of case %(number)s is proposed; the shift leader decides first.")
        raise IllegalMove(text % {"number": case.number})


@transaction.atomic
def reclassify_case(
    case_id: int,
    *,
    by: Actor,
    now: datetime,
    item_code: str = "",
    area_code: str = "",
    suggested_id: int | None = None,
    note: str = "",
    row_version: int | None = None,
) -> Case:
    """Choose another duty item or place before the case is dispatched; what is empty stays as it is.

    `suggested_id`: the item that had been suggested first, for whoever measures suggestions.
    """
    case = lock_case(case_id, by=by, row_version=row_version)
    access.require(by, (Act.DISPATCH_CASE, Act.REGISTER_CASE, SYSTEM), case)  # the system: after a ruling
    if case.state not in (REGISTERED, AWAITING_DISPATCH):
        raise IllegalMove(_("A case that was dispatched is not classified again; take it back first."))
    before = _classification(case)
    if item_code:
        case.item_version = version_with_code(item_code, timezone.localdate(now))
        case.item = case.item_version.item
    if area_code:
        case.area, case.place_source = area_with_code(area_code), PlaceSource.CHOSEN
        case.holder = centre_answering_for(case.area)
    after = _classification(case)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changes:
        raise BadInput(_("Nothing was changed."), field="item" if item_code else "area")
    case.row_version += 1
    case.save(update_fields=["item", "item_version", "area", "place_source", "holder", "row_version"])
    audit.record("case.reclassified", case, by=by, now=now, changes=changes, note=note)
    if item_code and by.kind == STAFF:
        confirm_item(case, case.item_id, suggested_id=suggested_id, confirmed_by=_who_confirms(case, by), now=now)
    return case


def _who_confirms(case: Case, by: Actor) -> str:
    """Return as whom somebody chooses an item: who may dispatch the case as its dispatcher, else as an agent."""
    is_dispatcher = access.why_not(by, (Act.DISPATCH_CASE,), case) is None
    return ConfirmedBy.DISPATCHER if is_dispatcher else ConfirmedBy.AGENT


def lock_case(case_id: int, *, by: Actor, row_version: int | None = None) -> Case:
    """Return the locked case, or refuse: unknown, another channel's, or changed since the page was shown."""
    case = Case.objects.select_for_update(of=("self",)).select_related("area", "holder").filter(pk=case_id).first()
    if case is None or (by.kind == CHANNEL and case.channel_id != by.id):
        raise OutOfSight(_("Not found."))
    if row_version is not None and case.row_version != row_version:
        text = _("Case %(number)s was changed by somebody else after this page was opened. Open it again.")
        raise StalePage(text % {"number": case.number})
    return case


def _classification(case: Case) -> dict:
    return {
        "item": case.item.code if case.item else None,
        "area": case.area.name if case.area else None,
        "holder": case.holder.name if case.holder else None,
    }
