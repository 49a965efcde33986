"""The side navigation: which pages exist, and for whom. An entry whose address does not resolve is not shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grid.access import grants_of
from grid.choices import Act


@dataclass(frozen=True)
class Entry:
    """One page. `acts`: any of them opens it; `owns`: further URL names (or `namespace:`) shown as being inside it."""

    title: str | Promise
    view: str
    icon: str
    acts: tuple[str, ...]
    owns: tuple[str, ...] = ()
    superuser: bool = True


@dataclass(frozen=True)
class Group:
    """A titled part of the navigation."""

    title: str | Promise
    entries: tuple[Entry, ...]


@dataclass
class ShownEntry:
    """An entry as the template sees it."""

    title: str
    url: str
    icon: str
    is_current: bool = False


@dataclass
class ShownGroup:
    """A group as the template sees it."""

    title: str
    entries: list[ShownEntry] = field(default_factory=list)


SEES = (Act.VIEW_CASE,)
ADMINISTERS = (Act.MANAGE_SYSTEM,)
KEEPS_LIST = (Act.ENTER_DUTY, Act.REVIEW_DUTY, Act.MANAGE_DUTY)
READS_RULES = (Act.EDIT_RULES, Act.PUBLISH_RULES, Act.VIEW_FIGURES)
READS_FIGURES = (Act.VIEW_FIGURES, Act.MANAGE_GRID, Act.SUPERVISE_CASE, Act.INSTRUCT_CASE)


def _admin(title, model: str, icon: str) -> Entry:
    return Entry(title, f"admin:{model}_changelist", icon, ADMINISTERS)


GROUPS = (
    Group(
        _("Work"),
        (
            Entry(
                _("Register a request"),
                "intake:register",
                "headset",
                (Act.REGISTER_CASE,),
                ("intake:registered",),
                superuser=False,
            ),
            Entry(_("Register from a table"), "intake:sheet", "grid", (Act.REGISTER_CASE,), superuser=False),
            Entry(_("Leads"), "intake:leads", "radar", (Act.VERIFY_LEAD,), ("intake:lead", "intake:lead_new")),
            Entry(_("Refusals to confirm"), "intake:refusals", "gavel", (Act.CONFIRM_REFUSAL,), superuser=False),
            Entry(_("Dispatch desk"), "dispatch:unmatched", "split", (Act.DISPATCH_CASE,), superuser=False),
            Entry(
                _("Dispatch rules"),
                "dispatch:rules",
                "rules",
                (Act.EDIT_RULES, Act.PUBLISH_RULES, Act.DISPATCH_CASE),
                ("dispatch:rule", "dispatch:rule_new", "dispatch:rule_edit", "dispatch:rule_step"),
            ),
            Entry(_("Automatic dispatch"), "dispatch:gate", "okc", READS_RULES, ("dispatch:gate_switch",)),
            Entry(_("Weekly dispatch report"), "dispatch:report", "pulse", READS_RULES),
            Entry(_("List changes"), "dispatch:follow_ups", "repeat", (Act.DISPATCH_CASE,), superuser=False),
            Entry(
                _("Community desk"),
                "dispatch:community",
                "grid",
                (Act.MANAGE_GRID,),
                ("dispatch:community_week",),
                superuser=False,
            ),
            Entry(
                _("My rounds"),
                "grid:round_today",
                "walk",
                (Act.GRID_ROUND,),
                ("grid:round", "dispatch:found", "dispatch:found_new", "dispatch:found_solve"),
                superuser=False,
            ),
            Entry(
                _("Rounds and plans"),
                "grid:rounds",
                "calendar",
                (Act.MANAGE_GRID,),
                ("grid:round_plans", "grid:round_plan", "grid:round_plan_new"),
            ),
            Entry(_("My work orders"), "dispatch:queue", "inbox", (Act.HANDLE_CASE,), superuser=False),
            Entry(
                _("Co-tasks"),
                "dispatch:orders",
                "people",
                (Act.HANDLE_CASE,),
                ("dispatch:spot_order",),
                superuser=False,
            ),
            Entry(_("Review desk"), "dispatch:review", "okc", (Act.REVIEW_CASE,), superuser=False),
            Entry(_("Requests"), "dispatch:requests", "docket", (Act.DECIDE_REQUEST, Act.HANDLE_CASE), superuser=False),
            Entry(
                _("Dockets"), "dispatch:dockets", "gavel", (Act.RULE_DISPUTE,), ("dispatch:docket",), superuser=False
            ),
            Entry(
                _("Supervision desk"),
                "dispatch:supervision",
                "eye",
                (Act.SUPERVISE_CASE,),
                ("dispatch:circular",),
                superuser=False,
            ),
            Entry(
                _("Citizens to call back"),
                "dispatch:call_backs",
                "phone",
                (Act.CALL_BACK,),
                ("dispatch:call_back_record",),
                superuser=False,
            ),
            Entry(
                _("Doubted closings"),
                "dispatch:checks",
                "flag",
                (Act.REVIEW_CASE, Act.DECIDE_REQUEST),
                ("dispatch:check_decide",),
                superuser=False,
            ),
            Entry(
                _("Confidential callers"), "intake:identity_requests", "lock", (Act.DECIDE_REQUEST,), superuser=False
            ),
            Entry(
                _("Rentals"),
                "grid:rentals",
                "house",
                (Act.GRID_ROUND, Act.MANAGE_GRID),
                (
                    "grid:rental",
                    "grid:rental_new",
                    "grid:rental_schemes",
                    "grid:rental_people",
                    "grid:rental_person_new",
                ),
                superuser=False,
            ),
            Entry(
                _("QR points"),
                "intake:points",
                "qr",
                (Act.MANAGE_SYSTEM, Act.ORDER_DEPARTMENT),
                ("intake:point_new", "intake:points_print"),
            ),
            Entry(_("Look-ups"), "intake:lookup", "search", (Act.VIEW_IDENTITY,), superuser=False),
            Entry(
                _("Party and partners"),
                "grid:party",
                "flag",
                (Act.MANAGE_GRID,),
                (
                    "grid:party_list",
                    "grid:party_new",
                    "grid:party_edit",
                    "grid:reporter",
                    "grid:community_task",
                    "intake:gathering",
                    "intake:gathering_print",
                ),
                superuser=False,
            ),
            Entry(_("Counters"), "intake:counters", "building", (Act.REGISTER_CASE,), superuser=False),
            Entry(_("All cases"), "dispatch:cases", "list", SEES, ("dispatch:case", "dispatch:search")),
        ),
    ),
    Group(
        _("Figures"),
        (
            Entry(
                _("Situation board"),
                "analytics:boards",
                "gauge",
                READS_FIGURES,
                ("analytics:board", "analytics:behind"),
            ),
            Entry(_("Four levels"), "analytics:levels", "layers", READS_FIGURES, ("analytics:level",)),
            Entry(
                _("Early warnings"),
                "analytics:warnings",
                "bell",
                (Act.VIEW_FIGURES, Act.JUDGE_WARNING),
                ("analytics:warning",),
            ),
            Entry(
                _("Assessment ledger"),
                "analytics:ledger",
                "docket",
                (*READS_FIGURES, Act.KEEP_ASSESSMENT, Act.HANDLE_CASE, Act.REVIEW_CASE),
                (
                    "analytics:ledger_ranking",
                    "analytics:ledger_unit",
                    "analytics:ledger_area",
                    "analytics:ledger_exclusions",
                    "analytics:ledger_exclusion",
                    "analytics:ledger_ask",
                    "analytics:ledger_correct_unit",
                    "analytics:ledger_correct_area",
                ),
            ),
            Entry(
                _("Special themes"),
                "analytics:themes",
                "flag",
                (*READS_FIGURES, Act.JUDGE_WARNING, Act.HANDLE_CASE),
                ("analytics:theme", "analytics:theme_new"),
            ),
            Entry(_("Reports"), "analytics:reports", "pulse", READS_FIGURES, ("analytics:report",)),
            Entry(_("Tables of figures"), "analytics:tables", "grid", READS_FIGURES),
            Entry(_("Open data"), "analytics:open_data", "globe", (Act.KEEP_ASSESSMENT, Act.MANAGE_SYSTEM)),
            Entry(
                _("Indicators"),
                "analytics:indicators",
                "target",
                (*READS_FIGURES, Act.MANAGE_SYSTEM),
                ("analytics:indicator",),
            ),
        ),
    ),
    Group(
        _("Reference"),
        (
            Entry(
                _("Duty list"),
                "dutylist:list",
                "book",
                (*SEES, Act.ENTER_DUTY, Act.REVIEW_DUTY, Act.MANAGE_DUTY),
                ("dutylist:item", "dutylist:compare"),
            ),
            Entry(
                _("Knowledge base"),
                "intake:reader",
                "message",
                tuple(Act),
                (
                    "intake:article",
                    "intake:articles",
                    "intake:article_new",
                    "intake:article_edit",
                    "intake:article_step",
                ),
            ),
            Entry(
                _("Places"),
                "grid:places",
                "pin",
                (Act.VIEW_CASE, Act.REGISTER_CASE, Act.GRID_ROUND, Act.MANAGE_GRID, Act.MANAGE_SYSTEM),
                ("grid:building", "grid:place_imports", "grid:place_import"),
                superuser=False,
            ),
            Entry(
                _("Map of the grid"),
                "grid:map",
                "map",
                (Act.GRID_ROUND, Act.MANAGE_GRID, Act.MANAGE_SYSTEM),
                superuser=False,
            ),
            Entry(
                _("Grid cells"),
                "grid:cells",
                "layers",
                (Act.MANAGE_GRID, Act.MANAGE_SYSTEM),
                ("grid:cells_of", "grid:cell_new", "grid:post_new", "grid:post_end", "grid:outlines"),
                superuser=False,
            ),
            Entry(
                _("My unit's duties"), "dutylist:my_unit", "building", tuple(Act), ("dutylist:unit",), superuser=False
            ),
            Entry(_("Duty-list batches"), "dutylist:batches", "docket", KEEPS_LIST, ("dutylist:batch",)),
            Entry(
                _("Objections"),
                "dutylist:objections",
                "flag",
                (Act.ENTER_DUTY, Act.REVIEW_DUTY, Act.MANAGE_DUTY, Act.HANDLE_CASE),
                ("dutylist:objection", "dutylist:objection_new"),
            ),
            Entry(_("Unit changes"), "dutylist:plans", "people", KEEPS_LIST, ("dutylist:plan", "dutylist:plan_new")),
            Entry(
                _("Quality radar"),
                "analytics:radar",
                "radar",
                KEEPS_LIST,
                ("analytics:radar_finding", "analytics:radar_dismiss"),
            ),
        ),
    ),
    Group(
        _("Administration"),
        (
            Entry(_("System state"), "system", "pulse", ADMINISTERS),
            Entry(_("Stuck work"), "system_stuck", "warn", ADMINISTERS),
            _admin(_("Units"), "grid_unit", "building"),
            Entry(
                _("Re-cuts"),
                "grid:recuts",
                "map",
                (Act.MANAGE_GRID, Act.MANAGE_SYSTEM),
                ("grid:recut", "grid:recut_new"),
            ),
            _admin(_("Areas"), "grid_area", "map"),
            _admin(_("Staff"), "grid_staff", "people"),
            _admin(_("Roles"), "grid_role", "key"),
            _admin(_("Two-step log-in"), "otp_totp_totpdevice", "lock"),
            _admin(_("Channels"), "intake_channel", "phone"),
            _admin(_("Themes"), "intake_theme", "layers"),
            _admin(_("Screening words"), "intake_screeningword", "filter"),
            _admin(_("Call-backs"), "intake_delivery", "repeat"),
            _admin(_("Keys to figures"), "analytics_feedkey", "key"),
            _admin(_("Place names"), "intake_placename", "pin"),
            _admin(_("Hint words"), "intake_hintword", "info"),
            _admin(_("Reasons for refusing"), "intake_refusalreason", "xc"),
            _admin(_("Look-up connectors"), "intake_lookupconnector", "link"),
            Entry(_("District exchange"), "dispatch:exchange", "swap", ADMINISTERS, ("dispatch:exchange_message",)),
            _admin(_("Time limits"), "dispatch_clockrule", "clock"),
            _admin(_("Escalation rules"), "dispatch_escalationrule", "bell"),
            _admin(_("Closing criteria by kind"), "dispatch_closingcriterion", "okc"),
            _admin(_("Assessment schemes"), "analytics_assessmentscheme", "docket"),
            _admin(_("Grounds for exclusions"), "analytics_exclusionground", "xc"),
            _admin(_("Parameters"), "core_parameter", "gear"),
            _admin(_("Calendar"), "core_calendaryear", "calendar"),
            Entry(_("Audit log"), "system_audit", "shield", ADMINISTERS),
            Entry(_("Job runs"), "system_jobs", "replay", ADMINISTERS),
            Entry(_("Old personal data"), "intake:retention", "clock", ADMINISTERS),
            Entry(_("All settings"), "admin:index", "grid", ADMINISTERS),
        ),
    ),
)


def navigation_of(request) -> list[ShownGroup]:
    """Return what the signed-in user is offered, the current page marked; empty for anybody else."""
    user = request.user
    if not user.is_authenticated:
        return []
    acts = grants_of(user).acts()
    shown = []
    for group in GROUPS:
        entries = [
            ShownEntry(str(entry.title), address, entry.icon, _is_current(entry, address, request))
            for entry in group.entries
            if (address := address_of(entry.view)) and _is_offered(entry, user, acts)
        ]
        if entries:
            shown.append(ShownGroup(str(group.title), entries))
    return shown


@cache
def address_of(view: str) -> str | None:
    """Return the address of a URL name, or None while no such page exists. Addresses never change at run time."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return None


def _is_offered(entry: Entry, user, acts: set[str]) -> bool:
    if user.is_superuser and entry.superuser:
        return True
    return bool(acts.intersection(entry.acts))


def _is_current(entry: Entry, address: str, request) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    if entry.view.startswith("admin:"):
        return request.path == address if entry.view == "admin:index" else request.path.startswith(address)
    return match.view_name == entry.view or match.view_name in entry.owns
