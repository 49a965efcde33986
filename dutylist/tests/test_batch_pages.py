"""The duty-list desk: the ledger, the page of a batch, its lines, and the steps taken on it."""

import json
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from dutylist import services
from dutylist.models import Batch, ItemVersion
from dutylist.selectors.lines import SLICE
from dutylist.tests.world import make_list
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
OVERRIDE = "Decided by the office on the day"


@pytest.fixture
def city():
    city = make_list()
    for name, role, unit in (
        ("editor", "duty_editor", city.centre),
        ("other_editor", "duty_editor", city.centres[1]),
        ("own_editor", "duty_editor", city.centres[0]),
    ):
        city.staff[name] = grant(make_staff(f"desk_{name}", unit), role, unit)
    city.staff["first"] = grant(make_staff("desk_first", city.centre), "duty_reviewer", city.centre)
    return city


def by(city, name="editor"):
    return Actor.staff(city.staff[name])


def open_batch(city, *, who="editor", area=None, **given):
    data = {"title": "年度调整", "owner_area_id": (area or city.city).pk, "effective_on": timezone.localdate()} | given
    return services.open_batch(services.NewBatch(**data), by=by(city, who), now=timezone.now())


def enter(city, batch, *lines, who="editor"):
    services.set_lines(batch.pk, lines, by=by(city, who), now=timezone.now())
    batch.refresh_from_db()
    return batch


def change(code="T01", **changes):
    return services.NewLine("change", code, changes or {"limit_normal": 3})


def new_items(city, count, start=0):
    rows = [{"area": city.city.pk, "lead": city.city_bureau.pk, "co": [], "fallback": None, "note": ""}]
    common = {"level1": "市容环卫", "level2": "环境", "limit_normal": 5, "rows": rows}
    return [services.NewLine("add", f"N{n:03d}", common | {"name": f"新事项{n}"}) for n in range(start, start + count)]


def client_of(city, who):
    client = Client()
    client.cookies["django_language"] = "en"
    if who:
        client.force_login(city.staff[who])
    return client


def show(city, name, *args, who="editor", htmx=False, **query):
    headers = {"HX-Request": "true"} if htmx else {}
    return client_of(city, who).get(reverse(f"dutylist:{name}", args=args), query, headers=headers)


def statements(city, name, *args):
    """What a page asks the database for, once everything that is read once a process was read."""
    client = client_of(city, "editor")
    client.get(reverse(f"dutylist:{name}", args=args))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(f"dutylist:{name}", args=args)).status_code == 200
    return [query["sql"] for query in queries]


def send(city, page, *args, who="editor", **data):
    return client_of(city, who).post(reverse(f"dutylist:{page}", args=args), data)


def act(city, batch, move, *, who="editor", **data):
    data = {"row_version": Batch.objects.get(pk=batch.pk).row_version} | data
    return send(city, "batch_act", batch.number, move, who=who, **data)


def buttons(response):
    return {action.name: action.reason for action in response.context["actions"]}


def under_review(city, **given):
    """A batch with one change that waits for its approval."""
    batch = enter(city, open_batch(city, **given), change())
    services.submit(batch.pk, by=by(city), now=timezone.now())
    services.pre_approve(batch.pk, by=by(city, "first"), now=timezone.now())
    return Batch.objects.get(pk=batch.pk)


def published(city, **given):
    batch = under_review(city, **given)
    services.approve(batch.pk, override=OVERRIDE, by=by(city, "duty_manager"), now=timezone.now())
    return Batch.objects.get(pk=batch.pk)


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
        services.checking.check_batch(batch.pk, by=by(city), now=timezone.now())

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


def form_data(response, **changes):
    """What a browser would send back of the form."""
    form = response.context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, bool):
            data |= {bound.name: "on"} if value else {}
        elif value is not None:
            data[bound.name] = value
    return data | changes


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
        later = timezone.localdate() + timezone.timedelta(days=3)
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
