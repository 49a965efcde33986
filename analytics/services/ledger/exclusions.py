"""Requests that a case does not count: asked by the unit, decided above it. While undecided, the case counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.models import AssessmentMonth, ExclusionFile, ExclusionGround, ExclusionRequest, Indicator
from analytics.selectors.ledger.exclusions import amounts_of, why_not_decide
from analytics.workflow import EXCLUSION, EXCLUSION_AGREED, EXCLUSION_OPEN
from grid import access
from grid.models import Unit
from intake.models import Case
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.files import Inspected, all_or_nothing, inspect, store_content
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .corrections import NewCorrection, post_correction
from .months import lock_month
from .notices import tell_asked, tell_decided

ACCEPTED = {"application/pdf", "image/jpeg", "image/png", "image/webp"}
HANDLE, KEEP = EXCLUSION.moves["withdraw"].acts, EXCLUSION.moves["agree"].acts
TEXT_LIMIT = 500


@dataclass(frozen=True)
class NewExclusion:
    """What a unit asks: that a case does not count for an indicator in a month."""

    unit_id: int
    month: date
    case_number: str
    indicator: str
    ground: str
    reason: str


def ask_exclusion(
    given: NewExclusion, *, files: Sequence[Any] = (), by: Actor, now: datetime
) -> ExclusionRequest:  # fmt: skip
    """Ask that a case does not count. Raises BadInput naming the field, Refused when it was asked already."""
    inspected = _inspect(files, now)
    with all_or_nothing(inspected), transaction.atomic():
        row = lock_month(given.month, now=now)
        unit = Unit.objects.filter(pk=given.unit_id).first()
        if unit is None:
            raise OutOfSight(_("Not found."))
        access.require(by, HANDLE, unit)
        request = _prepare(row, unit, given, by, now)
        request.save(force_insert=True)
        for file in inspected:
            _keep_file(request, file)
        facts: dict[str, Any] = {
            "month": str(row),
            "indicator": given.indicator,
            "unit": str(unit),
            "ground": given.ground,
        }
        facts |= {"files": [file.name for file in inspected]} if inspected else {}
        audit.record("exclusion.asked", request, by=by, now=now, changes=facts, note=request.reason)
        tell_asked(request, now=now)
    return request


@transaction.atomic
def withdraw_exclusion(request_id: int, *, by: Actor, now: datetime) -> ExclusionRequest:
    """Ask no longer; for the unit that asked."""
    request = _lock(request_id, by, now)
    if why := access.why_not(by, HANDLE, request.unit):
        raise NotAllowed(why)
    request.state = str(EXCLUSION.check("withdraw", request).to_state)
    request.decided_at, request.decided_by = now, by.name[:120]
    request.save()
    audit.record("exclusion.withdrawn", request, by=by, now=now)
    return request


@transaction.atomic
def decide_exclusion(request_id: int, *, agreed: bool, opinion: str, by: Actor, now: datetime) -> ExclusionRequest:
    """Decide a request, with an opinion. Agreed after the freeze it becomes a correction, in the open.

    Raises NotAllowed unless `by` keeps the assessment above the unit and did not ask, IllegalMove when it was decided.
    """
    request = _lock(request_id, by, now)
    if why := why_not_decide(request, by):
        raise NotAllowed(why)
    move = EXCLUSION.check("agree" if agreed else "refuse", request)
    text = checked_text(opinion, TEXT_LIMIT, field="opinion")
    if not text:
        raise BadInput(_("Give your opinion."), field="opinion")
    request.state, request.opinion = str(move.to_state), text
    request.decided_at, request.decided_by = now, by.name[:120]
    row = AssessmentMonth.objects.get(month=request.month)
    if request.state == EXCLUSION_AGREED and row.is_frozen:
        request.correction = _correct(row, request, by, now)
    request.save()
    facts = {"state": request.state, "correction": request.correction_id}
    audit.record("exclusion.decided", request, by=by, now=now, changes=facts, note=text)
    tell_decided(request, now=now)
    return request


def _prepare(row: AssessmentMonth, unit: Unit, given: NewExclusion, by: Actor, now: datetime) -> ExclusionRequest:
    """Return the request, checked; nothing is written yet."""
    number = checked_text(given.case_number, 40, field="case_number")
    case = Case.objects.filter(number=number).first()
    indicator = Indicator.objects.filter(code=checked_text(given.indicator, 40, field="indicator")).first()
    if case is None or indicator is None or amounts_of(row, case.pk, unit.pk, indicator.code) is None:
        text = _("The case counted nothing for this indicator at this unit in this month.")
        raise BadInput(text, field="indicator")
    ground = ExclusionGround.objects.filter(code=checked_text(given.ground, 40, field="ground"), is_active=True).first()
    if ground is None:
        raise BadInput(_("Choose a ground."), field="ground")
    reason = checked_text(given.reason, TEXT_LIMIT, field="reason")
    if not reason:
        raise BadInput(_("Give the reason."), field="reason")
    asked = ExclusionRequest.objects.filter(month=row.month, case=case, indicator=indicator, unit=unit)
    if found := asked.filter(state__in=(EXCLUSION_OPEN, EXCLUSION_AGREED)).first():
        text = _("This was asked already: %(state)s.") % {"state": found.get_state_display()}
        raise Refused(text, field="indicator")
    return ExclusionRequest(
        month=row.month, case=case, indicator=indicator, unit=unit, ground=ground, reason=reason, asked_at=now,
        asked_by=by.name[:120], asker=by.user,
    )  # fmt: skip


def _lock(request_id: int, by: Actor, now: datetime) -> ExclusionRequest:
    """Return a request in the sight of `by`, locked after its month, as every step does."""
    month = ExclusionRequest.objects.filter(pk=request_id).values_list("month", flat=True).first()
    if month is None:
        raise OutOfSight(_("Not found."))
    lock_month(month, now=now)
    rows = ExclusionRequest.objects.select_for_update(of=("self",))
    request = rows.select_related("unit__home_area", "case", "indicator").get(pk=request_id)
    if by.user is not None and not access.can_see(by.user, request):
        raise OutOfSight(_("Not found."))
    return request


def _correct(row: AssessmentMonth, request: ExclusionRequest, by: Actor, now: datetime):
    amounts = amounts_of(row, request.case_id, request.unit_id, request.indicator.code)
    if amounts is None:
        raise BadInput(_("The case counted nothing for this indicator at this unit in this month."), field="indicator")
    given = NewCorrection(
        indicator=request.indicator.code, numerator=-amounts.numerator, denominator=-amounts.denominator,
        reason=_("Exclusion agreed: %(opinion)s")[:TEXT_LIMIT] % {"opinion": request.opinion[:400]},
        unit_id=request.unit_id, area_id=amounts.area_id, case_number=request.case.number,
    )  # fmt: skip
    return post_correction(row, given, by=by, now=now)


def _inspect(files: Sequence[Any], now: datetime) -> list[Inspected]:
    today = timezone.localdate(now)
    most = int(get_parameter("ledger.max_files", today))
    if len(files) > most:
        raise BadInput(_("At most %(most)s files are possible here.") % {"most": most}, field="files")
    found = [inspect(file, get_parameter("document.max_bytes", today)) for file in files]
    for one in found:
        if one.content_type not in ACCEPTED:
            raise BadInput(_("“%(name)s”: only PDF files and pictures are taken.") % {"name": one.name}, field="files")
    return list({one.sha256: one for one in found}.values())


def _keep_file(request: ExclusionRequest, inspected: Inspected) -> None:
    facts = {name: getattr(inspected, name) for name in ("name", "content_type", "size", "sha256")}
    file = ExclusionFile(request=request, **facts)
    store_content(file, inspected)
    file.save(force_insert=True)
