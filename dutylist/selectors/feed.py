"""What other systems follow: published changes in the order in which they were written, behind a cursor.

Publishing is serialised by one lock and version ids are handed out inside it, so whoever has read up to one id has
missed nothing: a later batch never gets a lower one. A moment would not do, for it is taken before the lock.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max

from dutylist.content import changes_between
from dutylist.models import ItemVersion

from .compare import contents_of_pairs


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


def newest_change(caller, batch_number: str = "") -> int | None:
    """Return the place in the feed behind everything published, or behind one batch; None when there is nothing."""
    versions = ItemVersion.objects.filter(batch__isnull=False).told_to(caller)
    if batch_number:
        versions = versions.filter(batch__number=batch_number)
    return versions.aggregate(newest=Max("pk"))["newest"]


def list_changes(caller, after: int, size: int) -> tuple[list[Change], bool]:
    """Return up to `size` changes behind the cursor `after`, and whether there are more."""
    versions = ItemVersion.objects.filter(batch__isnull=False, line__isnull=False, pk__gt=after).told_to(caller)
    found = list(versions.select_related("item__owner_area", "batch", "line__before").order_by("pk")[: size + 1])
    pairs = [(version.line.before, version) for version in found[:size]]
    contents = contents_of_pairs([pair for pair in pairs if pair[0] is not None])
    return [_change(before, version, contents) for before, version in pairs], len(found) > size


def list_versions(code: str, caller) -> list[tuple[ItemVersion, list[str]]]:
    """Return the versions of one item, the newest first, each with the names of the fields it changed."""
    versions = ItemVersion.objects.told_to(caller).filter(item__code=code)
    found = list(versions.select_related("item", "batch").order_by("-number"))
    pairs = list(zip([*found[1:], None], found, strict=True)) if found else []
    contents = contents_of_pairs([pair for pair in pairs if pair[0] is not None])
    return [(version, _change(before, version, contents).fields) for before, version in pairs]


def _change(before: ItemVersion | None, version: ItemVersion, contents: dict[int, dict]) -> Change:
    if before is None or version.is_retired:
        return Change(version, before, [])
    changed = changes_between(contents[before.pk], contents[version.pk])
    return Change(version, before, [change.name for change in changed])
