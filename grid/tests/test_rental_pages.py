"""Pages of rentals: a visit from the phone, people behind a purpose, nothing of another cell, nothing breaks."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grid.models import RentalLook
from grid.services.rentals import NewPerson, add_person, plan_some
from grid.tests.rental_world import SYSTEM, make_building, make_rental, make_rental_world
from shenzhen_gov.core.models import AuditEntry
from shenzhen_gov.core.tests.test_files import picture

pytestmark = pytest.mark.django_db
HOSTILE = ["\x00", "\u202e一栋", "x" * 10_000, "' OR 1=1 --", "{'a': []}", "٤٤٠٣", "<script>", "%"]


@pytest.fixture
def world():
    return make_rental_world()


@pytest.fixture
def rental(world):
    return make_rental(world.cells[0], now=timezone.now())


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(world):
    return client_of(world.officer)


def page(name, *args):
    return reverse(f"grid:{name}", args=args)


def test_a_visit_with_a_photo_gives_the_grade(client, rental):
    sent = {"row_version": rental.row_version, "found": ["longhua-charging", "longhua-rubbish"], "notes": "一楼大堂"}
    photo = SimpleUploadedFile("a.jpg", picture())
    answer = client.post(page("rental", rental.pk), sent | {"photos": [photo]}, follow=True)
    text = answer.content.decode()
    assert "黄 · 严管" in text
    assert "一楼大堂" in text
    shot = rental.visits.get().photos.get()
    assert client.get(page("visit_photo", shot.pk)).status_code == 200


def test_a_second_press_is_told_and_records_nothing(client, rental):
    sent = {"row_version": rental.row_version, "notes": "看过"}
    assert client.post(page("rental", rental.pk), sent).status_code == 302
    answer = client.post(page("rental", rental.pk), sent)
    assert answer.status_code == 422
    assert "看过" in answer.content.decode()
    assert rental.visits.count() == 1


def test_what_is_no_picture_is_named_and_the_notes_stay(client, rental):
    sent = {"row_version": rental.row_version, "notes": "看过", "photos": [SimpleUploadedFile("a.jpg", b"MZ\x90")]}
    answer = client.post(page("rental", rental.pk), sent)
    assert answer.status_code == 422
    assert "a.jpg" in answer.content.decode()
    assert not rental.visits.exists()


def test_where_letting_is_forbidden_the_page_says_so(client, rental):
    client.post(page("rental", rental.pk), {"row_version": rental.row_version, "found": ["longhua-three-in-one"]})
    text = client.get(page("rental", rental.pk)).content.decode()
    assert 'role="alert"' in text
    assert "s-no" in text


def test_the_list_shows_planned_overdue_and_all(client, world, rental):
    plan_some(now=timezone.now())
    for tab, shown in (("all", True), ("overdue", False)):
        text = client.get(page("rentals"), {"tab": tab}).content.decode()
        assert (rental.name in text) is shown
    assert rental.name in client.get(page("rentals"), {"q": rental.building.code}).content.decode()
    assert rental.name not in client_of(world.other_officer).get(page("rentals"), {"tab": "all"}).content.decode()


def test_of_another_cell_nothing_is_found(world, rental):
    person = add_person(rental.pk, NewPerson("owner", "陈测试"), by=SYSTEM, now=timezone.now())
    client = client_of(world.other_officer)
    for name in ("rental", "rental_people", "rental_person_new"):
        assert client.get(page(name, rental.pk)).status_code == 404
    for name in ("rental_regrade", "rental_let"):
        assert client.post(page(name, rental.pk), {"let": "0"}).status_code == 404
    assert client.post(page("rental_person_remove", rental.pk, person.pk)).status_code == 404


def test_people_are_masked_until_a_purpose_is_given(client, rental):
    add_person(rental.pk, NewPerson("owner", "陈测试", "13900001234"), by=SYSTEM, now=timezone.now())
    text = client.get(page("rental", rental.pk)).content.decode()
    assert "陈**" in text
    assert "陈测试" not in text
    assert "陈测试" not in client.get(page("rental_people", rental.pk)).content.decode()
    refused = client.post(page("rental_people", rental.pk), {"purpose": "看"})
    assert refused.status_code == 422
    assert "陈测试" not in refused.content.decode()
    shown = client.post(page("rental_people", rental.pk), {"purpose": "联系业主整改"})
    assert "13900001234" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AuditEntry.objects.filter(action="rental.people_viewed").count() == RentalLook.objects.count() == 1


def test_a_rental_is_registered_by_its_code(client, world):
    building = make_building(world.cells[0], 9)
    answer = client.post(page("rental_new"), {"kind": "building", "house_code": building.code})
    assert answer.status_code == 302
    again = client.post(page("rental_new"), {"kind": "building", "house_code": building.code})
    assert again.status_code == 422


@pytest.mark.parametrize("text", HOSTILE)
def test_bad_input_is_refused_and_never_an_error(client, world, rental, text):
    manager = client_of(world.manager)
    assert client.get(page("rentals"), {"q": text, "tab": text, "cursor": ""}).status_code == 200
    assert client.get(page("rentals"), {"cursor": text}).status_code == 400
    assert client.post(page("rental_new"), {"kind": text, "house_code": text, "name": text}).status_code == 422
    sent = {"row_version": text, "found": [text, "longhua-gas"], "notes": text}
    assert client.post(page("rental", rental.pk), sent).status_code == 422
    assert manager.post(page("rental_regrade", rental.pk), {"points": text, "reason": text}).status_code == 422
    assert client.post(page("rental_person_new", rental.pk), {"role": text, "name": text}).status_code == 422
    assert not rental.visits.exists()
    assert not rental.people.exists()


def test_pages_are_light_enough_for_a_slow_line(client, world, rental):
    for n in range(2, 40):
        make_rental(world.cells[0], n, now=timezone.now())
    for address in (f"{page('rentals')}?tab=all", page("rental", rental.pk), page("rental_schemes")):
        assert len(client.get(address).content) < 100_000


def test_the_page_of_the_building_names_its_rental_to_who_works_with_it(world, client, rental):
    address = page("building", rental.building.code)
    assert page("rental", rental.pk) in client.get(address).content.decode()
    assert page("rental", rental.pk) not in client_of(world.city.staff["agent"]).get(address).content.decode()
    assert client_of(world.other_officer).get(address).status_code == 404
