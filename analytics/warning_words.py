"""The evidence of an early warning in words, and as a small picture of its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from intake.choices import RiskTopic
from shenzhen_gov.core.texts import joined

from .choices import WarningKind
from .models import EarlyWarning

PLACES = {
    "building": pgettext_lazy("early warning", "one building"),
    "address": pgettext_lazy("early warning", "one address"),
    "point": pgettext_lazy("early warning", "one point of the map"),
}
LEAST_TOLD = 0.1
WIDTH, HEIGHT, GAP = 84, 22, 1  # of the small picture


@dataclass(frozen=True)
class Bar:
    """One day of the trend: how many, how many were expected; `share` of the highest, 0–100, for the picture."""

    day: date
    count: int
    expected: float
    share: float
    expected_share: float


def title_of(warning: EarlyWarning) -> str:
    """Return the matter in the reader's language."""
    topic = warning.evidence.get("facts", {}).get("topic")
    return str(RiskTopic(topic).label) if topic in RiskTopic.values else warning.name


def explain(warning: EarlyWarning) -> str:
    """Return the evidence as one sentence."""
    facts = warning.evidence.get("facts", {})
    values = {"count": warning.count, "citizens": warning.citizens, "expected": _about(warning.expected or 0)} | facts
    return _SENTENCES[WarningKind(warning.kind)](values)


def _about(number: float) -> str:
    """Return a mean with one place, and what is nearly nothing as less than a tenth."""
    return f"{number:.1f}" if number >= LEAST_TOLD else f"< {LEAST_TOLD}"


def _burst(facts: dict) -> str:
    days = ngettext("%(days)s day", "%(days)s days", facts["days"]) % facts
    text = _("%(count)s cases of %(citizens)s citizens in %(span)s; %(expected)s were to be expected.")
    return text % {**facts, "span": days}


def _cluster(facts: dict) -> str:
    text = _("%(count)s requests of %(citizens)s citizens read like the same matter: “%(said)s”.")
    return text % {**facts, "said": joined(facts["words"]) or "—"}


def _risk(facts: dict) -> str:
    text = _("%(count)s cases of %(citizens)s citizens with the words: %(said)s")
    return text % {**facts, "said": joined(facts["words"])}


def _place(facts: dict) -> str:
    text = _("%(count)s cases of %(citizens)s citizens about %(where)s within %(days)s days")
    return text % {**facts, "where": PLACES.get(facts["place"], facts["place"])}


def _closure(facts: dict) -> str:
    text = _("%(count)s of %(closed)s closings within %(days)s days are doubted, %(confirmed)s found to be none")
    return text % facts


_SENTENCES = {
    WarningKind.BURST: _burst,
    WarningKind.CLUSTER: _cluster,
    WarningKind.RISK: _risk,
    WarningKind.PLACE: _place,
    WarningKind.CLOSURE: _closure,
}


def bars_of(warning: EarlyWarning) -> list[Bar]:
    """Return the days of the trend, oldest first; none where a kind has no expectation by day."""
    days = [(date.fromisoformat(day), count, expected) for day, count, expected in warning.evidence.get("days", [])]
    most = max([1.0, *(max(count, expected) for _day, count, expected in days)])
    return [Bar(day, count, expected, 100 * count / most, 100 * expected / most) for day, count, expected in days]


def small_trend(warning: EarlyWarning) -> SafeString | str:
    """Return the trend as a small picture for a row of a list."""
    bars = bars_of(warning)
    if not bars:
        return ""
    step = WIDTH / len(bars)
    shapes = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"/>',
        (
            (f"{place * step:.1f}", f"{HEIGHT - high:.1f}", f"{step - GAP:.1f}", f"{high:.1f}")
            for place, bar in enumerate(bars)
            if (high := bar.share * HEIGHT / 100)
        ),
    )
    label = _("Cases by day, %(days)s days") % {"days": len(bars)}
    picture = '<svg class="small-trend" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(picture, WIDTH, HEIGHT, label, shapes)
