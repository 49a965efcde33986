"""Figures for big screens and other systems, read only: the catalogue, values, series by day, rankings.

Who calls sees the areas they may open: a key the one it was made for, a member of staff their own territory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grid.models import Area
from shenzhen_gov.core.api import ErrorSerializer, checked
from shenzhen_gov.core.exceptions import BadInput, NotAllowed

from . import serializers as shapes
from .authentication import FeedKeyAuthentication, FeedThrottle
from .choices import Better, Dimension, TableColumns, TableRows
from .models import FiguresState
from .selectors import get_area
from .selectors.crosstab import WITHOUT_UNIT, Asked, Catalogue, make_table
from .selectors.figures import Parts, Period, evaluate, read_days, read_parts, versions_for
from .selectors.levels import home_area
from .selectors.table_choices import codes_of, find_unit

REFUSALS = dict.fromkeys((400, 401, 403, 404, 429), ErrorSerializer)
KINDS = {"areas": TableRows.BELOW, "communities": TableRows.COMMUNITIES, "units": TableRows.UNITS}


class FiguresView(APIView):
    """What every view of this API shares."""

    authentication_classes = [FeedKeyAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = [FeedThrottle]

    def area_of(self, asked: dict) -> Area:
        """Return the area asked for, else the widest that is open to the caller."""
        if asked.get("area"):
            return get_area(self.request.user, asked["area"])
        area = home_area(self.request.user)
        if area is None:
            raise NotAllowed(_("No figures are open to you."))
        return area

    def answer(self, make: Callable[[FiguresState | None], dict | list]):
        """Answer with what `make` returns, or with 304 while the figures are those the caller has already."""
        state = FiguresState.objects.first()
        at = state.refreshed_at if state else None
        seconds = int(at.timestamp()) if at else None
        given = (at, self.request.user.pk, self.request.get_full_path(), get_language())
        tag = f'W/"{hashlib.sha256(repr(given).encode()).hexdigest()[:32]}"'
        unchanged = get_conditional_response(self.request._request, etag=tag, last_modified=seconds)
        response = Response(make(state)) if unchanged is None else unchanged
        response["ETag"] = tag
        response["Cache-Control"] = "private, max-age=30"
        if seconds is not None:
            response["Last-Modified"] = http_date(seconds)
        return response


class IndicatorsView(FiguresView):
    """The catalogue."""

    @extend_schema(
        operation_id="list_indicators",
        parameters=[shapes.DayQuery],
        responses={200: shapes.IndicatorSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """Return the indicators as they are defined on a day."""
        self.area_of({})
        on = checked(shapes.DayQuery, self.request.query_params).get("on") or timezone.localdate()
        return self.answer(lambda _state: [shapes.indicator_data(*one) for one in versions_for(on).items()])


class ValuesView(FiguresView):
    """The values of a time."""

    @extend_schema(
        operation_id="get_values", parameters=[shapes.ValuesQuery], responses={200: shapes.ValuesSerializer, **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        """Return each indicator of an area or a unit over a time, on request beside 环比 and 同比."""
        asked = checked(shapes.ValuesQuery, self.request.query_params)
        place = Where(self.area_of(asked), asked)
        return self.answer(lambda state: place.told(state) | {"results": place.values(compare=asked["compare"])})


class SeriesView(FiguresView):
    """Day by day."""

    @extend_schema(
        operation_id="get_series", parameters=[shapes.SeriesQuery], responses={200: shapes.SeriesSerializer, **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        """Return the indicators of an area or a unit for each day of a time."""
        asked = checked(shapes.SeriesQuery, self.request.query_params)
        place = Where(self.area_of(asked), asked)
        return self.answer(lambda state: place.told(state) | {"results": place.series()})


class RankingView(FiguresView):
    """One indicator, place by place."""

    @extend_schema(
        operation_id="get_ranking",
        parameters=[shapes.RankingQuery],
        responses={200: shapes.RankingSerializer, **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """Return the areas or units below an area in the order of one indicator."""
        asked = checked(shapes.RankingQuery, self.request.query_params)
        area = self.area_of(asked)
        return self.answer(lambda state: Where(area, asked).told(state) | ranking(area, asked, request.user))


class Where:
    """A place and a time, and what was posted there."""

    def __init__(self, area: Area, asked: dict):
        self.area, self.unit = area, None
        self.period = Period(asked["first"], asked["last"])
        if asked.get("unit"):
            self.unit = find_unit(area, asked["unit"])
            if self.unit is None:
                raise BadInput(_("There is no such unit in the area."), field="unit")
        chosen = asked.get("indicators") or tuple(versions_for(self.period.last))
        self.catalogue = Catalogue(chosen if "indicator" not in asked else [asked["indicator"]])

    @property
    def scope(self) -> tuple[Dimension, int]:
        """Return which roll-up is read, and of what."""
        return (Dimension.UNIT, self.unit.pk) if self.unit else (Dimension.AREA, self.area.pk)

    def told(self, state: FiguresState | None) -> dict:
        """Return what PlaceSerializer describes."""
        return {
            "area": self.area.code,
            "unit": self.unit.code if self.unit else None,
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            "refreshed_at": state.refreshed_at.isoformat() if state and state.refreshed_at else None,
        }

    def values(self, *, compare: bool) -> list[dict]:
        """Return the values, on request beside those before, all by the definitions of the last day."""
        versions = self._versions()
        now = self._evaluated(versions, self.period)
        found = [shapes.value_data(code, value) for code, value in now.items()]
        if compare:
            before = self._evaluated(versions, self.period.before)
            year_before = self._evaluated(versions, self.period.year_before)
            for one in found:
                one["before"] = shapes.rounded(before[one["code"]])
                one["year_before"] = shapes.rounded(year_before[one["code"]])
        return found

    def series(self) -> list[dict]:
        """Return the values of each day."""
        dimension, scope = self.scope
        codes = self.catalogue.parts()
        every = read_days(dimension, scope, self.period, codes)
        ranked = read_days(dimension, scope, self.period, codes, ranked_only=True)
        nothing = dict.fromkeys(codes, 0)
        found = []
        for day in shapes.days_between(self.period.first, self.period.last):
            parts = Parts(every.get(day, nothing), ranked.get(day, nothing))
            values = self._open(self.catalogue.values(parts, day))
            rounded = {code: shapes.rounded(one) for code, one in values.items()}
            found.append({"day": day.isoformat(), "values": rounded})
        return found

    def _versions(self) -> dict:
        return self.catalogue.in_force(self.period.last)

    def _evaluated(self, versions: dict, period: Period) -> dict:
        dimension, scope = self.scope
        found = evaluate(versions, read_parts(dimension, [scope], period)[scope])
        return self._open({code: found[code] for code in self.catalogue.chosen if code in found})

    def _open(self, values: dict) -> dict:
        """Leave out, of a unit, what is not counted for units."""
        if self.unit is None:
            return values
        return {
            code: value
            for code, value in values.items()
            if not WITHOUT_UNIT.intersection((*value.version.numerator, *value.version.denominator))
        }


def ranking(area: Area, asked: dict, caller) -> dict:
    """Return what RankingSerializer describes, without place and time."""
    code = asked["indicator"]
    catalogue = Catalogue([code])
    version = catalogue.in_force(asked["last"]).get(code)
    sort = code if version is not None and version.better == Better.LOWER else f"-{code}"
    table = make_table(
        Asked(
            KINDS[asked["of"]], TableColumns.SUM, (code,), area, Period(asked["first"], asked["last"]),
            asked.get("kind", ""), asked["minimum"], sort,
        ),
        caller,
        limit=asked["limit"],
    )  # fmt: skip
    codes = codes_of(KINDS[asked["of"]], [line.key for line in table.lines])
    results = []
    for number, line in enumerate(table.lines, 1):
        value = line.values.get(code)
        told = shapes.value_data(code, value) if value else {"value": None, "numerator": 0, "denominator": 0}
        results.append(
            {"rank": None if told["value"] is None else number, "code": codes[line.key], "name": line.name}
            | {name: told[name] for name in ("value", "numerator", "denominator")}
        )
    whole = table.total.values.get(code)
    return {"indicator": code, "whole": shapes.value_data(code, whole) if whole else None, "results": results}
