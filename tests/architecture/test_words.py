"""Codes that are written in one place and meant in another must agree."""

import ast

import pytest
from django.utils.translation import gettext

from grid.choices import Act
from shenzhen_gov.core.actor import CHANNEL, CITIZEN, SYSTEM
from shenzhen_gov.core.audit import ACTIONS
from shenzhen_gov.core.workflow import find_workflows
from tests.architecture.sources import chain, production_code

WORKFLOWS = {workflow.name: workflow for workflow in find_workflows()}


def _actions_used() -> list[tuple[str, str]]:
    found = []
    for source in production_code():
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            names = chain(node.func)
            if names[-2:] in (["audit", "record"], ["audit", "Record"]) and isinstance(node.args[0].value, str):
                found.append((f"{source.path}:{node.lineno}", node.args[0].value))
    return found


def test_every_audit_action_that_is_written_is_registered():
    missing = [f"{where} {action}" for where, action in _actions_used() if action not in ACTIONS]
    assert not missing, "register them in choices.py: " + ", ".join(missing)


def test_both_life_cycles_are_found():
    assert set(WORKFLOWS) >= {"case", "work_order"}


@pytest.mark.parametrize("name", WORKFLOWS)
class TestWorkflowTables:
    def test_names_only_acts_that_exist(self, name):
        known = {*Act.values, SYSTEM, CHANNEL, CITIZEN}
        assert {act for move in WORKFLOWS[name].moves.values() for act in move.acts} <= known

    def test_names_only_needs_that_somebody_answers(self, name):
        assert WORKFLOWS[name].unanswered_needs() == set()

    def test_says_whose_rule_each_move_is(self, name):
        moves = WORKFLOWS[name].moves.values()
        assert [move.name for move in moves if not move.why.startswith(("F ", "S ", "P "))] == []

    def test_has_a_label_for_every_state_and_move(self, name):
        workflow = WORKFLOWS[name]
        labels = [*workflow.states.values(), *(move.label for move in workflow.moves.values())]
        assert all(gettext(str(label)) for label in labels)
