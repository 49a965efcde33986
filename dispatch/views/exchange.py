"""What other platforms have not taken: the list, one message, and sending again. For administrators."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dispatch import selectors, services
from dispatch.choices import ExchangeKind, ExchangeState
from dispatch.filters import ExchangeFilters
from dispatch.tables import STATE_TONES, ExchangeTable
from grid.access import require_any
from grid.choices import Act
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.lists import ListPage, Sort


def _require_administrator(user) -> None:
    require_any(user, Act.MANAGE_SYSTEM, or_superuser=True)


class ExchangeList(ListPage):
    """Messages to other platforms that wait, are stuck, or were refused."""

    title = gettext_lazy("District exchange")
    filterset_class = ExchangeFilters
    table_class = ExchangeTable
    sorts = (
        Sort("newest", gettext_lazy("Newest first"), ("-id",), column="created_at"),
        Sort("oldest", gettext_lazy("Oldest first"), ("id",), column="created_at"),
    )
    template_name = "dispatch/exchange.html"
    row_css = "two"
    export_name = "exchange"
    empty_text = gettext_lazy("Every message has arrived")
    empty_hint = gettext_lazy("What another platform does not take, or refuses, appears here.")
    empty_icon = "okc"

    def check_access(self) -> None:
        """For administrators; they see the platforms of their territory."""
        _require_administrator(self.request.user)

    def get_queryset(self):
        """Return what is not taken yet."""
        return selectors.get_open_messages(self.request.user)

    def get_context(self, **context) -> dict:
        """Show the platforms above the list."""
        return context | {"peers": selectors.get_peers(self.request.user)}


@login_required
@require_http_methods(["GET", "POST"])
def message(request, pk: int):
    """Show one message without its content; POST sends it again (`do` retry) or gives it up (`do` drop)."""
    _require_administrator(request.user)
    found = selectors.get_message(request.user, pk)
    if request.method == "POST":
        return _mend(request, found)
    context = {
        "title": _("Message %(seq)s of %(number)s") % {"seq": found.seq, "number": found.exchange_case.number},
        "message": found,
        "kind": ExchangeKind(found.kind).label,
        "tone": STATE_TONES.get(ExchangeState(found.state), ""),
        "may_retry": found.state in selectors.OPEN_MESSAGES,
        "may_drop": found.state in (ExchangeState.WAITING, ExchangeState.STUCK),
    }
    return render(request, "dispatch/exchange_message.html", context)


@login_required
@require_POST
def retry_peer(request, pk: int):
    """Send everything of one platform that is stuck again."""
    count = services.retry_peer(pk, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("%(count)s messages are sent again.") % {"count": count})
    return redirect("dispatch:exchange")


def _mend(request, found):
    by, now = Actor.staff(request.user), timezone.now()
    try:
        if request.POST.get("do") == "drop":
            services.drop_message(found.pk, note=request.POST.get("note", ""), by=by, now=now)
            messages.success(request, _("The message is given up; those behind it go on."))
        else:
            services.retry_message(found.pk, by=by, now=now)
            messages.success(request, _("The message is sent again within a minute."))
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("dispatch:exchange_message", pk=found.pk)
    return redirect("dispatch:exchange")
