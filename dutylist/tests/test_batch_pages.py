"""The duty-list desk: the ledger, the head of a batch, the steps taken on it, its ledger on paper."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from dutylist import services
from dutylist.models import Batch, ItemVersion
from dutylist.tests.desk import (
    OVERRIDE,
    act,
    buttons,
    by,
    change,
    client_of,
    enter,
    make_desk,
    new_items,
    open_batch,
    published,
    send,
    show,
    statements,
    under_review,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_desk()


class TestTheLedger:
    def test_lists_batches_with_their_lines_by_kind(self, city):
        batch = enter(city, open_batch(city), change(), *new_items(city, 2))
        response = show(city, "batches")
        assert [row.number for row in response.context["page"].rows] == [batch.number]
        assert "Add 2 · Change 1" in response.content.decode()

    def test_is_narrowed_by_state_year_and_area(self, city):
        own = open_batch(city, who="own_editor", area=city.districts[0])
        city_batch = open_batch(city)
        for query, expected in (
            ({"area": city.districts[0].pk}, [own.number]),
            ({"q": city_batch.number}, [city_batch.number]),
            ({"state": "published"}, []),
            ({"year": 2019}, []),
            ({"year": timezone.localdate().year}, [city_batch.number, own.number]),
        ):
            rows = show(city, "batches", **query).context["page"].rows
            assert [row.number for row in rows] == expected, query

    def test_is_exported_with_the_counts_as_words(self, city):
        enter(city, open_batch(city), change())
        content = b"".join(show(city, "batches", export="xlsx").streaming_content)
        lines = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        assert "Change 1" in lines[1]

    def test_costs_the_same_for_3_and_30_batches(self, city):
        counts = []
        for count in (3, 27):
            for _n in range(count):
                enter(city, open_batch(city), change())
            counts.append(len(statements(city, "batches")))
        assert counts[0] == counts[1] <= 8

    def test_offers_to_open_one_only_to_those_who_may(self, city):
        address = reverse("dutylist:batch_new")
        assert address in show(city, "batches").content.decode()
        response = show(city, "batches", who="duty_editor")  # at a bureau, which governs no territory
        assert address not in response.content.decode()
        assert "raises an objection" in response.content.decode()
        assert show(city, "batch_new", who="duty_editor").status_code == 403

    def test_shows_nobody_the_batches_of_another_district(self, city):
        open_batch(city, who="own_editor", area=city.districts[0])
        assert show(city, "batches", who="other_editor").context["page"].rows == []


class TestWhoGetsIn:
    def test_readers_without_an_act_of_the_list_are_told_so(self, city):
        batch = open_batch(city)
        for name, args in (("batches", ()), ("batch", (batch.number,)), ("batch_new", ())):
            response = show(city, name, *args, who="community_secretary")
            assert response.status_code == 403
            assert "you hold none of these" in response.content.decode()

    def test_a_batch_of_another_district_does_not_exist(self, city):
        batch = enter(
            city, open_batch(city, who="own_editor", area=city.districts[0]),
            services.NewLine("add", "L1", {"level1": "甲", "level2": "乙", "name": "丙"}), who="own_editor",
        )  # fmt: skip
        for name, args in (
            ("batch", (batch.number,)), ("batch_lines", (batch.number,)), ("batch_line", (batch.number, "L1")),
            ("batch_edit", (batch.number,)), ("line_new", (batch.number,)), ("line_edit", (batch.number, "L1")),
            ("batch_print", (batch.number,)), ("pick", (batch.number, "unit")),
        ):  # fmt: skip
            assert show(city, name, *args, who="other_editor").status_code == 404, name
        for name, args in (
            ("batch_act", (batch.number, "submit")), ("check", (batch.number,)), ("policy", (batch.number,)),
            ("line_remove", (batch.number, "L1")),
        ):  # fmt: skip
            assert (
                send(city, name, *args, who="other_editor", row_version=1, policy="keep", code="L1").status_code == 404
            )
        assert Batch.objects.get(pk=batch.pk).state == "draft"

    def test_the_city_office_sees_every_batch_and_a_district_none_of_the_city(self, city):
        own, city_batch = open_batch(city, who="own_editor", area=city.districts[0]), open_batch(city)
        assert show(city, "batch", own.number).status_code == 200
        assert show(city, "batch", city_batch.number, who="own_editor").status_code == 404

    def test_a_superuser_looks_and_has_no_button_that_works(self, city):
        batch = enter(city, open_batch(city), change())
        response = show(city, "batch", batch.number, who="root")
        assert all(buttons(response).values())
        assert act(city, batch, "submit", who="root").status_code == 403


class TestTheHead:
    def test_a_batch_is_opened_and_changed(self, city):
        sent = {"title": "夏季调整", "owner_area_id": city.city.pk, "effective_on": timezone.localdate()}
        response = send(city, "batch_new", **sent)
        batch = Batch.objects.get()
        assert response.url == reverse("dutylist:batch", args=[batch.number])
        response = send(
            city, "batch_edit", batch.number, row_version=batch.row_version, title="秋季调整", reason="机构改革"
        )
        assert response.status_code == 302
        assert Batch.objects.get().title == "秋季调整"

    def test_of_a_page_that_is_old_nothing_is_saved_and_nothing_typed_is_lost(self, city):
        batch = open_batch(city)
        response = send(city, "batch_edit", batch.number, row_version=batch.row_version - 1, title="别的")
        assert response.status_code == 422
        assert "别的" in response.content.decode()
        assert Batch.objects.get().title == "年度调整"

    def test_what_is_wrong_stands_at_its_field(self, city):
        response = send(city, "batch_new", title="", owner_area_id=city.city.pk, effective_on="2020-01-01")
        assert response.status_code == 422
        assert "title" in response.context["form"].errors
        response = send(city, "batch_new", title="x", owner_area_id=city.city.pk, effective_on="2020-01-01")
        assert "effective_on" in response.context["form"].errors

    def test_only_lists_one_may_change_are_offered(self, city):
        choices = show(city, "batch_new", who="own_editor").context["form"].fields["owner_area_id"].choices
        assert city.city.pk not in dict(choices)
        assert city.districts[0].pk in dict(choices)
        sent = {"title": "x", "owner_area_id": city.districts[1].pk}
        assert send(city, "batch_new", who="own_editor", **sent).status_code == 422
        assert not Batch.objects.exists()


class TestTheSteps:
    def test_lead_from_the_draft_to_the_published_list(self, city):
        batch = enter(city, open_batch(city), change())
        assert act(city, batch, "submit").status_code == 302
        assert act(city, batch, "pre_approve", who="first", opinion="同意").status_code == 302
        response = act(city, batch, "approve", who="duty_manager", override=OVERRIDE)
        assert response.status_code == 302
        batch.refresh_from_db()
        assert (batch.state, batch.override) == ("published", OVERRIDE)
        page = show(city, "batch", batch.number, who="duty_manager")
        assert "Published" in page.content.decode()
        assert ItemVersion.objects.filter(item__code="T01").count() == 2

    def test_that_are_off_say_why(self, city):
        empty = open_batch(city)
        assert "no lines" in buttons(show(city, "batch", empty.number))["submit"]
        batch = under_review(city)
        assert "roles" in buttons(show(city, "batch", batch.number))["approve"]
        response = show(city, "batch", batch.number, who="duty_manager")
        assert "gate" in buttons(response)["approve"]
        assert "the gate is not passed" in response.content.decode()

    def test_four_eyes_are_said_beside_the_button_and_kept_by_the_service(self, city):
        batch = enter(city, open_batch(city, who="duty_manager"), change(), who="duty_manager")
        services.submit(batch.pk, by=by(city, "duty_manager"), now=timezone.now())
        response = show(city, "batch", batch.number, who="duty_manager")
        assert "somebody else" in str(buttons(response)["pre_approve"])
        assert act(city, batch, "pre_approve", who="duty_manager").status_code == 403

    def test_the_gate_can_be_passed_over_with_a_reason_only(self, city):
        batch = under_review(city)
        assert act(city, batch, "approve", who="duty_manager").status_code == 409
        response = act(city, batch, "approve", who="duty_manager", override="too short", opinion="写下的意见")
        assert response.status_code in {409, 422}
        assert "写下的意见" in response.content.decode()
        assert Batch.objects.get(pk=batch.pk).state == "review"

    def test_sending_back_needs_an_opinion(self, city):
        batch = under_review(city)
        response = act(city, batch, "send_back", who="duty_manager")
        assert response.status_code == 422
        assert "opinion" in response.context["form"].errors
        assert act(city, batch, "send_back", who="duty_manager", opinion="请补例子").status_code == 302
        assert Batch.objects.get(pk=batch.pk).state == "draft"

    def test_of_a_page_that_is_old_are_refused_and_the_batch_is_shown_afresh(self, city):
        batch = enter(city, open_batch(city), change())
        response = act(city, batch, "submit", row_version=batch.row_version - 1)
        assert response.status_code == 409
        assert response.context["row_version"] == batch.row_version
        assert "meanwhile" in response.content.decode()

    def test_approval_says_from_when_the_list_holds(self, city):
        later = timezone.localdate() + timedelta(days=3)
        batch = under_review(city, effective_on=later)
        assert f"in force on {later}" in show(city, "batch", batch.number, who="duty_manager").content.decode()
        act(city, batch, "approve", who="duty_manager", override=OVERRIDE)
        page = show(city, "batch", batch.number, who="duty_manager")
        assert Batch.objects.get(pk=batch.pk).state == "scheduled"
        assert str(later) in str(buttons(page)["publish"])

    def test_a_published_batch_is_rolled_back_by_an_inverse_one(self, city):
        batch = published(city)
        assert act(city, batch, "roll_back", who="duty_manager").status_code == 422
        response = act(city, batch, "roll_back", who="duty_manager", reason="改派太多")
        inverse = Batch.objects.get(reverses=batch)
        assert response.url == reverse("dutylist:batch", args=[inverse.number])
        assert inverse.state == "review"
        assert inverse.number in show(city, "batch", batch.number, who="duty_manager").content.decode()

    def test_that_do_not_exist_are_not_found(self, city):
        batch = open_batch(city)
        assert act(city, batch, "edit").status_code == 404
        assert act(city, batch, "nonsense").status_code == 404
        assert act(city, batch, "submit", row_version="x").status_code == 422


class TestCheckAndPaper:
    def test_a_check_is_kept_and_shown(self, city):
        batch = enter(city, open_batch(city), *new_items(city, 1))
        assert "Not checked yet" in show(city, "batch", batch.number).content.decode()
        assert send(city, "check", batch.number).status_code == 302
        page = show(city, "batch", batch.number)
        assert page.context["check"].is_current
        enter(city, batch, change())
        assert "changed since the last check" in show(city, "batch", batch.number).content.decode()

    def test_the_printed_ledger_names_every_line_and_what_it_changes(self, city):
        batch = enter(city, open_batch(city, reason="理顺职责"), change(), *new_items(city, 2))
        text = show(city, "batch_print", batch.number).content.decode()
        for words in ("T01", "N000", "N001", "理顺职责", "Limit"):
            assert words in text

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_the_page_stands_in_both_languages(self, city, language):
        batch = enter(city, open_batch(city), change())
        client = client_of(city, "editor")
        client.cookies["django_language"] = language
        assert client.get(reverse("dutylist:batch", args=[batch.number])).status_code == 200
