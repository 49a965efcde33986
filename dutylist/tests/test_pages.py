"""The duty list as of a day, and the page of an item."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from dutylist.catalogue_file import CatalogueRow
from dutylist.services import NewResponsibility, enter_catalogue, set_responsibilities
from grid.tests.factories import small_city
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def city():
    return small_city()


def row(code, name, level1="市容环卫", limit=5):
    flags = {"hand_down": False, "is_component": True, "counts_satisfaction": True, "is_secret": False}
    return CatalogueRow(
        line=2, code=code, level1=level1, level2="环境", name=name, lead="community", co=(), limit_normal=limit,
        limit_urgent=1, limit_unit="workday", texts={"criteria": f"受理{name}"}, keywords=(name,), examples=(),
        flags=flags,
    )  # fmt: skip


def enter(city, rows, since=date(2020, 1, 1)):
    """Enter items on the city's list; returns code → version id."""
    return enter_catalogue(
        rows, source="sample", owner_area_id=city.city.pk, effective_from=since, by=SYSTEM, now=timezone.now()
    ).version_ids


def page_of(user, name, *args, language="en", **query):
    client = Client()
    client.cookies["django_language"] = language
    if user:
        client.force_login(user)
    return client.get(reverse(f"dutylist:{name}", args=args), query)


def names(response):
    return [version.name for version in response.context["page"].rows]


class TestTheList:
    def test_leads_to_log_in_without_a_user(self):
        assert page_of(None, "list").url.startswith(reverse("login"))

    def test_is_open_to_every_role_and_to_nobody_without_one(self, city):
        enter(city, [row("S1", "垃圾")])
        for name in ("community_secretary", "duty_editor", "agent", "root"):
            assert names(page_of(city.staff[name], "list")) == ["垃圾"]
        response = page_of(city.staff["nobody"], "list")
        assert response.status_code == 403
        assert "role" in response.content.decode()

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_is_labelled_as_a_sample_in_both_languages(self, city, language):
        enter(city, [row("S1", "垃圾")])
        text = page_of(city.staff["agent"], "list", language=language).content.decode()
        assert 'class="sample"' in text

    def test_reads_as_of_the_day_asked_for(self, city):
        enter(city, [row("S1", "垃圾")])
        enter(city, [row("S1", "垃圾", limit=3), row("S2", "后来的")], since=date(2024, 5, 1))

        def limits(**query):
            rows = page_of(city.staff["agent"], "list", **query).context["page"].rows
            return {version.name: version.limit_normal for version in rows}

        assert limits(on="2024-04-30") == {"垃圾": 5}
        assert limits(on="2024-05-01") == limits() == {"垃圾": 3, "后来的": 5}
        assert limits(on="2019-12-31") == {}

    def test_names_a_day_that_is_none(self, city):
        response = page_of(city.staff["agent"], "list", on="2024-13-45")
        assert response.status_code == 200
        assert "on" in response.context["filterset"].errors

    def test_can_be_narrowed_and_searched(self, city):
        enter(city, [row("S1", "垃圾"), row("S2", "路灯", level1="市政设施")])
        agent = city.staff["agent"]
        first = next(branch for branch in page_of(agent, "list").context["tree"] if branch.name == "市政设施")
        for query in (
            {"q": "路灯"},
            {"q": "S2"},
            {"below": first.pk},
            {"below": first.children[0].pk},
            {"kind": "A", "q": "S2"},
        ):
            assert names(page_of(agent, "list", **query)) == ["路灯"], query

    def test_exports_what_is_shown(self, city):
        enter(city, [row("S1", "垃圾"), row("S2", "=1+1")])
        response = page_of(city.staff["agent"], "list", export="xlsx", q="=1+1")
        lines = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
        assert [line[:2] for line in lines.get_sheet_by_index(0).to_python()[1:]] == [["S2", "=1+1"]]

    def test_costs_the_same_for_3_and_30_items(self, city):
        counts = []
        for count in (3, 30):
            enter(city, [row(f"S{number}", f"事项{number}") for number in range(count)])
            page_of(city.staff["leader"], "list")
            with CaptureQueriesContext(connection) as queries:
                response = page_of(city.staff["leader"], "list")
            counts.append((len(response.context["page"].rows), len(queries)))
        assert [rows for rows, _ in counts] == [3, 30]
        assert counts[0][1] == counts[1][1]


class TestAnItem:
    def test_leads_to_log_in_without_a_user(self, city):
        assert page_of(None, "item", "S1").url.startswith(reverse("login"))

    def test_that_does_not_exist_is_not_found(self, city):
        assert page_of(city.staff["agent"], "item", "S9").status_code == 404

    def test_shows_the_version_of_the_day_beside_the_others(self, city):
        enter(city, [row("S1", "垃圾")])
        enter(city, [row("S1", "垃圾", limit=3)], since=date(2024, 5, 1))
        page = page_of(city.staff["agent"], "item", "S1", on="2023-01-01").context["page"]
        assert page.shown.limit_normal == 5
        assert [version.limit_normal for version in page.versions] == [3, 5]
        assert not page_of(city.staff["agent"], "item", "S1", on="2019-01-01").context["page"].is_in_force

    def test_says_who_answers_at_ones_own_place_even_by_a_wider_row(self, city):
        version = enter(city, [row("S1", "垃圾")])["S1"]
        bureau = city.bureaus[0]["urban_management"]
        set_responsibilities(
            [NewResponsibility(version, city.districts[0].pk, bureau.pk)], by=SYSTEM, now=timezone.now()
        )
        assert bureau.name in page_of(city.staff["community_secretary"], "item", "S1").content.decode()
        other = page_of(city.staff["other_secretary"], "item", "S1")
        assert "names nobody" in other.content.decode()

    def test_lists_only_rows_in_sight(self, city):
        version = enter(city, [row("S1", "垃圾")])["S1"]
        set_responsibilities(
            [
                NewResponsibility(version, station.home_area_id, station.pk)
                for district in city.stations
                for office in district
                for station in office
            ],
            by=SYSTEM,
            now=timezone.now(),
        )
        page = page_of(city.staff["district_reviewer"], "item", "S1").context["page"]
        assert page.rows.total == 4
        assert {entry.area.path[: len(city.districts[0].path)] for entry in page.rows.rows} == {city.districts[0].path}
        narrowed = page_of(
            city.staff["district_reviewer"], "item", "S1", area_name=city.communities[0][0][0].name
        ).context["page"]
        assert [entry.lead_unit for entry in narrowed.rows.rows] == [city.stations[0][0][0]]

    def test_shows_a_script_as_text(self, city):
        enter(city, [row("S1", SCRIPT)])
        assert SCRIPT not in page_of(city.staff["agent"], "item", "S1").content.decode()
        assert SCRIPT not in page_of(city.staff["agent"], "list").content.decode()
