"""Conditions, the engine behind its index, and what can be proved of conditions."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.choices import RuleProblem
from dispatch.models import Rule, RuleVersion
from dispatch.rules.conditions import Names, RowError, read_condition
from dispatch.rules.engine import CompiledRule, RuleBook, Unreadable, in_territory
from dispatch.rules.fields import FIELDS, Reading, fold
from dispatch.rules.logic import implies, is_impossible, overlaps
from dispatch.rules.outcomes import Outcome, read_outcome
from dispatch.rules.patterns import compile_pattern
from grid.models import Area
from intake.models import Case
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.worktime import SHANGHAI, MissingCalendarYear

PATHS = ["/1/", "/1/2/", "/1/2/3/", "/1/4/"]
NAMES = Names(areas={path: path for path in PATHS}, items={"T1": 1, "T2": 2}, channels={"hotline": 7, "web": 8})
WORDS = ["路", "路灯", "灯不亮", "水", "水管", "漏", "漏水"]
DAYS = [date(2026, 11, day) for day in range(16, 20)]


def leaf(field, op, value):
    return {"field": field, "op": op, "value": value}


def tree(*parts):
    return read_condition({"all": list(parts)}, NAMES)


def case(**given_values):
    values = {
        "title": "", "content": "", "address": "", "wish": "", "house_code": "", "area": None, "item_id": None,
        "channel_id": 7, "request_type": "help", "urgency": "normal", "place_source": "unknown", "round": 1,
        "registered_at": datetime(2026, 11, 18, 10, tzinfo=SHANGHAI),
    }  # fmt: skip
    values |= given_values
    path = values.pop("area")
    made = Case(**values)
    made._state.fields_cache["area"] = None if path is None else Area(pk=9, path=path)
    return made


def holds(condition, **given_values):
    return condition.holds(Reading(case(**given_values)))


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "yes", "no"),
        [
            (leaf("text", "contains_any", ["路灯", "灯杆"]), {"content": "路灯坏了"}, {"content": "路坏了"}),
            (leaf("text", "contains_all", ["路灯", "不亮"]), {"title": "路灯", "content": "不亮"}, {"title": "路灯"}),
            (leaf("text", "contains_none", ["小区"]), {"content": "路灯"}, {"content": "小区路灯"}),
            (leaf("title", "contains_any", ["WIFI"]), {"title": "ｗｉｆｉ慢"}, {"content": "wifi"}),
            (leaf("content", "regex", r"第\d{1,3}栋"), {"content": "在第12栋"}, {"content": "第栋"}),
            (leaf("area", "in_area", ["/1/2/"]), {"area": "/1/2/3/"}, {"area": "/1/4/"}),
            (leaf("area", "in_area", ["/1/"]), {"area": "/1/4/"}, {"area": None}),
            (leaf("area", "not_in_area", ["/1/2/"]), {"area": None}, {"area": "/1/2/"}),
            (leaf("item", "in", ["T1", "T2"]), {"item_id": 2}, {"item_id": None}),
            (leaf("item", "ne", "T1"), {"item_id": None}, {"item_id": 1}),
            (leaf("channel", "eq", "web"), {"channel_id": 8}, {"channel_id": 7}),
            (leaf("urgency", "not_in", ["urgent", "emergency"]), {"urgency": "normal"}, {"urgency": "urgent"}),
            (leaf("house_code", "regex", "^440309"), {"house_code": "4403090001"}, {"house_code": "4403100001"}),
            (leaf("is_repeat", "eq", True), {"is_repeat": True}, {"is_repeat": False}),
            (leaf("is_redo", "eq", True), {"round": 2}, {"round": 1}),
            (leaf("hour", "between", [9, 11]), {}, {"registered_at": datetime(2026, 11, 18, 12, tzinfo=SHANGHAI)}),
            (leaf("weekday", "eq", 3), {}, {"registered_at": datetime(2026, 11, 19, 10, tzinfo=SHANGHAI)}),
            (leaf("day", "between", ["2026-11-17", "2026-11-18"]), {},
             {"registered_at": datetime(2026, 11, 19, tzinfo=SHANGHAI)}),
        ],
    )  # fmt: skip
    def test_each_operator_answers(self, condition, yes, no):
        assert holds(tree(condition), **yes)
        assert not holds(tree(condition), **no)

    def test_groups_join_with_all_and_any(self):
        either = {"any": [leaf("title", "eq", "甲"), leaf("title", "eq", "乙")]}
        condition = tree(either, leaf("content", "contains_any", ["水"]))
        assert holds(condition, title="乙", content="漏水")
        assert not holds(condition, title="丙", content="漏水")
        assert not holds(condition, title="甲", content="路灯")

    @pytest.mark.parametrize(
        ("condition", "field"),
        [
            (leaf("colour", "eq", "red"), "field"),
            (leaf(["title"], "eq", "x"), "field"),
            (leaf("title", "in", ["x"]), "op"),
            (leaf("title", ["eq"], "x"), "op"),
            (leaf("title", "contains_any", []), "value"),
            (leaf("title", "contains_any", [""]), "value"),
            (leaf("title", "contains_any", ["x"] * 3 + [str(n) for n in range(60)]), "value"),
            (leaf("title", "eq", "长" * 61), "value"),
            (leaf("title", "eq", "a\x00b"), "value"),
            (leaf("title", "eq", "\ud800"), "value"),
            (leaf("title", "eq", {"a": 1}), "value"),
            (leaf("area", "in_area", ["/9/"]), "value"),
            (leaf("item", "eq", "T9"), "value"),
            (leaf("urgency", "eq", "sometimes"), "value"),
            (leaf("hour", "eq", 24), "value"),
            (leaf("hour", "eq", True), "value"),
            (leaf("hour", "between", [5, 1]), "value"),
            (leaf("hour", "between", 5), "value"),
            (leaf("day", "eq", "2026-13-01"), "value"),
            (leaf("is_repeat", "eq", "yes"), "value"),
            (leaf("title", "regex", "("), "value"),
            (leaf("title", "regex", "(a+)+b"), "value"),
        ],
    )
    def test_what_makes_no_sense_is_refused_at_its_row(self, condition, field):
        with pytest.raises(RowError) as refused:
            tree(leaf("title", "contains_any", ["x"]), condition)
        assert (refused.value.row, refused.value.field) == (1, field)

    @pytest.mark.parametrize(
        "data",
        [
            None, [], "x", {}, {"all": []}, {"all": "x"}, {"all": [], "any": []}, {"all": [7]}, {"not": []},
            {"all": [{"any": [{"all": [leaf("title", "eq", "x")]}]}]},
            {"all": [leaf("title", "eq", "x")] * 25},
        ],
    )  # fmt: skip
    def test_what_is_no_tree_is_refused(self, data):
        with pytest.raises(BadInput):
            read_condition(data, NAMES)


class TestPatterns:
    @pytest.mark.parametrize(
        "text", [r"\d{3,4}号", "(东|西|北)门", "路灯.{0,20}不亮", "a*b", "(?:abc){3}", "[东西]+门"]
    )
    def test_harmless_ones_are_taken(self, text):
        assert compile_pattern(text)

    @pytest.mark.parametrize(
        "text",
        ["(a*)*b", "(a|aa)+b", ".*.*=", "a*a*a*b", "(x+x+)+y", r"(.)\1", "(?=a)b", "", "a" * 121, "[", "a{1,9}{1,9}",
         "((a{0,9}){0,9}){0,9}", "(?:a?){30}a{30}", "*"],
    )  # fmt: skip
    def test_those_that_could_run_away_are_refused(self, text):
        with pytest.raises(BadInput):
            compile_pattern(text)

    def test_the_worst_that_is_taken_ends_soon(self):
        assert compile_pattern("a*b").search("a" * 1000) is None


def rule(number, condition, outcome=None, *, priority=10, fails=None, **ids):
    version = RuleVersion(pk=number, rule=Rule(pk=number, code=f"R{number:03d}"), number=1, priority=priority, name="x")
    node = condition if isinstance(condition, Unreadable) else read_condition(condition, NAMES)
    return CompiledRule(version, node, read_outcome(outcome or {"person": "看一看"}), fails=fails, **ids)


def said(matched):
    return (
        matched.item_id, matched.unit_id, matched.force_person, matched.urgency, matched.flags,
        [version.pk for version in matched.rules], [(one.version.pk, one.code) for one in matched.problems],
        matched.facts, matched.by,
    )  # fmt: skip


LIGHT = {"all": [leaf("text", "contains_any", ["路灯"])]}
WATER = {"all": [leaf("text", "contains_any", ["水"])]}


class TestEngine:
    def test_the_first_by_priority_decides_each_kind(self):
        book = RuleBook(
            [
                rule(1, LIGHT, {"item": "T1"}, priority=20, item_id=1),
                rule(2, LIGHT, {"item": "T2"}, priority=10, item_id=2),
                rule(3, LIGHT, {"unit": "u"}, priority=30, unit_id=5),
                rule(4, WATER, {"unit": "v"}, priority=1, unit_id=6),
            ]
        )
        matched = book.match(case(content="路灯不亮"))
        assert (matched.item_id, matched.unit_id, matched.force_person) == (2, 5, None)
        assert [version.pk for version in matched.rules] == [2, 3]
        assert matched.rule.pk == 3

    def test_urgency_rises_and_marks_add_up(self):
        book = RuleBook(
            [
                rule(1, LIGHT, {"urgency": "urgent", "flags": ["sensitive"]}),
                rule(2, LIGHT, {"urgency": "emergency", "flags": ["call_back"]}),
                rule(3, LIGHT, {"urgency": "urgent"}),
            ]
        )
        matched = book.match(case(content="路灯不亮"))
        assert (matched.urgency, matched.flags) == ("emergency", {"sensitive", "call_back"})
        assert [version.pk for version in matched.rules] == [1, 2]

    def test_facts_hold_the_rules_own_words_and_nothing_of_the_citizen(self):
        data = {"all": [leaf("text", "contains_any", ["路灯", "灯杆"]), leaf("content", "regex", r"1\d{10}")]}
        matched = RuleBook([rule(1, data)]).match(case(content="路灯不亮 电话13800138000"))
        assert "路灯" in str(matched.facts)
        assert "13800138000" not in str(matched.facts) + str(matched.reasons())
        assert "灯杆" not in str(matched.facts)

    def test_one_that_cannot_be_read_is_told_with_every_case(self):
        matched = RuleBook([rule(1, Unreadable()), rule(2, LIGHT)]).match(case(content="路灯"))
        assert [(one.version.pk, one.code) for one in matched.problems] == [(1, RuleProblem.BROKEN)]
        assert matched.force_person == "看一看"

    def test_one_that_names_a_closed_unit_fails_for_what_it_matches_only(self):
        book = RuleBook([rule(1, LIGHT, {"unit": "gone"}, fails=RuleProblem.UNIT_CLOSED)])
        assert book.match(case(content="路灯")).problems
        assert not book.match(case(content="水")).problems

    def test_without_a_calendar_only_what_depends_on_it_fails(self, monkeypatch):
        def missing():
            raise MissingCalendarYear(2031)

        monkeypatch.setattr("dispatch.rules.fields.get_calendar", missing)
        data = {"all": [leaf("is_working_day", "eq", False), *LIGHT["all"]]}
        book = RuleBook([rule(1, data)])
        assert [one.code for one in book.match(case(content="路灯")).problems] == [RuleProblem.CALENDAR]
        assert not book.match(case(content="水")).problems

    def test_a_rule_of_a_district_holds_there_only(self):
        district = Area(code="/1/2/", path="/1/2/", level=2)
        condition = in_territory(read_condition(LIGHT, NAMES), district)
        assert holds(condition, content="路灯", area="/1/2/3/")
        assert not holds(condition, content="路灯", area="/1/4/")

    @pytest.mark.parametrize(
        "data",
        [
            None, {}, [], {"unit": ""}, {"unit": 7}, {"colour": "red"}, {"urgency": "normal"}, {"flags": "sensitive"},
            {"flags": [["x"]]}, {"person": "长" * 121}, {"item": "\ud800"}, {"urgency": ["urgent"]},
        ],
    )  # fmt: skip
    def test_an_outcome_that_says_nothing_or_nonsense_is_refused(self, data):
        with pytest.raises(BadInput):
            read_outcome(data)

    def test_an_outcome_is_stored_as_it_was_read(self):
        assert Outcome(item="T1", flags=("secret",)).as_json() == {"item": "T1", "flags": ["secret"]}


texts = st.lists(st.sampled_from([*WORDS, "，", "灯"]), max_size=4).map("".join)
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True)
leaves = st.one_of(
    st.builds(leaf, st.sampled_from(["text", "title", "content"]),
              st.sampled_from(["contains_any", "contains_all", "contains_none"]), words),
    st.builds(leaf, st.sampled_from(["text", "title", "content"]), st.sampled_from(["eq", "ne"]),
              st.sampled_from(WORDS)),
    st.builds(leaf, st.just("content"), st.just("regex"), st.sampled_from(["路.?灯", "^水", "漏{1,2}"])),
    st.builds(leaf, st.just("area"), st.sampled_from(["in_area", "not_in_area"]),
              st.lists(st.sampled_from(PATHS), min_size=1, max_size=2, unique=True)),
    st.builds(leaf, st.just("item"), st.sampled_from(["eq", "ne"]), st.sampled_from(["T1", "T2"])),
    st.builds(leaf, st.just("item"), st.sampled_from(["in", "not_in"]), st.just(["T1", "T2"])),
    st.builds(leaf, st.just("urgency"), st.sampled_from(["in", "not_in"]),
              st.lists(st.sampled_from(FIELDS["urgency"].domain), min_size=1, max_size=2, unique=True)),
    st.builds(leaf, st.just("is_repeat"), st.just("eq"), st.booleans()),
    st.builds(leaf, st.just("hour"), st.just("between"),
              st.tuples(st.integers(0, 23), st.integers(0, 23)).map(lambda pair: sorted(pair))),
    st.builds(leaf, st.just("hour"), st.sampled_from(["eq", "ne"]), st.integers(0, 23)),
    st.builds(leaf, st.just("day"), st.just("between"),
              st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(
                  lambda pair: [day.isoformat() for day in sorted(pair)])),
    st.builds(leaf, st.just("is_working_day"), st.just("eq"), st.booleans()),
    st.builds(leaf, st.just("house_code"), st.sampled_from(["eq", "ne"]), st.sampled_from(["44", "45"])),
    st.builds(leaf, st.just("house_code"), st.just("regex"), st.sampled_from(["^4", "5$"])),
)  # fmt: skip
groups = st.builds(
    lambda mode, parts: {mode: parts}, st.sampled_from(["all", "any"]), st.lists(leaves, min_size=1, max_size=3)
)
conditions = st.builds(
    lambda mode, parts: {mode: parts}, st.sampled_from(["all", "any"]),
    st.lists(st.one_of(leaves, groups), min_size=1, max_size=3),
)  # fmt: skip
cases = st.builds(
    case, title=texts, content=texts, area=st.sampled_from([None, *PATHS]), item_id=st.sampled_from([None, 1, 2]),
    urgency=st.sampled_from(FIELDS["urgency"].domain), is_repeat=st.booleans(),
    house_code=st.sampled_from(["", "44", "45", "55"]),
    registered_at=st.builds(lambda day, hour: datetime(2026, 11, day, hour, 30, tzinfo=SHANGHAI),
                            st.integers(16, 19), st.integers(0, 23)),
)  # fmt: skip


@pytest.fixture
def broken_calendar(monkeypatch):
    """A calendar that knows some days only, so that some conditions cannot be answered."""

    def is_working_day(day):
        if day.day % 2:
            raise MissingCalendarYear(day.year)
        return day.day == 18

    monkeypatch.setattr("dispatch.rules.fields.get_calendar", lambda: SimpleNamespace(is_working_day=is_working_day))


@pytest.mark.usefixtures("broken_calendar")
class TestProperties:
    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(st.tuples(conditions, st.integers(1, 3)), min_size=1, max_size=6),
        st.lists(cases, min_size=1, max_size=5),
    )
    def test_the_index_changes_no_answer(self, given_rules, given_cases):
        outcomes = [{"item": "T1", "urgency": "urgent"}, {"unit": "u"}, {"person": "x", "flags": ["secret"]}]
        book = RuleBook(
            rule(n, condition, outcomes[n % 3], priority=priority, item_id=1, unit_id=2)
            for n, (condition, priority) in enumerate(given_rules, 1)
        )
        for one in given_cases:
            assert said(book.match(one)) == said(book.match_all(one))

    @settings(max_examples=500, deadline=None)
    @given(conditions, conditions, st.lists(cases, min_size=5, max_size=20))
    def test_what_is_proved_holds_for_every_case(self, one, other, given_cases):
        before, after = read_condition(one, NAMES), read_condition(other, NAMES)
        follows, meet = implies(before, after), overlaps(before, after)
        for given_case in given_cases:
            first, second = answer(before, given_case), answer(after, given_case)
            if follows and first:
                assert second
            if not meet:
                assert not (first and second)


def answer(condition, given_case):
    """Return the answer, None where there is none."""
    try:
        return condition.holds(Reading(given_case))
    except MissingCalendarYear:
        return None


class TestLogic:
    @pytest.mark.parametrize(
        "parts",
        [
            [leaf("urgency", "eq", "normal"), leaf("urgency", "eq", "urgent")],
            [leaf("urgency", "not_in", ["normal", "urgent", "emergency"])],
            [leaf("text", "contains_all", ["路灯"]), leaf("text", "contains_none", ["路"])],
            [leaf("title", "contains_any", ["路灯", "路"]), leaf("text", "contains_none", ["路"])],
            [leaf("area", "in_area", ["/1/2/"]), leaf("area", "in_area", ["/1/4/"])],
            [leaf("area", "in_area", ["/1/2/3/"]), leaf("area", "not_in_area", ["/1/2/"])],
            [leaf("hour", "between", [1, 3]), leaf("hour", "between", [5, 9])],
            [leaf("hour", "between", [1, 3]), leaf("hour", "eq", 4)],
            [leaf("day", "between", ["2026-01-01", "2026-01-03"]),
             leaf("day", "between", ["2026-02-01", "2026-02-03"])],
            [leaf("house_code", "eq", "44"), leaf("house_code", "regex", "^5")],
            [leaf("title", "eq", "甲"), leaf("title", "eq", "乙")],
            [leaf("title", "eq", "甲"), leaf("title", "contains_any", ["乙"])],
        ],
    )  # fmt: skip
    def test_what_can_never_hold_is_found(self, parts):
        assert is_impossible(tree(*parts).parts)

    @pytest.mark.parametrize(
        ("narrow", "wide"),
        [
            (leaf("text", "contains_any", ["路灯杆"]), leaf("text", "contains_any", ["路灯", "水"])),
            (leaf("title", "contains_all", ["路灯", "水"]), leaf("text", "contains_any", ["水"])),
            (leaf("text", "contains_all", ["路灯", "水"]), leaf("text", "contains_all", ["路"])),
            (leaf("text", "contains_none", ["路"]), leaf("text", "contains_none", ["路灯"])),
            (leaf("area", "in_area", ["/1/2/3/"]), leaf("area", "in_area", ["/1/2/"])),
            (leaf("area", "in_area", ["/1/4/"]), leaf("area", "not_in_area", ["/1/2/"])),
            (leaf("urgency", "eq", "urgent"), leaf("urgency", "in", ["urgent", "emergency"])),
            (leaf("urgency", "ne", "normal"), leaf("urgency", "in", ["urgent", "emergency"])),
            (leaf("item", "eq", "T1"), leaf("item", "ne", "T2")),
            (leaf("item", "not_in", ["T1", "T2"]), leaf("item", "ne", "T2")),
            (leaf("hour", "between", [3, 5]), leaf("hour", "between", [2, 6])),
            (leaf("day", "eq", "2026-01-02"), leaf("day", "between", ["2026-01-01", "2026-01-03"])),
            (leaf("title", "eq", "路灯不亮"), leaf("title", "contains_any", ["路灯"])),
            (leaf("text", "regex", "路.灯"), leaf("text", "regex", "路.灯")),
        ],
    )
    def test_what_follows_is_found(self, narrow, wide):
        assert implies(tree(narrow), tree(wide))
        assert not implies(tree(leaf("has_caller", "eq", True)), tree(wide))

    def test_a_choice_of_ways_follows_when_every_way_does(self):
        either = tree({"any": [leaf("item", "eq", "T1"), leaf("item", "eq", "T2")]})
        assert implies(either, tree(leaf("item", "in", ["T1", "T2"])))
        assert not implies(either, tree(leaf("item", "eq", "T1")))

    def test_conditions_of_other_fields_are_taken_to_overlap(self):
        assert overlaps(tree(leaf("item", "eq", "T1")), tree(leaf("text", "contains_any", ["水"])))
        assert not overlaps(tree(leaf("item", "eq", "T1")), tree(leaf("item", "eq", "T2")))

    def test_folding_makes_widths_and_cases_alike(self):
        assert fold("ＡＢＣ１２３") == "abc123"
