"""The pages of dispatch rules: list, one rule, the form as rows, steps, replay, alarms; what was typed is kept."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dispatch.models import Rule, RuleAlarm, RuleReplay, RuleVersion
from dispatch.services.rule_replays import run_rule_replay
from dispatch.tests.rules import contains, draft, leaf, make_rule_city, published
from dispatch.tests.world import NOON, SYSTEM, new_case
from grid.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_rule_city()


@pytest.fixture
def sign_in(client, city):
    def signed_in(who):
        client.force_login(city.staff[who])
        return client

    return signed_in


def form(*rows, **given):
    """Return what the form sends; rows are (group, field, op, value)."""
    data = {
        "name": "路灯", "priority": "50", "valid_from": "2026-11-18", "mode": "all", "person": "先看一看",
        "rows-TOTAL_FORMS": str(len(rows)), "rows-INITIAL_FORMS": "0",
    }  # fmt: skip
    for place, row in enumerate(rows):
        data |= {
            f"rows-{place}-{name}": value for name, value in zip(("group", "field", "op", "value"), row, strict=True)
        }
    return data | given


def send(client, city, *rows, **given):
    return client.post(reverse("dispatch:rule_new"), form(*rows, **({"area": city.city.pk} | given)))


class TestForm:
    def test_rows_become_the_tree_and_words_become_codes(self, city, sign_in):
        answer = send(
            sign_in("editor"), city,
            (1, "text", "contains_any", "路灯、灯杆，ＬＥＤ"),
            (2, "urgency", "eq", "紧急"),
            (2, "area", "in_area", city.districts[0].name),
            (3, "hour", "between", "8-18"),
            (4, "day", "between", "2026-1-1 至 2026-12-31"),
            (5, "is_repeat", "eq", "否"),
            (6, "channel", "in", "hotline"),
            (7, "item", "eq", "路灯不亮（T02）"),
            (8, "", "", ""),
            item="T02", unit=city.city_bureau.name, urgency="urgent", flags=["sensitive"],
        )  # fmt: skip
        version = RuleVersion.objects.get()
        assert answer.url == reverse("dispatch:rule", args=[version.rule.code])
        assert version.condition == {
            "all": [
                leaf("text", "contains_any", ["路灯", "灯杆", "ＬＥＤ"]),
                {"any": [leaf("urgency", "eq", "urgent"), leaf("area", "in_area", [city.districts[0].code])]},
                leaf("hour", "between", [8, 18]),
                leaf("day", "between", ["2026-01-01", "2026-12-31"]),
                leaf("is_repeat", "eq", False),
                leaf("channel", "in", ["hotline"]),
                leaf("item", "eq", "T02"),
            ]
        }
        assert version.outcome == {
            "item": "T02", "unit": city.city_bureau.code, "person": "先看一看", "urgency": "urgent",
            "flags": ["sensitive"],
        }  # fmt: skip

    def test_what_is_stored_comes_back_into_the_form_and_out_again_the_same(self, city, sign_in):
        data = {"any": [{"all": [leaf("area", "in_area", [city.districts[0].code]), leaf("hour", "eq", 3)]},
                        leaf("text", "contains_all", ["路", "灯"])]}  # fmt: skip
        version = draft(city, data, {"item": "T02", "unit": city.city_bureau.code, "flags": ["secret"]})
        client, address = sign_in("editor"), reverse("dispatch:rule_edit", args=[version.rule.code])
        page = client.get(address)
        sent = {
            f"rows-{n}-{name}": row[name].value() for n, row in enumerate(page.context["rows"]) for name in row.fields
        }
        sent |= {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
        sent |= {f"rows-{name}": value for name, value in page.context["rows"].management_form.initial.items()}
        sent |= {"valid_from": version.valid_from.isoformat()}
        assert (
            client.post(address, {key: "" if value is None else value for key, value in sent.items()}).status_code
            == 302
        )
        after = RuleVersion.objects.get()
        assert (after.condition, after.outcome, after.row_version) == (data, version.outcome, 2)

    @pytest.mark.parametrize(
        ("row", "named"),
        [
            ((1, "text", "in", "路灯"), "op"),
            ((1, "text", "regex", "(a+)+"), "value"),
            ((1, "urgency", "eq", "火急"), "value"),
            ((1, "area", "in_area", "不存在区"), "value"),
            ((1, "item", "eq", "x" * 500), "value"),
            ((1, "hour", "eq", "99"), "value"),
            ((1, "hour", "eq", "²"), "value"),
            ((1, "day", "between", "昨天"), "value"),
            ((1, "is_repeat", "eq", "也许"), "value"),
            (("x", "text", "eq", "a"), "group"),
            ((1, "colour", "eq", "a"), "field"),
            ((1, "text", "eq", "a\x00b"), "value"),
            ((1, "text", "contains_any", "‮路灯" + "长" * 100), "value"),
        ],
    )
    def test_what_is_wrong_stands_at_its_row_and_what_was_typed_is_kept(self, city, sign_in, row, named):
        answer = send(sign_in("editor"), city, (1, "text", "contains_any", "好的"), row)
        assert answer.status_code == 422
        assert named in answer.context["rows"].forms[1].errors
        assert answer.context["rows"].forms[0].errors == {}
        assert "好的" in answer.content.decode()
        assert not Rule.objects.exists()

    @pytest.mark.parametrize(
        ("given", "named"),
        [
            ({"name": ""}, "name"),
            ({"priority": "0"}, "priority"),
            ({"valid_from": "gestern"}, "valid_from"),
            ({"valid_to": "2026-01-01"}, "valid_to"),
            ({"area": "99999"}, "area"),
            ({"unit": "没有这个单位"}, "unit"),
            ({"item": "T99"}, "item"),
            ({"urgency": "normal"}, "urgency"),
            ({"flags": "x"}, "flags"),
            ({"mode": "some"}, "mode"),
        ],
    )
    def test_what_is_wrong_with_the_head_stands_at_its_field(self, city, sign_in, given, named):
        answer = send(sign_in("editor"), city, (1, "text", "contains_any", "路灯"), **given)
        assert answer.status_code == 422
        assert named in answer.context["form"].errors

    def test_a_rule_without_conditions_or_outcome_is_refused(self, city, sign_in):
        assert send(sign_in("editor"), city).status_code == 422
        assert send(sign_in("editor"), city, (1, "text", "contains_any", "路灯"), person="").status_code == 422
        assert send(sign_in("editor"), city, **{"rows-TOTAL_FORMS": "x"}).status_code == 422
        assert send(sign_in("editor"), city, **{"rows-TOTAL_FORMS": "100000"}).status_code == 422

    def test_more_rows_come_without_scripts_and_nothing_is_judged_yet(self, city, sign_in):
        answer = send(sign_in("editor"), city, (1, "text", "contains_any", "路灯"), name="", more="1")
        assert answer.status_code == 200
        assert len(answer.context["rows"].forms) == 4
        assert "路灯" in answer.content.decode()
        assert not Rule.objects.exists()

    def test_a_name_that_several_have_asks_which(self, city, sign_in):
        Unit.objects.filter(pk__in=[city.city_bureau.pk, city.company.pk]).update(name="城管")
        for unit in (city.city_bureau, city.company):
            unit.names.update(name="城管")
        answer = send(sign_in("editor"), city, (1, "text", "contains_any", "路灯"), unit="城管")
        assert city.company.code in str(answer.context["form"].errors["unit"])

    def test_who_does_not_write_rules_gets_no_form(self, city, sign_in):
        assert sign_in("city_dispatcher").get(reverse("dispatch:rule_new")).status_code == 403
        version = draft(city)
        assert (
            sign_in("city_dispatcher").get(reverse("dispatch:rule_edit", args=[version.rule.code])).status_code == 302
        )
        assert send(sign_in("district_editor"), city, (1, "text", "eq", "x")).status_code == 422

    def test_the_second_of_two_editors_keeps_what_was_typed(self, city, sign_in):
        version = draft(city)
        RuleVersion.objects.filter(pk=version.pk).update(row_version=5)
        address = reverse("dispatch:rule_edit", args=[version.rule.code])
        answer = sign_in("editor").post(address, form((1, "text", "contains_any", "灯杆"), row_version="1"))
        assert answer.status_code == 422
        assert "灯杆" in answer.content.decode()


class TestPages:
    def test_the_whole_way_over_the_pages(self, city, sign_in):
        send(sign_in("editor"), city, (1, "text", "contains_any", "路灯"))
        version = RuleVersion.objects.get()
        step = reverse("dispatch:rule_step", args=[version.rule.code])
        assert sign_in("editor").post(step, {"move": "submit", "version": 1, "row_version": 1}).status_code == 302
        page = sign_in("publisher").get(reverse("dispatch:rule", args=[version.rule.code]))
        offers = {offer.move.name: offer for offer in page.context["page"].offers}
        assert not offers["publish"].allowed
        assert page.context["replay"].is_waiting
        run_rule_replay(by=SYSTEM, now=NOON)
        answer = sign_in("publisher").post(step, {"move": "publish", "version": 1, "row_version": 2})
        assert answer.status_code == 302
        page = sign_in("city_dispatcher").get(reverse("dispatch:rules"))
        assert [row.rule.code for row in page.context["page"].rows] == [version.rule.code]
        change = reverse("dispatch:rule_change", args=[version.rule.code])
        assert sign_in("editor").post(change).url == reverse("dispatch:rule_edit", args=[version.rule.code])

    def test_a_refused_step_stays_on_the_page_with_the_reason(self, city, sign_in):
        version = draft(city)
        step = reverse("dispatch:rule_step", args=[version.rule.code])
        for sent in ({"move": "publish", "version": "1"}, {"move": "fly", "version": "1"}):
            answer = sign_in("publisher").post(step, sent)
            assert answer.status_code == 422
            assert answer.context["step"].errors
        assert sign_in("publisher").post(step, {"move": "publish", "version": "x"}).status_code == 404
        assert sign_in("city_dispatcher").post(step, {"move": "submit", "version": "1"}).status_code in (403, 404)

    def test_versions_stand_side_by_side(self, city, sign_in):
        version = published(city)
        client = sign_in("editor")
        client.post(reverse("dispatch:rule_change", args=[version.rule.code]))
        client.post(
            reverse("dispatch:rule_edit", args=[version.rule.code]),
            form((1, "text", "contains_any", "灯杆"), priority="9"),
        )
        page = client.get(reverse("dispatch:rule", args=[version.rule.code])).context["page"]
        assert page.against.number == 1
        marks = [mark for difference in page.differences for mark in difference.marks]
        assert any(kind == "ins" and "灯杆" in words for kind, words in marks)
        assert any(kind == "del" and "路灯" in words for kind, words in marks)

    def test_what_checking_finds_is_shown(self, city, sign_in):
        other = published(city, contains("路灯"), {"item": "T02"})
        version = draft(city, contains("水"), {"item": "T01"})
        page = sign_in("editor").get(reverse("dispatch:rule", args=[version.rule.code]))
        assert other.rule.code in page.content.decode()
        assert [finding.kind for finding in page.context["page"].findings] == ["contradicts"]

    def test_the_replay_is_asked_for_and_shown_as_a_part(self, city, sign_in):
        version = draft(city)
        address = reverse("dispatch:rule_replay", args=[version.rule.code, 1])
        client = sign_in("editor")
        assert client.post(address, {"days": "31"}).status_code == 422
        assert client.post(address, {"days": "30"}).status_code == 302
        assert RuleReplay.objects.get().days == 30
        run_rule_replay(by=SYSTEM, now=NOON)
        part = client.get(address, headers={"HX-Request": "true"})
        assert part.context["replay"].is_done
        assert client.get(reverse("dispatch:rule_replay", args=[version.rule.code, 9])).status_code == 404

    def test_alarms_stand_above_the_list_until_somebody_saw_to_them(self, city, sign_in):
        version, case = published(city), new_case(city)
        alarm = RuleAlarm.objects.create(
            version=version, problem="broken", cases=3, last_case_id=case.pk, first_seen_at=NOON, last_seen_at=NOON
        )
        assert case.number in sign_in("publisher").get(reverse("dispatch:rules")).content.decode()
        assert case.number not in sign_in("city_dispatcher").get(reverse("dispatch:rules")).content.decode()
        clear = reverse("dispatch:rule_alarm_clear", args=[alarm.pk])
        assert sign_in("editor").post(clear).status_code == 403
        assert sign_in("publisher").post(clear).status_code == 302
        assert case.number not in sign_in("publisher").get(reverse("dispatch:rules")).content.decode()

    def test_people_of_another_district_do_not_read_a_districts_rules(self, city, sign_in):
        version = draft(city, area=city.districts[0])
        address = reverse("dispatch:rule", args=[version.rule.code])
        assert sign_in("other_publisher").get(address).status_code == 404
        assert sign_in("district_editor").get(address).status_code == 200
        assert sign_in("handler").get(address).status_code == 403

    def test_drafts_are_for_who_works_on_them(self, city, sign_in):
        version = draft(city)
        assert sign_in("city_dispatcher").get(reverse("dispatch:rule", args=[version.rule.code])).status_code == 404
        page = sign_in("city_dispatcher").get(reverse("dispatch:rules"), {"tab": "work"})
        assert page.context["page"].rows == []
        assert len(sign_in("publisher").get(reverse("dispatch:rules"), {"tab": "work"}).context["page"].rows) == 1

    @pytest.mark.parametrize(
        ("field", "op", "value", "has"),
        [
            ("urgency", "eq", "", "紧急"),
            ("is_repeat", "eq", "", "是"),
            ("channel", "in", "hotline、", "hotline、"),
            ("area", "in_area", "龙华", "440309"),
            ("item", "eq", "路灯", "T02"),
            ("unit", "", "水务集团", "city-water-co"),
            ("text", "contains_any", "路灯", None),
            ("nonsense", "eq", "x\x00", None),
        ],
    )
    def test_values_are_suggested(self, city, sign_in, field, op, value, has):
        answer = sign_in("editor").get(reverse("dispatch:rule_values"), {"field": field, "op": op, "value": value})
        text = answer.content.decode()
        assert has in text if has else "<option" not in text
