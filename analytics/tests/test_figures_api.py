"""The API of figures: what a key reads, who is refused, what is answered again only when the figures changed."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from analytics.choices import Dimension
from analytics.models import FeedKey, FiguresState
from analytics.services import create_feed_key, revoke_feed_key
from analytics.tests.test_crosstab import put
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, SYSTEM, make_world
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed
from shenzhen_gov.core.models import Parameter

TIME = {"first": "2026-01-01", "last": "2026-01-31"}


@pytest.fixture
def city(db):
    city = make_world()
    call_command("load_indicators", verbosity=0)
    call_command("load_parameters", verbosity=0)
    for area, day, due, done in (
        (city.districts[0], date(2026, 1, 10), 10, 9),
        (city.districts[0], date(2025, 12, 10), 10, 5),
        (city.districts[1], date(2026, 1, 10), 10, 10),
        (city.streets[0][0], date(2026, 1, 10), 10, 9),
        (city.city, date(2026, 1, 10), 20, 19),
    ):
        put(Dimension.AREA, area.pk, day, case_due=due, closed_in_time=done, accepted=due)
    unit = city.stations[0][0][0]
    put(Dimension.UNIT, unit.pk, date(2026, 1, 10), handling_due=4, handled_in_time=3)
    FiguresState.objects.create(refreshed_at=NOON)
    city.feed, city.text = create_feed_key(city.districts[0].pk, "智慧大脑", by=SYSTEM, now=NOON)
    return city


def ask(city, name, *, text=None, user=None, headers=None, **query):
    client = client_of(user) if user else Client()
    key = {} if user else {"Authorization": f"Token {text or city.text}"}
    return client.get(reverse(f"analytics_api:{name}"), query, headers=key | (headers or {}))


def value_of(answer, code):
    return next(one for one in answer.json()["results"] if one["code"] == code)


def test_a_key_reads_its_area_with_the_time_before(city):
    answer = ask(city, "values", **TIME, indicators="on_time,satisfaction", compare="true")
    assert answer.json()["area"] == city.districts[0].code
    found = value_of(answer, "on_time")
    assert (found["value"], found["denominator"], found["before"], found["year_before"]) == (90, 10, 50, None)
    assert found["is_good"] is False
    assert value_of(answer, "satisfaction")["value"] is None


def test_a_key_reads_what_lies_below_and_nothing_beside_or_above(city):
    assert ask(city, "values", **TIME, area=city.streets[0][0].code).status_code == 200
    for area in (city.districts[1], city.city):
        assert ask(city, "values", **TIME, area=area.code).status_code == 404


def test_units_at_home_in_the_area_are_told_without_what_units_are_not_counted_by(city):
    unit = city.stations[0][0][0]
    answer = ask(city, "values", **TIME, unit=unit.code)
    assert value_of(answer, "unit_on_time")["value"] == 75
    assert "accepted" not in {one["code"] for one in answer.json()["results"]}
    assert ask(city, "values", **TIME, unit=city.stations[1][1][0].code).json()["field"] == "unit"


def test_series_hold_every_day(city):
    days = ask(city, "series", **TIME, indicators="accepted,on_time").json()["results"]
    assert len(days) == 31
    assert days[9] == {"day": "2026-01-10", "values": {"accepted": 10, "on_time": 90}}
    assert days[0]["values"] == {"accepted": 0, "on_time": None}


def test_rankings_are_best_first_and_say_the_whole(city):
    _feed, text = create_feed_key(city.city.pk, "大屏", by=SYSTEM, now=NOON)
    answer = ask(city, "ranking", text=text, **TIME, indicator="on_time").json()
    assert [(one["rank"], one["code"]) for one in answer["results"]][:2] == [
        (1, city.districts[1].code), (2, city.districts[0].code)
    ]  # fmt: skip
    assert answer["whole"]["value"] == 95
    units = ask(city, "ranking", **TIME, indicator="unit_on_time", of="units", kind="community", minimum=1).json()
    assert [one["value"] for one in units["results"]] == [75]


def test_the_catalogue_says_how_each_is_counted(city):
    found = {one["code"]: one for one in ask(city, "indicators").json()}
    assert found["on_time"]["numerator"] == ["closed_in_time"]
    assert ask(city, "indicators", on="2000-01-01").json() == []


def test_staff_read_by_their_roles_and_nobody_else(city):
    leader = grant(make_staff("a_leader", city.centres[1]), "leader", city.centres[1])
    assert ask(city, "values", user=leader, **TIME).json()["area"] == city.districts[1].code
    assert ask(city, "values", user=leader, **TIME, area=city.districts[0].code).status_code == 404
    assert ask(city, "values", user=make_staff("no_role", city.centre), **TIME).status_code == 403
    assert Client().get(reverse("analytics_api:values"), TIME).status_code == 401
    assert ask(city, "values", text="x" * 43, **TIME).status_code == 401


def test_a_revoked_key_is_refused_at_once(city):
    revoke_feed_key(city.feed.pk, by=SYSTEM, now=NOON)
    assert ask(city, "indicators").status_code == 401
    with pytest.raises(IllegalMove):
        revoke_feed_key(city.feed.pk, by=SYSTEM, now=NOON)


def test_what_the_caller_has_already_is_not_sent_again(city):
    first = ask(city, "values", **TIME)
    again = ask(city, "values", **TIME, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    FiguresState.objects.update(refreshed_at=NOON + timedelta(minutes=1))
    assert ask(city, "values", **TIME, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_too_many_calls_are_refused_until_the_minute_is_over(city):
    Parameter.objects.filter(key="figures.calls_per_minute").update(value=2)
    parameters.forget()
    assert [ask(city, "indicators").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("values", {"first": "x"}, "first"),
        ("values", {"last": "2020-01-01"}, "last"),
        ("values", {"first": "0001-01-01"}, "first"),
        ("values", {"indicators": "\x00"}, "indicators"),
        ("values", {"indicators": "nonsense"}, "indicators"),
        ("values", {"indicators": "a" * 2000}, "indicators"),
        ("values", {"unit": "no such unit"}, "unit"),
        ("series", {"first": "2020-01-01"}, "first"),
        ("ranking", {"indicator": "NO"}, "indicator"),
        ("ranking", {"indicator": "accepted", "of": "units"}, "indicators"),
        ("ranking", {"indicator": "on_time", "of": "cases"}, "of"),
        ("ranking", {"indicator": "on_time", "limit": "9999999999"}, "limit"),
    ],
)
def test_bad_questions_name_their_parameter(city, name, given, field):
    answer = ask(city, name, **{**TIME, **given})
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_keys_are_made_by_who_administers_the_area(city):
    administrator = grant(make_staff("district_admin", city.centres[0]), "administrator", city.centres[0])
    by = Actor.staff(administrator)
    feed, text = create_feed_key(city.districts[0].pk, "屏", by=by, now=NOON)
    assert text not in str(feed.__dict__)
    for area, refusal in ((city.city, NotAllowed), (city.districts[1], Exception)):
        with pytest.raises(refusal):
            create_feed_key(area.pk, "屏", by=by, now=NOON)
    with pytest.raises(BadInput):
        create_feed_key(city.districts[0].pk, " ", by=by, now=NOON)


def test_the_admin_makes_a_key_shows_it_once_and_revokes_it(city):
    client = client_of(city.staff["administrator"], "en")
    given = {"name": "盐田1+N+1", "area": city.districts[1].pk}
    page = client.post(reverse("admin:analytics_feedkey_add"), given, follow=True).content.decode()
    made = FeedKey.objects.get(name=given["name"])
    assert f"{made.prefix}" in page
    text = re.search(rf"{re.escape(made.prefix)}[\w-]{{35}}", page)[0]
    assert ask(city, "indicators", text=text).status_code == 200
    assert text not in client.get(reverse("admin:analytics_feedkey_changelist")).content.decode()
    client.post(reverse("admin:analytics_feedkey_changelist"), {"action": "revoke", "_selected_action": [made.pk]})
    assert ask(city, "indicators", text=text).status_code == 401
