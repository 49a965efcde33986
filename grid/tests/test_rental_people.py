"""Owners and tenants: encrypted, masked, shown for a purpose and a while, every look recorded."""

from datetime import timedelta

import pytest
from django.db import connection

from grid.models import RentalPerson
from grid.services.rentals import NewPerson, add_person, ask_look, remove_person, set_rental_let, view_people
from grid.tests.rental_world import NOW, make_rental, make_rental_world
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry
from shenzhen_gov.core.rotation import encrypted_models

pytestmark = pytest.mark.django_db
OWNER = NewPerson("owner", "陈测试", "13900001234", "440300199001011234")


@pytest.fixture
def world():
    return make_rental_world()


@pytest.fixture
def rental(world):
    return make_rental(world.cells[0])


@pytest.fixture
def by(world):
    return Actor.staff(world.officer)


def test_what_is_stored_cannot_be_read(rental, by):
    person = add_person(rental.pk, OWNER, by=by, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, identity_number FROM grid_rentalperson")
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert "陈测试".encode() not in stored
    assert b"13900001234" not in stored
    assert (person.masked_name, person.masked_phone) == ("陈**", "139****1234")
    assert RentalPerson in encrypted_models()


def test_nothing_of_a_person_stands_in_the_log(rental, by):
    add_person(rental.pk, OWNER, by=by, now=NOW)
    ask_look(rental.pk, purpose="联系业主整改", by=by, now=NOW)
    view_people(rental.pk, by=by, now=NOW)
    for entry in AuditEntry.objects.all():
        text = f"{entry.changes} {entry.note} {entry.object_text}"
        assert "陈测试" not in text
        assert "1390000" not in text
        assert "4403001990" not in text


def test_nothing_is_shown_without_a_purpose(rental, by):
    add_person(rental.pk, OWNER, by=by, now=NOW)
    with pytest.raises(NotAllowed):
        view_people(rental.pk, by=by, now=NOW)
    for purpose in ("", "  看  ", "x" * 201, "\x00abcd"):
        with pytest.raises(BadInput) as refusal:
            ask_look(rental.pk, purpose=purpose, by=by, now=NOW)
        assert refusal.value.field == "purpose"


def test_each_look_is_recorded_with_its_purpose(rental, by):
    add_person(rental.pk, OWNER, by=by, now=NOW)
    ask_look(rental.pk, purpose="联系业主整改", by=by, now=NOW)
    for _look in range(2):
        shown = view_people(rental.pk, by=by, now=NOW)
    assert [person.name for person in shown.people] == ["陈测试"]
    looks = AuditEntry.objects.filter(action="rental.people_viewed", object_id=str(rental.pk))
    assert [entry.note for entry in looks] == ["联系业主整改"] * 2


def test_the_time_runs_out(rental, by):
    ask_look(rental.pk, purpose="联系业主整改", by=by, now=NOW)
    with pytest.raises(NotAllowed):
        view_people(rental.pk, by=by, now=NOW + timedelta(minutes=11))


def test_anothers_purpose_opens_nothing(world, rental, by):
    ask_look(rental.pk, purpose="联系业主整改", by=by, now=NOW)
    with pytest.raises(NotAllowed):
        view_people(rental.pk, by=Actor.staff(world.secretary), now=NOW)


def test_another_cell_finds_nothing(world, rental):
    other = Actor.staff(world.other_officer)
    for step in (
        lambda: ask_look(rental.pk, purpose="联系业主整改", by=other, now=NOW),
        lambda: view_people(rental.pk, by=other, now=NOW),
        lambda: add_person(rental.pk, OWNER, by=other, now=NOW),
    ):
        with pytest.raises(OutOfSight):
            step()


def test_who_takes_calls_sees_no_owners(world, rental):
    with pytest.raises(NotAllowed):
        ask_look(rental.pk, purpose="联系业主整改", by=Actor.staff(world.city.staff["agent"]), now=NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (NewPerson("boss", "陈测试"), "role"),
        (NewPerson("owner", "  "), "name"),
        (NewPerson("owner", "陈" * 61), "name"),
        (NewPerson("owner", "陈\ud800"), "name"),
        (NewPerson("owner", "陈测试", "not a number"), "phone"),
        (NewPerson("owner", "陈测试", "", "'; --"), "identity_number"),
    ],
)
def test_what_is_wrong_is_named(rental, by, given, field):
    with pytest.raises(BadInput) as refusal:
        add_person(rental.pk, given, by=by, now=NOW)
    assert refusal.value.field == field
    assert not RentalPerson.objects.exists()


def test_who_leaves_is_gone(rental, by):
    person = add_person(rental.pk, OWNER, by=by, now=NOW)
    remove_person(rental.pk, person.pk, by=by, now=NOW)
    assert not RentalPerson.objects.exists()
    with pytest.raises(OutOfSight):
        remove_person(rental.pk, person.pk, by=by, now=NOW)


def test_when_letting_ends_all_are_gone(rental, by):
    add_person(rental.pk, OWNER, by=by, now=NOW)
    set_rental_let(rental.pk, False, by=by, now=NOW)
    assert not RentalPerson.objects.exists()
