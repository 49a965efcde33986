"""The desk of doubted closings: the reasons with their evidence, side by side with what was reported."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from dispatch.choices import DoubtKind
from dispatch.models import CallBack, ClosureCheck, Report
from dispatch.workflow import CHECK_OPEN, CLOSURE_CHECK
from grid.access import why_not
from intake.models import Case
from intake.selectors.similar import reason_words
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.lists import Sort

SOONEST = Sort("due", gettext_lazy("Deadline"), ("due_at", "id"))
LATEST = Sort("decided", gettext_lazy("Latest first"), ("-decided_at", "-id"))


@dataclass(frozen=True)
class CheckTab:
    """One tab of the desk."""

    code: str
    label: str | Promise
    where: Q
    sort: Sort
    counted: bool = True


CHECK_TABS = (
    CheckTab("open", pgettext_lazy("checks", "To be decided"), Q(state=CHECK_OPEN), SOONEST),
    CheckTab("decided", pgettext_lazy("checks", "Decided"), ~Q(state=CHECK_OPEN), LATEST, counted=False),
)


@dataclass(frozen=True)
class Doubt:
    """One reason of a check as it is read: the word, what speaks for it, and the other case where there is one."""

    kind: DoubtKind
    words: list[str]
    case: Case | None = None
    text: str = ""


@dataclass(frozen=True)
class CheckPage:
    """A check with its evidence; `may_decide` whether this person does."""

    check: ClosureCheck
    doubts: list[Doubt]
    report: Report | None
    may_decide: bool


def get_check_tab(code: str | None) -> CheckTab:
    """Return the tab with this code, else the first."""
    return next((tab for tab in CHECK_TABS if tab.code == code), CHECK_TABS[0])


def find_checks(user, tab: CheckTab) -> QuerySet[ClosureCheck]:
    """Return the checks of a tab that `user` decides, with what a row shows."""
    rows = ClosureCheck.objects.decided_by_units_of(user).filter(tab.where)
    return rows.select_related("case__area", "unit", "deciding_unit").defer("case__legacy")


def get_check_page(user, check: ClosureCheck) -> CheckPage:
    """Return a check that `user` was found to see, with the evidence of each reason."""
    reports = Report.objects.filter(work_order__case=check.case_id, work_order__round=check.round)
    acts = CLOSURE_CHECK.moves["confirm"].acts
    return CheckPage(
        check=check,
        doubts=explain_doubts(user, check),
        report=reports.filter(work_order__parent=None).select_related("work_order__unit").order_by("-pk").first(),
        may_decide=check.state == CHECK_OPEN and why_not(Actor.staff(user), acts, check.deciding_unit) is None,
    )


def checks_of(case: Case) -> list[ClosureCheck]:
    """Return the checks of a case's closings, oldest first."""
    return list(case.closure_checks.select_related("unit", "deciding_unit").order_by("pk"))


def explain_doubts(user, check: ClosureCheck) -> list[Doubt]:
    """Return the reasons of a check in words; other cases only where `user` sees them."""
    facts = [reason["facts"] for reason in check.reasons]
    numbers = [one["case"] for one in facts if one.get("case")]
    seen = {case.number: case for case in Case.objects.visible_to(user).filter(number__in=numbers)}
    calls = CallBack.objects.in_bulk([one["call_back"] for one in facts if one.get("call_back")])
    found = []
    for reason in check.reasons:
        kind, given = DoubtKind(reason["kind"]), reason["facts"]
        call = calls.get(given.get("call_back"))
        words = _words(kind, given)
        found.append(Doubt(kind, words, seen.get(given.get("case", "")), call.text if call else ""))
    return found


def _words(kind: DoubtKind, facts: dict) -> list[str]:
    """Return what speaks for a doubt, in the reader's language."""
    if kind == DoubtKind.SAME_MATTER:
        alike = _("titles %(percent)s %% alike") % {"percent": round(facts["score"] * 100)}
        return [*reason_words(facts), alike]
    if kind == DoubtKind.TEMPLATE:
        count = facts["count"]
        text = ngettext("%(count)s other report reads the same", "%(count)s other reports read the same", count)
        return [text % {"count": count}, *facts["cases"]]
    return []
