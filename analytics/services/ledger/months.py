"""A month of the assessment: proposed, frozen with everything that counted, for good. Half a freeze does not exist."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.models import AssessmentMonth, ExclusionRequest, FiguresState, FrozenResult, FrozenScore
from analytics.parts import BY_CODE, FIRST_DAY, key_of
from analytics.selectors.figures import month_end
from analytics.selectors.ledger.frozen import digest_of, hash_postings
from analytics.selectors.ledger.live import bases_for, count_ranking
from analytics.selectors.ledger.places import keeps_everywhere
from analytics.selectors.ledger.tables import Basis, Ranking
from analytics.services.figures import LOCK, refresh_figures
from analytics.workflow import ASSESSMENT, MONTH_FROZEN, MONTH_PROPOSED
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, Refused
from shenzhen_gov.core.jobs import run_job
from shenzhen_gov.core.parameters import get_parameter

from .notices import tell_frozen

# What the cases of a month counted for: only the keys of that month, and what agreed exclusions took out.
COPY_POSTINGS = """
INSERT INTO analytics_frozenposting (month_id, case_id, number, area_id, is_excluded, keys, units, amounts, left_out)
SELECT %(month)s, p.case_id, c.number, p.area_id, p.is_excluded, own.keys, own.units, own.amounts, taken.out
  FROM analytics_caseposting p
  JOIN intake_case c ON c.id = p.case_id
  CROSS JOIN LATERAL (
    SELECT array_agg(one.key ORDER BY one.key, one.unit_id, one.amount) AS keys,
           array_agg(one.unit_id ORDER BY one.key, one.unit_id, one.amount) AS units,
           array_agg(one.amount ORDER BY one.key, one.unit_id, one.amount) AS amounts
      FROM unnest(p.keys, p.units, p.amounts) one(key, unit_id, amount)
     WHERE one.key = ANY(%(keys)s::integer[])) own
  CROSS JOIN LATERAL (
    SELECT array_agg(i.code || '@' || x.unit_id ORDER BY i.code, x.unit_id) AS out
      FROM analytics_exclusionrequest x JOIN analytics_indicator i ON i.id = x.indicator_id
     WHERE x.case_id = p.case_id AND x.month = %(first)s AND x.state = 'agreed') taken
 WHERE p.keys && %(keys)s::integer[]
 ORDER BY p.case_id
