"""What the duty-list API answers: as a description for the schema, and made by hand, for it is made in bulk."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from rest_framework import serializers

from .choices import LineKind
from .content import FIELDS, Content
from .models import ItemVersion
from .selectors import Change

STATES = ("in_force", "ended")
LONGEST_PAGE = 200


class ListQuery(serializers.Serializer):
    """What a caller may ask of the list."""

    as_of = serializers.DateField(required=False, help_text="The day the list is read as of; today when left out.")
    code = serializers.SlugField(max_length=40, required=False)
    q = serializers.CharField(max_length=80, required=False, help_text="Part of a path, a code, a keyword or a tag.")
    list = serializers.CharField(max_length=20, required=False, help_text="Official code of an area: only its list.")
    updated_since_batch = serializers.CharField(max_length=20, required=False, help_text="Only what changed after it.")
    rows = serializers.BooleanField(required=False, default=False, help_text="true: with the responsible units.")
    cursor = serializers.CharField(max_length=400, required=False)
    limit = serializers.IntegerField(min_value=1, max_value=LONGEST_PAGE, required=False, default=100)


class DayQuery(serializers.Serializer):
    """The day one item is read as of."""

    as_of = serializers.DateField(required=False, help_text="The day the item is read as of; today when left out.")


class FeedQuery(serializers.Serializer):
    """From where on the changes are asked for."""

    since = serializers.CharField(
        max_length=20, required=False, help_text="A cursor, or the number of a batch; left out: from the beginning."
    )
    limit = serializers.IntegerField(min_value=1, max_value=LONGEST_PAGE, required=False, default=LONGEST_PAGE)


class RowSerializer(serializers.Serializer):
    """Who answers in an area: codes of the area and of the units."""

    area = serializers.CharField()
    lead = serializers.CharField()
    co = serializers.ListField(child=serializers.CharField())
    fallback = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class ItemSerializer(serializers.Serializer):
    """One item as it reads on a day."""

    code = serializers.CharField()
    list = serializers.CharField(help_text="Official code of the area whose list the item is on.")
    management_type = serializers.CharField(help_text="A city, B handed down, C the district's own.")
    narrows = serializers.CharField(allow_null=True, help_text="Code of the item that this overlay narrows.")
    state = serializers.ChoiceField(STATES)
    version = serializers.IntegerField()
    effective_from = serializers.DateField()
    batch = serializers.CharField(allow_null=True)
    source = serializers.CharField(help_text="official, sample or legacy; whatever is not official must be labelled.")
    path = serializers.ListField(child=serializers.CharField(), help_text="First level, second level, name.")
    successors = serializers.ListField(child=serializers.CharField())
    content = serializers.DictField(help_text="Every field of the item by its name.")
    rows = RowSerializer(many=True, required=False, help_text="Only for one item, or with rows=true.")


class ItemPageSerializer(serializers.Serializer):
    """A page of the list."""

    as_of = serializers.DateField()
    cursor = serializers.CharField(help_text="Where the changes feed goes on from this state of the list.")
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page.")
    results = ItemSerializer(many=True)


class VersionSerializer(serializers.Serializer):
    """One version of an item, and what it changed."""

    version = serializers.IntegerField()
    effective_from = serializers.DateField()
    published_at = serializers.DateTimeField(allow_null=True)
    batch = serializers.CharField(allow_null=True)
    ended = serializers.BooleanField()
    name = serializers.CharField()
    successors = serializers.ListField(child=serializers.CharField())
    changed_fields = serializers.ListField(child=serializers.CharField())


class ChangeSerializer(serializers.Serializer):
    """One published line."""

    cursor = serializers.CharField()
    batch = serializers.CharField()
    list = serializers.CharField()
    published_at = serializers.DateTimeField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(LineKind.choices)
    before = serializers.IntegerField(allow_null=True, help_text="Number of the version before; null for a new item.")
    after = serializers.IntegerField(help_text="Number of the version that the line made.")
    ended = serializers.BooleanField()
    successors = serializers.ListField(child=serializers.CharField())
    effective_from = serializers.DateField()
    changed_fields = serializers.ListField(child=serializers.CharField())


class ChangePageSerializer(serializers.Serializer):
    """A stretch of the feed."""

    cursor = serializers.CharField(help_text="Ask again with since=<cursor>; the same one while nothing is new.")
    more = serializers.BooleanField()
    results = ChangeSerializer(many=True)


def item_data(version: ItemVersion, content: Content) -> dict:
    """Return what ItemSerializer describes, without rows."""
    return {
        "code": version.item.code,
        "list": version.item.owner_area.code,
        "management_type": version.item.management_type,
        "narrows": version.item.narrows.code if version.item.narrows else None,
        "state": "ended" if version.is_retired else "in_force",
        "version": version.number,
        "effective_from": version.effective_from.isoformat(),
        "batch": version.batch.number if version.batch else None,
        "source": version.source,
        "path": [content["level1"], content["level2"], version.name],
        "successors": version.successors,
        "content": {name: content[name] for name in FIELDS if name != "name"},
    }


def version_data(version: ItemVersion, changed: Iterable[str]) -> dict:
    """Return what VersionSerializer describes."""
    return {
        "version": version.number,
        "effective_from": version.effective_from.isoformat(),
        "published_at": _moment(version),
        "batch": version.batch.number if version.batch else None,
        "ended": version.is_retired,
        "name": version.name,
        "successors": version.successors,
        "changed_fields": list(changed),
    }


def change_data(change: Change) -> dict:
    """Return what ChangeSerializer describes."""
    version = change.version
    return {
        "cursor": cursor_text(version.pk),
        "batch": version.batch.number if version.batch else None,
        "list": version.item.owner_area.code,
        "published_at": _moment(version),
        "code": version.item.code,
        "kind": change.kind,
        "before": change.before.number if change.before else None,
        "after": version.number,
        "ended": version.is_retired,
        "successors": version.successors,
        "effective_from": version.effective_from.isoformat(),
        "changed_fields": change.fields,
    }


def cursor_text(place: int) -> str:
    """Return a place in the feed as callers keep it; unlike any batch number."""
    return f"c{place}"


def _moment(version: ItemVersion) -> str | None:
    moment = version.published_at
    return timezone.localtime(moment).isoformat() if moment else None
