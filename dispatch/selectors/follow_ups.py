"""The desk of cases that a change of the duty list put before a dispatcher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dispatch.choices import FollowState
from dispatch.models import FollowUp
from intake.workflow import OPEN_STATES
from shenzhen_gov.core.lists import Sort


@dataclass(frozen=True)
class FollowUpTab:
    """One tab of the desk: which follow-ups, in which order."""

    code: str
    label: str | Promise
    rows: Callable[[QuerySet[FollowUp]], QuerySet[FollowUp]]
    sort: Sort


LATEST_FIRST = Sort("latest", _("Latest first"), ("-id",))
FOLLOW_UP_TABS = (
    FollowUpTab(
        "asked",
        pgettext_lazy("follow-up", "To be decided"),
        lambda rows: rows.filter(state=FollowState.ASKED, case__state__in=OPEN_STATES),
        Sort("due", _("Deadline"), ("due_at", "id")),
    ),
    FollowUpTab(
        "left",
        pgettext_lazy("follow-up", "Left as they are"),
        lambda rows: rows.filter(state=FollowState.SKIPPED),
        LATEST_FIRST,
    ),
    FollowUpTab("all", pgettext_lazy("follow-up", "All"), lambda rows: rows, LATEST_FIRST),
)


def get_follow_up_tab(code: str | None) -> FollowUpTab:
    """Return the tab with this code, else the first."""
    return next((tab for tab in FOLLOW_UP_TABS if tab.code == code), FOLLOW_UP_TABS[0])


def get_follow_ups(user, tab: FollowUpTab, batch: str = "") -> QuerySet[FollowUp]:
    """Return the follow-ups in sight of a tab with what a row shows; of one batch, where its number is given."""
    rows = tab.rows(FollowUp.objects.visible_to(user))
    if batch:
        rows = rows.filter(line__batch__number=batch)
    return rows.select_related("case__holder", "case__item_version", "area", "line__batch", "line__item").defer(
        "case__content", "case__legacy", "line__after"
    )
