"""Entries for administrators."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from grid.choices import Act

from .entries import ADMINISTERS, Entry, Group


def _admin(title, model: str, icon: str) -> Entry:
    return Entry(title, f"admin:{model}_changelist", icon, ADMINISTERS)


ADMINISTRATION = Group(
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
)
