"""Lives of cases: random legal and illegal steps by random people and the machine's own sweeps, over days.

After every try: one accountable unit, clocks that never began afresh, nothing open after the end, facts that add up, an
unbroken chain of the audit log; and a refusal says why and changes nothing. RANDOM_LIVES sets how many are lived.
"""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from dispatch import services
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .lives import HELPLESS, PEOPLE, SWEEPS, TRIES, Stage, check, likely, state_of

LIVES = int(os.environ.get("RANDOM_LIVES", "4"))
STEPS = 30


@pytest.fixture
def city(db):
    city = make_world()
    for role in ("dispatch_manager", "callback_agent", "supervisor"):
        if role not in city.staff:
            city.staff[role] = grant(make_staff(role, city.centre), role, city.centre)
    return city


class Life(RuleBasedStateMachine):
    """One case of a city, from its registration on."""

    city: SimpleNamespace

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clocks: dict = {}

    @initialize(item=st.sampled_from(["T01", "T01", "T02"]))
    def begin(self, item):
        case = new_case(self.city, item=item)
        services.dispatch_awaiting(by=SYSTEM, now=NOON)
        self.stage = Stage(case_id=case.pk, city=self.city, now=NOON, pick=lambda choices: choices[0])

    def attempt(self, step, who, data, minutes):
        self.stage.now += timedelta(minutes=minutes)
        self.stage.pick = lambda choices: data.draw(st.sampled_from(list(choices)))
        before = state_of(self.stage.case_id)
        try:
            with transaction.atomic():
                TRIES[step](self.stage, Actor.staff(self.city.staff[who]))
        except Refused as refusal:
            assert str(refusal)  # noqa: PT017, both outcomes are right, each with its own promise
            assert state_of(self.stage.case_id) == before, f"{step} by {who} was refused and left something"
        else:
            assert who not in HELPLESS or state_of(self.stage.case_id) == before, f"{step} by {who}"

    @rule(data=st.data(), minutes=st.sampled_from([1, 7, 50]))
    def go_on(self, data, minutes):
        self.stage.pick = lambda choices: data.draw(st.sampled_from(list(choices)))
        if following := likely(self.stage):
            self.attempt(*following, data, minutes)

    @rule(data=st.data(), minutes=st.sampled_from([1, 7, 50]))
    def go_on_as_well(self, data, minutes):  # twice as likely as anything else
        self.go_on(data, minutes)

    @rule(
        step=st.sampled_from(sorted(TRIES)), who=st.sampled_from(PEOPLE), data=st.data(),
        minutes=st.sampled_from([0, 3, 600]),
    )  # fmt: skip
    def try_anything(self, step, who, data, minutes):
        self.attempt(step, who, data, minutes)

    @rule(sweep=st.sampled_from(SWEEPS), days=st.sampled_from([0, 0, 1, 4, 9]))
    def let_the_machine_work(self, sweep, days):
        self.stage.now += timedelta(days=days)
        sweep(self.stage)

    @invariant()
    def promises_hold(self):
        if hasattr(self, "stage"):
            self.clocks = check(self.stage, self.clocks)

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def test_whatever_happens_to_a_case(city):
    quietly = settings(
        max_examples=LIVES, stateful_step_count=STEPS, deadline=None, suppress_health_check=[*HealthCheck]
    )
    run_state_machine_as_test(type("LifeHere", (Life,), {"city": city}), settings=quietly)
