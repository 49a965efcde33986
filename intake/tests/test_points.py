"""QR points and the links to rate with: pages of staff."""

import pytest
from django.urls import reverse
from django.utils import timezone

from intake.models import RatingLink, ReportPoint
from intake.services import NewPoint, add_supplement, answer_case, create_point, rate_by_link, set_point_active
from intake.services.evaluations import Scores
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry

from .factories import city_with_channels, make_case

NOW = timezone.now()


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def secretary(city):
    return Actor.staff(city.staff["community_secretary"])


def new_point(city, **given):
    values = {"name": "3 栋大堂", "area": city.communities[0][0][0].code, "address": "翠竹苑 3 栋"}
    return NewPoint(**(values | given))


class TestAPoint:
    def test_is_made_by_the_community_with_a_code_nobody_guesses(self, city, secretary):
        point = create_point(new_point(city), by=secretary, now=NOW)
        assert len(point.code) == 8
        assert AuditEntry.objects.get(object_type="intake.reportpoint").action == "point.created"

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "长" * 121}, "name"),
            ({"address": ""}, "address"),
            ({"address": "a\x00"}, "address"),
            ({"area": "nothing"}, "area"),
            ({"house_code": "123"}, "house_code"),
        ],
    )
    def test_is_refused_by_the_name_of_the_field(self, city, secretary, given, field):
        with pytest.raises(BadInput) as refusal:
            create_point(new_point(city, **given), by=secretary, now=NOW)
        assert refusal.value.field == field

    def test_is_not_made_in_another_territory_or_by_others(self, city, secretary):
        other = city.communities[1][0][0].code
        with pytest.raises(OutOfSight):
            create_point(new_point(city, area=other), by=secretary, now=NOW)
        with pytest.raises(NotAllowed):
            create_point(new_point(city), by=Actor.staff(city.staff["agent"]), now=NOW)

    def test_is_taken_out_of_use_and_put_in_use_again(self, city, secretary):
        point = create_point(new_point(city), by=secretary, now=NOW)
        set_point_active(point.pk, False, by=secretary, now=NOW)
        with pytest.raises(IllegalMove):
            set_point_active(point.pk, False, by=secretary, now=NOW)
        assert set_point_active(point.pk, True, by=secretary, now=NOW).is_active
        with pytest.raises(OutOfSight):
            set_point_active(point.pk, False, by=Actor.staff(city.staff["other_secretary"]), now=NOW)


class TestThePages:
    @pytest.fixture(autouse=True)
    def signed_in(self, city, client):
        client.force_login(city.staff["community_secretary"])

    def test_make_a_point_and_show_its_sheet(self, city, client):
        form = {"name": "3 栋大堂", "area": city.communities[0][0][0].name, "address": "翠竹苑 3 栋"}
        answer = client.post(reverse("intake:point_new"), form, follow=True)
        point = ReportPoint.objects.get()
        body = answer.content.decode()
        assert point.code in body
        assert "<svg" in body

    def test_keep_what_was_typed_when_it_is_refused(self, city, client):
        form = {"name": "3 栋大堂", "area": city.communities[1][0][0].code, "address": "翠竹苑 3 栋"}
        answer = client.post(reverse("intake:point_new"), form)
        assert answer.status_code == 422
        assert "翠竹苑 3 栋" in answer.content.decode()

    def test_list_only_points_in_sight(self, city, client, secretary):
        create_point(new_point(city, name="自家"), by=secretary, now=NOW)
        other = Actor.staff(city.staff["other_secretary"])
        create_point(new_point(city, name="别家", area=city.communities[1][0][0].code), by=other, now=NOW)
        for name in ("intake:points", "intake:points_print"):
            body = client.get(reverse(name)).content.decode()
            assert "自家" in body
            assert "别家" not in body

    def test_switch_a_point_by_its_button(self, city, client, secretary):
        point = create_point(new_point(city), by=secretary, now=NOW)
        body = client.get(reverse("intake:points")).content.decode()
        assert reverse("intake:point_switch", args=[point.pk]) in body
        assert 'form="points-form"' in body
        client.post(reverse("intake:point_switch", args=[point.pk]), {"use": "0"})
        point.refresh_from_db()
        assert not point.is_active


class TestTheCasePage:
    @pytest.fixture
    def answered(self, city):
        by = Actor.staff(city.staff["agent"])
        case = make_case(accept=False, phone="13912345678")
        add_supplement(case.pk, "还有一盏<b>", via="track", by=Actor.citizen("track"), now=NOW)
        return answer_case(case.pk, answer="工作日 9 点到 17 点。", by=by, now=NOW)

    def test_shows_additions_and_evaluations(self, city, client, answered):
        client.force_login(city.staff["agent"])
        address = reverse("intake:rating_link", args=[answered.number])
        link = client.post(address, headers={"HX-Request": "true"}).content.decode()
        secret = link.split("/rate/")[1].split("/")[0]
        more = reverse("intake:case_more", args=[answered.number])
        assert address in client.get(more).content.decode()
        rate_by_link(secret, Scores(2, speed=1, text="太慢"), now=NOW)
        body = client.get(more).content.decode()
        assert "还有一盏&lt;b&gt;" in body
        assert "2 / 5" in body
        assert "太慢" in body
        assert address not in body

    def test_gives_no_link_to_others(self, city, client, answered):
        client.force_login(city.staff["handler"])
        assert client.post(reverse("intake:rating_link", args=[answered.number])).status_code == 403
        assert not RatingLink.objects.exists()
