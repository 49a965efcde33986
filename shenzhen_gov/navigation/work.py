"""Entries of the daily work: desks, queues, rounds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from grid.choices import Act

from .entries import READS_RULES, SEES, Entry, Group

WORK = Group(
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
            ("grid:round", "dispatch:found", "dispatch:found_team", "dispatch:found_new", "dispatch:found_solve"),
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
        Entry(_("Dockets"), "dispatch:dockets", "gavel", (Act.RULE_DISPUTE,), ("dispatch:docket",), superuser=False),
        Entry(
            _("Supervision desk"),
            "dispatch:supervision",
            "eye",
            (Act.SUPERVISE_CASE,),
            superuser=False,
        ),
        Entry(
            _("Circulars"),
            "dispatch:circulars",
            "horn",
            (Act.HANDLE_CASE, Act.REVIEW_CASE, Act.SUPERVISE_CASE),
            ("dispatch:circular",),
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
        Entry(_("Confidential callers"), "intake:identity_requests", "lock", (Act.DECIDE_REQUEST,), superuser=False),
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
)
