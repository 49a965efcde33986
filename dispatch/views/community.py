"""The community desk: the unit desk with the counts of the day, the week beside the neighbours, and taking back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from dispatch import selectors, services
from dispatch.selectors.loads import week_start
from grid.access import holding
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused

from .queue import back_to_desk, show_desk

PAGE_SIZE = 25  # so that a page on a slow line stays below 100 kB
WAYS_OUT = ("refuse_entry", "order")  # of what is not the community's: return it, or call who it belongs to


@holding(Act.MANAGE_GRID)
@require_GET
def community(request):
    """Show the queue of a community or subdistrict, what the day holds besides, and how the week goes."""
    now = timezone.now()
    place = selectors.Place(request.user, selectors.get_own_units(request.user), now)
    tabs = selectors.with_reviews(selectors.TABS, selectors.get_reviewing_units(request.user, place.units))
    return show_desk(
        request, place.rows, tabs, title=_("Community desk"), step="", now=now,
        template="dispatch/community.html", size=PAGE_SIZE, tiles=selectors.get_tiles(place),
        phone_bar=selectors.get_phone_bar(request.user),
    )  # fmt: skip


@holding(Act.MANAGE_GRID)
@require_GET
def community_week(request):
    """Show this week of the subdistrict's communities, one's own marked."""
    place = selectors.Place(request.user, selectors.get_own_units(request.user), timezone.now())
    context = {
        "title": _("This week's figures"), "place": place, "weeks": place.week, "now": place.now,
        "monday": week_start(place.now), "phone_bar": selectors.get_phone_bar(request.user),
    }  # fmt: skip
    return render(request, "dispatch/community_week.html", context)


@login_required
@require_GET
def own_list(request, pk: int):
    """Answer what the community's own list says of a work order, quoted, with the ways to give it back."""
    order = selectors.get_work_order(request.user, pk)
    quoted, is_named = selectors.quote_entry(order, timezone.localdate())
    steps = selectors.get_steps(order, Actor.staff(request.user))
    context = {
        "case": order.case, "quoted": quoted, "is_named": is_named, "is_docked": "docked" in request.GET,
        "own_steps": [step for step in steps if step.name in WAYS_OUT and step.permitted and step.allowed],
    }  # fmt: skip
    return render(request, "dispatch/_own_list.html", context)


@holding(Act.HANDLE_CASE)
@require_POST
def undo(request):
    """Take back what was done a moment ago."""
    ids = [int(text) for text in request.POST.getlist("ids") if text.isascii() and text.isdigit() and len(text) < 19]
    try:
        undone = services.take_steps_back(ids, by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return back_to_desk(request)
    text = ngettext("%(count)s step taken back.", "%(count)s steps taken back.", len(undone))
    messages.success(request, text % {"count": len(undone)})
    return back_to_desk(request)
