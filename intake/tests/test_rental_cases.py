"""A verified case counts for the grade of the rental at its place: once, closed, in sight, and said by a person."""

import pytest
from django.test import Client
from django.urls import reverse

from grid.tests.rental_world import NOW, make_rental, make_rental_world
from intake.models import Case
from intake.services.rental_cases import count_case_for_rental
from intake.tests.factories import make_case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight

pytestmark = pytest.mark.django_db
GIVEN = {"points": 30, "reason": "核实：楼道充电"}


@pytest.fixture
def world():
    return make_rental_world()


@pytest.fixture
def rental(world):
    return make_rental(world.cells[0])


@pytest.fixture
def by(world):
    return Actor.staff(world.secretary)


@pytest.fixture
def case(world, rental):
    made = make_case(area=world.community.code)
    Case.objects.filter(pk=made.pk).update(state="closed", closed_at=NOW, house_code=rental.house_code)
    return Case.objects.get(pk=made.pk)


def test_it_makes_the_grade_worse_once(rental, case, by):
    entry = count_case_for_rental(rental.pk, case.number, by=by, now=NOW, **GIVEN)
    assert (entry.level.code, entry.why, entry.about) == ("longhua-yellow", "case", case.number)
    with pytest.raises(IllegalMove):
        count_case_for_rental(rental.pk, case.number, by=by, now=NOW, **GIVEN)
    assert rental.grades.count() == 1


def test_an_open_case_does_not_count(rental, case, by):
    Case.objects.filter(pk=case.pk).update(state="in_handling", closed_at=None)
    with pytest.raises(BadInput) as refusal:
        count_case_for_rental(rental.pk, case.number, by=by, now=NOW, **GIVEN)
    assert refusal.value.field == "number"


def test_a_case_of_another_house_does_not_count(rental, case, by):
    Case.objects.filter(pk=case.pk).update(house_code="4403090010010199999")
    with pytest.raises(BadInput) as refusal:
        count_case_for_rental(rental.pk, case.number, by=by, now=NOW, **GIVEN)
    assert refusal.value.field == "number"


@pytest.mark.parametrize("number", ["", "SZ0", "\x00", "\ud800", "x" * 41])
def test_an_unknown_number_is_named(rental, by, number):
    with pytest.raises(BadInput) as refusal:
        count_case_for_rental(rental.pk, number, by=by, now=NOW, **GIVEN)
    assert refusal.value.field == "number"


def test_it_is_said_by_who_plans_the_work_there(world, rental, case):
    with pytest.raises(NotAllowed):
        count_case_for_rental(rental.pk, case.number, by=Actor.staff(world.officer), now=NOW, **GIVEN)
    foreign = Actor.staff(world.city.staff["other_secretary"])
    with pytest.raises(OutOfSight):
        count_case_for_rental(rental.pk, case.number, by=foreign, now=NOW, **GIVEN)


def test_the_page_counts_it_and_shows_the_history(world, rental, case):
    client = Client()
    client.force_login(world.secretary)
    address = reverse("intake:rental_case", args=[rental.pk])
    assert address in client.get(reverse("grid:rental", args=[rental.pk])).content.decode()
    answer = client.post(address, {"number": case.number, **GIVEN}, follow=True)
    assert case.number in answer.content.decode()
    assert client.post(address, {"number": "\x00", "points": "x", "reason": ""}).status_code == 422
