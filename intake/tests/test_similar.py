"""What may be the same matter is offered with a score and reasons, bounded, and only of what the agent sees."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grid.models import AreaOutline
from intake.selectors import find_similar, find_similar_to
from intake.tests.factories import city_with_channels, make_case, make_item

NOW = timezone.now()
TEXT = "和平路路灯不亮，晚上看不清路"


@pytest.fixture
def city(db):
    found = city_with_channels()
    found.area = found.communities[0][0][0]
    return found


def make(city, content=TEXT, *, days=0, area=None, **given):
    area = area or city.area
    return make_case(content=content, area=area.code, now=NOW - timedelta(days=days), **given)


def find(city, text=TEXT, *, who="agent", area=None, **given):
    return find_similar(city.staff[who], text=text, area=area or city.area, now=NOW, **given)


def test_the_same_matter_in_the_community_is_found_with_its_reasons(city):
    case = make(city, days=2, item=city.item.item.code)
    make(city, "楼下餐馆油烟太大，影响居民休息", item=city.item.item.code)
    (found,) = find(city, "和平路的路灯不亮了", item_id=city.item.item_id)
    assert found.case == case
    assert 0.25 <= found.score <= 1
    assert found.facts["item"]
    assert found.facts["days"] == 2
    assert any("路灯不亮" in reason for reason in found.reasons)


def test_half_a_sentence_without_an_item_is_enough(city):
    case = make(city)
    assert [row.case for row in find(city, "和平路路灯不")] == [case]


def test_another_item_is_another_matter_once_one_is_chosen(city):
    make(city, item=city.item.item.code)
    other = make_item(city.city, "井盖破损")
    assert find(city, item_id=other.item_id) == []


def test_another_community_is_another_matter_without_a_point(city):
    make(city, area=city.communities[0][0][1])
    assert find(city) == []


def test_next_door_counts_within_five_hundred_metres(city):
    near = make(city, area=city.communities[0][0][1], longitude=114.0330, latitude=22.6000)
    make(city, area=city.communities[0][0][1], longitude=114.0500, latitude=22.6000)
    (found,) = find(city, longitude=114.0300, latitude=22.6000)
    assert found.case == near
    assert 290 < found.distance_m < 320


def test_next_door_counts_across_the_border_of_a_subdistrict_where_outlines_are_known(city):
    beyond = city.communities[0][1][0]
    case = make(city, area=beyond, longitude=114.0330, latitude=22.6000)
    far = make(city, area=beyond, longitude=114.0390, latitude=22.6000)
    point = {"longitude": 114.0300, "latitude": 22.6000}
    assert find(city, **point) == []
    outline = {"polygons": [], "south": 22.59, "north": 22.61, "imported_at": NOW}
    AreaOutline.objects.create(area=city.area, west=114.02, east=114.031, **outline)
    AreaOutline.objects.create(area=beyond, west=114.031, east=114.05, **outline)
    (found,) = find(city, **point)
    assert (found.case, found.facts["area"]) == (case, False)
    assert far not in [row.case for row in find(city, longitude=114.0300, latitude=22.6030)]


def test_a_month_ago_is_too_long_ago(city):
    make(city, days=31)
    assert find(city) == []


def test_the_same_person_about_the_same_thing_asks_again(city):
    case = make(city, phone="13800138000")
    (found,) = find(city, citizens=[case.citizen_id])
    assert found.same_person
    assert found.is_repeat
    (other,) = find(city)
    assert not other.same_person
    assert not other.is_repeat


def test_only_what_one_sees_is_offered(city):
    make(city)
    assert find(city, who="other_handler") == []


@pytest.mark.parametrize("text", ["", " ", "路", "\x00", "？！", "🙂" * 3000, "a" * 5000])
def test_no_text_is_too_odd(city, text):
    make(city)
    assert find(city, text) == []


def test_nothing_is_found_without_a_place(city):
    make(city)
    assert find_similar(city.staff["agent"], text=TEXT, now=NOW) == []


def test_costs_the_same_for_three_cases_and_for_thirty(city):
    counts = []
    for many in (3, 27):
        for _n in range(many):
            make(city)
        find(city)
        with CaptureQueriesContext(connection) as queries:
            assert len(find(city, longitude=114.03, latitude=22.6)) == 3
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_a_case_is_not_like_itself(city):
    one, other = make(city), make(city)
    found = find_similar_to(city.staff["agent"], one, now=NOW)
    assert [row.case for row in found] == [other]
    assert find_similar_to(city.staff["agent"], one, now=NOW, leave_out=[other.pk]) == []


class TestWhoAsksAgain:
    def test_is_marked_while_the_first_case_is_open(self, city):
        assert not make(city, phone="13800138000", days=40).is_repeat
        assert make(city, phone="13800138000").is_repeat

    def test_is_not_marked_when_the_earlier_case_has_ended_long_ago(self, city):
        from intake.models import Case

        case = make(city, phone="13800138000", days=40)
        Case.objects.filter(pk=case.pk).update(state="closed")
        assert not make(city, phone="13800138000").is_repeat

    def test_is_marked_after_three_cases_within_a_month(self, city):
        from intake.models import Case

        for days in (20, 10, 5):
            make(city, phone="13800138000", days=days)
        Case.objects.update(state="closed")
        assert make(city, phone="13800138000").is_repeat

    def test_is_nobody_who_gave_no_number(self, city):
        make(city, name="陈某")
        assert not make(city, name="陈某").is_repeat
