"""From the unit's queue to a closed case: sign, contact, hand down, report, review."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from dispatch.choices import ClockKind
from dispatch.models import Clock, Report, Review, Round, WorkOrder
from dispatch.services import (
    approve,
    dispatch_awaiting,
    hand_down,
    record_contact,
    report,
    send_back,
    sign,
    sign_many,
)
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dispatch.workflow import ACTIVE_STATES
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def png(colour: str) -> bytes:
    """Return a small picture."""
    data = BytesIO()
    Image.new("RGB", (8, 8), colour).save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def order(city):
    new_case(city)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    return WorkOrder.objects.get()


@pytest.fixture
def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


@pytest.fixture
def street(city):
    return Actor.staff(city.staff["reviewer"])


@pytest.fixture
def district(city):
    return Actor.staff(city.staff["district_reviewer"])


def handled(order, secretary, now=LATER):
    """Bring a work order to the reviewers."""
    sign(order.pk, by=secretary, now=now)
    record_contact(order.pk, way="phone", result="reached", by=secretary, now=now)
    report(order.pk, text="纸箱已清走，并提醒住户。", told_way="phone", by=secretary, now=now)
    order.refresh_from_db()
    return order


def test_the_whole_way_ends_with_a_closed_case(order, secretary, street, district):
    handled(order, secretary)
    assert order.state == "under_review"
    approve(order.pk, by=street, now=LATER)
    order.refresh_from_db()
    assert (order.state, order.review_unit.level) == ("under_review", 2)
    approve(order.pk, by=district, now=LATER)
    order.refresh_from_db()
    order.case.refresh_from_db()
    assert (order.state, order.case.state, order.case.closed_at) == ("done", "closed", LATER)
    assert not Clock.objects.filter(outcome="running").exclude(kind=ClockKind.CALL_BACK).exists()
    assert Round.objects.get().closed_at == LATER
    assert order.next_due_at is None


def test_signing_stops_the_sign_clock_and_names_the_handler(order, secretary):
    sign(order.pk, by=secretary, now=LATER)
    order.refresh_from_db()
    clock = Clock.objects.get(kind=ClockKind.SIGN)
    assert (clock.outcome, clock.stopped_at) == ("met", LATER)
    assert (order.state, order.handler) == ("handling", secretary.user)


def test_signing_late_is_recorded_as_late(order, secretary):
    sign(order.pk, by=secretary, now=NOON + timedelta(days=3))
    assert Clock.objects.get(kind=ClockKind.SIGN).outcome == "late"


def test_signing_twice_is_refused_with_the_state(order, secretary):
    sign(order.pk, by=secretary, now=LATER)
    with pytest.raises(IllegalMove):
        sign(order.pk, by=secretary, now=LATER)


def test_many_are_signed_together_or_not_at_all(city, order, secretary):
    new_case(city)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    ids = sorted(WorkOrder.objects.values_list("pk", flat=True))
    sign(ids[1], by=secretary, now=LATER)
    with pytest.raises(IllegalMove):
        sign_many(ids, by=secretary, now=LATER)
    order.refresh_from_db()
    assert order.state == "pending_sign"


def test_the_other_district_finds_nothing_and_the_neighbour_may_not(city, order, street):
    with pytest.raises(OutOfSight):
        sign(order.pk, by=Actor.staff(city.staff["other_secretary"]), now=LATER)
    neighbour = grant(make_staff("neighbour", city.centres[0]), ["view_case"], city.centres[0])
    with pytest.raises(NotAllowed):
        sign(order.pk, by=Actor.staff(neighbour), now=LATER)


def test_lying_in_ones_area_does_not_make_a_bureaus_work_order_ones_own(city, secretary):
    new_case(city, item="T02")
    dispatch_awaiting(by=SYSTEM, now=NOON)
    order = WorkOrder.objects.get()
    assert order.unit == city.bureaus[0]["urban_management"]
    with pytest.raises(NotAllowed):
        sign(order.pk, by=secretary, now=LATER)


def test_a_superuser_sees_and_does_nothing_by_accident(city, order):
    with pytest.raises(NotAllowed):
        sign(order.pk, by=Actor.staff(city.staff["root"]), now=LATER)


def test_nothing_is_reported_before_the_citizen_was_contacted(order, secretary):
    sign(order.pk, by=secretary, now=LATER)
    with pytest.raises(IllegalMove):
        report(order.pk, text="办好了", told_way="phone", by=secretary, now=LATER)
    assert not Report.objects.exists()


def test_a_case_without_a_caller_needs_no_contact(city, secretary):
    new_case(city, phone="", name="")
    dispatch_awaiting(by=SYSTEM, now=NOON)
    order = WorkOrder.objects.get()
    sign(order.pk, by=secretary, now=LATER)
    report(order.pk, text="已清理", by=secretary, now=LATER)
    order.refresh_from_db()
    assert order.state == "under_review"


def test_a_city_facility_needs_photos_from_before_and_after(city):
    new_case(city, item="T02")
    dispatch_awaiting(by=SYSTEM, now=NOON)
    order = WorkOrder.objects.get()
    handler = Actor.staff(city.staff["handler"])
    sign(order.pk, by=handler, now=LATER)
    record_contact(order.pk, way="phone", result="reached", by=handler, now=LATER)
    before = ("before", SimpleUploadedFile("a.png", png("red"), "image/png"))
    with pytest.raises(IllegalMove):
        report(order.pk, text="灯已修好", told_way="phone", photos=[before], by=handler, now=LATER)
    assert not order.case.attachments.exists()  # the refusal took the photo back with it
    photos = [
        ("before", SimpleUploadedFile("a.png", png("red"), "image/png")),
        ("after", SimpleUploadedFile("b.png", png("green"), "image/png")),
    ]
    written = report(order.pk, text="灯已修好", told_way="phone", photos=photos, by=handler, now=LATER)
    assert written.photos.count() == 2


def test_nothing_is_closed_before_the_citizen_was_told(order, secretary, street):
    sign(order.pk, by=secretary, now=LATER)
    record_contact(order.pk, way="phone", result="reached", by=secretary, now=LATER)
    report(order.pk, text="已清理", by=secretary, now=LATER)
    with pytest.raises(IllegalMove):
        approve(order.pk, by=street, now=LATER)


def test_a_report_sent_back_keeps_its_old_deadline(order, secretary, street):
    due = Clock.objects.get(kind=ClockKind.HANDLING).due_at
    handled(order, secretary)
    send_back(order.pk, reason="perfunctory", opinion="请附照片", by=street, now=NOON + timedelta(days=1))
    order.refresh_from_db()
    order.case.refresh_from_db()
    assert (order.state, order.case.state, order.next_clock, order.next_due_at) == (
        "handling",
        "in_handling",
        ClockKind.HANDLING,
        due,
    )
    assert Review.objects.get().verdict == "sent_back"


def test_a_reviewer_must_say_why(order, secretary, street):
    handled(order, secretary)
    with pytest.raises(BadInput) as refused:
        send_back(order.pk, reason="", opinion="x", by=street, now=LATER)
    assert refused.value.field == "reason"


def test_the_handler_does_not_review_the_own_report(order, secretary):
    handled(order, secretary)
    with pytest.raises(NotAllowed):
        approve(order.pk, by=secretary, now=LATER)


def test_handing_down_moves_the_deadline_along_and_the_report_comes_back_up(city, secretary, street, district):
    new_case(city, item="", area=city.communities[0][0][0].code)
    dispatch_awaiting(by=SYSTEM, now=NOON)
    from dispatch.services import dispatch_by_hand
    from intake.models import Case

    top = dispatch_by_hand(
        Case.objects.get().pk,
        unit_id=city.offices[0][0].pk,
        by=Actor.staff(city.staff["district_dispatcher"]),
        now=NOON,
    )
    office = Actor.staff(
        grant(make_staff("office", city.offices[0][0]), ["view_case", "handle_case", "hand_down"], city.offices[0][0])
    )
    sign(top.pk, by=office, now=NOON)
    child = hand_down(top.pk, unit_id=city.stations[0][0][0].pk, by=office, now=LATER)
    top.refresh_from_db()
    assert top.state == "handed_down"
    assert WorkOrder.objects.filter(role="lead", state__in=ACTIVE_STATES).get() == child
    due = set(Clock.objects.filter(kind=ClockKind.HANDLING).values_list("due_at", flat=True))
    assert len(due) == 1
    handled(child, secretary)
    approve(child.pk, by=street, now=LATER)
    top.refresh_from_db()
    assert (top.state, top.review_unit) == ("under_review", city.centres[0])
    approve(top.pk, by=district, now=LATER)
    top.case.refresh_from_db()
    assert top.case.state == "closed"


def test_work_is_handed_down_only_to_units_below(city, order):
    office = Actor.staff(
        grant(make_staff("office", city.offices[0][0]), ["view_case", "handle_case", "hand_down"], city.offices[0][0])
    )
    sign(order.pk, by=office, now=LATER)
    with pytest.raises(BadInput) as refused:
        hand_down(order.pk, unit_id=city.offices[0][1].pk, by=office, now=LATER)
    assert refused.value.field == "unit"


def test_a_stale_page_is_told_so(order, secretary):
    seen = order.row_version
    sign(order.pk, by=secretary, now=LATER)
    with pytest.raises(StalePage):
        record_contact(order.pk, way="phone", result="reached", by=secretary, now=LATER, row_version=seen)


@pytest.mark.parametrize(("text", "field"), [("", "text"), ("  ", "text"), ("长" * 5001, "text")])
def test_an_empty_or_endless_report_is_refused_at_the_field(order, secretary, text, field):
    sign(order.pk, by=secretary, now=LATER)
    record_contact(order.pk, way="phone", result="unreachable", by=secretary, now=LATER)
    with pytest.raises(BadInput) as refused:
        report(order.pk, text=text, told_way="unreachable", by=secretary, now=LATER)
    assert refused.value.field == field
