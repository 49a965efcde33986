"""Entries of what is looked up: duty list, knowledge, places."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from grid.choices import Act

from .entries import KEEPS_LIST, SEES, Entry, Group

REFERENCE = Group(
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
        Entry(_("My unit's duties"), "dutylist:my_unit", "building", tuple(Act), ("dutylist:unit",), superuser=False),
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
)
