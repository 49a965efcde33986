"""What the navigation is made of: entries in titled groups, and both as the template sees them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise

from grid.choices import Act

SEES = (Act.VIEW_CASE,)
ADMINISTERS = (Act.MANAGE_SYSTEM,)
KEEPS_LIST = (Act.ENTER_DUTY, Act.REVIEW_DUTY, Act.MANAGE_DUTY)
READS_RULES = (Act.EDIT_RULES, Act.PUBLISH_RULES, Act.VIEW_FIGURES)
READS_FIGURES = (Act.VIEW_FIGURES, Act.MANAGE_GRID, Act.SUPERVISE_CASE, Act.INSTRUCT_CASE)


@dataclass(frozen=True)
class Entry:
    """One page. `acts`: any of them opens it; `owns`: further URL names (or `namespace:`) shown as being inside it."""

    title: str | Promise
    view: str
    icon: str
    acts: tuple[str, ...]
    owns: tuple[str, ...] = ()
    superuser: bool = True


@dataclass(frozen=True)
class Group:
    """A titled part of the navigation."""

    title: str | Promise
    entries: tuple[Entry, ...]


@dataclass
class ShownEntry:
    """An entry as the template sees it."""

    title: str
    url: str
    icon: str
    is_current: bool = False


@dataclass
class ShownGroup:
    """A group as the template sees it."""

    title: str
    entries: list[ShownEntry] = field(default_factory=list)
