"""快处快裁: disputes about who is responsible become dockets, argued and ruled on while somebody handles the case."""

from ..hop_guard import TooManyHops
from .arguing import MOST_CITATIONS, Citation, argue
from .opening import after_return, find_interim, open_docket
from .ruling import call_conference, rule_docket, withdraw_docket, withdraw_with_case

__all__ = [
    "MOST_CITATIONS",
    "Citation",
    "TooManyHops",
    "after_return",
    "argue",
    "call_conference",
    "find_interim",
    "open_docket",
    "rule_docket",
    "withdraw_docket",
    "withdraw_with_case",
]
