"""The side navigation: which pages exist, and for whom. An entry whose address does not resolve is not shown.

A group of entries is a module here; a new page is a row in the one where people look for it.
"""

from __future__ import annotations

from grid.access import grants_of
from shenzhen_gov.core.addresses import address_or_none

from .administration import ADMINISTRATION
from .entries import Entry, ShownEntry, ShownGroup
from .figures import FIGURES
from .reference import REFERENCE
from .work import WORK

GROUPS = (WORK, FIGURES, REFERENCE, ADMINISTRATION)


def navigation_of(request) -> list[ShownGroup]:
    """Return what the signed-in user is offered, the current page marked; empty for anybody else."""
    user = request.user
    if not user.is_authenticated:
        return []
    acts = grants_of(user).acts()
    shown = []
    for group in GROUPS:
        entries = [
            ShownEntry(str(entry.title), address, entry.icon, _is_current(entry, address, request))
            for entry in group.entries
            if (address := address_or_none(entry.view)) and _is_offered(entry, user, acts)
        ]
        if entries:
            shown.append(ShownGroup(str(group.title), entries))
    return shown


def _is_offered(entry: Entry, user, acts: set[str]) -> bool:
    if user.is_superuser and entry.superuser:
        return True
    return bool(acts.intersection(entry.acts))


def _is_current(entry: Entry, address: str, request) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    if entry.view.startswith("admin:"):
        return request.path == address if entry.view == "admin:index" else request.path.startswith(address)
    return match.view_name == entry.view or match.view_name in entry.owns
