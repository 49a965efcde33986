"""办结标准 by kind of request (domain §4): what a report must hold, and what its reviewer checks off.

The criteria are data (`ClosingCriterion`). A unit of another platform reports in the form of the exchange, which has no
room for this evidence: there the reviewer alone checks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import Adoption, ClosingEvidence, WorkRole
from dispatch.models import ClosingCriterion, Report, WorkOrder
from grid.services.reference import Reference, load_rows, save_row
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.kept import kept
from shenzhen_gov.core.parameters import get_parameter

from .exchange.telling import peer_of_unit, peers

TEXT_LIMIT = 500
TABLE = Reference(ClosingCriterion, key="code", action="closing_criterion.changed", label="name")


@dataclass(frozen=True)
class CriterionRow:
    """A criterion as the file or a form gives it."""

    code: str
    request_type: str
    name: str
    name_en: str
    evidence: str
    order: int
    source: str
    is_active: bool = True


@dataclass(frozen=True)
class Outcome:
    """What a report says besides its text: when it was dealt with and the result, or what became of a suggestion."""

    done_on: date | None = None
    result: str = ""
    adoption: str = ""
    adoption_reason: str = ""


@transaction.atomic
def load_closing_criteria(rows: Iterable[CriterionRow], *, overwrite: bool = False, by: Actor, now: datetime) -> list:
    """Add the criteria that are missing; see `reference.load_rows`."""
    changes = load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)
    _all_criteria.forget()
    return changes


@transaction.atomic
def save_closing_criterion(row: CriterionRow, *, by: Actor, now: datetime) -> ClosingCriterion:
    """Add or change one criterion."""
    saved = save_row(TABLE, row, by=by, now=now)
    _all_criteria.forget()
    return saved


def get_criteria(case: Case) -> list[ClosingCriterion]:
    """Return the criteria in use for the kind of request of a case, in their order."""
    return [one for one in _all_criteria() if one.request_type in ("", case.request_type)]


def wanted_evidence(order: WorkOrder) -> set[str]:
    """Return what the report on a work order must hold; nothing for parts, and for units of other platforms."""
    if order.role != WorkRole.LEAD or (peers() and peer_of_unit(order.unit)):
        return set()
    return {one.evidence for one in get_criteria(order.case) if one.evidence}


def least_text(now: datetime) -> int:
    """Return how many characters a report must have at least (against perfunctory ones)."""
    return max(1, int(get_parameter("report.least_text", timezone.localdate(now))))


def check_outcome(order: WorkOrder, outcome: Outcome, now: datetime) -> None:
    """Raise BadInput at the field that lacks what the kind of request asks for, or says what cannot be."""
    if outcome.adoption and outcome.adoption not in Adoption.values:
        raise BadInput(_("Choose whether the suggestion is adopted."), field="adoption")
    if outcome.done_on and outcome.done_on > timezone.localdate(now):
        raise BadInput(_("This day has not come yet."), field="done_on")
    for name in ("result", "adoption_reason"):
        if len(getattr(outcome, name)) > TEXT_LIMIT:
            text = _("The text is longer than %(limit)s characters.") % {"limit": TEXT_LIMIT}
            raise BadInput(text, field=name)
    if lacking := _lacking(wanted_evidence(order), outcome):
        field, text = lacking
        raise BadInput(text, field=field)


def missing_evidence(order: WorkOrder) -> str | None:
    """Return what the last report on a work order lacks for its kind of request, or None."""
    wanted = wanted_evidence(order)
    if not wanted & {ClosingEvidence.COURSE, ClosingEvidence.ADOPTION}:
        return None
    last = last_report(order)
    lacking = _lacking(wanted, outcome_of(last) if last else Outcome())
    return lacking[1] if lacking else None


def last_report(order: WorkOrder) -> Report | None:
    """Return the last report on a work order; asks nothing where its reports were read with it."""
    return max(order.reports.all(), key=lambda report: report.pk, default=None)


def outcome_of(report: Report) -> Outcome:
    """Return what a report says besides its text."""
    return Outcome(report.done_on, report.result, report.adoption, report.adoption_reason)


def _lacking(wanted: set[str], outcome: Outcome) -> tuple[str, str] | None:
    """Return (field, reason) of the first evidence that is not there."""
    if ClosingEvidence.COURSE in wanted:
        if outcome.done_on is None:
            return "done_on", _("A complaint is closed with the day it was dealt with.")
        if not outcome.result.strip():
            return "result", _("A complaint is closed with the result.")
    if ClosingEvidence.ADOPTION in wanted:
        if not outcome.adoption:
            return "adoption", _("Say whether the suggestion is adopted.")
        if outcome.adoption != Adoption.ADOPTED and not outcome.adoption_reason.strip():
            return "adoption_reason", _("Say why it is not adopted, or only partly.")
    return None


@kept
def _all_criteria() -> list[ClosingCriterion]:
    return list(ClosingCriterion.objects.filter(is_active=True))
