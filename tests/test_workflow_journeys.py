"""What domain §4 says about who moves what, written down by hand and not read from the tables.

A test that reads the same table as the code cannot notice a wrong row; these sentences can.
"""

import pytest
from django.core.management import CommandError, call_command

from dispatch.workflow import WORK_ORDER
from grid.files import read_roles
from intake.workflow import CASE
from shenzhen_gov import workflow_docs

SYSTEM, CHANNEL, CITIZEN = "system", "channel", "citizen"
ACTS = {row.code: set(row.acts) for row in read_roles()}


def may(who, workflow, step):
    """Whether a role, or the system, a channel, a citizen, may make a step at all."""
    return bool((ACTS.get(who) or {who}) & set(workflow.moves[step].acts))


def walk(workflow, journey):
    """Follow (who, step, state afterwards) from the start; each step must be open to who makes it."""
    state = workflow.start
    for who, step, after in journey:
        move = workflow.moves[step]
        assert state in move.from_states, f"{step} is not possible in {state}"
        assert may(who, workflow, step), f"{who} may not {step}"
        state = move.to_state or state
        assert state == after, f"{step} led to {state}"
    return state


class TestJourneysOfACase:
    def test_an_ordinary_case_is_dispatched_handled_reviewed_and_archived(self):
        walk(
            CASE,
            [
                ("agent", "register", "registered"),
                ("agent", "accept", "awaiting_dispatch"),
                (SYSTEM, "dispatch", "in_handling"),
                ("supervisor", "urge", "in_handling"),
                ("handler", "report", "under_review"),
                ("reviewer", "send_back", "in_handling"),
                ("handler", "report", "under_review"),
                ("reviewer", "close", "closed"),
                (CITIZEN, "evaluate", "closed"),
                (SYSTEM, "archive", "archived"),
            ],
        )

    def test_a_dissatisfied_citizen_gets_a_second_round_without_asking_anybody(self):
        walk(
            CASE,
            [
                (CHANNEL, "register", "registered"),
                (CHANNEL, "accept", "awaiting_dispatch"),
                ("city_dispatcher", "dispatch", "in_handling"),
                ("community_secretary", "report", "under_review"),
                ("reviewer", "close", "closed"),
                ("agent", "evaluate", "closed"),
                (SYSTEM, "redo", "awaiting_dispatch"),
                (SYSTEM, "dispatch", "in_handling"),
            ],
        )

    def test_a_simple_question_is_answered_at_once(self):
        walk(
            CASE,
            [("agent", "register", "registered"), ("agent", "answer", "answered"), (SYSTEM, "archive", "archived")],
        )

    def test_a_case_that_cannot_be_finished_now_waits_for_its_date(self):
        walk(
            CASE,
            [
                ("grid_officer", "register", "registered"),
                (SYSTEM, "accept", "awaiting_dispatch"),
                ("district_dispatcher", "dispatch", "in_handling"),
                ("reviewer", "suspend", "suspended"),
                (SYSTEM, "wake", "in_handling"),
                ("reviewer", "stage_close", "stage_closed"),
                (SYSTEM, "wake", "in_handling"),
            ],
        )

    def test_an_agreed_return_brings_the_case_back_to_dispatch(self):
        walk(
            CASE,
            [
                ("agent", "register", "registered"),
                ("agent", "accept", "awaiting_dispatch"),
                (SYSTEM, "dispatch", "in_handling"),
                ("city_dispatcher", "recall", "awaiting_dispatch"),
            ],
        )

    def test_a_score_is_appealed_by_the_unit_and_decided_above(self):
        walk(
            CASE,
            [
                ("agent", "register", "registered"),
                ("agent", "accept", "awaiting_dispatch"),
                (SYSTEM, "dispatch", "in_handling"),
                ("handler", "report", "under_review"),
                ("reviewer", "close", "closed"),
                ("handler", "appeal", "under_appeal"),
                ("reviewer", "rule_appeal", "closed"),
            ],
        )


