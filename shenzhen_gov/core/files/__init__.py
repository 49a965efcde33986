"""Uploaded files: what they really are, freed of what they say about the sender, stored by hash, sent to who may look.

`inspect` looks into an upload before any transaction; `all_or_nothing` keeps what was stored only if the work is.
"""

from .kinds import PICTURE_TYPES, PLAYED_TYPES, Family, Unreadable, family_of
from .pictures import clean_picture, location_of
from .sending import send_file
from .storing import Inspected, all_or_nothing, inspect, store_content, store_thumbnail

__all__ = [
    "PICTURE_TYPES",
    "PLAYED_TYPES",
    "Family",
    "Inspected",
    "Unreadable",
    "all_or_nothing",
    "clean_picture",
    "family_of",
    "inspect",
    "location_of",
    "send_file",
    "store_content",
    "store_thumbnail",
]
