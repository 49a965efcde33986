"""Patterns that cannot run away: length-capped, and refused when matching could take too many steps.

Python's matcher backtracks. What it may try is bounded by the product of the ways in which each repetition can end, so
that product is computed from the parsed pattern and capped; a repetition inside a repetition is refused outright.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]

from django.utils.translation import gettext as _

from shenzhen_gov.core.exceptions import BadInput

from .fields import REGEX_TEXT

LONGEST = 120  # characters of a pattern
STEPS = 2_000_000  # ways to match over the whole text; some 20 ms at the worst
REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}
REFUSED = {
    _constants.GROUPREF: "\\1",
    _constants.GROUPREF_EXISTS: "(?(1)…)",
    _constants.ASSERT: "(?=…)",
    _constants.ASSERT_NOT: "(?!…)",
}


@lru_cache(maxsize=2048)
def compile_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern, ready to search folded text; raises BadInput saying what is wrong with it."""
    if not text or len(text) > LONGEST:
        raise BadInput(_("A pattern has 1 to %(count)s characters.") % {"count": LONGEST})
    try:
        parsed = _parser.parse(text, re.IGNORECASE)
        ways = _ways(parsed, False)
        if ways * REGEX_TEXT > STEPS:
            raise BadInput(_("This pattern could take too long. Write {0,20} instead of * or +."))
        return re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadInput(_("This is no pattern: %(why)s") % {"why": error}) from error


def _ways(parsed, is_repeated: bool) -> int:
    """Return in how many ways a part can match at one place."""
    ways = 1
    for code, given in parsed:
        if code in REFUSED:
            raise BadInput(_("%(what)s is not possible in a pattern here.") % {"what": REFUSED[code]})
        ways *= _ways_of(code, given, is_repeated)
        if ways * REGEX_TEXT > STEPS:
            return ways
    return ways


def _ways_of(code, given, is_repeated: bool) -> int:
    if code in REPEATS:
        low, high, inner = given
        if is_repeated and low != high:
            raise BadInput(_("A repetition inside a repetition is not possible in a pattern here."))
        _ways(inner, is_repeated or high > 1)
        return min(high, REGEX_TEXT) - min(low, REGEX_TEXT) + 1
    if code is _constants.BRANCH:
        if is_repeated:
            raise BadInput(_("A choice inside a repetition is not possible in a pattern here."))
        return sum(_ways(branch, is_repeated) for branch in given[1])
    if code is _constants.SUBPATTERN:
        return _ways(given[-1], is_repeated)
    return _ways(given, is_repeated) if code is _constants.ATOMIC_GROUP else 1
