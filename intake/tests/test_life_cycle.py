from datetime import timedelta

import pytest
from django.utils import timezone

from intake.models import Case, Channel
from intake.services import (
    accept_case,
    answer_case,
    lock_case,
    move_case,
    move_cases,
    reclassify_case,
)
from intake.services.callback_addresses import channels_to_tell
from intake.signals import case_accepted
from intake.workflow import ANSWERED, AWAITING_DISPATCH, CLOSED, IN_HANDLING, UNDER_REVIEW
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry

from .factories import SYSTEM, city_with_channels, make_case, make_item

NOW = timezone.now()


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


@pytest.fixture
def leader(city):
    return Actor.staff(city.staff["shift_leader"])


@pytest.fixture
def registered(city):
    return make_case(accept=False, phone="13912345678", name="陈立")


def last_entry(case):
    return AuditEntry.objects.filter(object_type="intake.case", object_id=case.pk).latest("seq")


class TestARegisteredCase:
    def test_is_accepted_and_awaits_dispatch(self, registered, agent):
        case = accept_case(registered.pk, by=agent, now=NOW)
        stored = Case.objects.get(pk=case.pk)
        assert (stored.state, stored.accepted_at) == (AWAITING_DISPATCH, NOW)
        assert stored.row_version == registered.row_version + 1
        assert last_entry(case).action == "case.accepted"

    def test_is_answered_on_the_spot_with_the_answer_kept(self, registered, agent):
        case = answer_case(registered.pk, answer="工作日 9 点到 17 点。", by=agent, now=NOW)
        assert (case.state, case.closed_at) == (ANSWERED, NOW)
        assert last_entry(case).note == "工作日 9 点到 17 点。"

    def test_needs_an_answer_to_be_answered(self, registered, agent):
        with pytest.raises(BadInput) as refusal:
            answer_case(registered.pk, answer=" ", by=agent, now=NOW)
        assert refusal.value.field == "answer"

    def test_is_not_accepted_twice(self, registered, agent):
        accept_case(registered.pk, by=agent, now=NOW)
        with pytest.raises(IllegalMove, match="Accept"):
            accept_case(registered.pk, by=agent, now=NOW)

    def test_is_not_touched_from_a_stale_page(self, registered, agent, leader):
        seen = registered.row_version
        accept_case(registered.pk, by=agent, now=NOW, row_version=seen)
        with pytest.raises(StalePage, match=registered.number):
            answer_case(registered.pk, answer="已答复", by=leader, now=NOW, row_version=seen)

    def test_does_not_exist_for_another_channel(self, registered):
        with pytest.raises(OutOfSight):
            accept_case(registered.pk, by=Actor.channel(Channel.objects.get(code="wechat")), now=NOW)

    def test_does_not_exist_in_another_district(self, city):
        case = make_case(accept=False, area=city.districts[1].code)
        with pytest.raises(OutOfSight):
            accept_case(case.pk, by=Actor.staff(city.staff["district_dispatcher"]), now=NOW)

    def test_that_does_not_exist_is_not_found(self, city, agent):
        with pytest.raises(OutOfSight):
            accept_case(0, by=agent, now=NOW)


class TestReclassifying:
    def test_changes_item_place_and_accountable_unit(self, city, agent):
        case, item = make_case(), make_item(city.city, "井盖松动")
        area = city.communities[1][0][0].code
        reclassify_case(case.pk, item_code=item.item.code, area_code=area, by=agent, now=NOW, note="听错了")
        stored = Case.objects.get(pk=case.pk)
        assert (stored.item_version, stored.area) == (item, city.communities[1][0][0])
        assert (stored.holder, stored.place_source) == (city.centres[1], "chosen")
        entry = last_entry(case)
        assert (entry.action, entry.note) == ("case.reclassified", "听错了")
        assert entry.changes["item"] == [None, item.item.code]

    def test_needs_a_change(self, city, agent):
        case = make_case(area=city.districts[0].code)
        with pytest.raises(BadInput):
            reclassify_case(case.pk, area_code=city.districts[0].code, by=agent, now=NOW)

    def test_is_refused_once_the_case_was_dispatched(self, city, agent):
        case = make_case()
        move_case(case, "dispatch", action="case.imported", by=SYSTEM, now=NOW)
        with pytest.raises(IllegalMove):
            reclassify_case(case.pk, item_code=city.item.item.code, by=agent, now=NOW)

    def test_is_refused_to_a_reviewer(self, city):
        case = make_case(area=city.communities[0][0][0].code)
        with pytest.raises(NotAllowed):
            reclassify_case(case.pk, item_code=city.item.item.code, by=Actor.staff(city.staff["reviewer"]), now=NOW)


