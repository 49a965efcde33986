"""Open cases after the batch that moved them was rolled back: where they were, unless somebody has worked on them."""

from datetime import timedelta

import pytest

from dispatch.choices import ClockKind, ClockOutcome, FollowReason, FollowState
from dispatch.models import BatchFollowUp, Clock, FollowUp
from dispatch.services import (
    begin_following,
    sign,
)
from dispatch.tests.changes import (
    added,
    change,
    dispatched,
    lead,
    open_batch,
    publish,
    roll_back,
    the_row,
    transfer,
)
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dispatch.workflow import HANDLING
from dutylist.models import Batch
from dutylist.services import NewLine
from intake.models import Case
from intake.workflow import IN_HANDLING
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def city():
    return make_world()


class TestRollback:
    def test_puts_a_case_back_where_nobody_worked_on_it(self, city):
        case = dispatched(city)
        before = Clock.objects.get(case=case, kind=ClockKind.HANDLING)
        batch = change(city, transfer(city, "redispatch"), now=LATER)
        roll_back(city, batch, now=TOMORROW)
        after = Case.objects.get(pk=case.pk)
        assert lead(case).unit == city.stations[0][0][0]
        assert after.holder == city.stations[0][0][0]
        assert after.item_version_id == case.item_version_id
        assert after.due_at == case.due_at
        running = Clock.objects.get(case=case, kind=ClockKind.HANDLING, outcome=ClockOutcome.RUNNING)
        assert (running.started_at, running.due_at) == (before.started_at, before.due_at)
        states = FollowUp.objects.filter(case=case).order_by("id").values_list("state", "reason")
        assert list(states) == [(FollowState.UNDONE, FollowReason.NEW_UNIT), (FollowState.DONE, FollowReason.PUT_BACK)]

    def test_leaves_a_case_that_the_new_unit_has_signed(self, city):
        case = dispatched(city)
        batch = change(city, transfer(city, "redispatch"), now=LATER)
        sign(lead(case).pk, by=Actor.staff(city.staff["handler"]), now=LATER)
        roll_back(city, batch, now=TOMORROW)
        assert lead(case).unit == city.bureaus[0]["urban_management"]
        assert lead(case).state == HANDLING
        assert (the_row(case).state, the_row(case).reason) == (FollowState.SKIPPED, FollowReason.WORKED_ON)

    def test_gives_a_retimed_clock_its_deadline_back(self, city):
        case = dispatched(city)
        old = Clock.objects.get(case=case, kind=ClockKind.HANDLING)
        line = NewLine(kind="change", code="T01", changes={"limit_normal": 10}, policy="retime")
        batch = change(city, line, now=LATER)
        roll_back(city, batch, now=TOMORROW)
        new = Clock.objects.get(pk=old.pk)
        assert (new.due_at, new.yellow_at, new.rule) == (old.due_at, old.yellow_at, old.rule)
        assert Case.objects.get(pk=case.pk).item_version_id == case.item_version_id

    def test_takes_a_case_of_a_split_item_off_the_desk_again(self, city):
        case = dispatched(city)
        add = NewLine(kind="add", code="T03", changes=added(city))
        split = NewLine(kind="split", code="T01", successors=("T02", "T03"), policy="redispatch")
        batch = change(city, add, split, now=LATER)
        roll_back(city, batch, now=TOMORROW)
        after = Case.objects.get(pk=case.pk)
        assert after.state == IN_HANDLING
        assert lead(case).unit == city.stations[0][0][0]
        assert not after.awaits_person

    def test_gives_a_waiting_case_its_item_back(self, city):
        case = new_case(city)
        batch = change(city, NewLine(kind="merge", code="T01", successors=("T02",)), now=LATER)
        roll_back(city, batch, now=TOMORROW)
        assert Case.objects.get(pk=case.pk).item.code == "T01"

    def test_does_not_go_on_with_what_the_batch_had_not_come_to(self, city):
        case = dispatched(city)
        batch = publish(open_batch(city, transfer(city, "redispatch"), now=LATER), LATER)
        begin_following(by=SYSTEM, now=LATER)
        roll_back(city, batch, now=TOMORROW)
        assert lead(case).unit == city.stations[0][0][0]
        assert FollowUp.objects.get(case=case).reason == FollowReason.ROLLED_BACK
        assert BatchFollowUp.objects.filter(ended_at=None).count() == 0

    def test_of_a_batch_that_was_never_followed_asks_nothing(self, city):
        case = dispatched(city)
        batch = publish(open_batch(city, transfer(city, "redispatch"), now=LATER), LATER)
        roll_back(city, batch, now=TOMORROW)
        assert not FollowUp.objects.filter(case=case).exists()
        assert Batch.objects.filter(follow_up=None).count() == 0
