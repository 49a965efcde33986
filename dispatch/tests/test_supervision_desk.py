"""The supervision desk: numbers that lead to their cases, one's own territory, urging several at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dispatch.models import Round, Urge
from dispatch.selectors.supervision_desk import TABS, Scope, count_tabs, get_figures
from dispatch.services import circulate, dispatch_awaiting, instruct, start_waiting, supervise, urge_case
from dispatch.tests.desks import client_of, dispatched, page_of
from dispatch.tests.world import SYSTEM, make_world, new_case
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def late(city, now):
    """Two overdue work orders in the first community, one that is due soon."""
    old = dispatched(city, 2, now=now - timedelta(days=20))
    dispatched(city, 1, now=now - timedelta(hours=23, minutes=30), content="路面积水", phone="13800138009")
    return old


def text_of(user, language="en", **query):
    return page_of(user, "supervision", language=language, **query).content.decode()


def test_every_tab_counts_what_it_lists(city, late, now):
    by, leader = Actor.staff(city.staff["supervisor"]), Actor.staff(city.staff["leader"])
    case = late[0].case
    urge_case(case.pk, text="请尽快", by=by, now=now)
    supervise(case.pk, text="三日内", by=by, now=now)
    instruct(case.pk, text="请说明", asks_reply=True, by=leader, now=now)
    Round.objects.filter(case=late[1].case).update(number=2, satisfied=False)
    new_case(city, item="", now=now - timedelta(days=2))
    dispatch_awaiting(by=SYSTEM, now=now - timedelta(days=2))
    start_waiting(now=now)
    scope = Scope(city.staff["supervisor"])
    counts = count_tabs(scope, now)
    assert counts["red"] >= 2
    assert {
        code: counts[code] for code in ("waiting", "supervised", "dissatisfied", "instructed", "urged")
    } == dict.fromkeys(("waiting", "supervised", "dissatisfied", "instructed", "urged"), 1)
    for tab in TABS:
        assert page_of(city.staff["supervisor"], "supervision", tab=tab.code).status_code == 200


def test_a_number_by_unit_leads_to_its_cases(city, late, now):
    unit = late[0].unit
    figures = get_figures(Scope(city.staff["supervisor"]), now)
    line = next(line for line in figures.units if line.unit == unit)
    assert sum(level.red for level in figures.levels) == sum(one.red for one in figures.units)
    page = text_of(city.staff["supervisor"], tab="red", of=unit.pk)
    assert page.count('name="ids"') == line.red
    other = city.stations[1][0][0]
    assert 'name="ids"' not in text_of(city.staff["supervisor"], tab="red", of=other.pk)
    assert 'name="ids"' not in text_of(city.staff["supervisor"], tab="red", level=2)


def test_a_supervisor_of_one_district_sees_no_other(city, late, now):
    own = grant(make_staff("sup_other", city.centres[1]), "supervisor", city.centres[1])
    here = grant(make_staff("sup_here", city.centres[0]), "supervisor", city.centres[0])
    assert count_tabs(Scope(own), now)["red"] == 0
    assert count_tabs(Scope(here), now)["red"] == count_tabs(Scope(city.staff["supervisor"]), now)["red"]
    assert late[0].case.number not in text_of(own, tab="red")


def test_the_ticked_ones_are_urged_with_one_text(city, late):
    client = client_of(city.staff["supervisor"])
    ids = [order.case_id for order in late]
    answer = client.post(reverse("dispatch:urge_many"), {"ids": ids, "text": "请今日办结", "tab": "red"})
    assert answer.status_code == 302
    assert set(Urge.objects.values_list("case", "text")) == {(pk, "请今日办结") for pk in ids}


@pytest.mark.parametrize("text", ["", "长" * 501, "a\x00b"])
def test_a_refusal_keeps_what_was_ticked_and_typed(city, late, text):
    client = client_of(city.staff["supervisor"], "en")
    answer = client.post(reverse("dispatch:urge_many"), {"ids": [late[0].case_id], "text": text, "tab": "red"})
    assert answer.status_code == 422
    assert f'value="{late[0].case_id}"' in answer.content.decode()
    assert "checked" in answer.content.decode()
    assert not Urge.objects.exists()


@pytest.mark.parametrize("ids", [[], ["x"], ["²"], ["9" * 30], ["999999"]])
def test_ids_that_are_none_are_refused(city, late, ids):
    answer = client_of(city.staff["supervisor"]).post(reverse("dispatch:urge_many"), {"ids": ids, "text": "x"})
    assert answer.status_code in (404, 422)
    assert not Urge.objects.exists()


def test_a_circular_is_written_published_and_read_by_all(city, late, now):
    line = circulate(late[0].case_id, by=Actor.staff(city.staff["supervisor"]), now=now)
    client, address = client_of(city.staff["supervisor"], "en"), reverse("dispatch:circular", args=[line.circular_id])
    assert page_of(city.staff["other_secretary"], "circular", line.circular_id).status_code == 404
    version = line.circular.row_version
    stale = client.post(address, {"title": "第一期", "text": "保留", "row_version": version + 7})
    assert stale.status_code == 422
    assert "保留" in stale.content.decode()
    done = client.post(address, {"title": "第一期", "text": "通报如下", "row_version": version, "do": "publish"})
    assert done.status_code == 302
    read = page_of(city.staff["other_secretary"], "circular", line.circular_id).content.decode()
    assert "通报如下" in read
    assert late[0].case.number in read
    assert late[0].case.title not in read


def test_the_queue_of_the_unit_says_that_a_case_is_urged(city, late, now):
    urge_case(late[0].case_id, text="请尽快", by=Actor.staff(city.staff["supervisor"]), now=now)
    page = page_of(city.staff["community_secretary"], "queue", language="en", tab="overdue").content.decode()
    assert "Urged" in page
