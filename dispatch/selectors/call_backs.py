"""The desk of call-backs: who is to be called, and what the caller must know before dialling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.models import CallBack, Report
from dispatch.workflow import CB_WAITING
from intake.models import Case
from intake.selectors.identity import OwnRequest, own_request
from shenzhen_gov.core.lists import Sort

SOONEST = Sort("due", _("Due"), ("due_at", "id"))
LATEST = Sort("ended", _("Latest first"), ("-ended_at", "-id"))
REPORTS_SHOWN = 3


@dataclass(frozen=True)
class CallTab:
    """One tab of the desk."""

    code: str
    label: str | Promise
    sort: Sort
    counted: bool = True


CALL_TABS = (
    CallTab("ready", pgettext_lazy("call-backs", "To be called"), SOONEST),
    CallTab("later", pgettext_lazy("call-backs", "Later"), SOONEST),
    CallTab("ended", pgettext_lazy("call-backs", "Called"), LATEST, counted=False),
)


def get_call_tab(code: str | None) -> CallTab:
    """Return the tab with this code, else the first."""
    return next((tab for tab in CALL_TABS if tab.code == code), CALL_TABS[0])


def find_call_backs(user, tab: CallTab, now: datetime) -> QuerySet[CallBack]:
    """Return the calls of a tab that are `user`'s to make, with what a row shows."""
    rows = CallBack.objects.of_agent(user)
    if tab.code == "ready":
        rows = rows.ready(now)
    elif tab.code == "later":
        rows = rows.filter(state=CB_WAITING, ready_at__gt=now)
    else:
        rows = rows.filter(~Q(state=CB_WAITING))
    return rows.select_related("case__area", "claimed_by", "unit").defer("case__content", "case__legacy")


@dataclass(frozen=True)
class Call:
    """A call somebody has taken: the case, how it was closed, the citizen as far as they are shown."""

    call_back: CallBack
    case: Case
    reports: list[Report]
    tries: list
    is_evaluated: bool
    identity: OwnRequest


def get_call(user, now: datetime) -> Call | None:
    """Return the call that `user` has taken, None when there is none."""
    rows = CallBack.objects.filter(state=CB_WAITING, claimed_by=user, claimed_until__gt=now)
    found = rows.select_related(
        "case__area", "case__citizen", "case__channel", "case__holder", "case__item_version", "unit"
    ).first()
    if found is None:
        return None
    reports = Report.objects.filter(work_order__case=found.case, work_order__round=found.round)
    return Call(
        call_back=found,
        case=found.case,
        reports=list(reports.filter(work_order__parent=None).select_related("work_order__unit").order_by("-pk"))[
            :REPORTS_SHOWN
        ],
        tries=list(found.calls.all()),
        is_evaluated=found.case.evaluations.filter(round=found.round).exists(),
        identity=own_request(user, found.case, now),
    )


def calls_of(case: Case) -> list[CallBack]:
    """Return the calls after each round of a case, oldest first."""
    return list(case.call_backs.select_related("claimed_by").order_by("round"))
