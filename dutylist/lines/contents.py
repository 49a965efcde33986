"""How an item shall read: the changes of a line, each checked, laid over what holds today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dutylist.cleaning import clean_value, reason_of
from dutylist.content import FIELDS, Content, path_text
from dutylist.models import CatalogueEntry, ItemVersion

Say = Callable[[str, str], None]  # takes the field at fault and what is wrong with it
PATH_LIMIT = ItemVersion._meta.get_field("path_text").max_length or 0
LIMITS = ("limit_normal", "limit_urgent", "limit_very_urgent")
_COLUMNS = dict.fromkeys(("level1", "level2"), CatalogueEntry._meta.get_field("name")) | FIELDS


def laid_over(start: Content, changes: Mapping[str, Any], say: Say) -> Content:
    """Return `start` with the changes, all but `rows`; what is wrong is said and stays as it was."""
    content = dict(start)
    for name, value in changes.items():
        if name in _COLUMNS:
            content[name] = _value(name, value, start[name], say)
        elif name != "rows":
            say(str(name), _("There is no such field."))
    if not content["name"]:
        say("name", _("The name is missing."))
    if len(path_text(content)) > PATH_LIMIT:
        say("name", _("The path has more than %(limit)s characters.") % {"limit": PATH_LIMIT})
    _check_limits(content, say)
    return content


def _value(name: str, value: Any, otherwise: Any, say: Say) -> Any:
    if name in {"level1", "level2"} and not value:
        return ""
    try:
        return clean_value(_COLUMNS[name], value)
    except ValidationError as error:
        say(name, reason_of(error))
        return otherwise


def _check_limits(content: Content, say: Say) -> None:
    """The more urgent, the shorter; and none is nothing."""
    shortest = None
    for name in LIMITS:
        limit = content[name]
        if limit is None:
            continue
        if limit == 0:
            say(name, _("A limit is at least 1."))
        if content[LIMITS[0]] is None:
            say(name, _("There is no ordinary limit that it shortens."))
        elif shortest is not None and limit > shortest:
            say(name, _("The more urgent, the shorter: at most %(limit)s.") % {"limit": shortest})
        shortest = limit
