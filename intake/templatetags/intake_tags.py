"""How intake's words are shown. `{% load intake_tags %}`."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from grid.models import Area
from intake.selectors import area_path

register = template.Library()


@register.filter
def path(area: Area | None) -> str:
    """Return the names from the district down to the area: 龙华区 › 民治街道 › 北站社区."""
    return " › ".join(area_path(area))


@register.filter
def spoken(number: str) -> SafeString:
    """Return a case number in the groups it is read out in: letters, date, time, running number."""
    own = re.fullmatch(r"([A-Z]+)(\d{8})(\d{6})(\d{4})", number)
    return format_html_join("", "<span>{}</span>", ((group,) for group in (own.groups() if own else (number,))))


@register.filter
def marked(text: str, words) -> SafeString:
    """Return `text` with each of `words` marked; everything is escaped."""
    kept = [re.escape(word) for word in words if word]
    if not kept:
        return mark_safe(escape(text))  # noqa: S308 - escaped right here
    parts = re.split(f"({'|'.join(kept)})", text)
    shown = [f"<mark>{escape(part)}</mark>" if n % 2 else escape(part) for n, part in enumerate(parts)]
    return mark_safe("".join(shown))  # noqa: S308 - every part is escaped
