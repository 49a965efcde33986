"""Grades of rentals: what a visit finds is added up by the scheme of the district; counted by hand here."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from grid.models import GradeScheme, Rental, RentalGrade, RentalVisit
from grid.services.rentals import NewRental, NewVisit, record_visit, register_rental, regrade, set_rental_let
from grid.services.rentals.grading import grade, levels_of, scheme_on
from grid.tests.rental_world import NOW, SYSTEM, make_building, make_rental, make_rental_world
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_rental_world()


@pytest.fixture
def rental(world):
    return make_rental(world.cells[0])


def visit(rental, by, *codes, now=NOW, **given):
    return record_visit(rental.pk, NewVisit([f"longhua-{code}" for code in codes], **given), by=by, now=now)


def graded(scheme, prefix, *codes):
    scheme = GradeScheme.objects.get(code=scheme)
    found = [one for one in scheme.criteria.all() if one.code in {f"{prefix}-{code}" for code in codes}]
    assert len(found) == len(codes)
    outcome = grade(levels_of(scheme), found)
    return outcome.points, outcome.level.code


class TestTheArithmetic:
    @pytest.mark.parametrize(
        ("found", "points", "level"),
        [
            ([], 0, "longhua-green"),
            (["extinguisher", "rubbish", "clutter"], 25, "longhua-green"),  # 10 + 5 + 10
            (["wiring", "separation"], 30, "longhua-yellow"),  # 15 + 15: exactly where the level begins
            (["charging"], 25, "longhua-yellow"),  # 25 points would be green; charging alone asks for yellow
            (["gas", "exit", "sewage"], 60, "longhua-red"),  # 30 + 20 + 10
            (["three-in-one", "rubbish"], 65, "longhua-red"),
        ],
    )
    def test_three_levels_of_longhua(self, world, found, points, level):
        assert graded("longhua-2023", "longhua", *found) == (points, level)

    @pytest.mark.parametrize(
        ("found", "points", "level"),
        [
            (["wiring"], 15, "longgang-easy"),
            (["wiring", "rubbish"], 20, "longgang-watch"),
            (["partition"], 25, "longgang-strict"),  # 25 points would be watch; partitions alone ask for strict
            (["exit", "refuses"], 40, "longgang-strict"),
            (["three-in-one"], 60, "longgang-forbidden"),  # 60 points would be strict
            (["gas", "exit", "refuses"], 70, "longgang-forbidden"),
        ],
    )
    def test_four_levels_of_longgang(self, world, found, points, level):
        assert graded("longgang-2019", "longgang", *found) == (points, level)

    def test_longgang_is_visited_every_three_weeks_two_weeks_and_week(self, world):
        levels = levels_of(GradeScheme.objects.get(code="longgang-2019"))
        assert [level.visit_every_days for level in levels][:3] == [21, 14, 7]
        assert [level.is_forbidden for level in levels] == [False, False, False, True]

    def test_the_newest_scheme_of_the_day_is_in_force(self, world):
        old = GradeScheme.objects.get(code="longhua-2023")
        new = GradeScheme.objects.create(
            code="longhua-2027", name="新办法", area=old.area, effective_from=date(2027, 1, 1), source="test"
        )
        assert scheme_on(world.cells[0], date(2026, 12, 31)) == old
        assert scheme_on(world.cells[0], date(2027, 1, 1)) == new
        assert scheme_on(world.city.communities[1][0][0], date(2026, 6, 1)) is None


class TestAVisit:
    def test_gives_grade_history_and_the_next_day(self, world, rental):
        visit(rental, Actor.staff(world.officer), "charging", notes="一楼")
        rental.refresh_from_db()
        assert (rental.level.code, rental.points) == ("longhua-yellow", 25)
        assert rental.last_visit_on == NOW.date()
        assert rental.due_on == NOW.date() + timedelta(days=14)
        entry = rental.grades.get()
        assert (entry.before, entry.level.code, entry.why) == (None, "longhua-yellow", "visit")
        assert "电动自行车" in entry.reason
        assert AuditEntry.objects.filter(action="rental.visited", object_id=str(rental.pk)).count() == 1

    def test_makes_a_grade_better_again(self, world, rental):
        by = Actor.staff(world.officer)
        visit(rental, by, "three-in-one")
        visit(rental, by, now=NOW + timedelta(days=7))
        rental.refresh_from_db()
        assert rental.level.code == "longhua-green"
        assert [entry.level.code for entry in rental.grades.all()] == ["longhua-green", "longhua-red"]

    def test_is_kept_as_the_scheme_worded_it(self, world, rental):
        made = visit(rental, Actor.staff(world.officer), "rubbish")
        GradeScheme.objects.get(code="longhua-2023").criteria.update(text="换了说法", points=1)
        made.refresh_from_db()
        assert made.found == [{"code": "longhua-rubbish", "group": "hygiene", "text": "垃圾乱放、未分类", "points": 5}]

    def test_cannot_be_altered_afterwards(self, world, rental):
        visit(rental, Actor.staff(world.officer))
        for model in (RentalVisit, RentalGrade):
            with pytest.raises(DatabaseError), transaction.atomic():
                model.objects.update(points=99)
            with pytest.raises(DatabaseError), transaction.atomic():
                model.objects.all().delete()

    def test_is_recorded_once_when_the_button_is_pressed_twice(self, world, rental):
        by = Actor.staff(world.officer)
        record_visit(rental.pk, NewVisit(), row_version=rental.row_version, by=by, now=NOW)
        with pytest.raises(StalePage):
            record_visit(rental.pk, NewVisit(), row_version=rental.row_version, by=by, now=NOW)
        assert rental.visits.count() == 1

    def test_of_another_cell_is_not_found(self, world, rental):
        with pytest.raises(OutOfSight):
            visit(rental, Actor.staff(world.other_officer))

    def test_is_for_those_who_walk_rounds(self, world, rental):
        with pytest.raises(NotAllowed):
            visit(rental, Actor.staff(world.manager))

    def test_takes_only_criteria_of_the_scheme_in_force(self, world, rental):
        with pytest.raises(BadInput) as refusal:
            record_visit(rental.pk, NewVisit(["longgang-exit"]), by=Actor.staff(world.officer), now=NOW)
        assert refusal.value.field == "found"

    @pytest.mark.parametrize("notes", ["x" * 501, "\x00", "\ud800"])
    def test_refuses_notes_that_cannot_be_kept(self, world, rental, notes):
        with pytest.raises(BadInput) as refusal:
            visit(rental, Actor.staff(world.officer), notes=notes)
        assert refusal.value.field == "notes"
        assert not rental.visits.exists()

    def test_needs_a_scheme_of_the_district(self, world):
        elsewhere = make_rental(world.city.communities[1][0][0], 7)
        with pytest.raises(BadInput, match="grading scheme|分级办法"):
            record_visit(elsewhere.pk, NewVisit(), by=Actor.staff(world.city.staff["other_secretary"]), now=NOW)


class TestGradingWithoutAVisit:
    def test_a_verified_case_makes_the_grade_worse_and_the_visit_sooner(self, world, rental):
        visit(rental, Actor.staff(world.officer), "rubbish")
        entry = regrade(rental.pk, reason="核实：楼道充电", points=30, about="SZ1", by=SYSTEM, now=NOW)
        rental.refresh_from_db()
        assert (entry.before.code, entry.level.code, entry.why) == ("longhua-green", "longhua-yellow", "case")
        assert (rental.points, rental.due_on) == (35, NOW.date() + timedelta(days=14))

    def test_the_same_case_counts_once(self, world, rental):
        assert regrade(rental.pk, reason="核实属实", points=30, about="SZ1", by=SYSTEM, now=NOW)
        assert regrade(rental.pk, reason="核实属实", points=30, about="SZ1", by=SYSTEM, now=NOW) is None
        rental.refresh_from_db()
        assert rental.points == 30

    def test_a_grade_that_a_finding_forced_stays(self, world, rental):
        visit(rental, Actor.staff(world.officer), "charging")  # 25 points, yellow
        regrade(rental.pk, reason="轻微问题", points=1, by=Actor.staff(world.manager), now=NOW)
        rental.refresh_from_db()
        assert (rental.points, rental.level.code) == (26, "longhua-yellow")

    @pytest.mark.parametrize("points", [0, -10, 1001])
    def test_a_better_grade_needs_a_visit(self, world, rental, points):
        with pytest.raises(BadInput) as refusal:
            regrade(rental.pk, reason="整改完成", points=points, by=SYSTEM, now=NOW)
        assert refusal.value.field == "points"

    def test_is_for_who_plans_the_work_of_the_grid(self, world, rental):
        with pytest.raises(NotAllowed):
            regrade(rental.pk, reason="核实属实", points=5, by=Actor.staff(world.officer), now=NOW)

    def test_needs_a_reason(self, world, rental):
        with pytest.raises(BadInput) as refusal:
            regrade(rental.pk, reason="  ", points=5, by=SYSTEM, now=NOW)
        assert refusal.value.field == "reason"


class TestRegistering:
    def test_a_rental_is_visited_within_a_week(self, rental):
        assert rental.due_on == NOW.date() + timedelta(days=7)
        assert rental.level is None

    def test_twice_is_refused(self, world, rental):
        with pytest.raises(BadInput) as refusal:
            make_rental(world.cells[0])
        assert refusal.value.field == "house_code"

    @pytest.mark.parametrize("code", ["", "1", "x" * 26, "\x00", "\ud800", "٤" * 19, "'; DROP", "4403090" + "9" * 12])
    def test_an_unknown_code_is_named(self, world, code):
        with pytest.raises(BadInput) as refusal:
            register_rental(NewRental(code, "building"), by=SYSTEM, now=NOW)
        assert refusal.value.field == "house_code"

    def test_a_building_of_another_cell_is_unknown(self, world):
        building = make_building(world.cells[1], 5)
        with pytest.raises(BadInput, match="register|登记|地址"):
            register_rental(NewRental(building.code, "building"), by=Actor.staff(world.officer), now=NOW)
        assert not Rental.objects.exists()

    def test_a_room_needs_the_code_of_a_room(self, world):
        building = make_building(world.cells[0], 5)
        with pytest.raises(BadInput) as refusal:
            register_rental(NewRental(building.code, "room"), by=SYSTEM, now=NOW)
        assert refusal.value.field == "house_code"
        assert register_rental(NewRental(building.code, "place", "士多店"), by=SYSTEM, now=NOW).name == "士多店"

    def test_what_is_let_no_longer_is_not_visited(self, world, rental):
        set_rental_let(rental.pk, False, by=Actor.staff(world.officer), now=NOW)
        with pytest.raises(IllegalMove):
            visit(rental, Actor.staff(world.officer))
        with pytest.raises(IllegalMove):
            set_rental_let(rental.pk, False, by=Actor.staff(world.officer), now=NOW)
        again = set_rental_let(rental.pk, True, by=Actor.staff(world.officer), now=NOW)
        assert again.due_on == NOW.date() + timedelta(days=7)
