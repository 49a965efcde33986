"""Whatever people try on a case, in whatever order: what must always hold, holds, and a refusal changes nothing."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch import services
from dispatch.models import Clock, WorkOrder
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dispatch.workflow import ACTIVE_STATES, OPEN_STATES
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.models import AuditEntry
from shenzhen_gov.core.verification import verify_object

PEOPLE = (
    "community_secretary",
    "grid_officer",
    "handler",
    "reviewer",
    "district_reviewer",
    "district_dispatcher",
    "agent",
    "other_secretary",
    "leader",
    "nobody",
    "root",
)
TRIES = {
    "sign": lambda order, city: {},
    "record_contact": lambda order, city: {"way": "phone", "result": "reached", "note": "已联系"},
    "report": lambda order, city: {"text": "纸箱已清走，楼道通畅。", "told_way": "phone"},
    "approve": lambda order, city: {"opinion": "同意"},
    "send_back": lambda order, city: {"reason": "perfunctory", "opinion": "请补充照片"},
    "hand_down": lambda order, city: {"unit_id": city.stations[0][0][1].pk, "note": "请处理"},
}
# Mostly the right people, so that walks get somewhere; now and then anybody.
GOOD = [
    ("sign", "community_secretary"),
    ("record_contact", "community_secretary"),
    ("report", "community_secretary"),
    ("approve", "reviewer"),
    ("approve", "district_reviewer"),
    ("send_back", "reviewer"),
]
ANY = st.tuples(st.sampled_from([*TRIES]), st.sampled_from(PEOPLE))
STEP = st.one_of(st.sampled_from(GOOD), st.sampled_from(GOOD), ANY)


@pytest.fixture
def city(db):
    return make_world()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=3, max_size=14))
def test_whatever_is_tried_on_a_case(city, steps):
    with transaction.atomic():
        case = new_case(city)
        services.dispatch_awaiting(by=SYSTEM, now=NOON)
        for number, (step, who) in enumerate(steps, start=1):
            order = WorkOrder.objects.filter(case=case.pk).order_by("-seq").first()
            before = facts(case.pk)
            try:
                with transaction.atomic():
                    getattr(services, step)(
                        order.pk,
                        by=Actor.staff(city.staff[who]),
                        now=NOON + timedelta(minutes=number),
                        **TRIES[step](order, city),
                    )
                assert facts(case.pk) != before, f"{step} by {who} said yes and did nothing"
                assert who not in {"nobody", "root", "other_secretary", "leader", "agent"}
            except Refused as refusal:
                assert str(refusal)  # noqa: PT017, both outcomes are right, each with its own promise
                assert facts(case.pk) == before
            check_promises(case.pk)
        transaction.set_rollback(True)


def facts(case_id):
    """Everything a refused step must leave alone."""
    return (
        Case.objects.values().get(pk=case_id),
        list(WorkOrder.objects.filter(case=case_id).order_by("seq").values()),
        list(Clock.objects.filter(case=case_id).order_by("pk").values()),
        AuditEntry.objects.count(),
    )


def check_promises(case_id):
    case = Case.objects.select_related("holder").get(pk=case_id)
    orders = list(WorkOrder.objects.filter(case=case_id))
    active = [order for order in orders if order.state in ACTIVE_STATES and order.role == "lead"]
    is_open = any(order.state in OPEN_STATES for order in orders)
    assert is_open == (case.state in {"in_handling", "under_review"}), (case.state, [order.state for order in orders])
    assert len(active) == (1 if is_open else 0)
    assert case.holder is not None
    # The call after the end has a clock of its own.
    assert Clock.objects.filter(case=case_id, outcome="running").exclude(kind="call_back").exists() == is_open
    assert all(clock.due_at > clock.started_at for clock in Clock.objects.filter(case=case_id))
    assert verify_object("intake.case", case_id).faults == 0
