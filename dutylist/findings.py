"""What checking a batch may find: kinds with weight and words. Stored as codes and facts, read in any language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .choices import LimitUnit


class Severity(models.TextChoices):
    """What a finding means for publishing."""

    BLOCK = "block", _("Blocks publishing")
    WARN = "warn", _("Warning")


class Kind(NamedTuple):
    """One kind of finding: its weight, the field it stands at, its name in lists and its full text."""

    severity: Severity
    field: str
    label: str | Promise
    text: str | Promise


BLOCK, WARN = Severity.BLOCK, Severity.WARN
NAMES_STORED = 12  # of a longer list of names the rest is counted

# One kind, two lines.
# fmt: off
KINDS: dict[str, Kind] = {
    "gap": Kind(BLOCK, "rows", _("Areas left without a responsible unit"),
                _("No unit would be responsible in: %(areas)s")),
    "unit_closed": Kind(BLOCK, "rows", _("Closed units"),
                        _("%(unit)s is closed from %(day)s on and is named in %(count)s rows")),
    "same_path": Kind(BLOCK, "name", _("Two items of one path"),
                      _("%(codes)s would be in force under the same path")),
    "successor_missing": Kind(BLOCK, "successors", _("Successors not in force"),
                              _("The successors %(codes)s would not be in force")),
    "overlay_left": Kind(BLOCK, "", _("Overlays of ended items"),
                         _("The overlays %(codes)s would be left without the item they narrow")),
    "overlay_longer": Kind(BLOCK, "limit_normal", _("Local limits longer than the list's above"),
                           _("The limit of the overlay %(overlay)s (%(local)s) is longer than that of the item it "
                             "narrows (%(wide)s)")),
    "stale": Kind(BLOCK, "", _("Written against an older version"),
                  _("The item has had version %(number)s since the line was entered")),
    "scheduled": Kind(BLOCK, "", _("Changed by another approved batch"),
                      _("Batch %(batch)s (%(owner)s) is approved and changes the same item")),
    "conflict": Kind(WARN, "", _("Changed by another open batch"),
                     _("Batch %(batch)s (%(owner)s) is on its way and changes the same item")),
    "old_gap": Kind(WARN, "rows", _("Areas without a responsible unit, as before"),
                    _("As before, no unit is responsible in: %(areas)s")),
    "no_limit": Kind(WARN, "limit_normal", _("No time limit"), _("There is no time limit")),
    "few_examples": Kind(WARN, "examples", _("Too few example requests"),
                         _("Example requests: %(count)s; there should be %(least)s")),
    "no_criteria": Kind(WARN, "criteria", _("No acceptance criteria"), _("There are no acceptance criteria")),
    "no_close_criteria": Kind(WARN, "close_criteria", _("No closing criteria"), _("There are no closing criteria")),
    "no_fallback": Kind(WARN, "rows", _("No fallback unit"), _("Rows without a fallback unit: %(count)s")),
    "confusable_unknown": Kind(WARN, "confusable", _("Confusable items unknown"),
                               _("The list has no items %(codes)s to be confused with")),
    "confusable_ended": Kind(WARN, "confusable", _("Confusable items ended"),
                             _("The items %(codes)s to be confused with are not in force")),
    "confusable_one_way": Kind(WARN, "confusable", _("Confusable items not linked back"),
                               _("Not linked back as easily confused: %(codes)s")),
    "still_named": Kind(WARN, "", _("Ended items still linked"),
                        _("The items %(codes)s still name this one as easily confused")),
    "two_owners": Kind(WARN, "rows", _("Nearly the same item, other units"),
                       _("%(other)s has nearly the same words and other lead units in: %(areas)s")),
}
# fmt: on


@dataclass(frozen=True)
class Finding:
    """One finding about the item `code`; `facts` are names as they were when the batch was checked."""

    code: str
    kind: str
    facts: dict[str, Any]

    @property
    def severity(self) -> str:
        """Return "block" or "warn"."""
        return KINDS[self.kind].severity.value

    @property
    def field(self) -> str:
        """Return the name of the content field it stands at, or nothing."""
        return KINDS[self.kind].field

    @property
    def label(self) -> str | Promise:
        """Return the name of its kind."""
        return KINDS[self.kind].label

    @property
    def text(self) -> str:
        """Return what was found, in the reader's language."""
        return str(KINDS[self.kind].text) % {name: _word(value) for name, value in self.facts.items()}

    def as_data(self) -> dict:
        """Return it as it is stored."""
        return {"code": self.code, "kind": self.kind, "facts": self.facts}


def finding(code: str, kind: str, **facts) -> Finding:
    """Return a finding as it can be stored; a list of names is cut to a readable length, the rest counted."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of finding {kind!r}")
    return Finding(code, kind, {name: _fact(value) for name, value in facts.items()})


def _fact(value: Any) -> Any:
    if isinstance(value, list | tuple):
        names = [str(name) for name in value]
        return {"names": names[:NAMES_STORED], "more": max(0, len(names) - NAMES_STORED)}
    return value if isinstance(value, int | dict) else str(value)


def _word(value: Any) -> str:
    """Return a fact as it is read."""
    if not isinstance(value, dict):
        return str(value)
    if "amount" in value:
        return f"{value['amount']} {LimitUnit(value['unit']).label}"
    names = join_names(value["names"])
    text = gettext("%(names)s and %(count)s more") if value["more"] else "%(names)s"
    return text % {"names": names, "count": value["more"]}


def join_names(names: Iterable[str]) -> str:
    """Return names in a row, set apart as the reader's language does it."""
    return gettext(", ").join(names)


def figures_of(found: Iterable[Finding]) -> dict:
    """Return findings as they are kept with a batch: counted, the codes by weight and kind, each under its code."""
    counts = {severity.value: 0 for severity in Severity}
    codes: dict[str, dict[str, None]] = {severity.value: {} for severity in Severity}
    kinds: dict[str, dict] = {}
    lines: dict[str, list[dict]] = {}
    for one in found:
        counts[one.severity] += 1
        codes[one.severity][one.code] = None
        kind = kinds.setdefault(one.kind, {"count": 0, "codes": []})
        kind["count"] += 1
        if len(kind["codes"]) < NAMES_STORED:
            kind["codes"].append(one.code)
        lines.setdefault(one.code, []).append(one.as_data())
    ordered = {kind: kinds[kind] for kind in KINDS if kind in kinds}
    return {"counts": counts, "codes": {name: list(of) for name, of in codes.items()}, "kinds": ordered, "lines": lines}
