"""Tags of the shell: pictures, chips, clocks, small filters. `{% load shell %}`."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from math import ceil

from django import forms, template
from django.contrib.messages import constants
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shenzhen_gov.core import audit

register = template.Library()

TONES = {"", "ok", "warn", "bad", "info", "acc", "plain"}
TONE_SHAPES = {"ok": "s-ok", "warn": "s-warn", "bad": "s-bad", "info": "s-redo", "acc": "s-dot", "": "s-ring"}
MESSAGE_TONES = {constants.SUCCESS: "ok", constants.WARNING: "warn", constants.ERROR: "bad"}
MESSAGE_ICONS = {"ok": "okc", "warn": "warn", "bad": "err", "": "info"}


@cache
def _sprite() -> str:
    return static("img/icons.svg")


@register.simple_tag
def icon(name: str, size: str = "i") -> SafeString:
    """Return a picture of static/img/icons.svg; names beginning with `s-` are filled shapes for chips."""
    css = "s" if name.startswith("s-") else size
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, _sprite(), name)


@register.simple_tag
def chip(words: str, tone: str = "", shape: str | None = None) -> SafeString:
    """Return a chip: shape + word + colour. `tone`: ok, warn, bad, info, acc, plain (no shape) or empty."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"unknown tone {tone!r}, use one of {sorted(TONES)}")
    if tone == "plain":
        return format_html('<span class="chip plain">{}</span>', words)
    return format_html('<span class="chip {}">{}{}</span>', tone, icon(shape or TONE_SHAPES[tone]), words)


@register.simple_tag
def sample_chip() -> SafeString:
    """Return the label 样例 that stands beside everything invented for the sample set-up."""
    return format_html('<span class="sample">{}</span>', _("Sample"))


@register.simple_tag
def clock(
    due_at: datetime | None,
    now: datetime | None = None,
    warn_at: datetime | None = None,
    done_at: datetime | None = None,
) -> SafeString:
    """Return the chip of a deadline: time left or overdue, ticking; kept or missed when `done_at` is given.

    `warn_at` is the moment from which the chip is amber; without a deadline the chip is empty.
    """
    if due_at is None:
        return SafeString("")
    if done_at is not None:
        kept = done_at <= due_at
        return chip(_("In time") if kept else _("Late"), "ok" if kept else "bad")
    now = now or timezone.now()
    left = due_at - now
    tone = "bad" if left < timedelta() else "warn" if warn_at is not None and now >= warn_at else ""
    words = _span_words(is_soon=tone == "warn")
    return format_html(
        '<span class="chip {}" data-due="{}" data-words="{}">{}<span class="left">{}</span></span>',
        tone,
        due_at.isoformat(),
        "|".join(words),
        icon({"bad": "s-bad", "warn": "s-warn", "": "s-clock"}[tone]),
        words[tone == "bad"].replace("{time}", _span(abs(left), words)),
    )


@register.inclusion_tag("components/field.html")
def field(bound, css: str = "", layout: str = "", show_required: bool = False) -> dict:
    """Show a form field: label, control, help and errors. `css` is added to the control, `layout` to the frame."""
    is_check = isinstance(bound.field.widget, forms.CheckboxInput)
    classes = " ".join(filter(None, [bound.field.widget.attrs.get("class", ""), "" if is_check else "ctl", css]))
    return {
        "field": bound,
        "control": bound.as_widget(attrs={"class": classes} if classes else {}),
        "is_check": is_check,
        "layout": layout,
        "show_required": show_required,
    }


@register.filter
def minutes(value: timedelta | None) -> int:
    """Return a duration in whole minutes, rounded up."""
    return ceil(value.total_seconds() / 60) if value else 0


@register.filter
def moment(value: datetime | None) -> str:
    """Show a moment the short way: 今日 18:00, 11-23 18:00, or with the year when it is another one."""
    if value is None:
        return ""
    local, today = timezone.localtime(value), timezone.localdate()
    if local.date() == today:
        return _("today %(time)s") % {"time": f"{local:%H:%M}"}
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def full_moment(value: datetime | None) -> str:
    """Show a moment in full: 2026-11-23 18:00."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value is not None else ""


@register.filter
def html_lang(code: str) -> str:
    """Return the language tag for HTML: zh-hans → zh-Hans."""
    return "zh-Hans" if code == "zh-hans" else code


@register.filter
def message_tone(message) -> str:
    """Return the tone of a django.contrib.messages message."""
    return MESSAGE_TONES.get(message.level, "")


@register.filter
def message_icon(message) -> str:
    """Return the picture that goes with a message's tone."""
    return MESSAGE_ICONS[message_tone(message)]


@register.filter
def at(mapping, key):
    """Return `mapping[key]`, or None: for keys that are only known in the template."""
    try:
        return mapping[key]
    except KeyError:
        return None


def _span_words(is_soon: bool = False) -> tuple[str, ...]:
    """Return the words of a countdown: left, overdue, day, hour, minute, and what stands between the parts."""
    between = " " if get_language() == "en" else ""
    left = _("Due soon · {time} left") if is_soon else _("{time} left")
    return left, _("{time} overdue"), _("d"), _("h"), _("min"), between


def _span(left: timedelta, words: tuple[str, ...]) -> str:
    day, hour, minute, between = words[2:]
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, day), (hours, hour)] if days else [(hours, hour), (minutes, minute)]
    return between.join(f"{number}{unit}" for number, unit in parts if number or unit == minute)


@register.filter
def action_label(code: str) -> str:
    """Return what an audit action is called."""
    return str(audit.ACTIONS.get(code, code))


@register.filter
def who(name: str) -> str:
    """Return a name of the audit log as people read it: the machine's jobs are all called the system."""
    if name.startswith("citizen:"):
        return _("Citizen")
    return _("The system") if name.startswith("system:") else name
