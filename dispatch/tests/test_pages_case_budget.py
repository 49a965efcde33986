"""What the page of a case costs when much has happened to it: statements, for everybody who works with it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dispatch.models import Docket, Report, Review, WorkOrder
from dispatch.services import (
    add_co_handler,
    ask,
    order_to_spot,
    record_contact,
    sign,
    supervise,
    urge_case,
)
from dispatch.tests.desks import PNG, client_of, dispatched
from dispatch.tests.disputes import make_dispute_world
from dispatch.workflow import DONE, UNDER_REVIEW
from intake.models import Case, Evaluation
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
ROLES = ("community_secretary", "reviewer", "district_dispatcher", "supervisor")
PAGE, MORE = 15, 20
ENTRIES = 60


def loaded_order(city, now) -> WorkOrder:
    """Return a work order in handling whose case has parts, requests, a supervision, a docket and a long history."""
    by = Actor.staff(city.staff["community_secretary"])
    order = dispatched(city, 1, now=now)[0]
    sign(order.pk, by=by, now=now)
    record_contact(order.pk, way="phone", result="unreachable", note="无人接听", by=by, now=now)
    add_co_handler(order.pk, unit_id=city.urban.pk, task="清运", by=by, now=now)
    units = [city.enforcement[0][0].pk, city.water.pk]
    order_to_spot(order.pk, unit_ids=units, task="查看", place="路口", by=by, now=now)
    for kind, value in (("extend", {"days": 1}), ("return", {"unit": "龙华区水务局"})):
        files = [SimpleUploadedFile("a.png", PNG, "image/png")]
        ask(order.pk, kind=kind, reason="须等设备到场", value=value, files=files, by=by, now=now)
    make_report(order, now)
    open_a_docket(order, now)
    supervise(order.case_id, text="请尽快办理", by=city.by.supervisor, now=now)
    while timeline_of(order.case) < ENTRIES:
        urge_case(order.case_id, text="请加快", by=city.by.supervisor, now=now)
    redo(order, now)
    return WorkOrder.objects.get(pk=order.pk)


def redo(order: WorkOrder, now) -> None:
    """Make the present work order one of the second round, after a first one that the citizen rated badly."""
    Case.objects.filter(pk=order.case_id).update(round=2)
    WorkOrder.objects.filter(case=order.case).update(round=2)
    first = WorkOrder.objects.get(pk=order.pk)
    first.pk, first.round, first.seq, first.state, first.ended_at = None, 1, 9, DONE, now
    first.save(force_insert=True)
    Evaluation.objects.create(case=order.case, round=1, overall=1, via="hotline", evaluated_at=now, evaluated_by="x")


def make_report(order: WorkOrder, now) -> None:
    """Write a report that was sent back, with a picture."""
    row = Report.objects.create(work_order=order, at=now, text="已清理一半", by="x")
    row.photos.add(order.case.attachments.earliest("pk"))
    Review.objects.create(report=row, unit=order.unit, at=now, verdict="sent_back", by="x")


def open_a_docket(order: WorkOrder, now) -> Docket:
    """Open a docket about the case of an order, which its unit handles until the ruling."""
    day = timedelta(days=1)
    given = {"origin": "dispatcher", "reason": "管线归属不清", "opened_at": now, "argue_until": now + day}
    return Docket.objects.create(
        case=order.case, round=1, area=order.area, interim_unit=order.unit, due_at=now + 2 * day, **given
    )


def timeline_of(case) -> int:
    return AuditEntry.objects.filter(object_type="intake.case", object_id=case.pk).count()


def count_statements(user, name: str, order: WorkOrder) -> int:
    """Return the number of statements of a page once what is read once a process was read."""
    client, address = client_of(user), reverse(f"dispatch:{name}", args=[order.case.number])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.fixture
def city():
    return make_dispute_world()


@pytest.fixture
def order(city):
    return loaded_order(city, timezone.now() - timedelta(minutes=30))


@pytest.mark.parametrize(("name", "budget"), [("case", PAGE), ("case_more", MORE)])
def test_a_case_with_a_long_history_keeps_its_budget_for_everybody(city, order, name, budget):
    found = {}
    for state in (order.state, UNDER_REVIEW):
        WorkOrder.objects.filter(pk=order.pk).update(state=state, review_unit=city.offices[0][0])
        order.refresh_from_db()
        found |= {(role, state): count_statements(city.staff[role], name, order) for role in ROLES}
    assert {key: count for key, count in found.items() if count > budget} == {}
