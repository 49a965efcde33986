"""The whole list on two days: what was added, changed, given to other units, or ended between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dutylist.content import FieldChange, changes_between, contents_of
from dutylist.models import Item, ItemVersion
from grid.models import Area


class ChangeKind(models.TextChoices):
    """What happened to an item between two days. One item can be both changed and given to other units."""

    ADDED = "added", _("New in force")
    CHANGED = "changed", _("Reads differently")
    REOWNED = "reowned", _("Other responsible units")
    ENDED = "ended", _("No longer in force")


@dataclass(frozen=True)
class ItemChange:
    """One item on two days: the versions in force, None where there was none, and what reads differently."""

    before: ItemVersion | None
    after: ItemVersion | None
    last: ItemVersion  # the one that holds on the later day, be it one that ended the item
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def kinds(self) -> list[ChangeKind]:
        """Return what happened, in the order of ChangeKind; empty when both days read alike."""
        if self.before is None:
            return [ChangeKind.ADDED]
        if self.after is None:
            return [ChangeKind.ENDED]
        names = {change.name for change in self.changes}
        found = [ChangeKind.CHANGED] if names - {"rows"} else []
        return found + ([ChangeKind.REOWNED] if "rows" in names else [])

    @property
    def shown(self) -> ItemVersion:
        """Return the version that gives the item its name."""
        return self.after or self.before or self.last


def compare_days(start: date, end: date, user, owner: Area | None = None) -> dict[int, ItemChange]:
    """Return item id → what happened between `start` and `end`, for the lists `user` reads.

    Only items with a version between the two days are looked at, so the cost follows the changes, not the list.
    """
    since = ItemVersion.objects.open_to(user).filter(effective_from__gt=start, effective_from__lte=end)
    if owner is not None:
        since = since.filter(item__owner_area=owner)
    touched = since.values("item")
    before, after = (_standing(touched, day) for day in (start, end))
    living = {pk: version for pk, version in before.items() if not version.is_retired}
    pairs = [(living.get(pk), version) for pk, version in after.items() if pk in living or not version.is_retired]
    contents = contents_of_pairs([(one, other) for one, other in pairs if one is not None and not other.is_retired])
    found = {}
    for one, other in pairs:
        change = _change(one, other, contents)
        if change.kinds:
            found[other.item_id] = change
    return found


def count_kinds(changes: Iterable[ItemChange]) -> dict[ChangeKind, int]:
    """Return how many items each kind of change concerns."""
    counted = Counter(kind for change in changes for kind in change.kinds)
    return {kind: counted[kind] for kind in ChangeKind}


def list_items(item_ids: Iterable[int], user) -> QuerySet[Item]:
    """Return these items, as far as `user` reads their lists."""
    return Item.objects.open_to(user).filter(pk__in=list(item_ids)).select_related("owner_area")


def _standing(item_ids: QuerySet, day: date) -> dict[int, ItemVersion]:
    versions = ItemVersion.objects.standing(day).filter(item__in=item_ids).select_related("item", "batch")
    return {version.item_id: version for version in versions}


def contents_of_pairs(pairs: list[tuple[ItemVersion, ItemVersion]]) -> dict[int, dict]:
    """Return version id → content of the pairs to compare; rows are read only where they can differ."""
    moved = {version for pair in pairs if pair[0].rows_id != pair[1].rows_id for version in pair}
    rest = {version for pair in pairs for version in pair} - moved
    return contents_of(moved) | contents_of(rest, with_rows=False)


def _change(one: ItemVersion | None, other: ItemVersion, contents: dict[int, dict]) -> ItemChange:
    if one is not None and other.is_retired:
        return ItemChange(one, None, other)
    if one is None:
        return ItemChange(None, other, other)
    return ItemChange(one, other, other, changes_between(contents[one.pk], contents[other.pk]))
