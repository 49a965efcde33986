"""What the tests of the desks share: many work orders in a known order, and pages asked for by a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

from django.test import Client
from django.urls import reverse
from PIL import Image

from dispatch.models import WorkOrder
from dispatch.services import dispatch_awaiting, record_contact, report, sign
from dispatch.tests.world import SYSTEM, new_case
from shenzhen_gov.core.actor import Actor


def _picture() -> bytes:
    """Return a small picture."""
    data = BytesIO()
    Image.new("RGB", (8, 8), "grey").save(data, "PNG")
    return data.getvalue()


PNG = _picture()


def page_of(user, name: str, *args, language: str = "zh-hans", **query):
    """Return the page `name` as `user` sees it; without a user, as somebody who is not signed in."""
    return client_of(user, language).get(reverse(f"dispatch:{name}", args=args), query)


def client_of(user, language: str = "zh-hans") -> Client:
    """Return a browser signed in as `user`."""
    client = Client()
    client.cookies["django_language"] = language
    if user is not None:
        client.force_login(user)
    return client


def dispatched(city, count: int, *, now: datetime, **given) -> list[WorkOrder]:
    """Register and dispatch `count` cases, a minute apart."""
    before = set(WorkOrder.objects.values_list("pk", flat=True))
    for number in range(count):
        new_case(city, now=now + timedelta(minutes=number), **given)
    dispatch_awaiting(by=SYSTEM, now=now + timedelta(minutes=count))
    return list(WorkOrder.objects.exclude(pk__in=before).order_by("pk"))


def reported(city, order: WorkOrder, *, now: datetime, by=None) -> WorkOrder:
    """Sign, contact and report a work order as the first community's secretary, unless told otherwise."""
    actor = by or Actor.staff(city.staff["community_secretary"])
    sign(order.pk, by=actor, now=now)
    record_contact(order.pk, way="phone", result="reached", note="已联系", by=actor, now=now)
    report(order.pk, text="纸箱已清走，楼道通畅。", told_way="phone", by=actor, now=now)
    order.refresh_from_db()
    return order
