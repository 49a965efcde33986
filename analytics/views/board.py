"""态势, the situation board, and its big-screen mode: every figure leads to its meaning and to its cases."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics import selectors
from analytics.choices import READERS
from analytics.forms.board import PERIODS, BoardForm, TimeForm
from analytics.selectors import hot
from analytics.selectors.board import Scope, Span
from analytics.selectors.figures import Period
from analytics.selectors.situation import get_situation
from dispatch.selectors import loads
from grid.access import grants_of
from grid.models import Area

from .board_ranking import level_asked, level_links, ranking
from .board_shown import board_context
from .readers import to_unit_board
from .wall_map import map_of


@login_required
@require_GET
def start(request):
    """Lead to the widest area whose figures one reads."""
    area = selectors.home_area(request.user)
    if area is None:
        return to_unit_board(request.user)
    return redirect("analytics:board", area.code)


@login_required
@require_GET
def board(request, code: str):
    """Show the board of one area. A filter that is not understood is named; the running month is shown."""
    area = selectors.get_area(request.user, code)
    now = timezone.now()
    form = BoardForm(request.GET, area=area, today=timezone.localdate(now))
    scope, span = form.read()
    level = level_asked(request.GET.get("rank", ""), scope)
    situation = get_situation(scope, span, level)
    context = board_context(situation) | {
        "title": _("Situation: %(area)s") % {"area": area.name},
        "parents": _parents(request.user, area),
        "form": form,
        "periods": named_periods(request, form),
        "asked": _asked(request),
        "ranking": ranking(situation.board, request.GET.get("sort", ""), _asked(request)),
        "rank_levels": level_links(_asked(request), scope, level),
        "overdue": hot.list_overdue(request.user, area, now),
        "overdue_address": f"{reverse('dispatch:cases')}?{urlencode({'figure': loads.OVERDUE, 'within': area.code})}",
        "warnings": hot.open_warnings(request.user, area),
        "themes": hot.running_themes(request.user, area),
        "radar": selectors.count_by_kind(request.user),
        "may_radar": bool(grants_of(request.user).acts().intersection(READERS)),
        "now": now,
    }
    return render(request, "analytics/board.html", context, status=200 if form.is_valid() else 400)


@login_required
@require_GET
def screen(request, code: str):
    """Show the board on a wall: large, dark, refreshed every minute by itself, without personal data."""
    area = selectors.get_area(request.user, code)
    now = timezone.now()
    today = timezone.localdate(now)
    situation = get_situation(Scope(area), Span(Period(today.replace(day=1), today), today))
    context = (
        board_context(situation)
        | {
            "title": _("Situation: %(area)s") % {"area": area.name},
            "shell": {},  # no navigation on a wall
            "map": map_of(situation.board),
            "top": ranking(situation.board, "", {})["lines"][:10],
            "live": hot.list_overdue(request.user, area, now, limit=1).count,
        }
    )
    return render(request, "analytics/screen.html", context)


def _parents(user, area: Area) -> list[tuple[str, str]]:
    """Return the areas around that the user may open, widest first."""
    around = Area.objects.visible_to(user).containing(area).exclude(pk=area.pk)
    return [(one.name, reverse("analytics:board", args=[one.code])) for one in around if selectors.may_open(user, one)]


def _asked(request) -> dict[str, str]:
    """Return the filters of the address, to be kept in links of the page."""
    names = ("period", "month", "first", "last", "item", "channel", "rank", "all")
    return {name: value for name in names if (value := request.GET.get(name))}


def named_periods(request, form: TimeForm) -> list[dict]:
    """Return the named times as links; item and channel stay."""
    kept = {name: value for name, value in _asked(request).items() if name in ("item", "channel", "rank")}
    given = request.GET.get("period", "") if form.is_valid() else ""
    plain = not any(request.GET.get(name) for name in ("month", "first", "last"))
    return [
        {
            "label": label,
            "href": "?" + urlencode({"period": name, **kept}),
            "is_current": plain and name == (given or PERIODS[0][0]),
        }
        for name, label in PERIODS
    ]
