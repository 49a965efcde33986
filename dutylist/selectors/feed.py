"""What other systems follow: published changes in the order in which they were written, behind a cursor.

Publishing is serialised by one lock and version ids are handed out inside it, so whoever has read up to one id has
missed nothing: a later batch never gets a lower one. A moment would not do, for it is taken before the lock.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max

from dutylist.content import changes_between, contents_of
from dutylist.models import ItemVersion


@dataclass(frozen=True)
class Change:
    """One published line: the version it made, the one before it, and the names of the fields that differ."""

    version: ItemVersion
    before: ItemVersion | None
    fields: list[str]

    @property
    def kind(self) -> str:
        """Return what the line did to its item."""
        return self.version.line.kind


def newest_change(user, batch_number: str = "") -> int | None:
    """Return the cursor behind everything published (by one batch); None when `user` reads no such batch."""
    versions = ItemVersion.objects.filter(batch__isnull=False).told_to(user)
    if batch_number:
        versions = versions.filter(batch__number=batch_number)
    newest = versions.aggregate(newest=Max("pk"))["newest"]
    return newest if batch_number else newest or 0


def list_changes(user, after: int, size: int) -> tuple[list[Change], bool]:
    """Return up to `size` changes behind the cursor `after`, and whether there are more."""
    versions = ItemVersion.objects.filter(batch__isnull=False, line__isnull=False, pk__gt=after).told_to(user)
    found = list(versions.select_related("item", "batch", "line__before").order_by("pk")[: size + 1])
    return [_change(*one) for one in _with_contents(found[:size])], len(found) > size


def _with_contents(versions: list[ItemVersion]) -> list[tuple]:
    before = {version.pk: version.line.before for version in versions}
    contents = contents_of([*versions, *(one for one in before.values() if one is not None)])
    return [(version, before[version.pk], contents) for version in versions]


def _change(version: ItemVersion, before: ItemVersion | None, contents: dict[int, dict]) -> Change:
    if before is None:
        return Change(version, None, [])
    changed = changes_between(contents[before.pk], contents[version.pk])
    return Change(version, before, [change.name for change in changed])
