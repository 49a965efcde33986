"""What visitors without log-in may read: doors, QR points, themes, and the one case they proved to be theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest

from dutylist.models import ItemVersion
from intake.models import Case, Channel, Evaluation, RatingLink, ReportPoint, Theme
from intake.services.channels import token_digest
from intake.services.supplements import next_urge_at
from intake.workflow import CASE, OPEN_STATES
from shenzhen_gov.core.crypto import blind_indexes
from shenzhen_gov.core.masking import mask_text

TRACKED = "tracked"  # in the session: number → until when (seconds since 1970)
NUMBER = re.compile(r"[A-Z0-9-]{4,24}")
DIGITS = re.compile(r"[0-9]{4}")


def get_door(code: str) -> Channel | None:
    """Return the channel a public page registers through, None when it is out of use."""
    return Channel.objects.filter(code=code, is_active=True).first()


def get_point(code: str) -> ReportPoint | None:
    """Return the QR point in use with this code."""
    return ReportPoint.objects.select_related("area").filter(code=code, is_active=True).first()


def list_themes() -> list[Theme]:
    """Return the themes in use, in their order."""
    return list(Theme.objects.filter(is_active=True))


def get_theme(code: str) -> Theme | None:
    """Return the theme in use with this code."""
    return Theme.objects.filter(code=code, is_active=True).first()


def items_of(theme: Theme, on: date) -> list[ItemVersion]:
    """Return the items of a theme that are in force, by name."""
    versions = ItemVersion.objects.in_force_of(theme.items.all(), on)
    return list(versions.select_related("item").order_by("name"))


def find_tracked(number: str, digits: str) -> Case | None:
    """Return the case with this number whose caller's phone ends in these four digits, or None.

    An unknown number and wrong digits take the same steps.
    """
    number, digits = number.strip().upper(), digits.strip()
    if not (NUMBER.fullmatch(number) and DIGITS.fullmatch(digits)):
        return None
    case = Case.objects.select_related("citizen").filter(number=number).first()
    stored = case.citizen.phone_tail_index if case and case.citizen else ""
    fits = [compare_digest(index, stored) for index in blind_indexes(f"tail:{digits}")]
    return case if any(fits) else None


def tracked_case(session: Mapping, number: str, *, now: datetime) -> Case | None:
    """Return the case that this session proved to be its own, as long as that holds."""
    until = session.get(TRACKED, {}).get(number, 0)
    if until <= now.timestamp():
        return None
    return Case.objects.select_related("channel", "holder", "item_version", "citizen").filter(number=number).first()


def find_rating_link(secret: str) -> RatingLink | None:
    """Return the link with this secret, used or not."""
    return RatingLink.objects.select_related("case").filter(digest=token_digest(secret)).first()


@dataclass(frozen=True)
class VisitorSteps:
    """What somebody may do with the tracked case now."""

    may_add: bool
    may_withdraw: bool
    may_rate: bool
    urge_after: datetime | None  # asked before: possible again from then on
    evaluation: Evaluation | None  # of the present round


def visitor_steps(case: Case, *, now: datetime) -> VisitorSteps:
    """Return the steps open to whoever tracks the case."""
    is_open = case.state in OPEN_STATES
    evaluation = case.evaluations.filter(round=case.round).first()
    return VisitorSteps(
        may_add=is_open,
        may_withdraw=is_open and not (case.supplements.filter(kind="withdrawn").exists()),
        may_rate=evaluation is None and CASE.why_not("evaluate", case) is None,
        urge_after=next_urge_at(case, now=now) if is_open else None,
        evaluation=evaluation,
    )


def get_case_by_number(number: str) -> Case | None:
    """Return the case with this number, for whoever holds a private link to it."""
    return Case.objects.filter(number=number).first()


def public_text(case: Case, text: str) -> str:
    """Return a reply as the tracking page shows it: without the caller's name and without numbers of people."""
    return mask_text(text, [case.citizen.name] if case.citizen and case.citizen.name else [])
