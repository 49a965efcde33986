"""Files of a case, for who sees it by a work order only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from dispatch.models import WorkOrder
from dispatch.tests.desks import dispatched
from dispatch.tests.world import make_world
from grid.tests.factories import grant, make_staff
from intake.services import add_attachment
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db


def test_a_co_handler_sees_the_files_of_a_case_it_sees_by_a_work_order_only(client):
    city = make_world()
    order = dispatched(city, 1, now=timezone.now())[0]
    unit = city.bureaus[1]["water"]
    other = grant(make_staff("co_handler", unit), "handler", unit)
    by = Actor.staff(city.staff["community_secretary"])
    file = SimpleUploadedFile("合同.pdf", b"%PDF-1.4")
    kept = add_attachment(order.case_id, "evidence", file, by=by, now=timezone.now())
    addresses = [reverse(f"dispatch:{name}", args=[kept.pk]) for name in ("attachment", "thumbnail")]
    client.force_login(other)
    assert {client.get(address).status_code for address in addresses} == {404}
    WorkOrder.objects.create(case=order.case, seq=2, role="co", unit=unit, assigned_at=timezone.now())
    assert {client.get(address).status_code for address in addresses} == {200}
