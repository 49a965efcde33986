"""Entries of what is counted: boards, warnings, ledger, reports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from grid.choices import Act

from .entries import READS_FIGURES, Entry, Group

FIGURES = Group(
    _("Figures"),
    (
        Entry(
            _("Situation board"),
            "analytics:boards",
            "gauge",
            READS_FIGURES,
            ("analytics:board", "analytics:unit_board", "analytics:behind"),
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
)
