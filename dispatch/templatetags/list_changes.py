"""Figures of replays as they are read. `{% load list_changes %}`."""

from django import template

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """Return a share as a percentage with one place; a dash without one."""
    return "—" if value is None else f"{value:.1%}"


@register.filter
def signed(value: int) -> str:
    """Return a number with its sign."""
    return f"{value:+,}".replace("-", "−")


@register.filter
def signed_share(value: float | None) -> str:
    """Return a relative change with its sign; nothing where there was nothing before."""
    return "" if value is None else f"{value:+.1%}".replace("-", "−")


@register.filter
def positive(value: int) -> int:
    """Return a number without its sign."""
    return abs(value)


@register.filter
def agreement_tone(figures: dict) -> str:
    """Return how the agreement after the draft is coloured: green when it does not fall, else red."""
    return "ok" if figures["agreement_after"] >= figures["agreement_before"] else "bad"


@register.simple_tag
def share_of(part: int, whole: int) -> str:
    """Return part of a whole as a percentage."""
    return share(part / whole if whole else None)
