"""The conditions of a rule, as they are kept with a decision, in words."""

import json

import pytest
from django.utils import translation

from dispatch.rules.wording import describe_facts


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ({"field": "is_repeat", "op": "is", "value": [True], "actual": None}, "Same person again yes"),
        ({"field": "is_repeat", "op": "is", "value": [False], "actual": None}, "Same person again no"),
        ({"field": "long_gone", "op": "is", "value": ["x"], "actual": None}, "long_gone"),
    ],
)
def test_conditions_of_a_decision_in_words(kept, words):
    with translation.override("en"):
        assert describe_facts(json.dumps([kept])) == words


def test_what_cannot_be_read_is_shown_as_it_is():
    assert describe_facts("no list") == "no list"
