"""Sample rentals 样例 of one community: places, rentals, visits of the last weeks, invented people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _

from grid.files import DATA
from grid.models import Building, Rental, Room, Staff
from grid.sample import LABEL
from grid.services.place_imports import import_places
from grid.services.rentals import NewPerson, NewRental, NewVisit, add_person, plan_some, record_visit, register_rental
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.csv_files import read_rows
from shenzhen_gov.core.exceptions import Refused

COLUMNS = ["code", "building", "address", "room", "kind", "name", "days_ago", "found"]
VISITOR = "secretary"  # sees every cell of the community
OWNER = NewPerson("owner", "样例业主", "13900000000")


def create_sample_rentals(*, by: Actor, now: datetime) -> int:
    """Create the rentals of sample_rentals.csv unless there are any, plan their visits, and return how many."""
    if not settings.SAMPLE_SETUP:
        raise Refused(_("Sample data is refused: these settings are not of a sample set-up."))
    if Rental.objects.exists():
        return 0
    rows = [row for _number, row in read_rows(DATA / "sample_rentals.csv", COLUMNS)]
    _import_places(rows, by, now)
    visitor = Actor.staff(Staff.objects.get(username=VISITOR))
    for row in rows:
        _create(row, visitor, by, now)
    while plan_some(now=now):
        pass
    return len(rows)


def _import_places(rows: Iterable[dict[str, str]], by: Actor, now: datetime) -> None:
    """Bring the buildings and rooms that are missing into the address register."""
    buildings = {row["code"][:19]: (row["building"], row["address"]) for row in rows}
    rooms = {row["code"]: (row["room"],) for row in rows if row["room"]}
    for model, found, columns in (
        (Building, buildings, "Building code,Name,Address"),
        (Room, rooms, "House code,Room"),
    ):
        present = set(model.objects.filter(code__in=found).values_list("code", flat=True))
        lines = [",".join((code, *texts)) for code, texts in found.items() if code not in present]
        if lines:
            table = "\n".join([columns, *lines]).encode()
            import_places("sample.csv", BytesIO(table), source=LABEL, by=by, now=now)


def _create(row: dict[str, str], visitor: Actor, by: Actor, now: datetime) -> None:
    ago = timedelta(days=int(row["days_ago"] or 0))
    rental = register_rental(NewRental(row["code"], row["kind"], row["name"]), by=by, now=now - ago)
    add_person(rental.pk, OWNER, by=by, now=now - ago)
    if row["days_ago"]:
        found = [f"longhua-{code}" for code in row["found"].split(";") if code]
        record_visit(rental.pk, NewVisit(found), by=visitor, now=now - ago)