"""
PORTION = 500


@transaction.atomic
def move_month(month: date, move: str, *, by: Actor, now: datetime) -> AssessmentMonth:
    """Propose a month that is over, or take the proposal back."""
    row = lock_month(month, now=now)
    require_keeper(by)
    step = ASSESSMENT.check(move, row)
    if step.to_state in (None, MONTH_FROZEN):
        raise BadInput(_("This step is not made here."), field="move")
    before, row.state = row.state, str(step.to_state)
    is_proposed = row.state == MONTH_PROPOSED
    row.proposed_at, row.proposed_by = (now, by.name[:120]) if is_proposed else (None, "")
    row.freeze_failed = ""
    row.save()
    audit.record("assessment.moved", row, by=by, now=now, changes={"state": [before, row.state]})
    return row


@transaction.atomic
def ask_freeze(month: date, *, by: Actor, now: datetime) -> AssessmentMonth:
    """Ask for a month to be frozen; begins within a minute. While it is asked for, that stands."""
    row = lock_month(month, now=now)
    require_keeper(by)
    ASSESSMENT.check("freeze", row)
    if row.freeze_asked_at is None:
        row.freeze_asked_at, row.freeze_asked_by, row.freeze_failed = now, by.name[:120], ""
        row.save()
        audit.record("assessment.freeze_asked", row, by=by, now=now)
    return row


def freeze_due(*, by: Actor, now: datetime) -> int:
    """Freeze the months that were asked for; one that cannot be frozen says why. Returns how many were."""
    done = 0
    for row in AssessmentMonth.objects.filter(freeze_asked_at__isnull=False, state=MONTH_PROPOSED):
        try:
            freeze(row.month, by=by, now=now)
            done += 1
        except FiguresAreMoving:
            continue  # asked for, it stays asked for
        except Refused as refusal:
            AssessmentMonth.objects.filter(pk=row.pk, state=MONTH_PROPOSED).update(
                freeze_asked_at=None, freeze_asked_by="", freeze_failed=str(refusal)[:300]
            )
    return done


class FiguresAreMoving(Refused):
    """The figures are being brought up to date or made anew; a moment later they are not."""

    code = "figures_are_moving"


def freeze(month: date, *, by: Actor, now: datetime) -> AssessmentMonth:
    """Freeze a proposed month: copy what counted, write who stands where, hash all of it. One transaction.

    The figures are brought up to date first and stand still meanwhile, so results and postings say the same. Raises
    IllegalMove before the window has passed, while a request is undecided, or when it is frozen already.
    """
    if by.kind != SYSTEM:
        require_keeper(by)
    refresh_figures(by=Actor.system("figures"), now=now)
    with run_job("ledger", by=by, now=now) as job, transaction.atomic():
        _hold_figures()
        row = lock_month(month, now=now)
        ASSESSMENT.check("freeze", row)
        bases = bases_for(month)
        if not bases:
            raise BadInput(_("No assessment scheme is in force in that month."), field="month")
        job.progress(0, len(bases) + 2)
        _copy_postings(row, bases)
        for number, basis in enumerate(bases, 1):
            _keep_ranking(row, count_ranking(basis, month))
            job.progress(number)
        _seal(row, bases, by, now)
        job.result = {"month": str(row), "postings": row.posting_count, "digest": row.digest}
    return row


def lock_month(month: date, *, now: datetime) -> AssessmentMonth:
    """Return the row of a month, locked, made when there is none; whoever changes what it counts goes through here."""
    today = timezone.localdate(now)
    if month.day != 1 or not FIRST_DAY <= month <= today:
        raise BadInput(_("This is not a month that has begun."), field="month")
    AssessmentMonth.objects.get_or_create(month=month)
    row = AssessmentMonth.objects.select_for_update().get(month=month)
    row.today = today
    return row


def require_keeper(by: Actor) -> None:
    """Raise NotAllowed unless `by` keeps the assessment of the whole city."""
    if by.user is None or not keeps_everywhere(by.user):
        text = _("Months are proposed, frozen and corrected by who keeps the assessment ledger of the whole city.")
        raise NotAllowed(text)


@ASSESSMENT.need("month_over")
def month_over(row: AssessmentMonth):
    """Nothing of a month that still runs is published."""
    return None if row.today > month_end(row.month) else _("The month is not over.")


@ASSESSMENT.need("window_over")
def window_over(row: AssessmentMonth):
    """Citizens evaluate for some days after the closing; what they say still counts for the month."""
    first = month_end(row.month) + timedelta(days=1 + int(get_parameter("ledger.days_after_month", row.today)))
    if row.today >= first:
        return None
    return _("It may be frozen from %(day)s on: until then evaluations of the month come in.") % {"day": first}


@ASSESSMENT.need("all_decided")
def all_decided(row: AssessmentMonth):
    """No request of the month is left lying."""
    count = ExclusionRequest.objects.undecided().filter(month=row.month).count()
    return _("%(count)s requests for exclusions are undecided.") % {"count": count} if count else None


@ASSESSMENT.need("not_asked")
def not_asked(row: AssessmentMonth):
    """What is about to be frozen is not taken back."""
    return _("It is being frozen.") if row.freeze_asked_at else None


def _hold_figures() -> None:
    """Keep the figures as they are until the transaction ends. Raises FiguresAreMoving when somebody changes them."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        is_held = cursor.fetchone()[0]
    if not is_held or FiguresState.objects.filter(rebuild_asked_at__isnull=False).exists():
        raise FiguresAreMoving(_("The figures are being brought up to date; try again in a minute."))


def _copy_postings(row: AssessmentMonth, bases: list[Basis]) -> None:
    codes = set().union(*(basis.parts for basis in bases))
    days = [row.month + timedelta(days=number) for number in range(month_end(row.month).day)]
    keys = [key_of(BY_CODE[code], day) for code in sorted(codes) for day in days]
    with connection.cursor() as cursor:
        cursor.execute(COPY_POSTINGS, {"month": row.pk, "keys": keys, "first": row.month})


def _keep_ranking(row: AssessmentMonth, ranking: Ranking) -> None:
    basis, numbers = ranking.basis, {column.code: column.number for column in ranking.basis.columns}
    scores = FrozenScore.objects.bulk_create(
        [
            FrozenScore(
                month=row, scheme=basis.code, line=line, cases=score.cases, total=score.total, rank=score.rank,
                place_name=score.place.name, place_code=score.place.code,
                area_id=score.place.id if basis.ranks_areas else None,
                unit_id=None if basis.ranks_areas else score.place.id,
            )
            for line, score in enumerate(ranking.scores, 1)
        ],
        batch_size=PORTION,
    )  # fmt: skip
    FrozenResult.objects.bulk_create(
        [
            FrozenResult(score=kept, indicator=code, version=numbers[code], **vars(result))
            for kept, score in zip(scores, ranking.scores, strict=True)
            for code, result in score.results.items()
        ],
        batch_size=PORTION,
    )


def _seal(row: AssessmentMonth, bases: list[Basis], by: Actor, now: datetime) -> None:
    """Write the basis, then the digest over what stands in the database, and close the month."""
    row.basis = [asdict(basis) for basis in bases]
    row.posting_count, row.postings_digest = hash_postings(row)
    row.save()
    row.refresh_from_db()
    row.state, row.frozen_at, row.frozen_by = MONTH_FROZEN, now, (row.freeze_asked_by or by.name)[:120]
    row.freeze_asked_at, row.freeze_failed = None, ""
    row.digest = digest_of(row, row.postings_digest)
    row.save()
    facts = {"state": [MONTH_PROPOSED, MONTH_FROZEN], "digest": row.digest, "postings": row.posting_count}
    audit.record("assessment.moved", row, by=by, now=now, changes=facts)
    tell_frozen(row, now=now)
