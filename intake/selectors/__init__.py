"""Reading for pages and the API, a file for each subject."""

from .areas import area_path, search_areas
from .assist import Assist, assist
from .callers import Caller, caller_history
from .case_more import CaseMore, get_case_more
from .cases import get_attachment, get_case
from .channels import case_of_channel, find_token
from .desk import desk_drafts, draft_as_data, get_draft, get_extension, pulse_drafts, standard_texts
from .presence import others_present

__all__ = [
    "Assist",
    "Caller",
    "CaseMore",
    "area_path",
    "assist",
    "caller_history",
    "case_of_channel",
    "desk_drafts",
    "draft_as_data",
    "find_token",
    "get_attachment",
    "get_case",
    "get_case_more",
    "get_draft",
    "get_extension",
    "others_present",
    "pulse_drafts",
    "search_areas",
    "standard_texts",
]
