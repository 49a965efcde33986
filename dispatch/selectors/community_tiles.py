"""The counts of the day on the community desk: each a small function in TILES; one with nothing to say answers None."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dispatch.models import CoTask
from dispatch.workflow import UNDER_REVIEW
from grid.access import holds
from grid.choices import Act
from grid.models import GatheringItem, RoundTask
from grid.selectors.rentals import OVERDUE, TODAY, count_rentals
from grid.workflow import DONE, ITEM_ESCALATED, ITEM_OPEN
from intake.models import Channel, Lead
from intake.workflow import LEAD_FOUND
from shenzhen_gov.core.addresses import address_or_none

from .community import Place, Tile
from .found import team_findings
from .queue import CAP

SCAN_CHANNEL = "scan"


def rounds(place: Place) -> Tile:
    """今日巡查: tasks of the day that are walked, of all."""
    today = RoundTask.objects.filter(day=timezone.localdate(place.now), area__in=place.areas).order_by()
    counted = today.aggregate(all=Count("pk"), done=Count("pk", filter=Q(state=DONE)))
    return Tile(
        "walk", pgettext("tile", "Rounds"), str(counted["done"]), url=address_or_none("grid:rounds") or "",
        done=counted["done"], planned=counted["all"],
    )  # fmt: skip


def findings(place: Place) -> Tile | None:
    """今日发现: what the team reported or solved on the spot today."""
    if place.units.everywhere:
        return None
    today = team_findings(place.user, timezone.localdate(place.now)).values("pk")[:CAP]
    return Tile("camera", _("Found today"), str(today.count()), url=reverse("dispatch:found_team"))


def rentals(place: Place) -> Tile:
    """出租屋走访: planned for today or overdue."""
    counted = count_rentals(place.user, today=timezone.localdate(place.now))
    overdue = _("%(count)s overdue") % {"count": counted[OVERDUE]} if counted[OVERDUE].value else ""
    address = address_or_none("grid:rentals") or ""
    return Tile("house", pgettext("tile", "Visits due"), str(counted[TODAY]), overdue, address)


def scanned(place: Place) -> Tile:
    """扫码上报: open work orders that came from a QR code."""
    channel = Channel.objects.filter(code=SCAN_CHANNEL).first()
    rows = place.rows.open().filter(case__channel=channel)
    count = rows.values("pk")[:CAP].count() if channel else 0
    address = f"{reverse('dispatch:community')}?tab=handling&channel={channel.pk}" if count and channel else ""
    return Tile("qr", _("QR reports"), str(count), url=address)


def leads(place: Place) -> Tile | None:
    """线索: found in one's area and not verified yet."""
    found = Lead.objects.filter(state=LEAD_FOUND, area__in=place.areas).values("pk")[:CAP].count()
    is_reader = holds(place.user, Act.VERIFY_LEAD)
    return Tile("radar", _("Leads"), str(found), url=reverse("intake:leads") if is_reader else "")


def ordered(place: Place) -> Tile | None:
    """发令: departments that were called and have not come, or wait for a word."""
    if not holds(place.user, Act.ORDER_DEPARTMENT):
        return None
    called = place.units.narrow(CoTask.objects.open().filter(sheet__isnull=False), "caller")
    count = called.values("pk")[:CAP].count()
    to_judge = called.filter(work_order__state=UNDER_REVIEW).values("pk")[:CAP].count() if count else 0
    remark = _("%(count)s to accept") % {"count": to_judge} if to_judge else ""
    return Tile("people", pgettext("tile", "Spot orders"), str(count), remark, reverse("dispatch:orders"))


def week_on_time(place: Place) -> Tile | None:
    """本周按时办结, and the rank among the communities of the subdistrict."""
    own = place.own_week
    if not place.week:
        return None
    if own is None or own.on_time.percent is None:
        return Tile("pulse", pgettext("tile", "On time"), "—", url=reverse("dispatch:community_week"))
    remark = _("this week, %(rank)s of %(count)s") % {"rank": own.rank, "count": len(place.week)}
    return Tile(
        "pulse", pgettext("tile", "On time"), f"{own.on_time.percent:g} %", remark, reverse("dispatch:community_week")
    )  # fmt: skip


def meeting_items(place: Place) -> Tile:
    """书记茶话会事项: brought up and not settled yet."""
    items = GatheringItem.objects.filter(gathering__area__in=place.areas, state__in=(ITEM_OPEN, ITEM_ESCALATED))
    counted = items.order_by().aggregate(all=Count("pk"), up=Count("pk", filter=Q(state=ITEM_ESCALATED)))
    remark = _("%(count)s escalated") % {"count": counted["up"]} if counted["up"] else ""
    return Tile("cup", _("Meeting items"), str(counted["all"]), remark, address_or_none("grid:party") or "")


TILES: tuple[Callable[[Place], Tile | None], ...] = (
    rounds,
    findings,
    rentals,
    scanned,
    leads,
    ordered,
    meeting_items,
    week_on_time,
)


def get_tiles(place: Place) -> list[Tile]:
    """Return the counts of the day, in their order."""
    made = [make(place) for make in TILES]
    return [one for one in made if one is not None]
