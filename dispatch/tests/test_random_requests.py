"""Whatever is asked and decided, in whatever order: no clock begins afresh, and somebody is always accountable."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch import services
from dispatch.models import CaseRequest, Clock, StageFact, WorkOrder
from dispatch.tests.requests import load_request_reasons_of_the_file
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dispatch.workflow import ACTIVE_STATES
from grid.tests.factories import grant, make_staff
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, IN_HANDLING, OPEN_STATES, STAGE_CLOSED, SUSPENDED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

KINDS = ("return", "extend", "suspend", "stage_close", "void")
PEOPLE = ("office_handler", "community_secretary", "reviewer", "district_reviewer", "district_dispatcher", "handler")
# Mostly the right people, so that walks get somewhere; now and then anybody.
WALK = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(KINDS), st.just("community_secretary"), st.integers(1, 12)),
    st.tuples(st.just("work"), st.sampled_from(("sign", "contact")), st.just("community_secretary"), st.just(0)),
    st.tuples(st.just("decide"), st.just(True), st.just("reviewer"), st.just(0)),
    st.tuples(st.just("ask"), st.sampled_from(KINDS), st.sampled_from(PEOPLE), st.integers(1, 12)),
    st.tuples(st.just("decide"), st.booleans(), st.sampled_from(PEOPLE), st.integers(0, 3)),
    st.tuples(st.just("decide"), st.just(True), st.just("district_reviewer"), st.just(0)),
    st.tuples(st.just("withdraw"), st.booleans(), st.sampled_from(PEOPLE), st.integers(0, 3)),
    st.tuples(st.just("work"), st.sampled_from(("sign", "contact", "hand_down")), st.sampled_from(PEOPLE), st.just(0)),
    st.tuples(st.just("wake"), st.booleans(), st.sampled_from(PEOPLE), st.just(0)),
    st.tuples(st.just("dispatch"), st.booleans(), st.just("district_dispatcher"), st.just(0)),
    st.tuples(st.just("later"), st.booleans(), st.just(""), st.integers(1, 60)),
)


@pytest.fixture
def city(db):
    load_request_reasons_of_the_file()
    city = make_world()
    office = city.offices[0][0]
    city.staff["office_handler"] = grant(make_staff("office_handler", office), "handler", office)
    return city


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(WALK, min_size=4, max_size=16))
def test_no_walk_resets_a_clock_or_leaves_a_case_to_nobody(city, steps):
    with transaction.atomic():
        now = NOON
        case = new_case(city, now=now)
        services.dispatch_awaiting(by=SYSTEM, now=now)
        started = starts(case)
        for what, how, who, number in steps:
            now += timedelta(hours=number if what == "later" else 0, minutes=7)
            try:
                with transaction.atomic():
                    take(city, case, what, how, who, number, now)
            except Refused:
                continue
            check(case, started)
        transaction.set_rollback(True)


def take(city, case, what, how, who, number, now):
    """Take one step; most are refused, with a reason."""
    if what in ("later", ""):
        return
    by = Actor.staff(city.staff[who])
    orders = list(WorkOrder.objects.open().filter(case=case).order_by("-seq"))
    requests = list(CaseRequest.objects.filter(case=case).order_by("-id"))
    if what == "ask" and orders:
        value = {"days": number, "until": now + timedelta(days=number), "told_way": "phone", "unit": "龙华区水务局"}
        value.pop("until" if how == "extend" else "days")
        services.ask(orders[0].pk, kind=how, reason="不属于本单位", value=value, by=by, now=now)
    elif what in ("decide", "withdraw") and requests:
        asked = requests[number % len(requests)]
        if what == "decide":
            services.decide_request(asked.pk, agreed=how, opinion="情况属实", by=by, now=now)
        else:
            services.withdraw_request(asked.pk, by=by, now=now)
    elif what == "wake":
        services.wake_case(case.pk, by=by, now=now)
    elif what == "dispatch":
        unit = city.stations[0][0][0] if how else city.offices[0][0]
        services.dispatch_by_hand(case.pk, unit_id=unit.pk, note="按职责分拨", by=by, now=now)
    elif what == "work" and orders:
        work(city, orders[0], how, by, now)


def work(city, order, how, by, now):
    if how == "sign":
        services.sign(order.pk, by=by, now=now)
    elif how == "contact":
        services.record_contact(order.pk, way="phone", result="reached", by=by, now=now)
    else:
        services.hand_down(order.pk, unit_id=city.stations[0][0][0].pk, by=by, now=now)


def starts(case) -> dict[str, object]:
    """Return kind → when the clock of that kind began; what a unit owes and the case as a whole."""
    return {clock.kind: clock.started_at for clock in Clock.objects.filter(case=case, kind__in=("handling", "overall"))}


def check(case, started):
    case = Case.objects.get(pk=case.pk)
    clocks = Clock.objects.filter(case=case)
    for kind, at in started.items():
        assert {clock.started_at for clock in clocks.filter(kind=kind)} == {at}, kind
    leads = WorkOrder.objects.filter(case=case, role="lead", state__in=ACTIVE_STATES)
    assert leads.count() == (case.state in (IN_HANDLING, SUSPENDED, STAGE_CLOSED))
    open_facts = StageFact.objects.filter(case=case, ended_at=None, role="lead")
    assert open_facts.count() == (case.state in OPEN_STATES)
    for order in leads:
        assert clocks.filter(work_order=order, outcome="running").exists()
        assert order.next_due_at is not None
    if case.state in OPEN_STATES:
        assert case.holder_id is not None
        assert clocks.filter(kind="overall", outcome__in=("running", "paused")).count() == 1
    else:
        assert not clocks.filter(outcome__in=("running", "paused")).exists()
        assert not CaseRequest.objects.open().filter(case=case).exists()
    if case.state == AWAITING_DISPATCH:
        assert case.awaits_person
    deciding = clocks.filter(kind="decision", outcome="running").count()
    assert deciding == CaseRequest.objects.open().filter(case=case).count()
    assert case.due_at is not None
