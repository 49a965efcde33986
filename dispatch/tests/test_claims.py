"""Two dispatchers never get the same case: claims taken, kept, given back, taken over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from dispatch.models import CaseClaim, CaseSkip
from dispatch.services import (
    ClaimedByOther,
    claim_case,
    claim_next,
    dispatch_awaiting,
    dispatch_by_hand,
    forget_claims,
    keep_claim,
    reconsider,
    release,
    skip_case,
)
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.models import Staff
from grid.tests.factories import grant, make_staff
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry

LATER = NOON + timedelta(minutes=6)  # longer than a claim holds


def waiting(city, count=1, **given):
    """Register cases that need a person, the first one most urgent."""
    cases = [new_case(city, now=NOON - timedelta(minutes=count - n), **({"item": ""} | given)) for n in range(count)]
    dispatch_awaiting(by=SYSTEM, now=NOON)
    return cases


def dispatcher(city, name, role="district_dispatcher", unit=None):
    """Return another dispatcher of the first district."""
    person = make_staff(name, unit=unit or city.centres[0], last_name=name)
    return Actor.staff(grant(person, role, unit or city.centres[0]))


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def one(city):
    return Actor.staff(city.staff["district_dispatcher"])


@pytest.fixture
def two(city):
    return dispatcher(city, "二号")


@pytest.mark.django_db
class TestClaiming:
    def test_gives_the_most_urgent_case_and_the_same_one_again(self, city, one):
        first, _second = waiting(city, 2)
        assert claim_next(by=one, now=NOON) == first.pk
        assert claim_next(by=one, now=NOON + timedelta(minutes=2)) == first.pk
        assert CaseClaim.objects.get().expires_at == NOON + timedelta(minutes=7)

    def test_gives_an_emergency_first(self, city, one):
        waiting(city)
        fire = waiting(city, urgency="emergency")[0]
        assert claim_next(by=one, now=NOON) == fire.pk

    def test_gives_the_next_case_to_the_next_dispatcher_and_none_to_a_third(self, city, one, two):
        first, second = waiting(city, 2)
        assert [claim_next(by=by, now=NOON) for by in (one, two)] == [first.pk, second.pk]
        assert claim_next(by=dispatcher(city, "三号"), now=NOON) is None

    def test_gives_a_case_again_when_its_claim_is_over(self, city, one, two):
        case = waiting(city)[0]
        claim_next(by=one, now=NOON)
        assert claim_next(by=two, now=LATER) == case.pk
        assert claim_next(by=one, now=LATER) is None

    def test_gives_only_cases_of_ones_own_desk(self, city, one):
        there = waiting(city, area=city.communities[1][0][0].code)[0]
        assert claim_next(by=one, now=NOON) is None
        assert claim_next(by=Actor.staff(city.staff["city_dispatcher"]), now=NOON) == there.pk

    def test_gives_only_cases_that_wait_for_the_reason_asked_for(self, city, one):
        waiting(city)
        lost = waiting(city, item="T01", area="", content="很多垃圾")[0]
        Case.objects.filter(pk=lost.pk).update(holder=city.centres[0])
        assert claim_next(by=one, now=NOON, why="no_place") == lost.pk
        assert claim_next(by=one, now=NOON, why="unit_closed") is None

    def test_finds_a_case_whose_deadline_could_not_be_computed(self, city, one):
        case = waiting(city)[0]
        case.clocks.update(outcome="cancelled")
        assert claim_next(by=one, now=NOON) == case.pk

    def test_is_for_staff(self, city):
        with pytest.raises(NotAllowed):
            claim_next(by=SYSTEM, now=NOON)

    def test_leaves_what_was_put_off_to_the_end_and_to_the_others_where_it_was(self, city, one, two):
        first, second, third = waiting(city, 3)
        for case in (first, second):
            assert claim_next(by=one, now=NOON) == case.pk
            skip_case(case.pk, by=one, now=NOON + timedelta(seconds=case.pk == second.pk))
        assert claim_next(by=two, now=NOON) == first.pk
        assert claim_next(by=one, now=NOON) == third.pk
        skip_case(third.pk, by=one, now=NOON + timedelta(seconds=9))
        assert claim_next(by=one, now=NOON) == second.pk


@pytest.mark.django_db
class TestOneCase:
    def test_can_be_taken_by_its_number_and_frees_the_one_before(self, city, one, two):
        first, second = waiting(city, 2)
        claim_next(by=one, now=NOON)
        claim_case(second.pk, by=one, now=NOON)
        assert claim_next(by=two, now=NOON) == first.pk

    def test_is_refused_with_the_name_of_who_has_it(self, city, one, two):
        case = waiting(city)[0]
        claim_next(by=two, now=NOON)
        unit = city.bureaus[0]["water"]
        for step in (
            lambda: claim_case(case.pk, by=one, now=NOON),
            lambda: dispatch_by_hand(case.pk, unit_id=unit.pk, by=one, now=NOON),
            lambda: reconsider([case.pk], by=one, now=NOON),
            lambda: keep_claim(case.pk, by=one, now=NOON),
        ):
            with pytest.raises(ClaimedByOther, match="二号"):
                step()
        assert dispatch_by_hand(case.pk, unit_id=unit.pk, by=one, now=LATER).unit == unit

    def test_is_taken_over_by_the_dispatch_manager_only_and_recorded(self, city, one, two):
        case = waiting(city)[0]
        claim_next(by=two, now=NOON)
        with pytest.raises(NotAllowed):
            claim_case(case.pk, by=one, now=NOON, take_over=True)
        manager = dispatcher(city, "主管", "dispatch_manager")
        claim_case(case.pk, by=manager, now=NOON, take_over=True)
        assert CaseClaim.objects.get().staff_id == manager.id
        entry = AuditEntry.objects.get(action="case.claim_taken_over")
        assert (entry.actor_name, entry.changes) == ("主管", {"from": "二号"})

    def test_of_another_district_is_hidden(self, city, one):
        there = waiting(city, area=city.communities[1][0][0].code)[0]
        for step in (claim_case, skip_case):
            with pytest.raises(OutOfSight):
                step(there.pk, by=one, now=NOON)

    def test_that_does_not_wait_is_not_taken(self, city, one):
        case = new_case(city)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        with pytest.raises(IllegalMove):
            claim_case(case.pk, by=one, now=NOON)

    def test_is_free_when_it_was_dispatched_or_given_to_the_machine(self, city, one):
        first, second = waiting(city, 2)
        for case in (first, second):
            skip_case(case.pk, by=one, now=NOON)
            claim_case(case.pk, by=one, now=NOON)
        dispatch_by_hand(second.pk, unit_id=city.bureaus[0]["water"].pk, by=one, now=NOON)
        reconsider([first.pk], by=one, now=NOON)
        assert not CaseClaim.objects.exists()
        assert not CaseSkip.objects.exists()

    def test_is_held_longer_while_it_is_read(self, city, one, two):
        case = waiting(city)[0]
        claim_next(by=one, now=NOON)
        keep_claim(case.pk, by=one, now=NOON + timedelta(minutes=4))
        assert claim_next(by=two, now=LATER) is None
        dispatch_by_hand(case.pk, unit_id=city.bureaus[0]["water"].pk, by=one, now=LATER)
        with pytest.raises(Refused, match="等待|waits"):
            keep_claim(case.pk, by=one, now=LATER)

    def test_is_given_back_by_the_page_that_took_it_last(self, city, one, two):
        case = waiting(city)[0]
        claim_next(by=one, now=NOON)
        claim_next(by=one, now=NOON + timedelta(seconds=1))  # the page was opened again
        assert not release(case.pk, claimed_at=NOON, by=one)
        assert not release(case.pk, claimed_at=NOON + timedelta(seconds=1), by=two)
        assert release(case.pk, claimed_at=NOON + timedelta(seconds=1), by=one)
        assert claim_next(by=two, now=NOON) == case.pk

    def test_is_forgotten_after_a_day(self, city, one):
        case = waiting(city)[0]
        skip_case(case.pk, by=one, now=NOON)
        claim_next(by=one, now=NOON)
        assert forget_claims(now=LATER) == 0
        assert forget_claims(now=NOON + timedelta(days=2)) == 2


@pytest.mark.django_db(transaction=True)
def test_many_dispatchers_pulling_at_once_never_share_a_case():
    city = make_world()
    cases = waiting(city, 24)
    people = [dispatcher(city, f"d{n}").user.pk for n in range(8)]
    gate, taken = Barrier(len(people)), []

    def pull(pk):
        try:
            by = Actor.staff(Staff.objects.get(pk=pk))
            gate.wait(timeout=30)
            for _turn in range(len(cases)):
                case_id = claim_next(by=by, now=timezone.now())
                if case_id is None:
                    return
                taken.append((case_id, pk))
                dispatch_by_hand(case_id, unit_id=city.bureaus[0]["water"].pk, by=by, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(pull, people))
    assert sorted(case_id for case_id, _pk in taken) == sorted(case.pk for case in cases)
