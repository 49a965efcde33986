"""The list in time as its pages show it: versions side by side, two days, one unit's duties, overlays of districts."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dutylist.models import Item
from dutylist.selectors import ChangeKind, ItemQuery, compare_days, get_item_page, get_tree
from dutylist.services import NewLine

from .duty_people import make_people, newest, publish, roll_back
from .lines import row
from .world import NOON, make_list

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
YESTERDAY, MONTHS_AGO = TODAY - timedelta(days=1), TODAY - timedelta(days=90)
LEVELS = {"level1": "市容环卫", "level2": "环境"}


@pytest.fixture
def city():
    return make_list()


@pytest.fixture
def people(city):
    return make_people(city)


@pytest.fixture
def changed(city, people):
    """A batch of today: litter reads otherwise and goes to the bureaus, the lamp ends for a new item."""
    rows = [row(area, city.bureaus[d]["urban_management"]) for d, area in enumerate(city.districts)]
    lamp_rows = [row(area, city.bureaus[d]["urban_management"]) for d, area in enumerate(city.districts)]
    publish(
        city, people,
        NewLine("change", "T01", {"limit_normal": 3, "criteria": "楼道内堆放杂物", "rows": rows}),
        NewLine("add", "T03", LEVELS | {"name": "路灯故障", "rows": lamp_rows}),
        NewLine("merge", "T02", successors=("T03",)),
    )  # fmt: skip
    return city


def overlay(city, people, d: int, **changes) -> str:
    """Publish the overlay of a district over T01; returns its code."""
    prefix, code = ("near_", "far_")[d], f"T01-{d}"
    line = NewLine("add", code, LEVELS | {"name": "楼道堆物", "rows": []} | changes, narrows="T01")
    publish(city, people, line, prefix=prefix)
    return code


def get(user, name, *args, **query):
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client.get(reverse(f"dutylist:{name}", args=args), query)


class TestTwoDays:
    def test_say_what_was_added_changed_given_away_and_ended(self, changed):
        found = compare_days(YESTERDAY, TODAY, changed.staff["leader"])
        kinds = {change.shown.item.code: change.kinds for change in found.values()}
        assert kinds == {
            "T01": [ChangeKind.CHANGED, ChangeKind.REOWNED],
            "T02": [ChangeKind.ENDED],
            "T03": [ChangeKind.ADDED],
        }

    def test_are_alike_when_nothing_was_published_between_them(self, changed):
        assert compare_days(MONTHS_AGO, YESTERDAY, changed.staff["leader"]) == {}

    def test_are_alike_after_a_rollback(self, city, people):
        batch = publish(city, people, NewLine("change", "T01", {"limit_normal": 3}))
        roll_back(batch, people)
        assert newest("T01").number == 3
        assert compare_days(YESTERDAY, TODAY, city.staff["leader"]) == {}

    def test_page_counts_narrows_and_names_the_fields(self, changed):
        leader = changed.staff["leader"]
        response = get(leader, "compare", since=YESTERDAY, until=TODAY)
        assert {code: number for code, _label, number, _address in response.context["counts"]} == {
            "added": 1, "changed": 1, "reowned": 1, "ended": 1,
        }  # fmt: skip
        assert "Acceptance criteria, Limit, Responsible units" in response.content.decode()
        ended = get(leader, "compare", since=YESTERDAY, until=TODAY, kind="ended")
        assert [item.code for item in ended.context["page"].rows] == ["T02"]

    def test_page_takes_the_days_in_either_order_and_survives_nonsense(self, changed):
        leader = changed.staff["leader"]
        assert get(leader, "compare", since=TODAY, until=YESTERDAY).context["total"] == 3
        assert get(leader, "compare", since="2026-13-45", until="x", kind="'").status_code == 200

    def test_page_exports_what_it_shows(self, changed):
        response = get(changed.staff["leader"], "compare", since=YESTERDAY, until=TODAY, export="xlsx")
        lines = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
        rows = lines.get_sheet_by_index(0).to_python()[1:]
        assert [(line[0], line[1]) for line in rows] == [("T01", "楼道堆物"), ("T02", "路灯不亮"), ("T03", "路灯故障")]


class TestAnItemInTime:
    def test_shows_its_last_two_versions_side_by_side(self, changed):
        page = get_item_page("T01", TODAY, changed.staff["leader"])
        found = {one.name: (one.before, one.after) for one in page.comparison.differences}
        assert found["limit_normal"] == ("5", "3")
        assert found["criteria"] == ("", "楼道内堆放杂物")
        assert sum(one.name == "rows" for one in page.comparison.differences) == 10

    def test_shows_any_two_versions_that_are_asked_for(self, changed, people):
        publish(changed, people, NewLine("change", "T01", {"limit_normal": 2}))
        page = get_item_page("T01", TODAY, changed.staff["leader"], ItemQuery(before=1, after=3))
        assert (page.comparison.before.number, page.comparison.after.number) == (1, 3)
        assert get_item_page("T01", TODAY, changed.staff["leader"], ItemQuery(before=3, after=3)).comparison is None
        assert get_item_page("T01", TODAY, changed.staff["leader"], ItemQuery(before=9, after=3)).comparison is None

    def test_names_the_batch_that_made_each_version(self, changed):
        page = get(changed.staff["duty_manager"], "item", "T01").content.decode()
        assert reverse("dutylist:batch", args=["2026-01"]) in page
        assert (
            reverse("dutylist:batch", args=["2026-01"])
            not in get(changed.staff["agent"], "item", "T01").content.decode()
        )

    def test_that_has_ended_says_so_and_leads_to_its_successor(self, changed):
        page = get(changed.staff["agent"], "item", "T02").content.decode()
        assert "This item has ended. Its matters now belong to:" in page
        assert reverse("dutylist:item", args=["T03"]) in page
        assert "This item has ended" not in get(changed.staff["agent"], "item", "T02", on=YESTERDAY).content.decode()

    def test_keeps_the_day_in_its_links(self, changed):
        page = get(changed.staff["agent"], "item", "T01", on=YESTERDAY).content.decode()
        assert f"{reverse('dutylist:list')}?on={YESTERDAY}" in page
        assert "not today" in page

    @pytest.mark.parametrize("query", [{"before": "x", "after": "-1"}, {"rows": "99999999999"}, {"rows": "٣"}])
    def test_survives_an_address_that_makes_no_sense(self, changed, query):
        assert get(changed.staff["agent"], "item", "T01", **query).status_code == 200


class TestOverlays:
    def test_of_another_district_are_nowhere_to_be_seen(self, city, people):
        codes = [overlay(city, people, d, limit_normal=3 + d) for d in (0, 1)]
        handler, leader = city.staff["handler"], city.staff["leader"]
        assert get(handler, "item", codes[0]).status_code == 200
        assert get(handler, "item", codes[1]).status_code == 404
        assert [one.item.code for one in get(handler, "item", "T01").context["page"].overlays] == codes[:1]
        assert [one.item.code for one in get(leader, "item", "T01").context["page"].overlays] == codes
        listed = [version.item.code for version in get(handler, "list").context["page"].rows]
        assert listed == ["T01", codes[0], "T02"]
        compared = get(handler, "compare", since=YESTERDAY, until=TODAY).context["page"].rows
        assert [item.code for item in compared] == codes[:1]
        assert sum(branch.count for branch in get_tree(TODAY, handler)) == 3
        assert sum(branch.count for branch in get_tree(TODAY, leader)) == 4

    def test_show_what_they_inherit(self, city, people):
        code = overlay(city, people, 0, remark="本区先到场")
        page = get(city.staff["handler"], "item", code).context["page"]
        said = {one.name: (one.text, one.inherited) for _title, group in page.said for one in group}
        assert said["remark"] == ("本区先到场", False)
        assert said["limit_normal"][0].startswith("5 ")
        assert said["limit_normal"][1]

    def test_can_be_listed_alone_or_by_their_list(self, city, people):
        code = overlay(city, people, 0)
        handler = city.staff["handler"]
        assert [one.item.code for one in get(handler, "list", kind="overlay").context["page"].rows] == [code]
        own = get(handler, "list", list=city.districts[0].pk).context["page"].rows
        assert [one.item.code for one in own] == [code]
        foreign = get(handler, "list", list=city.districts[1].pk)
        assert foreign.status_code == 200
        assert "list" in foreign.context["filterset"].errors


class TestAUnit:
    def test_is_shown_with_what_it_leads_co_handles_and_stands_in_for(self, city, people):
        bureau, water = city.bureaus[0]["urban_management"], city.bureaus[0]["water"]
        rows = [
            row(city.districts[0], bureau, co=[water], fallback=city.centres[0]),
            row(city.districts[1], city.centres[1]),
        ]
        publish(city, people, NewLine("transfer", "T02", {"rows": rows}))
        for unit, part in ((bureau, "lead"), (water, "co"), (city.centres[0], "fallback")):
            response = get(city.staff["leader"], "unit", unit.code)
            duties = response.context["table"].duties
            (version,) = [one for one in response.context["page"].rows if one.item.code == "T02"]
            assert dict(duties[version.pk].areas) == {part: ["龙华区"]}
        assert not get(city.staff["leader"], "unit", water.code, on=YESTERDAY).context["page"].rows
        assert not get(city.staff["leader"], "unit", water.code, part="lead").context["page"].rows

    def test_can_be_searched_and_exported(self, city):
        code = city.bureaus[0]["urban_management"].code
        assert [one.item.code for one in get(city.staff["handler"], "unit", code, q="路灯").context["page"].rows] == [
            "T02"
        ]
        assert not get(city.staff["handler"], "unit", code, q="垃圾").context["page"].rows
        assert get(city.staff["handler"], "unit", code, export="xlsx").status_code == 200

    def test_of_another_district_is_not_found(self, city):
        assert get(city.staff["handler"], "unit", city.bureaus[1]["water"].code).status_code == 404
        assert get(city.staff["handler"], "unit", "no-such-unit").status_code == 404
        assert get(city.staff["handler"], "unit", city.city_bureau.code).status_code == 200

    def test_that_is_ones_own_is_one_click_away(self, city):
        handler = city.staff["handler"]
        assert get(handler, "my_unit").url == reverse("dutylist:unit", args=[handler.unit.code])
        assert get(city.staff["nobody"], "my_unit").status_code == 403
        assert get(city.staff["root"], "my_unit").status_code == 403


def test_the_tree_follows_what_is_published(city, people):
    leader = city.staff["leader"]
    (before,) = get_tree(TODAY, leader)
    publish(city, people, NewLine("add", "T09", LEVELS | {"name": "井盖缺失", "rows": [row(city.city, city.centre)]}))
    (after,) = get_tree(TODAY, leader)
    assert (before.count, after.count) == (2, 3)
    assert get_tree(date(2017, 1, 1), leader) == []
    assert Item.objects.count() == 3
