"""Pages of objections and rulings: from the item through the route into a batch."""

import pytest
from django.test import Client
from django.urls import reverse

from dutylist.models import BatchLine, Objection
from dutylist.tests.objections import ROUTE, make_offices, objection_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_offices()


class TestThePages:
    def client(self, city, who):
        client = Client()
        client.force_login(city.people[who])
        client.cookies["django_language"] = "en"
        return client

    def test_lead_from_the_item_through_the_route_into_the_batch(self, city):
        area, unit = city.communities[0][0][0], city.bureaus[0]["water"]
        page = self.client(city, "duty_editor").get(reverse("dutylist:item", args=["T01"]))
        assert reverse("dutylist:objection_new", args=["T01"]) in page.content.decode()
        sent = {"title": "Not ours", "content": "The water bureau's.", "area": area.code, "handling_unit": unit.name}
        response = self.client(city, "duty_editor").post(reverse("dutylist:objection_new", args=["T01"]), sent)
        objection = Objection.objects.get()
        assert response.url == reverse("dutylist:objection", args=[objection.pk])
        assert (objection.area, objection.handling_unit) == (area, unit)
        for who, move in ROUTE:
            objection.refresh_from_db()
            response = self.client(city, who).post(
                reverse("dutylist:objection_decide", args=[objection.pk]),
                {"move": move, "opinion": "", "row_version": objection.row_version},
            )
            assert response.status_code == 302, move
        objection.refresh_from_db()
        shown = self.client(city, "city_editor").get(reverse("dutylist:objection", args=[objection.pk]))
        assert "Take into a batch" in shown.content.decode()
        response = self.client(city, "city_editor").post(
            reverse("dutylist:objection_take", args=[objection.pk]),
            {"batch": "", "area": area.code, "unit": unit.code, "row_version": objection.row_version},
        )
        objection.refresh_from_db()
        assert response.url == reverse("dutylist:batch", args=[objection.batch.number])

    @pytest.mark.parametrize(
        ("sent", "field"), [({"title": ""}, "title"), ({"handling_unit": "没有这个单位"}, "handling_unit")]
    )
    def test_show_what_is_wrong_at_its_field_and_keep_what_was_typed(self, city, sent, field):
        data = {"title": "T", "content": "kept <b>", "area": ""} | sent
        response = self.client(city, "duty_editor").post(reverse("dutylist:objection_new", args=["T01"]), data)
        assert response.status_code == 422
        assert response.context["form"].errors[field]
        assert "kept &lt;b&gt;" in response.content.decode()

    def test_refuse_a_verdict_without_its_reason_at_the_field(self, city):
        objection = objection_to(city)
        response = self.client(city, "duty_reviewer").post(
            reverse("dutylist:objection_decide", args=[objection.pk]), {"move": "oppose", "row_version": 1}
        )
        assert response.status_code == 422
        assert response.context["verdict"].errors["opinion"]

    def test_say_why_somebody_may_not_decide(self, city):
        objection = objection_to(city)
        response = self.client(city, "duty_editor").get(reverse("dutylist:objection", args=[objection.pk]))
        assert response.status_code == 200
        assert "Review duty-list changes" in response.content.decode()

    def test_are_closed_to_another_district(self, city):
        objection = objection_to(city)
        assert self.client(city, "other_manager").get(
            reverse("dutylist:objection", args=[objection.pk])
        ).status_code == 404  # fmt: skip

    @pytest.mark.parametrize("tab", ["", "decide", "raised", "all", "nonsense"])
    def test_list_in_tabs(self, city, tab):
        objection_to(city)
        response = self.client(city, "duty_reviewer").get(reverse("dutylist:objections"), {"tab": tab})
        assert response.status_code == 200

    def test_suggest_units_and_areas_while_typing(self, city):
        client = self.client(city, "duty_editor")
        unit, area = city.bureaus[0]["water"], city.districts[0]
        found = client.get(reverse("dutylist:names", args=["unit"]), {"handling_unit": unit.name[:4]})
        assert f"{unit.name} · {unit.code}" in found.content.decode()
        found = client.get(reverse("dutylist:names", args=["area"]), {"area": area.name})
        assert area.code in found.content.decode()

    def test_take_a_ruling_from_the_item(self, city):
        sent = {
            "batch": "", "area": city.districts[0].code, "lead_unit": city.bureaus[0]["water"].code,
            "fallback_unit": "", "document": "裁决〔2026〕7号",
        }  # fmt: skip
        response = self.client(city, "duty_manager").post(reverse("dutylist:ruling", args=["T02"]), sent)
        batch = BatchLine.objects.get(code="T02").batch
        assert response.url == reverse("dutylist:batch", args=[batch.number])
        assert self.client(city, "duty_editor").get(reverse("dutylist:ruling", args=["T02"])).status_code == 403
