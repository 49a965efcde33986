"""The visit plan: nobody missed, none twice, no day fuller than it must be, overdue ones seen."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.models import Rental, StaffUnitPermission, VisitPlan
from grid.services.rentals import NewVisit, ask_plan, plan_some, record_visit, set_rental_let
from grid.services.rentals.spreading import Due, share_out, spread
from grid.tests.factories import grant, make_staff
from grid.tests.rental_world import NOW, make_rental, make_rental_world
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight

MONDAY = date(2026, 6, 1)
DAYS = [MONDAY + timedelta(days=n) for n in range(14) if (MONDAY + timedelta(days=n)).weekday() < 5]
DUE = st.lists(st.integers(0, 13), max_size=120)


def dues(offsets):
    return [Due(number, MONDAY + timedelta(days=n), f"{number:05d}") for number, n in enumerate(offsets)]


class TestSpreading:
    @given(DUE, st.integers(1, 5))
    def test_nobody_is_missed_none_is_twice_none_is_late(self, offsets, walkers):
        visits = dues(offsets)
        plan = spread(visits, DAYS, walkers)
        placed = [visit.rental_id for day in plan for visit in day]
        assert sorted(placed) == [visit.rental_id for visit in visits]
        for day, of_day in zip(DAYS, plan, strict=True):
            assert all(day <= visit.by for visit in of_day)

    @given(DUE)
    def test_no_day_is_fuller_than_the_worst_days_ask_for(self, offsets):
        visits = dues(offsets)
        most = max((len(day) for day in spread(visits, DAYS)), default=0)
        counts = [sum(visit.by < after for visit in visits) for after in [*DAYS[1:], MONDAY + timedelta(days=99)]]
        assert most <= max(1, *(-(-count // n) for n, count in enumerate(counts, 1)))

    @given(DUE, st.integers(0, 60), st.integers(1, 4), st.integers(1, 10))
    def test_what_is_overdue_is_caught_up_in_time_beside_the_rest(self, offsets, late, walkers, catch_up):
        visits = dues(offsets)
        overdue = [Due(1000 + n, MONDAY - timedelta(days=1 + n), f"{n}") for n in range(late)]
        plan = spread(visits + overdue, DAYS, walkers, catch_up)
        placed = [visit.rental_id for day in plan for visit in day]
        assert sorted(placed) == sorted(visit.rental_id for visit in visits + overdue)
        for number, (day, of_day) in enumerate(zip(DAYS, plan, strict=True)):
            assert all(day <= visit.by for visit in of_day if visit.rental_id < 1000)
            assert number < catch_up or all(visit.rental_id < 1000 for visit in of_day)

    def test_the_oldest_overdue_one_is_first(self):
        overdue = [Due(n, MONDAY - timedelta(days=n), "") for n in (1, 3, 2)]
        assert [[one.rental_id for one in day] for day in spread(overdue, DAYS, 1, 3)][:3] == [[3], [2], [1]]

    def test_a_visit_is_as_late_as_it_may_be(self):
        plan = spread(dues([9]), DAYS)
        assert [len(day) for day in plan] == [0] * 7 + [1] + [0] * 2  # Wednesday of the second week

    def test_many_due_on_one_day_are_spread_over_the_days_before(self):
        assert [len(day) for day in spread(dues([4] * 10), DAYS)][:5] == [2] * 5

    @given(st.integers(1, 60), st.integers(1, 7))
    def test_nobody_has_two_more_than_another(self, count, walkers):
        shares = Counter(share_out(dues([0] * count), list(range(walkers))).values())
        loads = [shares[walker] for walker in range(walkers)]
        assert sum(loads) == count
        assert max(loads) - min(loads) <= 1


@pytest.mark.django_db
class TestThePlan:
    @pytest.fixture
    def world(self):
        return make_rental_world()

    def test_every_rental_due_soon_has_one_day_and_the_visitor_of_its_cell(self, world):
        first = [make_rental(world.cells[0], n) for n in range(1, 13)]
        second = [make_rental(world.cells[1], n) for n in range(1, 4)]
        assert plan_some(now=NOW) == 1
        for rentals, officer in ((first, world.officer), (second, world.other_officer)):
            rows = Rental.objects.filter(pk__in=[one.pk for one in rentals])
            assert set(rows.values_list("planned_for", flat=True)) == {officer.pk}
            assert all(NOW.date() <= row.planned_on <= row.due_on for row in rows)
        plan = VisitPlan.objects.get()
        assert (plan.area, plan.planned, plan.without_visitor) == (world.community, 15, 0)
        assert plan_some(now=NOW) == 0

    def test_without_a_team_in_the_cell_the_community_goes(self, world):
        StaffUnitPermission.objects.filter(user=world.officer).delete()
        rental = make_rental(world.cells[0])
        plan_some(now=NOW)
        rental.refresh_from_db()
        assert rental.planned_for == world.secretary

    def test_without_anybody_the_day_stands_and_is_counted(self, world):
        StaffUnitPermission.objects.all().delete()
        rental = make_rental(world.cells[0])
        plan_some(now=NOW)
        rental.refresh_from_db()
        assert rental.planned_on
        assert rental.planned_for is None
        assert VisitPlan.objects.get().without_visitor == 1

    def test_two_officers_of_a_cell_share_a_day_evenly(self, world):
        team = world.officer.unit
        second = grant(make_staff("second", team), "grid_officer", team)
        for n in range(1, 25):
            make_rental(world.cells[0], n)
        plan_some(now=NOW)
        shares = Counter(Rental.objects.values_list("planned_for", flat=True))
        assert abs(shares[world.officer.pk] - shares[second.pk]) <= 1 * len(DAYS)
        a_day = Counter(Rental.objects.values_list("planned_on", "planned_for"))
        for day in {day for day, _who in a_day}:
            assert abs(a_day[day, world.officer.pk] - a_day[day, second.pk]) <= 1

    def test_overdue_ones_are_caught_up_within_a_week(self, world):
        for n in range(1, 11):
            make_rental(world.cells[0], n)
        later = NOW + timedelta(days=14)
        plan_some(now=later)
        days = Counter(Rental.objects.values_list("planned_on", flat=True))
        assert sorted(days.values()) == [2] * 5
        assert Rental.objects.overdue(later.date()).count() == 10

    def test_a_visit_takes_the_rental_out_until_it_is_due_again(self, world):
        rental = make_rental(world.cells[0])
        plan_some(now=NOW)
        record_visit(rental.pk, NewVisit(), by=Actor.staff(world.officer), now=NOW)
        plan_some(now=NOW + timedelta(days=1))
        rental.refresh_from_db()
        assert (rental.planned_on, rental.due_on) == (None, NOW.date() + timedelta(days=30))

    def test_what_is_let_no_longer_is_not_planned(self, world):
        rental = make_rental(world.cells[0])
        plan_some(now=NOW)
        set_rental_let(rental.pk, False, by=Actor.staff(world.officer), now=NOW)
        plan_some(now=NOW + timedelta(days=1))
        rental.refresh_from_db()
        assert rental.planned_on is None

    def test_is_made_anew_when_asked(self, world):
        make_rental(world.cells[0])
        plan_some(now=NOW)
        ask_plan(world.community.pk, by=Actor.staff(world.secretary), now=NOW)
        assert plan_some(now=NOW) == 1

    def test_is_asked_for_by_who_plans_there(self, world):
        make_rental(world.cells[0])
        with pytest.raises(OutOfSight):
            ask_plan(world.community.pk, by=Actor.staff(world.city.staff["other_secretary"]), now=NOW)
        with pytest.raises((NotAllowed, OutOfSight)):
            ask_plan(world.community.pk, by=Actor.staff(world.officer), now=NOW)
