"""How a request ends at the desk: dispatched, answered on the spot, proposed for refusal, or handed to 110/119/120."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from intake.choices import EmergencyService, OutcomeKind
from intake.limits import ANSWER_LIMIT
from intake.models import ArticleUse, ArticleVersion, Case
from intake.workflow import ARTICLE_LIVE, CASE
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

from .attachments import Upload
from .handoffs import record_handoff
from .life_cycle import lock_case, refuse_while_proposed
from .moves import move_case
from .refusals import propose_refusal
from .registration import NewCase, Registration, register_once


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What becomes of a request; which fields count follows from `kind`.

    answer: `article` (id of the version that is online) or `answer`, or both. refuse: `reason` (code), `told_way`,
    `note`. handoff: `service`, `reference`, `note`.
    """

    kind: str = OutcomeKind.DISPATCH
    article: int | None = None
    answer: str = ""
    reason: str = ""
    told_way: str = ""
    service: str = ""
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class _Ended(NewCase):
    """A request together with its outcome: one command under one idempotency key."""

    outcome: Outcome


def register_with_outcome(
    data: NewCase,
    outcome: Outcome,
    *,
    by: Actor,
    now: datetime,
    idempotency_key: str | None = None,
    files: Sequence[Upload] = (),
) -> Registration:
    """Register a request and end it as `outcome` says, in one transaction: all of it or nothing.

    With a key, the same request with the same outcome again answers with the same case; with another outcome it raises
    KeyReused. Raises what `register_once` raises, and BadInput naming the field of the outcome.
    """
    if outcome.kind == OutcomeKind.DISPATCH:
        return register_once(data, by=by, now=now, idempotency_key=idempotency_key, files=files)
    if outcome.kind not in STEPS:
        raise BadInput(_("Choose what becomes of the request."), field="outcome")
    given = {field.name: getattr(data, field.name) for field in fields(NewCase)}
    command = replace(_Ended(**given, outcome=outcome), accept=False)

    def end(case: Case) -> None:
        STEPS[outcome.kind](case, outcome, by, now)
        case.refresh_from_db(fields=["state", "row_version", "closed_at", "refusal_reason"])

    return register_once(command, by=by, now=now, idempotency_key=idempotency_key, files=files, then=end)


@transaction.atomic
def answer_case(
    case_id: int,
    *,
    answer: str = "",
    article: int | None = None,
    by: Actor,
    now: datetime,
    row_version: int | None = None,
) -> Case:
    """即时答复: the agent answered at once, from an article (id of its version), in own words, or both.

    The answer stands in the timeline; without own words it is the article's. Raises BadInput naming the field.
    """
    case = lock_case(case_id, by=by, row_version=row_version)
    access.require(by, CASE.moves["answer"].acts, case)
    refuse_while_proposed(case)
    version = _online(article) if article is not None else None
    text = checked_text(answer, ANSWER_LIMIT, field="answer") or (version.body if version else "")
    if not text:
        raise BadInput(_("Write down what was answered."), field="answer")
    facts = {"article": f"{version.article.code} v{version.number}"} if version else {}
    move_case(case, "answer", action="case.answered", by=by, now=now, changes=facts, note=text)
    if version is not None:
        ArticleUse(case=case, version=version, used_at=now, used_by=by.name).save(force_insert=True)
    return case


def _online(version_id: int) -> ArticleVersion:
    """Return the version of an article that citizens are answered from at this moment."""
    found = ArticleVersion.objects.select_related("article").filter(pk=version_id, state=ARTICLE_LIVE).first()
    if found is None:
        raise BadInput(_("This article is no longer online. Look it up again."), field="article")
    return found


def _answer(case: Case, outcome: Outcome, by: Actor, now: datetime) -> None:
    answer_case(case.pk, answer=outcome.answer, article=outcome.article, by=by, now=now)


def _refuse(case: Case, outcome: Outcome, by: Actor, now: datetime) -> None:
    given = {"reason": outcome.reason, "told_way": outcome.told_way, "note": outcome.note}
    propose_refusal(case.pk, **given, by=by, now=now)


def _hand_over(case: Case, outcome: Outcome, by: Actor, now: datetime) -> None:
    """The caller was connected to the emergency service, and that was the answer."""
    given = {"service": outcome.service, "reference": outcome.reference, "note": outcome.note}
    handoff = record_handoff(lock_case(case.pk, by=by), **given, by=by, now=now)
    service = EmergencyService(handoff.service).label
    answer_case(case.pk, answer=_("Handed over to: %(service)s") % {"service": service}, by=by, now=now)


STEPS: dict[str, Callable[[Case, Outcome, Actor, datetime], None]] = {
    OutcomeKind.ANSWER: _answer,
    OutcomeKind.REFUSE: _refuse,
    OutcomeKind.HANDOFF: _hand_over,
}
