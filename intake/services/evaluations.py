"""评价: one round of a case is rated once, overall and by four scores (F W5); links to rate with are good for one."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.choices import Via
from intake.limits import EVALUATION_LIMIT
from intake.models import Case, Evaluation, RatingLink
from intake.signals import case_evaluated
from intake.workflow import CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

from .channels import token_digest
from .deliveries import owe_callback
from .life_cycle import lock_case

SCORES = range(1, 6)
FOUR = ("speed", "effect", "experience", "feedback")  # 处置速度 处置效果 服务体验 反馈质量
MAY_MAKE_LINK = (Act.REGISTER_CASE.value, SYSTEM)


@dataclass(frozen=True)
class Scores:
    """What somebody thinks of a round: 1 (bad) to 5 (good). Only `overall` must be given."""

    overall: int
    speed: int | None = None
    effect: int | None = None
    experience: int | None = None
    feedback: int | None = None
    text: str = ""


@transaction.atomic
def evaluate_case(case_id: int, scores: Scores, *, via: str, by: Actor, now: datetime) -> Evaluation:
    """Rate the present round of an ended case. Raises BadInput naming the score, IllegalMove when it is too early."""
    scores = _checked(scores, via)
    case = lock_case(case_id, by=by)
    access.require(by, CASE.moves["evaluate"].acts, case)
    return _evaluate(case, scores, via, by, now)


@transaction.atomic
def create_rating_link(case_id: int, *, by: Actor, now: datetime) -> tuple[RatingLink, str]:
    """Make a link for the present round and return it with its secret, which is shown this once."""
    case = lock_case(case_id, by=by)
    access.require(by, MAY_MAKE_LINK, case)
    _require_unrated(case)
    secret = secrets.token_urlsafe(24)
    days = get_parameter("rating.link_days", timezone.localdate(now))
    link = RatingLink(
        case=case,
        round=case.round,
        digest=token_digest(secret),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    link.save(force_insert=True)
    audit.record("case.rating_link_created", case, by=by, now=now, changes={"round": case.round})
    owe_callback(case, "case.evaluation_asked", now=now)
    return link, secret


@transaction.atomic
def rate_by_link(secret: str, scores: Scores, *, now: datetime) -> Evaluation:
    """Rate with a link and use it up. Raises OutOfSight for an unknown one, IllegalMove for one that is over."""
    scores = _checked(scores, Via.LINK)
    found = RatingLink.objects.filter(digest=token_digest(secret)).first()
    if found is None:
        raise OutOfSight(_("Not found."))
    by = Actor.citizen(Via.LINK)
    case = lock_case(found.case_id, by=by)
    link = RatingLink.objects.select_for_update().get(pk=found.pk)
    require_usable(link, case, now)
    evaluation = _evaluate(case, scores, Via.LINK, by, now)
    link.used_at = now
    link.save(update_fields=["used_at"])
    return evaluation


def require_usable(link: RatingLink, case: Case, now: datetime) -> None:
    """Refuse a link that was used, has run out, or is for a round that is over."""
    if link.used_at is not None:
        raise IllegalMove(_("This link was used already. Thank you for your evaluation."))
    if link.expires_at <= now:
        raise IllegalMove(_("This link has run out. You can still rate under “Track”, with number and phone."))
    if link.round != case.round:
        raise IllegalMove(_("The case was taken up again after this link was made; you will be asked again."))
    _require_unrated(case)


def _evaluate(case: Case, scores: Scores, via: str, by: Actor, now: datetime) -> Evaluation:
    _require_unrated(case)
    given = asdict(scores)
    found = Evaluation(case=case, round=case.round, via=via, evaluated_at=now, evaluated_by=by.name, **given)
    found.save(force_insert=True)
    facts = {"round": case.round, "via": via} | {name: given[name] for name in ("overall", *FOUR)}
    audit.record("case.evaluated", case, by=by, now=now, changes=facts, note=found.text)
    if via != Via.CHANNEL:  # a channel knows what it said itself
        owe_callback(case, "case.evaluated", now=now, facts={"overall": found.overall})
    case_evaluated.send(Evaluation, evaluation=found, now=now)
    return found


def _require_unrated(case: Case) -> None:
    CASE.check("evaluate", case)
    if case.evaluations.filter(round=case.round).exists():
        raise IllegalMove(_("Case %(number)s was evaluated already.") % {"number": case.number})


def _checked(scores: Scores, via: str) -> Scores:
    for name in ("overall", *FOUR):
        score = getattr(scores, name)
        if score is None and name != "overall":
            continue
        if isinstance(score, bool) or not isinstance(score, int) or score not in SCORES:
            raise BadInput(_("A score is a whole number from 1 to 5."), field=name)
    if via not in Via.values:
        raise BadInput(_("“%(via)s” is no way in.") % {"via": via}, field="via")
    return replace(scores, text=checked_text(scores.text, EVALUATION_LIMIT, field="text"))
