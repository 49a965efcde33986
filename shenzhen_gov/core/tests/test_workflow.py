"""The workflow engine: broken tables are refused, answers carry the reason, and a random walk never leaves the map."""

from dataclasses import dataclass

import pytest
from django.utils import translation
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shenzhen_gov.core.exceptions import IllegalMove
from shenzhen_gov.core.workflow import Move, Workflow, find_workflows

STATES = (("new", "New"), ("open", "Open"), ("shut", "Shut"))


@dataclass
class Thing:
    state: str = "new"
    paid: bool = False


def moves():
    return [
        Move("start", "Start", ("new",), "open", ("clerk",)),
        Move("note", "Note", ("new", "open"), None, ("clerk", "boss")),
        Move("finish", "Finish", ("open",), "shut", ("boss",), ("paid",)),
        Move("again", "Again", ("shut",), "open", ("boss",)),
    ]


def table(states=STATES, start="new", rows=None):
    workflow = Workflow("thing", states=states, start=start, moves=moves() if rows is None else rows)
    workflow.need("paid")(lambda thing: None if thing.paid else "Not paid yet.")
    return workflow


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


class TestBrokenTables:
    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            ([*moves(), Move("start", "Start", ("open",), "shut", ("clerk",))], "used twice"),
            ([*moves(), Move("lose", "Lose", ("open",), "lost", ("clerk",))], "unknown states.*lost"),
            ([*moves(), Move("find", "Find", ("lost",), "open", ("clerk",))], "unknown states.*lost"),
            (moves()[:2], "never reached: .'shut'."),
            ([*moves(), Move("slip", "Slip", ("open",), "shut", ())], "slip: nobody may make it"),
        ],
    )
    def test_are_refused_when_they_are_loaded(self, rows, reason):
        with pytest.raises(ValueError, match=reason):
            table(rows=rows)

    def test_a_start_that_is_no_state_is_refused(self):
        with pytest.raises(ValueError, match="unknown start"):
            table(start="nowhere")

    def test_a_state_given_twice_is_refused(self):
        with pytest.raises(ValueError, match="used twice"):
            table(states=(*STATES, ("new", "Newer")))

    def test_a_state_that_only_a_record_mentions_is_not_reached(self):
        with pytest.raises(ValueError, match="never reached"):
            table(states=(*STATES, ("aside", "Aside")), rows=[*moves(), Move("n", "N", ("aside",), None, ("clerk",))])


class TestCheck:
    def test_returns_the_move_when_it_is_possible(self):
        assert table().check("start", Thing()).to_state == "open"

    def test_says_which_step_is_impossible_in_which_state(self):
        with pytest.raises(IllegalMove, match="“Finish” is not possible while the state is “New”"):
            table().check("finish", Thing())

    def test_says_which_need_is_not_met(self):
        with pytest.raises(IllegalMove, match=r"Not paid yet\."):
            table().check("finish", Thing("open"))
        assert table().check("finish", Thing("open", paid=True)).to_state == "shut"

    def test_a_step_that_is_in_no_table_is_a_mistake_of_ours(self):
        with pytest.raises(KeyError):
            table().check("fly", Thing())

    def test_needs_that_nobody_answers_can_be_asked_for(self):
        bare = Workflow("bare", states=STATES, start="new", moves=moves())
        assert bare.unanswered_needs() == {"paid"}
        assert table().unanswered_needs() == set()


class TestOffers:
    def test_hold_every_step_of_the_present_state_and_why_it_is_off(self):
        offers = table().offers(Thing("open"), lambda move: None)
        assert [(offer.move.name, offer.allowed, offer.reason) for offer in offers] == [
            ("note", True, None),
            ("finish", False, "Not paid yet."),
        ]

    def test_a_missing_role_is_said_before_a_missing_need(self):
        offers = table().offers(Thing("open"), lambda move: None if "clerk" in move.acts else "Only the boss.")
        assert [str(offer.reason) for offer in offers] == ["None", "Only the boss."]


def test_the_life_cycles_of_the_apps_are_found():
    assert "thing" not in {workflow.name for workflow in find_workflows()}
    assert len({workflow.name for workflow in find_workflows()}) == len(find_workflows()) >= 2


class Walk(RuleBasedStateMachine):
    """Random steps; the map is written down a second time, in another shape."""

    MAP = {
        ("new", "start"): "open",
        ("new", "note"): "new",
        ("open", "note"): "open",
        ("open", "finish"): "shut",
        ("shut", "again"): "open",
    }

    def __init__(self):
        super().__init__()
        self.workflow, self.thing = table(), Thing()

    @rule(step=st.sampled_from(["start", "note", "finish", "again"]))
    def step(self, step):
        expected = self.MAP.get((self.thing.state, step))
        if step == "finish" and not self.thing.paid:
            expected = None
        if expected is None:
            with pytest.raises(IllegalMove, match="."):
                self.workflow.check(step, self.thing)
        else:
            self.thing.state = self.workflow.check(step, self.thing).to_state or self.thing.state
            assert self.thing.state == expected

    @rule()
    def pay(self):
        self.thing.paid = True

    @invariant()
    def the_button_bar_and_the_check_agree(self):
        offered = {offer.move.name for offer in self.workflow.offers(self.thing, lambda move: None) if offer.allowed}
        possible = {name for name in self.workflow.moves if self.workflow.why_not(name, self.thing) is None}
        assert offered == possible


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
