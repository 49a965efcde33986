"""Reading for pages and the API, a file for each subject."""

from intake.suggestion import suggest_for_many, suggest_items
from intake.suggestion.hints import find_risks, find_veto

from .areas import area_path, search_areas
from .assist import Assist, assist
from .attachments import get_attachment, place_of_photo
from .callers import Caller, caller_history
from .case_more import CaseMore, get_case_more
from .cases import get_case, text_without_persons
from .channels import case_of_channel, cases_of_channel, find_token
from .desk import (
    desk_drafts,
    draft_as_data,
    get_draft,
    get_extension,
    pulse_drafts,
    standard_texts,
    while_typing,
)
from .identity import identity_requests, own_request
from .knowledge import FoundArticle, search_articles
from .links import Linked, get_links, is_linked_by, is_secondary
from .presence import others_present
from .refusals import list_reasons
from .retention import RetentionPage, retention_page
from .search import Search, find_cases, get_by_number
from .similar import SimilarCase, find_similar, find_similar_to, similarity_of
from .stages import Stage, case_stages, stages_of

__all__ = [
    "RetentionPage",
    "retention_page",
    "identity_requests",
    "own_request",
    "FoundArticle",
    "list_reasons",
    "search_articles",
    "Stage",
    "Assist",
    "Caller",
    "CaseMore",
    "Linked",
    "Search",
    "SimilarCase",
    "area_path",
    "assist",
    "caller_history",
    "case_of_channel",
    "case_stages",
    "cases_of_channel",
    "desk_drafts",
    "draft_as_data",
    "find_cases",
    "find_similar",
    "find_similar_to",
    "find_risks",
    "find_veto",
    "find_token",
    "get_attachment",
    "get_by_number",
    "get_case",
    "get_case_more",
    "get_draft",
    "get_extension",
    "get_links",
    "is_linked_by",
    "is_secondary",
    "similarity_of",
    "others_present",
    "place_of_photo",
    "pulse_drafts",
    "search_areas",
    "stages_of",
    "suggest_for_many",
    "text_without_persons",
    "suggest_items",
    "standard_texts",
    "while_typing",
]
