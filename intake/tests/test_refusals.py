"""不予受理: proposed with a reason, decided by another person."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from grid.tests.factories import grant, make_staff
from intake.files import read_refusal_reasons
from intake.models import Case, Refusal, RefusalReason
from intake.services import accept_case, answer_case, confirm_refusal, decline_refusal, propose_refusal
from intake.services.refusal_reasons import ReasonRow, load_refusal_reasons, save_refusal_reason
from intake.workflow import AWAITING_DISPATCH, NOT_ACCEPTED, REGISTERED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry

from .factories import SYSTEM, city_with_channels, make_case

NOW = timezone.now()


@pytest.fixture
def city(db):
    load_refusal_reasons(read_refusal_reasons(), by=SYSTEM, now=NOW)
    return city_with_channels()


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


@pytest.fixture
def leader(city):
    return Actor.staff(city.staff["shift_leader"])


@pytest.fixture
def case(city):
    return make_case(accept=False)


@pytest.fixture
def proposal(case, agent):
    return propose_refusal(case.pk, reason="court", told_way="phone", note="已判决", by=agent, now=NOW)


def actions(case):
    entries = AuditEntry.objects.filter(object_type="intake.case", object_id=case.pk)
    return list(entries.order_by("seq").values_list("action", flat=True))


class TestAProposal:
    def test_leaves_the_case_where_it_is_until_it_is_decided(self, case, proposal):
        assert Case.objects.get(pk=case.pk).state == REGISTERED
        assert actions(case)[-1] == "case.refusal_proposed"

    def test_is_told_as_the_citizen_wished_where_nothing_else_is_said(self, case, agent):
        assert propose_refusal(case.pk, reason="court", by=agent, now=NOW).told_way == case.reply_way

    @pytest.mark.parametrize("given", [{"reason": ""}, {"reason": "no-such"}, {"reason": "court\x00"}])
    def test_needs_a_reason_in_use(self, case, agent, given):
        with pytest.raises(BadInput) as refusal:
            propose_refusal(case.pk, **given, by=agent, now=NOW)
        assert refusal.value.field == "reason"

    @pytest.mark.parametrize("given", [{"told_way": "drum"}, {"note": "长" * 301}, {"note": "a\x00b"}])
    def test_names_the_field_that_is_wrong(self, case, agent, given):
        with pytest.raises(BadInput) as refusal:
            propose_refusal(case.pk, reason="court", **given, by=agent, now=NOW)
        assert refusal.value.field == next(iter(given))

    def test_is_made_once(self, case, agent, proposal):
        with pytest.raises(IllegalMove, match="shift leader decides first"):
            propose_refusal(case.pk, reason="petition", by=agent, now=NOW)

    def test_holds_acceptance_and_answering_back(self, case, agent, proposal):
        with pytest.raises(IllegalMove, match="shift leader decides first"):
            accept_case(case.pk, by=agent, now=NOW)
        with pytest.raises(IllegalMove, match="shift leader decides first"):
            answer_case(case.pk, answer="已答复", by=agent, now=NOW)

    def test_is_not_made_for_a_case_that_was_accepted(self, agent):
        with pytest.raises(IllegalMove):
            propose_refusal(make_case().pk, reason="court", by=agent, now=NOW)

    def test_is_not_made_by_somebody_who_registers_no_cases(self, city, case):
        with pytest.raises(NotAllowed):
            propose_refusal(case.pk, reason="court", by=Actor.staff(city.staff["supervisor"]), now=NOW)


class TestConfirming:
    def test_refuses_the_case_with_the_text_the_citizen_is_told(self, case, proposal, leader):
        later = NOW + timedelta(minutes=3)
        confirm_refusal(proposal.pk, by=leader, now=later)
        stored = Case.objects.get(pk=case.pk)
        assert (stored.state, stored.closed_at) == (NOT_ACCEPTED, later)
        assert stored.refusal_reason == RefusalReason.objects.get(code="court").told
        assert actions(case)[-1] == "case.refused"
        proposal.refresh_from_db()
        assert (proposal.is_confirmed, proposal.decided_by, proposal.decided_at) == (True, leader.name, later)

    def test_is_not_done_by_the_agent(self, proposal, agent):
        with pytest.raises(NotAllowed):
            confirm_refusal(proposal.pk, by=agent, now=NOW)

    def test_is_not_done_by_whoever_proposed_it(self, case, leader):
        own = propose_refusal(case.pk, reason="court", by=leader, now=NOW)
        with pytest.raises(NotAllowed, match="yourself"):
            confirm_refusal(own.pk, by=leader, now=NOW)
        assert Refusal.objects.get(pk=own.pk).is_confirmed is None

    def test_is_done_once(self, proposal, leader):
        confirm_refusal(proposal.pk, by=leader, now=NOW)
        with pytest.raises(IllegalMove, match=leader.name):
            confirm_refusal(proposal.pk, by=leader, now=NOW)

    def test_is_not_done_from_another_territory(self, city, agent):
        case = make_case(accept=False, area=city.communities[0][0][0].code)
        far = grant(make_staff(unit=city.centres[1]), "shift_leader", city.centres[1])
        proposal = propose_refusal(case.pk, reason="court", by=agent, now=NOW)
        with pytest.raises(OutOfSight):
            confirm_refusal(proposal.pk, by=Actor.staff(far), now=NOW)

    def test_of_something_unknown_is_not_found(self, leader):
        with pytest.raises(OutOfSight):
            confirm_refusal(0, by=leader, now=NOW)


class TestDeclining:
    def test_sends_the_case_on_its_way(self, case, proposal, leader):
        decline_refusal(proposal.pk, opinion="属于本市职责", by=leader, now=NOW)
        stored = Case.objects.get(pk=case.pk)
        assert (stored.state, stored.accepted_at) == (AWAITING_DISPATCH, NOW)
        assert actions(case)[-2:] == ["case.refusal_declined", "case.accepted"]

    def test_is_how_the_agent_takes_the_own_proposal_back(self, case, proposal, agent):
        decline_refusal(proposal.pk, by=agent, now=NOW)
        assert Case.objects.get(pk=case.pk).state == AWAITING_DISPATCH

    def test_is_not_open_to_another_agent(self, city, proposal):
        other = grant(make_staff(unit=city.centre), "agent", city.centre)
        with pytest.raises(NotAllowed):
            decline_refusal(proposal.pk, by=Actor.staff(other), now=NOW)


class TestReasons:
    def test_are_loaded_once_and_kept_as_the_administrator_changed_them(self, city):
        row = next(one for one in read_refusal_reasons() if one.code == "court")
        save_refusal_reason(ReasonRow(**(vars(row) | {"told": "请到法院。"})), by=SYSTEM, now=NOW)
        assert load_refusal_reasons(read_refusal_reasons(), by=SYSTEM, now=NOW) == []
        assert RefusalReason.objects.get(code="court").told == "请到法院。"
        assert load_refusal_reasons(read_refusal_reasons(), overwrite=True, by=SYSTEM, now=NOW) == [
            f"~ court {row.name}"
        ]

    def test_name_the_column_that_is_empty(self, city):
        row = read_refusal_reasons()[0]
        with pytest.raises(BadInput) as refusal:
            save_refusal_reason(ReasonRow(**(vars(row) | {"told": ""})), by=SYSTEM, now=NOW)
        assert refusal.value.field == "told"

    def test_are_administered_city_wide_only(self, city, leader):
        with pytest.raises(NotAllowed):
            save_refusal_reason(read_refusal_reasons()[0], by=leader, now=NOW)

    def test_come_with_the_reference_data(self, db, capsys):
        call_command("load_refusal_reasons")
        call_command("load_refusal_reasons")
        assert RefusalReason.objects.count() == len(read_refusal_reasons())
        assert "0 changed" in capsys.readouterr().out
