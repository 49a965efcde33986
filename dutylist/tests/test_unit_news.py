"""A unit is told what a published batch changed for it: on its page, and on the desk it works at."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dutylist.selectors import count_unit_news, list_unit_news
from dutylist.services import NewLine
from dutylist.tests.duty_people import make_people, publish, roll_back
from dutylist.tests.world import NOON, make_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    cache.clear()
    return make_list()


def moved_to(city, unit):
    """Give the lamps of the first district to `unit`."""
    rows = [
        {"area": area.pk, "lead": unit.pk if d == 0 else city.bureaus[d]["urban_management"].pk}
        | {"co": [], "fallback": None, "note": ""}
        for d, area in enumerate(city.districts)
    ]
    return NewLine("transfer", "T02", {"rows": rows})


def codes(unit, user, now=NOON):
    return [line.code for line in list_unit_news(unit, now, user)]


def test_reaches_the_unit_that_gains_an_item_and_the_one_that_loses_it(city):
    publish(city, make_people(city), moved_to(city, city.bureaus[0]["water"]))
    user = city.staff["handler"]
    assert codes(city.bureaus[0]["water"], user) == ["T02"]
    assert codes(city.bureaus[0]["urban_management"], user) == ["T02"]
    assert codes(city.bureaus[1]["water"], city.staff["other_handler"]) == []


def test_reaches_a_unit_whose_rows_stay_but_whose_limit_changes(city):
    publish(city, make_people(city), NewLine("change", "T02", {"limit_normal": 7}))
    assert codes(city.bureaus[1]["urban_management"], city.staff["other_handler"]) == ["T02"]
    assert codes(city.bureaus[0]["water"], city.staff["handler"]) == []


def test_tells_of_a_rollback_too_and_of_nothing_older_than_a_month(city):
    people = make_people(city)
    batch = publish(city, people, moved_to(city, city.bureaus[0]["water"]))
    roll_back(batch, people, now=NOON + timedelta(days=1))
    user, unit = city.staff["handler"], city.bureaus[0]["water"]
    assert codes(unit, user, NOON + timedelta(days=2)) == ["T02", "T02"]
    assert codes(unit, user, NOON + timedelta(days=31)) == ["T02"]
    assert codes(unit, user, NOON + timedelta(days=40)) == []


def test_nobody_without_a_unit_is_told_anything(city):
    assert count_unit_news(None, NOON, city.staff["root"]) == 0


def test_stands_on_the_units_page(city, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    publish(city, make_people(city), moved_to(city, city.bureaus[0]["water"]))
    client = Client()
    client.force_login(city.staff["handler"])
    page = client.get(reverse("dutylist:unit", args=[city.bureaus[0]["water"].code]))
    assert page.status_code == 200
    assert "清单调整" in page.content.decode()
