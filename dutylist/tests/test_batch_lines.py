"""Lines of a batch on the desk: in slices, side by side, by form."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from dutylist.selectors.lines import SLICE
from dutylist.services.checking import check_batch
from dutylist.tests.desk import (
    by,
    change,
    client_of,
    enter,
    form_data,
    make_desk,
    new_items,
    open_batch,
    send,
    show,
    statements,
    under_review,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_desk()


class TestTheLines:
    def test_come_in_slices_and_cost_the_same_however_many_there_are(self, city):
        batch = enter(city, open_batch(city), change(), *new_items(city, 5))
        few = statements(city, "batch", batch.number)
        enter(city, batch, *new_items(city, 150, start=100))
        many = statements(city, "batch", batch.number)
        assert len(few) == len(many) <= 14
        assert len(show(city, "batch", batch.number).context["slice"].lines) == SLICE
        seen, after = [], 0
        while after is not None:
            found = show(city, "batch_lines", batch.number, after=after, htmx=True).context["slice"]
            seen += [line.code for line in found.lines]
            after = found.next
        assert len(seen) == len(set(seen)) == 156

    def test_are_narrowed_by_kind_words_and_findings(self, city):
        batch = enter(city, open_batch(city), change(), *new_items(city, 3))
        check_batch(batch.pk, by=by(city), now=timezone.now())

        def codes(**query):
            return [line.code for line in show(city, "batch", batch.number, **query).context["slice"].lines]

        assert codes(kind="change") == ["T01"]
        assert codes(q="新事项2") == ["N002"]
        assert codes(q="nothing like it") == []
        assert "N001" in codes(severity="warn")
        assert len(codes(after="x")) == 4

    def test_one_opens_beside_the_others(self, city):
        batch = enter(city, open_batch(city), change(), *new_items(city, 1))
        alone = show(city, "batch_line", batch.number, "T01", htmx=True)
        assert "<html" not in alone.content.decode()
        assert [one.name for one in alone.context["diff"].changes] == ["limit_normal"]
        whole = show(city, "batch_line", batch.number, "N000")
        assert whole.context["line"].code == "N000"
        assert "<html" in whole.content.decode()
        assert show(city, "batch_line", batch.number, "T02").status_code == 404

    def test_show_a_script_as_text(self, city):
        script = "<script>alert(1)</script>"
        batch = enter(city, open_batch(city, title=script), change(criteria=script, name=script))
        for name in ("batch", "batch_print"):
            assert script not in show(city, name, batch.number).content.decode()
        assert script not in show(city, "batch_line", batch.number, "T01").content.decode()

    def test_the_policy_of_one_line_or_of_a_kind_is_chosen(self, city):
        batch = enter(city, open_batch(city), change(), change("T02", limit_normal=9))
        assert send(city, "policy", batch.number, code="T01", policy="ask").status_code == 302
        assert dict(batch.lines.values_list("code", "policy")) == {"T01": "ask", "T02": "keep"}
        send(city, "policy", batch.number, code="T01", kind="change", policy="retime")
        assert set(batch.lines.values_list("policy", flat=True)) == {"retime"}
        assert send(city, "policy", batch.number, code="T01", policy="nonsense").status_code == 400

    def test_one_is_taken_out(self, city):
        batch = enter(city, open_batch(city), change(), change("T02", limit_normal=9))
        send(city, "line_remove", batch.number, "T01")
        assert [line.code for line in batch.lines.all()] == ["T02"]


class TestTheFormOfALine:
    def test_finds_the_item_first(self, city):
        batch = open_batch(city)
        assert show(city, "line_new", batch.number).status_code == 200
        found = show(city, "pick", batch.number, "item", q="路灯", htmx=True).content.decode()
        assert "?code=T02" in found
        assert "T01" not in found

    def test_starts_from_what_holds_now_and_changes_what_was_changed(self, city):
        batch = open_batch(city)
        address = reverse("dutylist:line_new", args=[batch.number]) + "?code=T01"
        client = client_of(city, "editor")
        data = form_data(client.get(address), limit_normal=7, keywords="堆物\n杂物；纸箱")
        assert client.post(address, data).status_code == 302
        after = batch.lines.get().after
        assert (after["limit_normal"], after["keywords"], after["rows"]) == (7, ["堆物", "杂物", "纸箱"], None)
        assert after["name"] == "楼道堆物"

    def test_takes_a_new_set_of_responsible_units(self, city):
        batch = open_batch(city)
        address = reverse("dutylist:line_new", args=[batch.number]) + "?code=T02"
        client = client_of(city, "editor")
        rows = [
            {"area": city.city.pk, "lead": city.city_bureau.pk, "co": [city.company.pk], "fallback": None, "note": ""}
        ]
        data = form_data(client.get(address), kind="transfer", rows=json.dumps(rows))
        assert client.post(address, data).status_code == 302
        assert batch.lines.get().after["rows"] == [rows[0] | {"fallback": None, "note": ""}]

    @pytest.mark.parametrize("rows", ["{", "[1]", '[{"area": "x", "lead": 1}]', '{"a": 1}'])
    def test_refuses_rows_that_are_none(self, city, rows):
        batch = open_batch(city)
        address = reverse("dutylist:line_new", args=[batch.number]) + "?code=T02"
        client = client_of(city, "editor")
        response = client.post(address, form_data(client.get(address), rows=rows))
        assert response.status_code == 422
        assert not batch.lines.exists()

    def test_says_at_the_field_what_is_wrong(self, city):
        batch = open_batch(city)
        address = reverse("dutylist:line_new", args=[batch.number]) + "?code=T01"
        client = client_of(city, "editor")
        response = client.post(address, form_data(client.get(address), limit_normal=2, limit_urgent=9))
        assert response.status_code == 422
        assert response.context["form"].errors
        assert not batch.lines.exists()

    def test_ends_an_item_with_its_successor(self, city):
        batch = open_batch(city)
        address = reverse("dutylist:line_new", args=[batch.number]) + "?code=T01"
        client = client_of(city, "editor")
        data = form_data(client.get(address), kind="merge", successors="T02")
        assert client.post(address, data).status_code == 302
        assert (batch.lines.get().kind, batch.lines.get().after["successors"]) == ("merge", ["T02"])

    def test_enters_a_new_item(self, city):
        batch = open_batch(city)
        address = reverse("dutylist:line_new", args=[batch.number]) + "?kind=add"
        client = client_of(city, "editor")
        data = form_data(
            client.get(address), code="N1", level1="市容环卫", level2="环境", name="玻璃幕墙反光", limit_normal=5,
            rows=json.dumps([{"area": city.city.pk, "lead": city.city_bureau.pk}]),
        )  # fmt: skip
        assert client.post(address, data).status_code == 302
        assert batch.lines.get().name == "玻璃幕墙反光"

    def test_opens_a_line_again_with_what_was_entered(self, city):
        batch = enter(city, open_batch(city), change(criteria="只收室内"))
        response = show(city, "line_edit", batch.number, "T01")
        assert response.context["form"]["criteria"].value() == "只收室内"
        data = form_data(response, criteria="室内室外都收")
        assert send(city, "line_edit", batch.number, "T01", **data).status_code == 302
        assert batch.lines.get().after["criteria"] == "室内室外都收"
        enter(city, batch, *new_items(city, 1))
        response = show(city, "line_edit", batch.number, "N000")
        assert [row["lead"] for row in response.context["rows"]] == [city.city_bureau]
        assert send(city, "line_edit", batch.number, "N000", **form_data(response, limit_normal=4)).status_code == 302
        assert batch.lines.get(code="N000").after["rows"][0]["lead"] == city.city_bureau.pk
        again = show(city, "line_new", batch.number, code="T01")
        assert again.url == reverse("dutylist:line_edit", args=[batch.number, "T01"])

    def test_begins_an_overlay_from_the_city_item(self, city):
        batch = open_batch(city, who="own_editor", area=city.districts[0])
        found = show(city, "pick", batch.number, "item", who="own_editor", q="路灯", htmx=True).content.decode()
        assert "?narrows=T02" in found
        form = show(city, "line_new", batch.number, who="own_editor", narrows="T02").context["form"]
        assert form["narrows"].value() == "T02"
        assert form["name"].value() == "路灯不亮"

    def test_is_shut_while_the_batch_is_reviewed(self, city):
        batch = under_review(city)
        assert show(city, "line_new", batch.number).status_code == 403
        assert show(city, "line_edit", batch.number, "T01").status_code == 403

    def test_offers_units_and_areas_of_the_own_territory_only(self, city):
        batch = open_batch(city, who="own_editor", area=city.districts[0])
        units = show(city, "pick", batch.number, "unit", who="own_editor", q="水务局", htmx=True).content.decode()
        assert city.bureaus[0]["water"].name in units
        assert city.bureaus[1]["water"].name not in units
        areas = show(city, "pick", batch.number, "area", who="own_editor", q="街道", htmx=True).content.decode()
        assert city.streets[0][0].name in areas
        assert city.streets[1][0].name not in areas
        assert show(city, "pick", batch.number, "nonsense", who="own_editor", q="x").status_code == 404