class TestMoves:
    def test_write_state_holder_deadline_and_version(self, city):
        case, due = make_case(), NOW + timedelta(days=5)
        move_case(case, "dispatch", action="case.imported", by=SYSTEM, now=NOW, holder_id=city.company.pk, due_at=due)
        stored = Case.objects.get(pk=case.pk)
        assert (stored.state, stored.holder, stored.due_at, stored.row_version) == (IN_HANDLING, city.company, due, 2)

    def test_end_a_case_once_and_open_it_again_in_the_next_round(self, city):
        case = make_case()
        for move in ("dispatch", "report", "close"):
            move_case(case, move, action="case.imported", by=SYSTEM, now=NOW)
        assert (case.state, case.closed_at) == (CLOSED, NOW)
        later = NOW + timedelta(days=1)
        move_case(case, "appeal", action="case.imported", by=SYSTEM, now=later)
        move_case(case, "rule_appeal", action="case.imported", by=SYSTEM, now=later)
        assert case.closed_at == NOW
        move_case(case, "redo", action="case.imported", by=SYSTEM, now=later)
        stored = Case.objects.get(pk=case.pk)
        assert (stored.state, stored.round, stored.closed_at) == (AWAITING_DISPATCH, 2, None)

    def test_of_a_copy_that_is_not_as_stored_are_refused(self, city):
        case = make_case()
        old = Case.objects.get(pk=case.pk)
        move_case(case, "dispatch", action="case.imported", by=SYSTEM, now=NOW)
        with pytest.raises(StalePage):
            move_case(old, "dispatch", action="case.imported", by=SYSTEM, now=NOW)

    def test_follow_the_table(self, city):
        with pytest.raises(IllegalMove, match="Close"):
            move_case(make_case(), "close", action="case.closed", by=SYSTEM, now=NOW)

    def test_wake_dispatch_when_a_case_awaits_it_again(self, city, django_capture_on_commit_callbacks):
        case, told = make_case(), []

        def listen(case_ids, **_given):
            told.extend(case_ids)

        move_case(case, "dispatch", action="case.imported", by=SYSTEM, now=NOW)
        case_accepted.connect(listen)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                move_case(case, "recall", action="case.imported", by=SYSTEM, now=NOW)
        finally:
            case_accepted.disconnect(listen)
        assert told == [case.pk]

    def test_of_many_cases_cost_two_statements(self, city, django_assert_num_queries):
        cases = [make_case() for _ in range(5)]
        due = NOW + timedelta(days=5)
        channels_to_tell()  # kept for some seconds by every process
        with django_assert_num_queries(2):
            move_cases(
                cases,
                "dispatch",
                action="case.dispatched",
                by=SYSTEM,
                now=NOW,
                holders={cases[0].pk: city.company.pk},
                dues={cases[0].pk: due},
                changes={cases[0].pk: {"unit": "深圳水务集团"}},
                notes={cases[1].pk: "只此一家"},
            )
        stored = list(Case.objects.order_by("pk"))
        assert {case.state for case in stored} == {IN_HANDLING}
        assert [case.holder == city.company for case in stored] == [True, False, False, False, False]
        assert [case.due_at == due for case in stored] == [True, False, False, False, False]
        assert last_entry(cases[0]).changes == {"state": [AWAITING_DISPATCH, IN_HANDLING], "unit": "深圳水务集团"}
        assert last_entry(cases[1]).note == "只此一家"
        assert [case.row_version for case in cases] == [case.row_version for case in stored]

    def test_of_many_cases_are_refused_whole_when_one_may_not_move(self, city):
        good, bad = make_case(), make_case(accept=False)
        with pytest.raises(IllegalMove):
            move_cases([good, bad], "dispatch", action="case.dispatched", by=SYSTEM, now=NOW)
        assert Case.objects.get(pk=good.pk).state == AWAITING_DISPATCH

    def test_of_many_cases_are_refused_when_one_is_stale(self, city):
        case = make_case()
        Case.objects.filter(pk=case.pk).update(row_version=7)
        with pytest.raises(StalePage):
            move_cases([case], "dispatch", action="case.dispatched", by=SYSTEM, now=NOW)

    def test_of_no_cases_do_nothing(self, db, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert move_cases([], "dispatch", action="case.dispatched", by=SYSTEM, now=NOW) == []

    def test_of_many_cases_do_not_end_them(self, city):
        case = make_case()
        move_case(case, "dispatch", action="case.imported", by=SYSTEM, now=NOW)
        move_cases([case], "report", action="case.imported", by=SYSTEM, now=NOW)
        assert case.state == UNDER_REVIEW
        with pytest.raises(ValueError, match="move_case"):
            move_cases([case], "close", action="case.closed", by=SYSTEM, now=NOW)


class TestLocking:
    def test_finds_the_case(self, city, agent):
        case = make_case()
        assert lock_case(case.pk, by=agent) == case
