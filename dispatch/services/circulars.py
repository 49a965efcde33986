"""通报: a centre's draft of the period collects cases; publishing it closes the list."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.choices import CircularReason, CircularState
from dispatch.models import Circular, CircularLine, CircularReading
from dispatch.selectors.circulars import posts_reading
from grid import access
from grid.choices import Act, Level, UnitKind
from grid.models import Unit
from grid.services import Receiver, send_message
from intake import services as intake
from intake.models import Case
from intake.workflow import CASE
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import checked_text

TITLE_LIMIT, TEXT_LIMIT, NOTE_LIMIT = 120, 5000, 300


@transaction.atomic
def circulate(
    case_id: int, *, reason: str = CircularReason.CHOSEN, note: str = "", by: Actor, now: datetime,
    row_version: int | None = None,
) -> CircularLine:  # fmt: skip
    """Put a case into the draft of this period's circular; a case that stands in it for this reason stays once."""
    case = intake.lock_case(case_id, by=by, row_version=row_version)
    access.require(by, CASE.moves["circulate"].acts, case)
    CASE.check("circulate", case)
    if reason not in CircularReason.values:
        raise BadInput(_("Choose why the case is named."), field="reason")
    note = checked_text(note, NOTE_LIMIT, field="note")
    return add_line(case, reason, note=note, by=by, now=now)


def add_line(case: Case, reason: str, *, note: str = "", by: Actor, now: datetime) -> CircularLine:
    """Add a locked case to the draft, which is opened when there is none."""
    draft = get_draft(now, by=by)
    unit = case.holder_id or draft.unit_id
    line, created = CircularLine.objects.get_or_create(
        circular=draft,
        case=case,
        reason=reason,
        defaults={"unit_id": unit, "note": note, "at": now, "by": by.name[:120]},
    )
    if created:
        facts = {"circular": str(draft), "reason": reason}
        audit.record("case.circulated", case, by=by, now=now, changes=facts, note=note)
    return line


def get_draft(now: datetime, *, by: Actor) -> Circular:
    """Return the city's draft of the period that `now` lies in, opened if need be. Two at once open one."""
    first, last = _period(timezone.localdate(now))
    centre = Unit.objects.filter(kind=UnitKind.CENTRE, level=Level.CITY, closed_on=None).order_by("path").first()
    if centre is None:
        raise BadInput(_("There is no civic request centre of the city."))
    known = Circular.objects.filter(unit=centre, first_day=first, state=CircularState.DRAFT)
    if found := known.first():
        return found
    try:
        with transaction.atomic():
            draft = Circular.objects.create(
                unit=centre, title=_("Circular %(first)s to %(last)s") % {"first": first, "last": last},
                first_day=first, last_day=last, opened_at=now, opened_by=by.name[:120],
            )  # fmt: skip
    except IntegrityError:
        return known.get()
    audit.record("circular.opened", draft, by=by, now=now)
    return draft


@transaction.atomic
def change_circular(
    circular_id: int, *, title: str, text: str = "", by: Actor, now: datetime, row_version: int | None = None
) -> Circular:
    """Write the words of a draft."""
    draft = _lock_draft(circular_id, by, row_version)
    title = checked_text(title, TITLE_LIMIT, field="title")
    if not title:
        raise BadInput(_("Give the circular a title."), field="title")
    draft.title, draft.text = title, checked_text(text, TEXT_LIMIT, field="text")
    _save(draft, "title", "text")
    audit.record("circular.changed", draft, by=by, now=now)
    return draft


@transaction.atomic
def drop_line(circular_id: int, line_id: int, *, by: Actor, now: datetime) -> Circular:
    """Take a case out of a draft."""
    draft = _lock_draft(circular_id, by, None)
    line = draft.lines.select_related("case").filter(pk=line_id).first()
    if line is None:
        raise OutOfSight(_("Not found."))
    number = line.case.number
    line.delete()
    _save(draft)
    audit.record("circular.changed", draft, by=by, now=now, changes={"dropped": number})
    return draft


