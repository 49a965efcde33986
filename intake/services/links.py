"""关联: cases about one matter, one of them the main one. Every citizen keeps a case, and each goes its own way."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.choices import LinkKind
from intake.models import Case, CaseLink
from intake.workflow import ARCHIVED, DRAFT, VOID
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight, Refused

MAY_LINK = (Act.DISPATCH_CASE.value, Act.REGISTER_CASE.value)


@transaction.atomic
def link_cases(
    main_id: int,
    secondary_id: int,
    *,
    kind: str = LinkKind.SAME_MATTER,
    score: float | None = None,
    reasons: dict | None = None,
    by: Actor,
    now: datetime,
) -> CaseLink:
    """Make one case secondary to another, both seen by whoever links them; no state changes.

    What is itself secondary stands for its main case, and the secondary ones of a new secondary follow it to the main
    case, so that links never form a chain or a circle. The same link again answers with the link that is there.
    Raises BadInput for a case with itself or one that is void, and Refused for one that has another main case.
    """
    if kind not in LinkKind.values:
        raise BadInput(_("There is no such kind of link."), field="kind")
    if (above := _link_of(main_id)) and above.main_id == secondary_id != main_id:
        _lock([main_id, secondary_id], by)
        return above
    main, secondary = _lock_pair(above.main_id if above else main_id, secondary_id, by)
    if known := _link_of(secondary.pk):
        if known.main_id == main.pk:
            return known
        text = _("%(number)s is already linked to %(main)s. Undo that link first.")
        raise Refused(text % {"number": secondary.number, "main": known.main.number}, field="other")
    followers = list(CaseLink.objects.select_for_update().filter(main=secondary, undone_at=None))
    link = _link(main, secondary, kind, score, reasons or {}, by, now)
    for old in followers:
        _end(old, by, now)
        _link(main, old.secondary, old.kind, old.score, old.reasons, by, now)
    return link


def link_part(main: Case, part: Case, *, by: Actor, now: datetime) -> CaseLink:
    """Link a new case to the locked one that it was taken out of; the caller has asked who may take it apart."""
    return _link(main, part, LinkKind.SPLIT, None, {}, by, now)


@transaction.atomic
def undo_link(link_id: int, *, by: Actor, now: datetime) -> CaseLink:
    """Take a link apart; both cases keep that it was there. Undoing twice changes nothing."""
    link = CaseLink.objects.select_for_update(of=("self",)).filter(pk=link_id).first()
    if link is None:
        raise OutOfSight(_("Not found."))
    main, secondary = _lock([link.main_id, link.secondary_id], by)
    if link.undone_at is None:
        _refuse_archived(secondary)
        _end(link, by, now)
        _record("case.unlinked", main, secondary, by, now)
    return link


def _lock_pair(main_id: int, secondary_id: int, by: Actor) -> tuple[Case, Case]:
    """Return the two locked cases, checked; by then nobody else can have made the main one secondary."""
    main, secondary = _lock([main_id, secondary_id], by)
    if main.pk == secondary.pk:
        raise BadInput(_("A case cannot be linked to itself."), field="other")
    if _link_of(main.pk):
        raise Refused(_("%(number)s was linked a moment ago. Try again.") % {"number": main.number}, field="other")
    for case in (main, secondary):
        if case.state in (DRAFT, VOID):
            raise BadInput(_("%(number)s is void and is not linked.") % {"number": case.number}, field="other")
    _refuse_archived(secondary)
    return main, secondary


def _refuse_archived(secondary: Case) -> None:
    """The link belongs to the secondary case: a new one may follow an archived one, an archived one follows nobody."""
    if secondary.state == ARCHIVED:
        text = _("%(number)s is archived; only annotations are added to it.")
        raise IllegalMove(text % {"number": secondary.number}, field="other")


def _lock(ids: list[int], by: Actor) -> list[Case]:
    """Lock cases in the order of their ids, and refuse what `by` does not see or may not link."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("area", "holder").filter(pk__in=ids)
    cases = {case.pk: case for case in rows.order_by("pk")}
    if set(ids) - set(cases):
        raise OutOfSight(_("Not found."))
    for case in cases.values():
        access.require(by, MAY_LINK, case)
    return [cases[pk] for pk in ids]


def _link_of(case_id: int) -> CaseLink | None:
    """Return the link by which a case is secondary."""
    return CaseLink.objects.select_related("main").filter(secondary=case_id, undone_at=None).first()


def _link(main: Case, secondary: Case, kind: str, score, reasons: dict, by: Actor, now: datetime) -> CaseLink:
    link = CaseLink.objects.create(
        main=main,
        secondary=secondary,
        kind=kind,
        score=score,
        reasons=reasons,
        linked_at=now,
        linked_by=by.name,
    )
    _record("case.linked", main, secondary, by, now, {"kind": kind, "score": score})
    return link


def _end(link: CaseLink, by: Actor, now: datetime) -> None:
    link.undone_at, link.undone_by = now, by.name
    link.save(update_fields=["undone_at", "undone_by"])


def _record(action: str, main: Case, secondary: Case, by: Actor, now: datetime, facts: dict | None = None) -> None:
    """Write the entry on both cases."""
    numbers = {"main": main.number, "secondary": secondary.number, **(facts or {})}
    audit.record_many([audit.Record(action, case, numbers) for case in (main, secondary)], by=by, now=now)
