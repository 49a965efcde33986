"""Weights over back-offs: hand-made cases, in time order, and what was not known yet is not used."""

from datetime import datetime, timedelta

import pytest

from dispatch.legacy.fading import Fading
from dispatch.legacy.history import Past, Role
from dispatch.legacy.weighed import LEAST_LESSONS, Weighed
from shenzhen_gov.core.worktime import SHANGHAI

MOMENT = datetime(2018, 9, 1, 12, tzinfo=SHANGHAI)
ROLES = {100: Role("bureau", None), 200: Role("team", None)}


def past(number: int, unit: int = 100, item: int = 1) -> Past:
    """Return a case, one an hour."""
    return Past(number, MOMENT + timedelta(hours=number), item, "main", "top", 5, 6, unit, str(unit), 7)


def learned(cases) -> Weighed:
    """Return a model that learned the cases one after another."""
    model = Weighed(lambda case: case.unit, ROLES)
    for case in cases:
        model.learn(case)
    return model


class TestWeighed:
    def test_knows_nothing_before_it_learned(self):
        assert learned([]).rank(past(1)) == []

    def test_is_the_plain_average_while_there_are_few_lessons(self):
        model = learned(past(n, 100 if n % 3 else 200) for n in range(20))
        assert model.rank(past(30)) == model.chains.rank(past(30))

    def test_is_the_plain_average_while_all_lessons_are_alike(self):
        model = learned(past(n) for n in range(LEAST_LESSONS + 5))
        model.outcomes = [True] * len(model.outcomes)
        assert model.rank(past(400)) == model.chains.rank(past(400))
        assert model.weights is None

    def test_gives_probabilities_once_it_has_weights(self):
        model = learned(past(n, 100 if n % 3 else 200) for n in range(LEAST_LESSONS + 5))
        ranked = model.rank(past(400))
        assert model.weights is not None
        assert sum(share for _unit, share in ranked) == pytest.approx(1)
        assert ranked[0][1] >= ranked[-1][1]

    def test_keeps_its_weights_for_a_week(self):
        model = learned(past(n, 100 if n % 3 else 200) for n in range(LEAST_LESSONS + 5))
        model.rank(past(400))
        first = model.weights
        model.rank(past(400 + 24 * 6))
        assert model.weights is first
        model.rank(past(400 + 24 * 8))
        assert model.weights is not first

    def test_teaches_with_the_figures_of_the_moment_a_case_was_looked_at(self):
        model = learned(past(n, 100 if n % 3 else 200) for n in range(20))
        _units, then = model.look(past(30))
        model.learn(past(29))
        model.learn(past(30))
        assert (model.figures[-1] == then).all()
        assert model.open == {}


class TestFading:
    def test_halves_with_each_half_life(self):
        fading = Fading(timedelta(hours=5))
        fading.add("cell", "team", MOMENT)
        assert fading.at("cell", MOMENT + timedelta(hours=10)) == pytest.approx({"team": 0.25})

    def test_forgets_in_the_end_and_knows_no_other_cell(self):
        fading = Fading(timedelta(hours=5))
        fading.add("cell", "team", MOMENT)
        assert fading.at("cell", MOMENT + timedelta(days=30)) == {}
        assert fading.at("other", MOMENT) == {}
