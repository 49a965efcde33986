"""Sample entries 样例 of the registers of party and partners, all invented, in one community and around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid.choices import HOLIDAY
from grid.files import DATA
from grid.models import Area, Gathering, Liaison, PartyKind, ServiceSite, Staff
from grid.sample import LABEL
from grid.selectors.party import find_unit_named
from grid.services import party
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.csv_files import read_rows
from shenzhen_gov.core.exceptions import Refused

COLUMNS = ["register", "area", "kind", "name", "body", "place", "text", "days"]
HOURS = [["09:00", "12:00"], ["14:00", "18:00"]]


@transaction.atomic
def create_sample_party(*, by: Actor, now: datetime) -> int:
    """Create the entries of sample_party.csv unless there are any, and return how many."""
    if not settings.SAMPLE_SETUP:
        raise Refused(_("Sample data is refused: these settings are not of a sample set-up."))
    if ServiceSite.objects.exists():
        return 0
    rows = [row for _number, row in read_rows(DATA / "sample_party.csv", COLUMNS)]
    areas = {area.code: area for area in Area.objects.filter(code__in=[row["area"] for row in rows])}
    for row in rows:
        MAKERS[row["register"]](row, areas[row["area"]], by, now)
    return len(rows)


def _site(row: dict, area: Area, by: Actor, now: datetime) -> None:
    data = party.SiteData(
        area_id=area.pk, tier=row["kind"], kind_id=_kind(row["body"]), name=row["name"], address=row["place"],
        services=row["text"], hours={HOLIDAY if day == "h" else day: HOURS for day in row["days"]}, source=LABEL,
    )  # fmt: skip
    party.keep_site(None, data, by=by, now=now)


def _kind(code: str) -> int | None:
    """Return the kind of a site or task, which stands in the column `body`."""
    return PartyKind.objects.filter(code=code).values_list("pk", flat=True).first()


def _reporter(row: dict, area: Area, by: Actor, now: datetime) -> None:
    """Enter who reported; `text` is the user name of their account, if they have one."""
    today = timezone.localdate(now)
    account = Staff.objects.filter(username=row["text"]).first() if row["text"] else None
    data = party.ReporterData(
        area_id=area.pk, kind=row["kind"], name=row["name"], organisation=row["body"],
        staff_id=account.pk if account else None, reported_on=today - timedelta(days=int(row["days"])), source=LABEL,
    )  # fmt: skip
    made = party.keep_reporter(None, data, by=by, now=now)
    people = 6 if row["kind"] == "organisation" else 1
    for ago in (2, 9):
        if ago < int(row["days"]):
            party.record_day(made.pk, today - timedelta(days=ago), Decimal(2), people, "样例：清洁楼道", by=by, now=now)


def _task(row: dict, area: Area, by: Actor, now: datetime) -> None:
    starts_at = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0)
    starts_at += timedelta(days=int(row["days"]))
    data = party.TaskData(
        area_id=area.pk, title=row["name"], audience=row["kind"], kind_id=_kind(row["body"]), place=row["place"],
        details=row["text"],
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), wanted=8, source=LABEL,
    )  # fmt: skip
    party.keep_task(None, data, by=by, now=now)


def _liaison(row: dict, area: Area, by: Actor, now: datetime) -> None:
    today = timezone.localdate(now)
    data = party.LiaisonData(
        area_id=area.pk, unit_id=find_unit_named(row["body"], today).pk,
        begins_on=today - timedelta(days=int(row["days"])), note=row["text"], source=LABEL,
    )  # fmt: skip
    party.keep_liaison(None, data, by=by, now=now)


def _gathering(row: dict, area: Area, by: Actor, now: datetime) -> None:
    liaison = Liaison.objects.filter(area=area).first() if row["kind"] == "visit" else None
    data = party.GatheringData(
        area_id=area.pk, kind=row["kind"], title=row["name"], place=row["place"], note=row["text"],
        held_on=timezone.localdate(now) - timedelta(days=int(row["days"])), liaison_id=liaison.pk if liaison else None,
        residents=12, members=5, officials=2, source=LABEL,
    )  # fmt: skip
    party.keep_gathering(None, data, by=by, now=now)


def _item(row: dict, area: Area, by: Actor, now: datetime) -> None:
    """Add an item to the meeting or visit that stands above it in the file."""
    gathering = Gathering.objects.filter(area=area).latest("pk")
    item = party.add_item(gathering.pk, row["name"], row["place"], by=by, now=now)
    if row["kind"] == "answer":
        party.answer_item(item.pk, row["text"], by=by, now=now)
    elif row["kind"] == "escalate":
        party.escalate_item(item.pk, by=by, now=now)


def _estate(row: dict, area: Area, by: Actor, now: datetime) -> None:
    today = timezone.localdate(now)
    data = party.EstateData(
        area_id=area.pk, kind=row["kind"], name=row["name"], body=row["body"],
        begins_on=today - timedelta(days=int(row["days"])), ends_on=today + timedelta(days=300), source=LABEL,
    )  # fmt: skip
    party.keep_estate(None, data, by=by, now=now)


def _adviser(row: dict, area: Area, by: Actor, now: datetime) -> None:
    data = party.AdviserData(
        area_id=area.pk, kind=row["kind"], name=row["name"], body=row["body"], duty=row["place"],
        weekdays=row["days"], begins_on=timezone.localdate(now) - timedelta(days=30), source=LABEL,
    )  # fmt: skip
    party.keep_adviser(None, data, by=by, now=now)


MAKERS: dict[str, Callable[[dict, Area, Actor, datetime], None]] = {
    "site": _site,
    "reporter": _reporter,
    "task": _task,
    "liaison": _liaison,
    "gathering": _gathering,
    "item": _item,
    "estate": _estate,
    "adviser": _adviser,
}