class TestJourneysOfAWorkOrder:
    def test_a_community_signs_contacts_and_reports(self):
        walk(
            WORK_ORDER,
            [
                ("community_secretary", "sign", "handling"),
                ("community_secretary", "contact", "handling"),
                ("community_secretary", "report", "under_review"),
                ("reviewer", "approve", "done"),
            ],
        )

    def test_what_was_handed_down_comes_back_up_by_itself(self):
        walk(
            WORK_ORDER,
            [
                (SYSTEM, "sign", "handling"),
                ("district_dispatcher", "hand_down", "handed_down"),
                (SYSTEM, "consolidate", "under_review"),
                ("reviewer", "approve", "done"),
            ],
        )

    def test_a_poor_report_comes_back_and_is_done_again(self):
        walk(
            WORK_ORDER,
            [
                ("handler", "sign", "handling"),
                ("handler", "report", "under_review"),
                ("reviewer", "send_back", "handling"),
                ("handler", "report", "under_review"),
                ("reviewer", "approve", "done"),
            ],
        )

    def test_a_return_is_decided_one_level_above(self):
        walk(WORK_ORDER, [("reviewer", "agree_return", "returned")])
        walk(WORK_ORDER, [("handler", "sign", "handling"), ("city_dispatcher", "agree_return", "returned")])


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("draft", "accept"),
        ("draft", "dispatch"),
        ("registered", "dispatch"),
        ("registered", "close"),
        ("awaiting_dispatch", "report"),
        ("awaiting_dispatch", "close"),
        ("in_handling", "close"),
        ("in_handling", "dispatch"),
        ("in_handling", "answer"),
        ("in_handling", "refuse"),
        ("under_review", "void"),
        ("closed", "report"),
        ("closed", "urge"),
        ("closed", "void"),
        ("answered", "dispatch"),
        ("not_accepted", "redo"),
        ("archived", "redo"),
        ("archived", "evaluate"),
        ("archived", "urge"),
        ("archived", "instruct"),
        ("void", "wake"),
        ("void", "urge"),
        ("void", "redo"),
        ("suspended", "report"),
        ("stage_closed", "close"),
    ],
)
def test_a_case_refuses(state, step):
    assert state not in CASE.moves[step].from_states


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("pending_sign", "contact"),
        ("pending_sign", "report"),
        ("pending_sign", "hand_down"),
        ("pending_sign", "approve"),
        ("handling", "approve"),
        ("handling", "sign"),
        ("handed_down", "report"),
        ("handed_down", "sign"),
        ("under_review", "report"),
        ("under_review", "recall"),
        ("under_review", "agree_return"),
        ("done", "send_back"),
        ("done", "recall"),
        ("done", "report"),
        ("returned", "sign"),
        ("recalled", "sign"),
        ("recalled", "report"),
    ],
)
def test_a_work_order_refuses(state, step):
    assert state not in WORK_ORDER.moves[step].from_states


@pytest.mark.parametrize(
    ("who", "workflow", "step"),
    [
        ("agent", CASE, "refuse"),
        ("agent", CASE, "dispatch"),
        ("agent", CASE, "close"),
        ("agent", WORK_ORDER, "sign"),
        ("handler", CASE, "close"),
        ("handler", CASE, "dispatch"),
        ("handler", CASE, "suspend"),
        ("handler", CASE, "void"),
        ("handler", WORK_ORDER, "approve"),
        ("handler", WORK_ORDER, "agree_return"),
        ("handler", WORK_ORDER, "recall"),
        ("community_secretary", CASE, "dispatch"),
        ("grid_officer", WORK_ORDER, "hand_down"),
        ("grid_officer", WORK_ORDER, "approve"),
        ("reviewer", WORK_ORDER, "report"),
        ("reviewer", WORK_ORDER, "sign"),
        ("reviewer", CASE, "dispatch"),
        ("city_dispatcher", WORK_ORDER, "approve"),
        ("city_dispatcher", CASE, "close"),
        ("supervisor", CASE, "close"),
        ("supervisor", CASE, "instruct"),
        ("leader", CASE, "urge"),
        ("leader", CASE, "close"),
        ("administrator", CASE, "close"),
        ("administrator", CASE, "register"),
        ("administrator", WORK_ORDER, "approve"),
        (CITIZEN, CASE, "register"),
        (CITIZEN, CASE, "close"),
        (CHANNEL, CASE, "dispatch"),
        (CHANNEL, CASE, "answer"),
        (SYSTEM, CASE, "close"),
        (SYSTEM, WORK_ORDER, "approve"),
        (SYSTEM, WORK_ORDER, "report"),
        (SYSTEM, CASE, "refuse"),
    ],
)
def test_a_role_may_not(who, workflow, step):
    assert not may(who, workflow, step)


def test_nothing_is_closed_without_telling_the_citizen_and_nothing_reported_without_contact():
    assert "citizen_told" in WORK_ORDER.moves["approve"].needs
    assert set(WORK_ORDER.moves["report"].needs) >= {"citizen_contacted", "no_open_co_task", "photos_of_facility"}


def test_what_has_ended_stays_ended():
    for workflow, ends in ((CASE, {"archived", "void"}), (WORK_ORDER, {"done", "returned", "recalled"})):
        leading = [move for move in workflow.moves.values() if move.to_state]  # an annotation leads nowhere
        assert {state for move in leading for state in move.from_states} & ends == set()


class TestRenderedPage:
    def test_is_up_to_date(self):
        call_command("render_workflow", "--check")

    def test_a_stale_page_is_noticed(self, tmp_path, settings, monkeypatch):
        monkeypatch.setattr("shenzhen_gov.management.commands.render_workflow.path", lambda: tmp_path / "workflow.md")
        with pytest.raises(CommandError):
            call_command("render_workflow", "--check")
        call_command("render_workflow", verbosity=0)
        call_command("render_workflow", "--check")
        (tmp_path / "workflow.md").write_text(workflow_docs.render().replace("pending_sign", "waiting"))
        with pytest.raises(CommandError):
            call_command("render_workflow", "--check")
