"""The duty list for other systems, read only: the list as of a day, one item in time, the feed of changes.

Who may call is settled by the settings (session of a member of staff, or a key): this app knows neither.
"""

from __future__ import annotations

import re

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grid.access import grants_of
from grid.models import Staff
from shenzhen_gov.core.api import ErrorSerializer, checked
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.lists import Sort, page_of

from . import selectors
from .content import contents_of
from .serializers import (
    ChangePageSerializer,
    DayQuery,
    FeedQuery,
    ItemPageSerializer,
    ItemSerializer,
    ListQuery,
    VersionSerializer,
    change_data,
    cursor_text,
    item_data,
    version_data,
)

REFUSALS = dict.fromkeys((400, 401, 403, 404, 429), ErrorSerializer)
BY_CODE = Sort("code", _("By code"), ("item__code", "id"))
CURSOR = re.compile(r"c(\d{1,18})")


class HoldsAnyRole(IsAuthenticated):
    """Lets keys in, and staff with any role: those who may open the pages of the list."""

    def has_permission(self, request, view) -> bool:
        """Whether the caller is known, and is no member of staff without a role."""
        user = request.user
        if not super().has_permission(request, view):
            return False
        return not isinstance(user, Staff) or user.is_superuser or bool(grants_of(user).rows)


class DutyView(APIView):
    """What every view of this API shares."""

    permission_classes = [HoldsAnyRole]

    def place_of(self, number: str, field: str) -> int:
        """Return the place in the feed behind a batch. Raises BadInput when the caller knows no such batch."""
        place = selectors.newest_change(self.request.user, number)
        if place is None:
            raise BadInput(_("There is no published batch %(number)s.") % {"number": number}, field=field)
        return place


class ItemsView(DutyView):
    """The list as of a day."""

    @extend_schema(
        operation_id="list_duty_items", parameters=[ListQuery], responses={200: ItemPageSerializer, **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        """Return a page of the items in force on a day, in the order of their codes."""
        asked = checked(ListQuery, self.request.query_params)
        on = asked.get("as_of") or timezone.localdate()
        since = asked.get("updated_since_batch")
        place = (
            selectors.newest_change(request.user) or 0
        )  # before the list is read: the feed repeats rather than omits
        found = selectors.list_told(
            request.user, on, code=asked.get("code", ""), q=asked.get("q", ""), owner=asked.get("list", ""),
            after=self.place_of(since, "updated_since_batch") if since else None,
        )  # fmt: skip
        page = page_of(found, BY_CODE, asked["limit"], asked.get("cursor"))
        return Response(
            {
                "as_of": on.isoformat(),
                "cursor": cursor_text(place),
                "next": page.next,
                "results": _items(page.rows, request.user, with_rows=asked["rows"]),
            }
        )


class ItemView(DutyView):
    """One item as of a day."""

    @extend_schema(operation_id="get_duty_item", parameters=[DayQuery], responses={200: ItemSerializer, **REFUSALS})
    def get(self, request: Request, code: str) -> Response:
        """Return how the item reads on a day, with its responsible units; an item that has ended says so."""
        on = checked(DayQuery, self.request.query_params).get("as_of") or timezone.localdate()
        version = selectors.get_told(code, request.user, on)
        if version is None:
            raise Http404(_("There is no duty item %(code)s.") % {"code": code})
        return Response(_items([version], request.user, with_rows=True)[0])


class VersionsView(DutyView):
    """One item through time."""

    @extend_schema(operation_id="list_duty_item_versions", responses={200: VersionSerializer(many=True), **REFUSALS})
    def get(self, request: Request, code: str) -> Response:
        """Return the versions of the item, the newest first, each with the fields it changed."""
        versions = selectors.list_versions(code, request.user)
        if not versions:
            raise Http404(_("There is no duty item %(code)s.") % {"code": code})
        return Response([version_data(*one) for one in versions])


class ChangesView(DutyView):
    """The feed."""

    @extend_schema(
        operation_id="list_duty_changes", parameters=[FeedQuery], responses={200: ChangePageSerializer, **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        """Return the published lines behind a cursor or a batch, in the order in which they were published."""
        asked = checked(FeedQuery, self.request.query_params)
        place = self._place(asked.get("since", ""))
        changes, more = selectors.list_changes(request.user, place, asked["limit"])
        results = [change_data(change) for change in changes]
        cursor = results[-1]["cursor"] if results else cursor_text(place)
        return Response({"cursor": cursor, "more": more, "results": results})

    def _place(self, since: str) -> int:
        if not since:
            return 0
        cursor = CURSOR.fullmatch(since)
        return int(cursor.group(1)) if cursor else self.place_of(since, "since")


def _items(versions: list, caller, *, with_rows: bool) -> list[dict]:
    """Return the versions as data, their responsible units only where asked for."""
    contents = contents_of(versions, with_rows=False)
    found = [item_data(version, contents[version.pk]) for version in versions]
    if with_rows:
        rows = selectors.rows_told(versions, caller)
        for version, data in zip(versions, found, strict=True):
            data["rows"] = rows[version.pk]
    return found
