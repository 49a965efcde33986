"""What a finding of the quality radar says. Stored as kind and figures, read in any language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shenzhen_gov.core.texts import joined

NAMES_STORED = 6  # of a longer list of areas the rest is counted


def explain(kind: str, figures: dict[str, Any]) -> str:
    """Return a sentence about the item."""
    return _TEXTS[kind](figures)


def names_of(names: list[str]) -> dict[str, Any]:
    """Return names as figures keep them."""
    return {"areas": names[:NAMES_STORED], "more": max(0, len(names) - NAMES_STORED)}


def percent(share: float) -> str:
    """Return a share as a percentage of one decimal."""
    return f"{100 * share:.1f} %"


def _gap(figures: dict) -> str:
    if figures["cases"]:
        text = _("No unit is responsible in %(areas)s; cases that fell into this gap: %(cases)s")
    else:
        text = _("No unit is responsible in %(areas)s")
    return text % {"areas": _names(figures), "cases": figures["cases"]}


def _returns(figures: dict) -> str:
    return _(
        "%(returned)s of %(orders)s work orders were returned or disputed; that is certainly more than %(floor)s"
    ) % {**figures, "floor": percent(figures["floor"])}


def _overlap(figures: dict) -> str:
    text = _("Nearly the same words as %(code)s %(name)s, and another lead unit in %(areas)s")
    return text % {"code": figures["code"], "name": figures["name"], "areas": _names(figures)}


def _catch_all(figures: dict) -> str:
    text = _("Takes %(share)s of the %(all)s cases of “%(level2)s”")
    return text % {**figures, "share": percent(figures["share"])}


def _incomplete(figures: dict) -> str:
    words = {
        "criteria": _("acceptance criteria"),
        "close_criteria": _("closing criteria"),
        "limit_normal": _("time limit"),
    }
    return _("Missing: %(fields)s") % {"fields": joined(words[name] for name in figures["fields"])}


def _examples(figures: dict) -> str:
    return _("Example requests: %(count)s; there should be %(least)s") % figures


def _legal(figures: dict) -> str:
    if figures["year"] is None:
        return _("No legal basis is given")
    return _("The newest year named in the legal basis is %(year)s") % figures


def _unused(figures: dict) -> str:
    return _("No case in the last %(days)s days") % figures


def _names(figures: dict) -> str:
    names = joined(figures["areas"])
    if not figures["more"]:
        return names
    return _("%(names)s and %(count)s more") % {"names": names, "count": figures["more"]}


_TEXTS = {
    "gap": _gap,
    "returns": _returns,
    "overlap": _overlap,
    "catch_all": _catch_all,
    "incomplete": _incomplete,
    "examples": _examples,
    "legal": _legal,
    "unused": _unused,
}
