"""Reading for pages and the API, a file for each subject."""

from .areas import area_path, search_areas
from .assist import Assist, assist
from .callers import Caller, caller_history
from .case_more import CaseMore, get_case_more
from .cases import get_attachment, get_case
from .channels import case_of_channel, find_token

__all__ = [
    "Assist",
    "Caller",
    "CaseMore",
    "area_path",
    "assist",
    "caller_history",
    "case_of_channel",
    "find_token",
    "get_attachment",
    "get_case",
    "get_case_more",
    "search_areas",
]
