"""Puts the page of a batch together: every view that shows it, whole or afresh after a refusal, comes here."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dutylist.choices import OpenCasePolicy
from dutylist.forms import ActForm
from dutylist.gate import GateRow, gate_of
from dutylist.models import Batch, BatchLine
from dutylist.selectors import desk, lines
from dutylist.selectors.line_diff import get_line_diff
from dutylist.selectors.preview import get_check, get_findings
from dutylist.services.checking import CHECKERS
from grid.access import why_not
from shenzhen_gov.core.actor import Actor

FOUR_EYES = "four_eyes"
FORWARD = ("submit", "pre_approve", "approve", "publish")  # one of these is the filled button
DANGEROUS = ("send_back", "discard", "roll_back")


def show_batch(
    request, batch: Batch, *, form: ActForm | None = None, line: BatchLine | None = None, status: int = 200
) -> HttpResponse:
    """Show the batch; `line` is the one whose diff stands in the middle when the page is asked for with it."""
    by = Actor.staff(request.user)
    counts, previews = lines.count_lines(batch), desk.get_previews(batch)
    check = get_check(batch)
    context = slice_of(request, batch, check, chosen=line.code if line else "") | {
        "title": batch.number, "parents": [(_("Duty-list batches"), reverse("dutylist:batches"))],
        "counts": counts, "previews": previews, "check": check, "today": timezone.localdate(),
        "may_check": why_not(by, CHECKERS, batch) is None,
        "trail": desk.get_trail(batch, counts.total, previews, _said_of(check)),
        "reversed_by": Batch.objects.visible_to(request.user).filter(reverses=batch).first(),
        "why_not_edit": desk.why_not_edit(batch, by),
    }  # fmt: skip
    context |= _act_context(request, batch, form)
    if line is not None:
        context |= line_context(request, line)
    return render(request, "dutylist/batch.html", context, status=status)


def slice_of(request, batch: Batch, check, *, chosen: str = "") -> dict:
    """Return the slice of lines the address asks for, and what it was narrowed by."""
    kind, severity = request.GET.get("kind", ""), request.GET.get("severity", "")
    text = request.GET.get("q", "").strip()[:60]
    codes = {"block": check.blocking, "warn": check.warned}.get(severity) if check else None
    wanted = lines.LineFilter(kind=kind, text=text, codes=codes)
    asked = request.GET.get("after", "")
    after = int(asked) if asked.isdecimal() and len(asked) < 9 else 0
    if chosen and not after:
        after = lines.place_before(batch, chosen)
    found = lines.get_line_slice(batch, wanted, after=after)
    kept = {name: value for name, value in (("kind", kind), ("severity", severity), ("q", text)) if value}
    return {
        "batch": batch, "slice": found, "wanted_kind": kind, "severity": severity, "text": text,
        "filter_query": f"?{urlencode(kept)}", "marks": _marks(check),
        "chosen": chosen or (found.lines[0].code if found.lines else ""),
    }  # fmt: skip


def line_context(request, line: BatchLine) -> dict:
    """Return what the middle shows of one line."""
    found = get_findings(line.batch, line.code)
    return {
        "batch": line.batch, "line": line, "diff": get_line_diff(line), "policies": OpenCasePolicy.choices,
        "found": found, "found_fields": {one.field for one in found},
        "blocked_fields": {one.field for one in found if one.severity == "block"},
        "why_not_edit": desk.why_not_edit(line.batch, Actor.staff(request.user)),
    }  # fmt: skip


def _act_context(request, batch: Batch, form: ActForm | None) -> dict:
    """Return what the steps at the bottom need: the gate, the buttons, and which words they ask for."""
    gate = gate_of(batch, request.user) if batch.is_open else []
    actions = desk.get_actions(batch, Actor.staff(request.user), lambda move: _refuses(move, batch, gate))
    offered = {action.name for action in actions if action.allowed}
    return {
        "gate": gate, "gate_passed": sum(row.passed is True for row in gate), "actions": actions,
        "dangerous": DANGEROUS, "primary": next((name for name in FORWARD if name in offered), ""),
        "asks_opinion": bool(offered & {"pre_approve", "approve", "send_back"}), "asks_reason": "roll_back" in offered,
        "asks_override": any(one.name == "approve" and one.reason and one.reason == _stopped(gate) for one in actions),
        "approve_words": _approve_words(batch), "row_version": batch.row_version,
        "form": form or ActForm(initial={"row_version": batch.row_version}),
    }  # fmt: skip


def _refuses(move: str, batch: Batch, gate: list[GateRow]) -> str | Promise | None:
    """Return why a move is off for reasons the table of moves does not know, or None."""
    own = next((row.why for row in gate if row.name == FOUR_EYES and row.passed is not True), None)
    if move in {"pre_approve", "approve"} and own is not None:
        return own
    if move == "publish" and batch.effective_on and batch.effective_on > timezone.localdate():
        return _("It is published by itself on %(day)s.") % {"day": batch.effective_on}
    if move != "approve":
        return None
    if batch.effective_on is None:
        return _("No date of force is set; take the batch back or send it back to set one.")
    return _stopped(gate)


def _stopped(gate: list[GateRow]) -> str | None:
    """Return which conditions of the gate stop the approval, or None."""
    labels = [str(row.label) for row in gate if row.stops]
    return _("the gate is not passed: %(rows)s") % {"rows": " · ".join(labels)} if labels else None


def _approve_words(batch: Batch) -> str:
    if batch.effective_on and batch.effective_on > timezone.localdate():
        return _("Approve, in force on %(day)s") % {"day": batch.effective_on}
    return _("Approve and publish now")


def _said_of(check) -> str:
    """Return what the trail says of the last check."""
    if check is None or not check.is_current:
        return ""
    if not (check.blocks or check.warns):
        return _("nothing found")
    return _("%(blocks)s block · %(warns)s warn") % {"blocks": check.blocks, "warns": check.warns}


def _marks(check) -> dict[str, str]:
    """Return code → the heavier of its findings."""
    if check is None:
        return {}
    return dict.fromkeys(check.warned, "warn") | dict.fromkeys(check.blocking, "block")
