"""The pages of dockets: who sees them, what stands on them, and steps that keep what was typed."""

from datetime import timedelta

from django.test import TestCase
from django.urls import reverse

from dispatch.models import Docket
from dispatch.selectors import disputes as selectors
from dispatch.selectors.precedents import find_precedents, match_words
from dispatch.services import rule_docket
from dispatch.tests.desks import client_of, page_of
from dispatch.tests.disputes import LATER, active, disputed_case, give_back, lamp_case, make_dispute_world
from dispatch.tests.world import NOON

TOMORROW = NOON + timedelta(days=1)


class DocketPages(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.city = make_dispute_world()
        cls.case, cls.docket = disputed_case(cls.city)

    def post(self, user: str, name: str, *args, **given):
        address = reverse(f"dispatch:{name}", args=[self.docket.pk, *args])
        return client_of(self.city.staff[user]).post(address, given)

    def shown(self, user: str):
        return page_of(self.city.staff[user], "docket", self.docket.pk)

    def test_the_desk_lists_what_waits_and_finds_rulings_by_their_words(self):
        adjudicator = self.city.staff["adjudicator"]
        assert self.docket.case.number in page_of(adjudicator, "dockets").content.decode()
        self.ruled()
        assert self.docket.case.number not in page_of(adjudicator, "dockets").content.decode()
        decided = page_of(adjudicator, "dockets", tab="decided", q="灯杆渗水").content.decode()
        assert self.docket.case.number in decided
        nothing = page_of(adjudicator, "dockets", tab="decided", q="完全无关的另一件事").content.decode()
        assert self.docket.case.number not in nothing

    def test_the_desk_is_for_those_who_rule_or_dispatch(self):
        assert page_of(self.city.staff["handler"], "dockets").status_code == 403
        assert page_of(self.city.staff["city_dispatcher"], "dockets").status_code == 200

    def test_both_sides_stand_beside_each_other_with_the_list_as_it_was(self):
        text = self.shown("adjudicator").content.decode()
        for words in ("龙华区水务局", "龙华区城市管理和综合执法局", "灯杆由水务管线引起", "路灯不亮", "裁决并转派"):
            assert words in text

    def test_a_party_argues_on_the_page_and_reads_no_ruling_form(self):
        text = self.shown("handler").content.decode()
        assert "提交至案卷" in text
        assert "裁决并转派" not in text
        unit = self.city.urban.pk
        assert self.post("handler", "docket_argue", unit_id=unit, text="归水务").status_code == 302
        assert self.docket.parties.get(unit=unit).text == "归水务"

    def test_both_sides_cite_several_entries_that_stand_beside_each_other(self):
        unit = self.city.urban.pk
        given = {"unit_id": unit, "text": "归水务", "item": "T02", "item_3": "T01"}
        assert self.post("handler", "docket_argue", **given).status_code == 302
        self.post("water_handler", "docket_argue", unit_id=self.city.water.pk, text="归城管", item="T02")
        page = selectors.get_docket_page(self.city.staff["adjudicator"], self.docket, TOMORROW)
        cited = {duty.version.item.code: [unit.pk for unit in units] for duty, units in page.cited}
        assert cited == {"T02": [unit, self.city.water.pk], "T01": [unit]}
        assert 'name="item_2" value="T01"' in self.shown("handler").content.decode()

    def test_a_refused_entry_is_named_at_its_row(self):
        given = {"unit_id": self.city.urban.pk, "text": "归水务", "item": "T02", "item_2": "X99", "quote_2": "某句"}
        response = self.post("handler", "docket_argue", **given)
        text = response.content.decode()
        assert response.status_code == 400
        assert 'value="X99"' in text
        assert text.count('class="error"') == 1

    def test_another_district_finds_nothing(self):
        assert self.shown("other_handler").status_code == 404
        assert self.post("other_handler", "docket_argue", unit_id=1, text="x").status_code == 404

    def test_a_refused_argument_keeps_what_was_typed(self):
        response = self.post("handler", "docket_argue", unit_id=self.city.urban.pk, text="归水务", item="X99")
        assert response.status_code == 400
        assert "归水务" in response.content.decode()
        for unit_id in ("", "x", "9" * 40, "\x00"):
            assert self.post("handler", "docket_argue", unit_id=unit_id, text="x").status_code in (400, 422)

    def test_a_refused_ruling_keeps_what_was_typed_and_names_the_field(self):
        response = self.post("adjudicator", "docket_step", "rule", **self.typed(unit="没有这个单位"))
        text = response.content.decode()
        assert response.status_code == 400
        assert "灯杆因管线渗水失电" in text
        assert "没有找到" in text or "error" in text
        assert self.post("adjudicator", "docket_step", "rule").status_code == 422

    def test_the_second_adjudicator_is_told(self):
        assert self.post("adjudicator", "docket_step", "rule", **self.typed()).status_code == 302
        second = self.post("second_adjudicator", "docket_step", "rule", **self.typed())
        assert second.status_code == 409
        assert active(self.case).unit == self.city.water

    def test_an_older_page_is_shown_afresh_and_may_be_sent_again(self):
        Docket.objects.filter(pk=self.docket.pk).update(row_version=7)
        response = self.post("adjudicator", "docket_step", "rule", **self.typed())
        assert response.status_code == 409
        assert 'name="rule-row_version" value="7"' in response.content.decode()

    def test_steps_that_do_not_exist_are_not_found(self):
        assert self.post("adjudicator", "docket_step", "nothing").status_code == 404

    def test_the_page_of_the_case_tells_of_the_dispute(self):
        text = page_of(self.city.staff["handler"], "case_more", self.case.number).content.decode()
        assert reverse("dispatch:docket", args=[self.docket.pk]) in text

    def test_a_ruling_speaks_for_the_next_dispute_at_the_dispatch_desk(self):
        self.ruled()
        other = lamp_case(self.city, phone="13800138009")
        give_back(self.city, other, by=self.city.by.handler, now=LATER)
        dispatcher = self.city.staff["city_dispatcher"]
        text = page_of(dispatcher, "dispute", other.pk).content.decode()
        assert "灯杆因管线渗水失电" in text
        units = [self.city.urban.pk, self.city.water.pk]
        other.refresh_from_db()
        (found,) = find_precedents(dispatcher, other, units, "")
        assert {"item", "units"} <= set(found.why)
        assert find_precedents(self.city.staff["other_handler"], other, units, "") == []
        assert match_words("") == {}

    def test_the_dispatcher_opens_a_docket_at_the_desk(self):
        other = lamp_case(self.city, phone="13800138009")
        give_back(self.city, other, by=self.city.by.handler, now=LATER)
        client = client_of(self.city.staff["city_dispatcher"])
        address = reverse("dispatch:dispute", args=[other.pk])
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": "两家都说不归自己"}).status_code == 302
        assert Docket.objects.get(case=other).origin == "dispatcher"

    def test_the_page_costs_the_same_however_many_rulings_there_are(self):
        page = selectors.get_docket_page(self.city.staff["adjudicator"], self.docket, TOMORROW)
        assert len(page.sides) == 2
        assert [duty.version.item.code for duty in page.entries] == ["T02"]
        assert page.may_rule

    def typed(self, **given) -> dict:
        data = {
            "row_version": self.docket.row_version, "unit": self.city.water.name, "fallback": self.city.urban.name,
            "principle": "charge", "text": "灯杆因管线渗水失电", "item": "T02", "amends": "on",
        } | given  # fmt: skip
        return {f"rule-{name}": value for name, value in data.items()}

    def ruled(self):
        given = {"unit": self.city.water.pk, "fallback": self.city.urban.pk, "principle": "charge"}
        rule_docket(
            self.docket.pk, **given, text="灯杆因管线渗水失电", by=self.city.by.adjudicator, now=TOMORROW
        )  # fmt: skip
