"""Where a request would go and until when, before it is registered: asked of the very code that decides it later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from dispatch.choices import ClockKind
from dispatch.clocks import ClockBook
from dispatch.deciding import Draft, decide_many
from dutylist.choices import LimitUnit
from dutylist.models import Item
from dutylist.selectors import version_in_force
from grid.models import Area
from grid.selectors import area_by_house_code
from intake.choices import PlaceSource, RequestType, Urgency
from intake.models import Case, Channel
from shenzhen_gov.core.exceptions import Refused

from .waiting import why_label

HOTLINE = "hotline"


@dataclass(frozen=True)
class Asked:
    """What is known of the request; codes of item, area and channel, an empty text where nothing is known yet."""

    item: str = ""
    area: str = ""
    house_code: str = ""
    urgency: str = ""
    request_type: str = ""
    channel: str = HOTLINE
    is_secret: bool = False
    is_sensitive: bool = False


@dataclass(frozen=True)
class Forecast:
    """What the machine would do now. `problem` says why the moments are not known."""

    draft: Draft
    due_at: datetime | None = None  # of the whole case
    handling_due_at: datetime | None = None  # of the unit
    limit: str = ""  # of the unit, in the reader's language
    dispatch_due_at: datetime | None = None  # of the dispatcher, where a person decides
    problem: str = ""

    @property
    def why(self) -> str:
        """Return why a person decides; empty when the machine does."""
        return why_label(self.draft.needs_person) if self.draft.needs_person else ""


def forecast(asked: Asked, now: datetime) -> Forecast | None:
    """Return what would be decided if the request were registered and accepted at `now`; None without a known item.

    Nothing is written and no number is drawn.
    """
    item = Item.objects.filter(code=asked.item).first() if asked.item else None
    if item is None:
        return None
    case = _case(asked, item, now)
    draft = decide_many([case], now)[0]
    if draft.version is None:
        draft.version = draft.terms = version_in_force(item.pk, timezone.localdate(now))
    return _timed(case, draft, now)


def _case(asked: Asked, item: Item, now: datetime) -> Case:
    """Return the case as registering would make it, unsaved."""
    channel = Channel.objects.filter(code=asked.channel, is_active=True).first()
    version = version_in_force(item.pk, timezone.localdate(now))
    usual = channel.default_urgency if channel else Urgency.NORMAL
    area, source = _place(asked)
    return Case(
        channel=channel,
        item=item,
        item_version=version,
        area=area,
        place_source=source,
        urgency=asked.urgency if asked.urgency in Urgency.values else usual,
        request_type=asked.request_type if asked.request_type in RequestType.values else RequestType.HELP,
        is_secret=asked.is_secret or (version is not None and version.is_secret),
        is_sensitive=asked.is_sensitive,
        registered_at=now,
        accepted_at=now,
    )


def _place(asked: Asked) -> tuple[Area | None, str]:
    """Return the place and how it was found; a house code goes before a chosen area, as in registering."""
    areas = Area.objects.select_related("parent").filter(is_active=True)
    if asked.house_code.strip():
        try:
            return areas.get(pk=area_by_house_code(asked.house_code).pk), PlaceSource.HOUSE_CODE
        except (Refused, Area.DoesNotExist):
            pass  # half typed: the form says so; the area counts meanwhile
    area = areas.filter(code=asked.area).first() if asked.area else None
    return area, PlaceSource.CHOSEN if area else PlaceSource.UNKNOWN


def _timed(case: Case, draft: Draft, now: datetime) -> Forecast:
    """Compute the moments; a year without a calendar is said, not guessed."""
    try:
        book = ClockBook(now)
        if draft.unit is None:
            return Forecast(draft, dispatch_due_at=book.start(ClockKind.DISPATCH, case).due_at)
        handling = book.start(ClockKind.HANDLING, case, version=draft.terms)
        limit = book.limit(ClockKind.HANDLING, case, draft.terms)
        words = f"{limit.amount} {LimitUnit(limit.unit).label}"
        return Forecast(draft, book.overall(case, draft.terms).due_at, handling.due_at, words)
    except Refused as refusal:
        return Forecast(draft, problem=str(refusal))
