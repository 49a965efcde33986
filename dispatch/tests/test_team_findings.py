"""What the teams found on a day, for the secretary: one's own teams, that day, nothing of others."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dispatch.selectors import Place, get_own_units, get_tiles
from dispatch.selectors.found import team_findings
from dispatch.services import NewFinding, report_found
from dispatch.tests.desks import page_of
from dispatch.tests.teams import make_team_world
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def city():
    return make_team_world()


def found(city, *, by=None, now=NOW, area=None, content="二楼楼道里堆着纸箱。"):
    new = NewFinding(content=content, area=area or city.cells[0].code, item="T01")
    return report_found(new, by=by or city.officer, now=now).case


def tile(city, user):
    place = Place(user, get_own_units(user), NOW)
    return next((one for one in get_tiles(place) if one.icon == "camera"), None)


class TestTheFindingsOfATeam:
    def test_are_those_of_the_day_and_of_the_own_teams(self, city):
        mine = found(city)
        found(city, now=NOW - timedelta(days=1))
        other = city.communities[0][0][1]
        stranger = grant(make_staff("stranger", city.stations[0][0][1]), "grid_officer", city.stations[0][0][1])
        found(city, by=Actor.staff(stranger), area=other.code)
        rows = team_findings(city.staff["community_secretary"], timezone.localdate(NOW))
        assert [row.case for row in rows] == [mine]

    def test_are_counted_on_the_desk_with_the_way_to_their_page(self, city):
        found(city)
        shown = tile(city, city.staff["community_secretary"])
        assert (shown.figure, shown.url) == ("1", reverse("dispatch:found_team"))

    def test_are_not_counted_for_the_whole_city(self, city):
        everywhere = grant(make_staff("city_manager", city.centre), "grid_manager", city.centre)
        assert tile(city, everywhere) is None


class TestThePage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_says_who_found_what_and_what_became_of_it(self, city, language):
        case = found(city)
        text = page_of(city.staff["community_secretary"], "found_team", language=language).content.decode()
        assert case.number in text
        assert "小军" in text

    def test_leads_to_the_day_before_and_back_but_not_to_tomorrow(self, city):
        before = timezone.localdate() - timedelta(days=1)
        case = found(city, now=NOW - timedelta(days=1))
        user = city.staff["community_secretary"]
        today = page_of(user, "found_team")
        assert case.number not in today.content.decode()
        assert 'rel="next"' not in today.content.decode()
        page = page_of(user, "found_team", day=before.isoformat()).content.decode()
        assert case.number in page
        assert 'rel="next"' in page

    @pytest.mark.parametrize("day", ["x", "9999-12-31", "0001-01-01", "2026-13-01", "\x00", "2" * 400])
    def test_takes_what_is_no_day_for_today(self, city, day):
        page = page_of(city.staff["community_secretary"], "found_team", day=day)
        assert (page.status_code, page.context["day"]) == (200, timezone.localdate())

    def test_is_closed_to_officers(self, city):
        assert page_of(city.staff["officer"], "found_team").status_code == 403
