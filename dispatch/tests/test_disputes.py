"""Disputes: a docket with an interim handler at once, arguments of both sides, a ruling that is final in its round."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from dispatch.choices import ClockKind, DecisionMode
from dispatch.models import Clock, Decision, Docket, StageFact, WorkOrder
from dispatch.services import (
    Citation,
    TooManyHops,
    argue,
    ask,
    decide_request,
    dispatch_together,
    open_docket,
    rule_docket,
    withdraw_docket,
)
from dispatch.tests.desks import PNG
from dispatch.tests.disputes import LATER, active, disputed_case, give_back, lamp_case, make_dispute_world, send_to
from dispatch.tests.world import NOON
from dutylist.models import BatchLine
from grid.models import Message
from intake.models import Case
from intake.tests.test_concurrency import in_threads
from shenzhen_gov.core import parameters
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry, Parameter

TOMORROW = NOON + timedelta(days=1)


def ruled(city, docket, *, by=None, now=TOMORROW, **given):
    data = {"unit": city.water.pk, "fallback": city.urban.pk, "principle": "charge", "text": "灯杆因管线渗水失电"}
    return rule_docket(docket.pk, **(data | given), by=by or city.by.adjudicator, now=now)


class DisputeCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.city = make_dispute_world()


class TestOpening(DisputeCase):
    def test_the_second_disputed_return_opens_a_docket_and_somebody_handles_the_case_at_once(self):
        case, docket = disputed_case(self.city)
        order = active(case)
        assert (docket.state, docket.origin, docket.interim_unit) == ("open", "returns", self.city.urban)
        assert (case.state, case.holder, order.unit) == ("in_handling", self.city.urban, self.city.urban)
        assert order.decision.mode == DecisionMode.INTERIM
        assert [one["code"] for one in order.decision.explained] == ["interim_list"]
        assert {party.unit for party in docket.parties.all()} == {self.city.urban, self.city.water}
        assert AuditEntry.objects.filter(action="docket.opened", object_id=case.pk).exists()

    def test_one_return_is_no_dispute(self):
        case = lamp_case(self.city)
        give_back(self.city, case, by=self.city.by.handler)
        assert not Docket.objects.exists()
        assert Case.objects.get(pk=case.pk).awaits_person

    def test_a_return_refused_twice_opens_one_and_the_unit_that_has_the_case_goes_on(self):
        case = lamp_case(self.city)
        give_back(self.city, case, by=self.city.by.handler, agreed=False)
        give_back(self.city, case, by=self.city.by.handler, agreed=False, now=LATER + timedelta(minutes=30))
        docket = Docket.objects.get()
        assert (docket.interim_unit, active(case).seq) == (self.city.urban, 1)

    def test_no_clock_starts_afresh(self):
        case, _docket = disputed_case(self.city)
        overall = Clock.objects.get(case=case, kind=ClockKind.OVERALL)
        assert overall.started_at == NOON
        handling = Clock.objects.filter(case=case, kind=ClockKind.HANDLING)
        assert {(clock.started_at, clock.due_at) for clock in handling} == {(NOON, handling[0].due_at)}
        assert handling.get(outcome="running").work_order == active(case)

    def test_at_every_moment_one_unit_answers_for_the_case(self):
        case, _docket = disputed_case(self.city)
        facts = list(StageFact.objects.filter(case=case, role="lead").order_by("started_at", "id"))
        assert [one.ended_at for one in facts[:-1]] == [one.started_at for one in facts[1:]]
        assert [one.unit for one in facts if one.how == "returned"] == [self.city.urban, self.city.water]
        assert facts[-1].ended_at is None
        assert facts[-1].unit == self.city.urban

    def test_who_received_it_first_handles_it_where_the_list_is_silent(self):
        case = lamp_case(self.city)
        Case.objects.filter(pk=case.pk).update(item=None, item_version=None)
        give_back(self.city, case, by=self.city.by.handler)
        send_to(self.city, case, self.city.water)
        give_back(self.city, case, by=self.city.by.water_handler, now=LATER + timedelta(minutes=30))
        assert active(case).decision.explained[0]["code"] == "interim_first"

    def test_the_interim_handler_does_not_give_it_back(self):
        case, _docket = disputed_case(self.city)
        with pytest.raises(IllegalMove, match="裁决"):
            ask(active(case).pk, kind="return", reason="不归我们", by=self.city.by.handler, now=TOMORROW)

    def test_those_who_rule_and_the_parties_are_told(self):
        disputed_case(self.city)
        keys = Message.objects.filter(template__key__in=("docket_opened", "docket_argue"), way="portal")
        told = set(keys.values_list("template__key", "unit"))
        centre, first = self.city.centre.pk, self.city.centres[0].pk
        assert {("docket_opened", centre), ("docket_opened", first)} <= told
        assert {("docket_argue", self.city.urban.pk), ("docket_argue", self.city.water.pk)} <= told


class TestOpeningByHand(DisputeCase):
    def setUp(self):
        self.case = lamp_case(self.city)
        give_back(self.city, self.case, by=self.city.by.handler)
        self.later = LATER + timedelta(hours=1)

    def opened(self, **given):
        data = {"reason": "两家都说不归自己", "by": self.city.by.city_dispatcher, "now": self.later} | given
        return open_docket(self.case.pk, **data)

    def test_a_dispatcher_opens_one_in_one_step(self):
        docket = self.opened()
        assert (docket.origin, docket.interim_unit, active(self.case).unit) == (
            "dispatcher", self.city.urban, self.city.urban,
        )  # fmt: skip

    def test_the_dispatcher_may_name_who_handles_it_meanwhile(self):
        docket = self.opened(unit_id=self.city.water.pk)
        assert (docket.interim_unit, active(self.case).unit) == (self.city.water, self.city.water)

    def test_a_unit_outside_the_territory_is_refused_at_its_field(self):
        by = self.city.by.district_dispatcher
        with pytest.raises(BadInput) as refusal:
            self.opened(unit_id=self.city.bureaus[1]["water"].pk, by=by)
        assert refusal.value.field == "unit"

    def test_it_needs_a_reason_and_the_role(self):
        with pytest.raises(BadInput) as refusal:
            self.opened(reason=" ")
        assert refusal.value.field == "reason"
        with pytest.raises(NotAllowed):
            self.opened(by=self.city.by.supervisor)
        with pytest.raises(OutOfSight):
            self.opened(by=self.city.by.other_handler)

    def test_two_dispatchers_at_once_open_one(self):
        self.opened()
        with pytest.raises(IllegalMove):
            self.opened()
        assert Docket.objects.count() == 1


class TestHops(DisputeCase):
    def limit(self, most: int):
        Parameter.objects.filter(key="dispatch.most_units").update(value=str(most))
        parameters.forget()
        self.addCleanup(parameters.forget)

    def test_the_last_unit_does_not_give_it_back_and_a_docket_opens(self):
        self.limit(2)
        case = lamp_case(self.city)
        give_back(self.city, case, by=self.city.by.handler)
        order = send_to(self.city, case, self.city.water)
        by, later = self.city.by.water_handler, LATER + timedelta(hours=1)
        with pytest.raises(TooManyHops, match="案卷"):
            ask(order.pk, kind="return", reason="不归我们", by=by, now=later)
        docket = Docket.objects.get()
        assert (docket.origin, docket.interim_unit) == ("hops", self.city.water)
        assert docket.parties.get(unit=self.city.water).text == "不归我们"
        assert active(case) == order

    def test_a_dispatch_beyond_the_limit_is_refused_and_a_docket_opens(self):
        case = lamp_case(self.city)
        give_back(self.city, case, by=self.city.by.handler)
        self.limit(1)
        by = self.city.by.city_dispatcher
        with pytest.raises(TooManyHops):
            dispatch_together(case.pk, unit_id=self.city.water.pk, note="x", by=by, now=LATER + timedelta(hours=1))
        assert Docket.objects.get().origin == "hops"
        assert active(case).unit == self.city.urban

    def test_with_nobody_to_handle_it_a_dispatcher_names_the_unit(self):
        case = lamp_case(self.city)
        give_back(self.city, case, by=self.city.by.handler)
        given = {"opened_at": NOON, "argue_until": NOON, "due_at": TOMORROW, "reason": "x", "origin": "hops"}
        docket = Docket.objects.create(case=case, round=1, **given)
        self.limit(1)
        order = send_to(self.city, case, self.city.water)
        docket.refresh_from_db()
        assert (order.unit, docket.interim_unit) == (self.city.water, self.city.water)


class TestArguing(DisputeCase):
    def setUp(self):
        self.case, self.docket = disputed_case(self.city)

    def argued(self, unit=None, by=None, **given):
        data = {"text": "路灯杆体归水务管线维护", "citations": [Citation("T02", "路灯")], "now": TOMORROW} | given
        return argue(
            self.docket.pk, unit_id=(unit or self.city.urban).pk, by=by or self.city.by.handler, **data
        )  # fmt: skip

    def test_when_both_have_argued_it_waits_for_the_ruling(self):
        self.argued()
        self.docket.refresh_from_db()
        assert self.docket.state == "open"
        self.argued(self.city.water, self.city.by.water_handler, files=[SimpleUploadedFile("a.png", PNG, "image/png")])
        self.docket.refresh_from_db()
        assert self.docket.state == "argued"
        assert self.docket.parties.get(unit=self.city.water).files.count() == 1

    def test_an_entry_is_cited_as_it_was_with_a_sentence_that_stands_in_it(self):
        party = self.argued()
        citation = party.citations.get()
        assert (citation.version.item.code, citation.quote) == ("T02", "路灯")
        with pytest.raises(BadInput) as refusal:
            self.argued(citations=[Citation("T02", "这句话没有写过")])
        assert refusal.value.field == "quote"
        with pytest.raises(BadInput) as refusal:
            self.argued(citations=[Citation("X99")])
        assert refusal.value.field == "item"

    def test_several_entries_are_cited_each_once_and_a_fault_names_its_row(self):
        party = self.argued(citations=[Citation("T02"), Citation("", ""), Citation("T01")])
        assert [one.version.item.code for one in party.citations.all()] == ["T02", "T01"]
        for citations, field in (
            ([Citation("T02"), Citation("X99")], "item_2"),
            ([Citation("T02"), Citation("T02")], "item_2"),
            ([Citation("T01"), Citation("T02", "这句话没有写过")], "quote_2"),
            ([Citation("T01"), Citation("", ""), Citation("", "没有条目的句子")], "item_3"),
            ([Citation("T01")] * 6, "item_2"),
            ([Citation("")] * 6, "item"),
        ):
            with pytest.raises(BadInput) as refusal:
                self.argued(citations=citations)
            assert refusal.value.field == field
        assert party.citations.count() == 2

    def test_nobody_speaks_for_another_unit(self):
        with pytest.raises(NotAllowed):
            self.argued(self.city.water)
        with pytest.raises(OutOfSight):
            self.argued(by=self.city.by.other_handler)
        with pytest.raises(BadInput):
            self.argued(self.city.company)

    def test_what_was_said_may_be_said_better_until_the_ruling(self):
        self.argued()
        self.argued(text="补充：2018 年移交清单", citations=[])
        party = self.docket.parties.get(unit=self.city.urban)
        assert (party.text, party.citations.count()) == ("补充：2018 年移交清单", 0)
        ruled(self.city, self.docket)
        with pytest.raises(IllegalMove):
            self.argued()

    def test_bad_characters_are_refused_at_the_field(self):
        for text in ("a\x00b", "\ud800", "长" * 3001, " "):
            with pytest.raises(BadInput) as refusal:
                self.argued(text=text)
            assert refusal.value.field == "text"


class TestRuling(DisputeCase):
    def setUp(self):
        self.case, self.docket = disputed_case(self.city)

    def test_the_case_goes_to_the_unit_ruled_for_and_the_list_gets_a_draft(self):
        docket = ruled(self.city, self.docket)
        order = active(self.case)
        assert (order.unit, order.decision.mode) == (self.city.water, DecisionMode.RULING)
        line = BatchLine.objects.get(batch=docket.batch)
        assert (line.code, docket.batch.state, docket.batch.owner_area) == ("T02", "draft", self.city.city)
        row = next(row for row in line.after["rows"] if row["area"] == self.city.districts[0].pk)
        assert (row["lead"], row["fallback"]) == (self.city.water.pk, self.city.urban.pk)
        assert Message.objects.filter(template__key="docket_ruled", unit=self.city.urban.pk).exists()
        assert AuditEntry.objects.filter(action="docket.ruled", object_id=self.case.pk).exists()

    def test_no_clock_of_the_case_starts_afresh_and_that_of_the_ruling_ends(self):
        ruled(self.city, self.docket)
        started = Clock.objects.filter(case=self.case, kind__in=("handling", "overall")).values_list("started_at")
        assert set(started) == {(NOON,)}
        assert Clock.objects.get(case=self.case, kind=ClockKind.RULING).outcome == "met"

    def test_a_ruling_is_final_in_its_round(self):
        ruled(self.city, self.docket)
        with pytest.raises(IllegalMove, match="裁决"):
            ask(active(self.case).pk, kind="return", reason="不服", by=self.city.by.water_handler, now=TOMORROW)

    def test_the_interim_handler_that_is_ruled_for_keeps_its_work_order(self):
        before = active(self.case)
        docket = ruled(self.city, self.docket, unit=self.city.urban.pk, fallback=self.city.water.pk)
        assert active(self.case) == before
        assert docket.batch is not None  # the list names no fallback yet

    def test_without_the_wish_the_list_stays(self):
        docket = ruled(self.city, self.docket, amends=False)
        assert (docket.batch, bool(docket.list_note)) == (None, True)

    def test_a_list_that_says_the_same_needs_no_draft(self):
        ruled_first = ruled(self.city, self.docket, unit=self.city.urban.name, fallback=self.city.water.name)
        assert ruled_first.ruled_unit == self.city.urban

    def test_another_entry_may_be_the_right_one(self):
        station = self.city.stations[0][0][0]
        docket = ruled(self.city, self.docket, unit=station.pk, fallback=self.city.offices[0][0].pk, item="T01")
        case = Case.objects.get(pk=self.case.pk)
        assert (docket.item.code, case.item.code, active(case).unit) == ("T01", "T01", station)

    def test_the_unit_that_has_the_case_may_be_ruled_for_under_another_entry(self):
        before, due = active(self.case), Case.objects.get(pk=self.case.pk).due_at
        given = {"unit": self.city.urban.pk, "fallback": self.city.water.pk, "item": "T01"}
        docket = ruled(self.city, self.docket, **given)
        case = Case.objects.get(pk=self.case.pk)
        assert (active(case), case.item.code, case.item_version.item.code) == (before, "T01", "T01")
        assert case.due_at == due
        line = BatchLine.objects.get(batch=docket.batch)
        assert (line.code, "T01" in docket.batch.document, "T02" in docket.batch.document) == ("T01", True, True)
        entry = AuditEntry.objects.get(action="case.reclassified", object_id=case.pk)
        assert entry.changes["item"] == ["T02", "T01"]

    def test_reported_work_stays_and_is_counted_under_the_entry_of_the_ruling(self):
        WorkOrder.objects.filter(pk=active(self.case).pk).update(state="under_review")
        Case.objects.filter(pk=self.case.pk).update(state="under_review")
        ruled(self.city, self.docket, item="T01")
        case = Case.objects.get(pk=self.case.pk)
        assert (active(case).unit, case.item.code, case.state) == (self.city.urban, "T01", "under_review")

    def test_two_adjudicators_at_once_one_rules_the_other_is_told(self):
        ruled(self.city, self.docket)
        with pytest.raises(IllegalMove):
            ruled(self.city, self.docket, by=self.city.by.second_adjudicator)
        assert Decision.objects.filter(case=self.case, mode=DecisionMode.RULING).count() == 1

    def test_who_ruled_on_an_older_page_is_told(self):
        argue(self.docket.pk, unit_id=self.city.urban.pk, text="新意见", by=self.city.by.handler, now=TOMORROW)
        with pytest.raises(StalePage):
            ruled(self.city, self.docket, row_version=self.docket.row_version)

    def test_only_adjudicators_rule(self):
        for by in (self.city.by.city_dispatcher, self.city.by.handler):
            with pytest.raises(NotAllowed):
                ruled(self.city, self.docket, by=by)
        with pytest.raises(OutOfSight):
            ruled(self.city, self.docket, by=self.city.by.other_handler)

    def test_every_field_is_checked(self):
        for given, field in (
            ({"unit": "没有这个单位"}, "unit"),
            ({"fallback": self.city.water.pk}, "fallback"),
            ({"principle": "other"}, "principle"),
            ({"text": " "}, "text"),
            ({"text": "a\x00"}, "text"),
            ({"item": "X99"}, "item"),
        ):
            with pytest.raises(BadInput) as refusal:
                ruled(self.city, self.docket, **given)
            assert refusal.value.field == field
        assert Docket.objects.get().state == "open"

    def test_reported_work_is_not_taken_away(self):
        WorkOrder.objects.filter(pk=active(self.case).pk).update(state="under_review")
        Case.objects.filter(pk=self.case.pk).update(state="under_review")
        docket = ruled(self.city, self.docket)
        assert (docket.state, active(self.case).unit) == ("ruled", self.city.urban)


class TestWithdrawing(DisputeCase):
    def test_when_the_parties_agree_the_handler_goes_on(self):
        case, docket = disputed_case(self.city)
        withdraw_docket(docket.pk, reason="城管同意承办", by=self.city.by.city_dispatcher, now=TOMORROW)
        docket.refresh_from_db()
        assert (docket.state, active(case).unit) == ("withdrawn", self.city.urban)
        assert not Clock.objects.filter(case=case, kind=ClockKind.RULING, outcome="running").exists()

    def test_a_void_case_takes_its_docket_along(self):
        case, docket = disputed_case(self.city)
        request = ask(active(case).pk, kind="void", reason="重复", by=self.city.by.handler, now=TOMORROW)
        decide_request(request.pk, agreed=True, opinion="同意", by=self.city.by.district_dispatcher, now=TOMORROW)
        docket.refresh_from_db()
        assert docket.state == "withdrawn"


@pytest.mark.django_db(transaction=True)
def test_of_two_adjudicators_pressing_at_the_same_moment_one_rules():
    city = make_dispute_world()
    case, docket = disputed_case(city)
    people = (city.by.adjudicator, city.by.second_adjudicator)
    results = in_threads(2, lambda number: ruled(city, docket, by=people[number]))
    assert sorted(type(one).__name__ for one in results) == ["Docket", "IllegalMove"]
    assert Decision.objects.filter(case=case, mode=DecisionMode.RULING).count() == 1
    assert BatchLine.objects.count() == 1