@transaction.atomic
def publish_circular(circular_id: int, *, by: Actor, now: datetime, row_version: int | None = None) -> Circular:
    """Publish a draft: from now on every unit reads it, and nothing in it changes."""
    draft = _lock_draft(circular_id, by, row_version)
    if not draft.lines.exists():
        raise BadInput(_("A circular without a case is not published."))
    draft.state, draft.published_at, draft.published_by = CircularState.PUBLISHED, now, by.name[:120]
    _save(draft, "state", "published_at", "published_by")
    audit.record("circular.published", draft, by=by, now=now, changes={"cases": draft.lines.count()})
    named = draft.lines.order_by("unit").values_list("unit", flat=True).distinct()
    to = [Receiver(unit_id=unit_id, act=str(Act.HANDLE_CASE)) for unit_id in named]
    page = f"/dispatch/circulars/{draft.pk}/"
    send_message("circular", to, facts={"title": draft.title}, now=now, link=page)
    return draft


@transaction.atomic
def read_circular(circular_id: int, *, by: Actor, now: datetime) -> list[Unit]:
    """Note that the named units at which `by` handles or reviews have read a published circular; said once by each.

    Who answers for no unit of it, or only for units that have read it, is refused with the reason.
    """
    circular = Circular.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=circular_id).first()
    if circular is None or (circular.state != CircularState.PUBLISHED and not access.can_see(by.user, circular)):
        raise OutOfSight(_("Not found."))
    if circular.state != CircularState.PUBLISHED:
        raise IllegalMove(_("A draft is read when it is published."))
    named = Unit.objects.filter(pk__in=posts_reading(by.user)).filter(
        pk__in=circular.lines.order_by().values("unit").distinct()
    )
    if not named:
        raise NotAllowed(_("The circular names no unit of yours."))
    unread = list(named.exclude(pk__in=circular.readings.values("unit")))
    if not unread:
        raise IllegalMove(_("Your unit has read this circular."))
    rows = [CircularReading(circular=circular, unit=unit, at=now, by=by.name[:120]) for unit in unread]
    CircularReading.objects.bulk_create(rows)
    audit.record("circular.read", circular, by=by, now=now, changes={"units": [str(unit) for unit in unread]})
    return unread


def publish_due(*, by: Actor, now: datetime) -> int:
    """Publish the drafts whose period is over, where the parameter `circular.automatic` says so."""
    day = timezone.localdate(now)
    if not get_parameter("circular.automatic", day):
        return 0
    over = Circular.objects.filter(state=CircularState.DRAFT, last_day__lt=day, lines__isnull=False).distinct()
    ids = list(over.values_list("pk", flat=True)[:10])
    for pk in ids:
        publish_circular(pk, by=by, now=now)
    return len(ids)


def _lock_draft(circular_id: int, by: Actor, row_version: int | None) -> Circular:
    draft = Circular.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=circular_id).first()
    if draft is None:
        raise OutOfSight(_("Not found."))
    access.require(by, (Act.SUPERVISE_CASE.value, "system"), draft)
    if draft.state != CircularState.DRAFT:
        raise IllegalMove(_("The circular is published; nothing in it changes."))
    if row_version is not None and row_version != draft.row_version:
        raise StalePage(_("Somebody changed the circular meanwhile; it is shown afresh."))
    return draft


def _save(draft: Circular, *names: str) -> None:
    draft.row_version += 1
    draft.save(update_fields=[*names, "row_version"])


def _period(day: date) -> tuple[date, date]:
    """Return the first and the last day of the period around `day`: weeks from Monday, or as the parameter says."""
    days = int(get_parameter("circular.days", day))
    monday = date(2018, 1, 1)  # a Monday: periods are counted from it
    first = monday + timedelta(days=(day - monday).days // days * days)
    return first, first + timedelta(days=days - 1)
