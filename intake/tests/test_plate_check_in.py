"""A plate that is scanned on a round offers to check in there, to whoever walks it; opening it does nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grid.models import RoundCheckIn, RoundTask
from grid.services import NewRoundPoint, end_rounds, make_rounds
from grid.tests.rounds import make_plan
from intake.services import NewPoint, create_point
from intake.tests.factories import city_with_channels
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def city():
    return city_with_channels()


@pytest.fixture
def point(city):
    area = city.communities[0][0][0]
    by = Actor.staff(city.staff["community_secretary"])
    return create_point(NewPoint("3 栋大堂", area.code, "翠竹苑 3 栋"), by=by, now=NOW)


def round_past(city, point):
    """Make a round of the first community that is open now and passes the plate."""
    local = timezone.localtime(NOW)
    opens, closes = local.replace(hour=0, minute=0, second=0), local.replace(hour=23, minute=59, second=59)
    points = [NewRoundPoint("3 栋大堂", code=point.code.upper()), NewRoundPoint("后院")]
    make_plan(city, now=NOW, opens_at=opens.time(), closes_at=closes.time(), points=points)
    make_rounds(now=NOW)
    return RoundTask.objects.get()


def opened(point, user=None, language="en"):
    client = Client()
    client.cookies["django_language"] = language
    if user is not None:
        client.force_login(user)
    return client, client.get(reverse("public:report_at", args=[point.code]))


class TestAPlateOnARound:
    def test_offers_one_press_to_whoever_walks_it(self, city, point):
        task = round_past(city, point)
        client, page = opened(point, city.staff["community_secretary"])
        address = reverse("grid:round_check_in", args=[task.pk, task.point_ids[0]])
        assert address in page.content.decode()
        assert not RoundCheckIn.objects.exists()
        client.post(address, {"code": page.context["stops"][0].code})
        made = RoundCheckIn.objects.get()
        assert (made.way, made.is_doubtful, made.staff) == ("code", False, city.staff["community_secretary"])
        assert client.get(reverse("public:report_at", args=[point.code])).context["stops"] == []

    def test_is_the_citizens_page_for_everybody_else(self, city, point):
        round_past(city, point)
        for user in (None, city.staff["handler"], city.staff["other_secretary"]):
            page = opened(point, user)[1]
            assert page.status_code == 200
            assert page.context["stops"] == []
            assert "翠竹苑 3 栋" in page.content.decode()

    def test_offers_nothing_at_another_place(self, city, point):
        round_past(city, point)
        by = Actor.staff(city.staff["community_secretary"])
        other = create_point(NewPoint("4 栋", city.communities[0][0][0].code, "翠竹苑 4 栋"), by=by, now=NOW)
        assert opened(other, city.staff["community_secretary"])[1].context["stops"] == []

    def test_offers_nothing_when_the_round_is_over(self, city, point):
        round_past(city, point)
        end_rounds(now=NOW + timedelta(days=2))
        assert opened(point, city.staff["community_secretary"])[1].context["stops"] == []

    @pytest.mark.parametrize(("language", "words"), [("en", "Check in here"), ("zh-hans", "在此打卡")])
    def test_says_so_in_both_languages(self, city, point, language, words):
        round_past(city, point)
        assert words in opened(point, city.staff["community_secretary"], language)[1].content.decode()
