"""The gate before publishing: what has to hold before a batch is approved, each with its figure and its aim.

The aims are parameters (dutylist/data/parameters.csv). What fails can be overridden with a reason that is kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dutylist.models import Batch, BatchPreview
from shenzhen_gov.core.parameters import get_parameter

Label = str | Promise


@dataclass(frozen=True)
class GateRow:
    """One condition. `passed` None: there is no figure for it yet, or it is of older lines; `why` says what to do.

    `is_needed` False: it is shown, and does not stop the approval.
    """

    name: str
    label: Label
    value: str
    aim: str
    passed: bool | None
    why: Label = ""
    is_needed: bool = True

    @property
    def stops(self) -> bool:
        """Whether the batch may not be approved because of it (save with a reason)."""
        return self.is_needed and self.passed is not True


@dataclass(frozen=True)
class _Known:
    """The figures of one kind. `is_current` False: they are of lines as they were before."""

    is_current: bool
    said: dict[str, Any]


COLUMNS = ("counts", "from", "to", "cases", "agreement_before", "agreement_after", "moved", "units")


def gate_of(batch: Batch, user) -> list[GateRow]:
    """Return every condition for approving the batch, as it stands for `user`; with two queries."""
    known = _read(batch)
    return [
        *_checked(known.get("findings")),
        _open_cases(known.get("cases")),
        *_replayed(known.get("replay"), is_needed=_replay_needed(batch)),
        _four_eyes(batch, user),
    ]


def gate_failures(batch: Batch, user) -> list[GateRow]:
    """Return the conditions that stop the approval of the batch by `user`."""
    return [row for row in gate_of(batch, user) if row.stops]


def hands_of(batch: Batch) -> set[int]:
    """Return the ids of those who opened the batch or entered a line of it: they may not approve it."""
    entered = batch.lines.order_by().values_list("entered_by", flat=True).distinct()
    return {pk for pk in (batch.created_by_id, *entered) if pk is not None}


def _read(batch: Batch) -> dict[str, _Known]:
    """Return kind → figures; of the findings, which may be thousands, only the counts."""
    kept = BatchPreview.objects.filter(batch=batch)
    rows = kept.values_list("kind", "content_number", *(f"figures__{name}" for name in COLUMNS))
    return {
        kind: _Known(number == batch.content_number, dict(zip(COLUMNS, values, strict=True)))
        for kind, number, *values in rows
    }


def _checked(known: _Known | None) -> Iterator[GateRow]:
    is_current = known.is_current if known else None
    yield GateRow(
        "checked",
        _("Checked as it stands"),
        {None: _("not yet"), True: _("yes"), False: _("lines have changed since")}[is_current],
        _("required"),
        is_current,
        "" if is_current else _("Check the batch."),
    )
    blocks = known.said["counts"]["block"] if known and is_current else None
    why = _("What blocks has to be mended.") if blocks else ""
    yield _row("findings", _("Blocking findings"), blocks, "= 0", blocks == 0, why)


def _open_cases(known: _Known | None) -> GateRow:
    cases = known.said["cases"] if known and known.is_current else None
    return _row("open_cases", _("Open cases counted"), cases, _("required"), passed=True)


def _replayed(known: _Known | None, *, is_needed: bool) -> Iterator[GateRow]:
    """Compare the replay with its aims; without any closed case there is nothing that could get worse."""
    said = known.said if known and known.is_current else None
    short = _too_short(said) if said else ""
    for name, label, rule in (
        ("agreement", _("Agreement does not fall"), _agreement),
        ("moved", _("Share of moved cases"), _moved),
        ("growth", _("Growth of any one unit"), _growth),
    ):
        value, aim, passed, why = rule(said or {})
        yield _row(name, label, value if said else None, aim, passed and not short, short or why, is_needed=is_needed)


def _too_short(said: dict) -> str:
    """Return why the replay's days are too few to judge by, or nothing: a quiet day would pass everything."""
    least = _aim("replay_days")
    days = (date.fromisoformat(said["to"]) - date.fromisoformat(said["from"])).days + 1
    if days >= least:
        return ""
    return _("The replay is of %(days)s days; %(least)s are needed.") % {"days": days, "least": least}


Judged = tuple[str, str, bool, Label]  # value, aim, passed, why not


def _agreement(said: dict) -> Judged:
    drop = _aim("agreement_drop")
    if not said.get("cases"):
        return _no_case(), _("no lower than before"), True, ""
    before, after = said["agreement_before"], said["agreement_after"]
    aim = f"≥ {before - drop:.1%}"
    return (
        f"{after:.1%}",
        aim,
        after >= before - drop,
        _("The new list agrees less with the units that closed the cases."),
    )


def _moved(said: dict) -> Judged:
    most = _aim("moved_share")
    if not said.get("cases"):
        return _no_case(), f"≤ {most:.1%}", True, ""
    share = said["moved"] / said["cases"]
    return f"{share:.1%}", f"≤ {most:.1%}", share <= most, _("More cases would go to another unit than is usual.")


def _growth(said: dict) -> Judged:
    """Judge the unit that grows most; a few cases more are no growth worth a name."""
    most, least = _aim("unit_growth"), _aim("unit_least")
    if not said.get("cases"):
        return _no_case(), f"≤ {most:.0%}", True, ""
    growing = [unit for unit in said["units"] or () if unit["after"] - unit["before"] >= least]
    worst = max(growing, key=_growth_of, default=None)
    if worst is None:
        return "+0%", f"≤ {most:.0%}", True, ""
    share = _growth_of(worst)
    value = f"+{share:.1%}" if worst["before"] else f"+{worst['after']}"
    return value, f"≤ {most:.0%}", share <= most, worst["name"]


def _growth_of(unit: dict) -> float:
    """Return the growth as a share; without any case before it is beyond every share."""
    return unit["after"] / unit["before"] - 1 if unit["before"] else math.inf


def _no_case() -> str:
    return _("no closed case")


def _four_eyes(batch: Batch, user) -> GateRow:
    own = user is not None and user.pk in hands_of(batch)
    why = _("You entered part of this batch; somebody else has to approve it.") if own else ""
    return GateRow("four_eyes", _("Four eyes"), _("no") if own else _("yes"), _("required"), not own, why)


def _row(name: str, label: Label, value, aim: str, passed: bool, why: Label = "", *, is_needed: bool = True) -> GateRow:
    """Return a row; a value of None is not known yet, or of lines as they were before."""
    if value is None:
        return GateRow(name, label, "–", aim, None, _("Not computed for the lines as they are now."), is_needed)
    return GateRow(name, label, str(value), aim, passed, "" if passed else why, is_needed)


def _replay_needed(batch: Batch) -> bool:
    """Whether a replay is required; the inverse batch of a rollback goes back to a list that has proved itself."""
    return batch.reverses_id is None and bool(_aim("replay_required"))


def _aim(name: str):
    return get_parameter(f"duty.gate_{name}", timezone.localdate())
