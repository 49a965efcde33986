"""Those who change the list, in the city and in both districts, and a batch taken through its life by them."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace

from dutylist import services
from dutylist.models import Batch, ItemVersion
from dutylist.services import NewBatch, NewLine
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor

from .world import NOON

WHY = "tested, and right as it is"


def make_people(city) -> SimpleNamespace:
    """Return actors: editor, reviewer, manager, manager2 of the city; and of the districts, with `near_` and `far_`."""
    people = SimpleNamespace()
    for prefix, unit in (("", city.centre), ("near_", city.centres[0]), ("far_", city.centres[1])):
        for name, role in (
            ("editor", "editor"),
            ("reviewer", "reviewer"),
            ("manager", "manager"),
            ("manager2", "manager"),
        ):
            person = grant(make_staff(f"list_{prefix}{name}", unit), f"duty_{role}", unit)
            setattr(people, prefix + name, Actor.staff(person))
    return people


def open_draft(city, people, *lines: NewLine, prefix: str = "", on: date | None = None, now: datetime = NOON) -> Batch:
    """Open a batch of the city's list, or of a district's by its prefix, with these lines, in force from today."""
    area = {"": city.city, "near_": city.districts[0], "far_": city.districts[1]}[prefix]
    editor = getattr(people, prefix + "editor")
    data = NewBatch(title="清单调整", reason="梳理", owner_area_id=area.pk, effective_on=on or now.date())
    batch = services.open_batch(data, by=editor, now=now)
    if lines:
        services.set_lines(batch.pk, lines, by=editor, now=now)
    return Batch.objects.get(pk=batch.pk)


def approve(batch: Batch, people, *, prefix: str = "", now: datetime = NOON) -> Batch:
    """Take a draft to its approval: scheduled, or published when its day has come."""
    services.submit(batch.pk, by=getattr(people, prefix + "editor"), now=now)
    services.pre_approve(batch.pk, by=getattr(people, prefix + "reviewer"), now=now)
    return services.approve(batch.pk, override=WHY, by=getattr(people, prefix + "manager"), now=now)


def publish(city, people, *lines: NewLine, prefix: str = "", now: datetime = NOON) -> Batch:
    """Enter and publish these lines at once."""
    return approve(open_draft(city, people, *lines, prefix=prefix, now=now), people, prefix=prefix, now=now)


def roll_back(batch: Batch, people, *, prefix: str = "", now: datetime = NOON) -> Batch:
    """Take a batch back: one manager asks, the other approves. Returns the inverse batch."""
    by, other = getattr(people, prefix + "manager"), getattr(people, prefix + "manager2")
    inverse = services.roll_back(batch.pk, reason="撤销", by=by, now=now)
    return services.approve(inverse.pk, override=WHY, by=other, now=now)


def newest(code: str) -> ItemVersion:
    """Return the newest version of an item."""
    return ItemVersion.objects.filter(item__code=code).order_by("-number").first()
