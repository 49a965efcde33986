"""What the desks show of clocks, decisions and the audit log. `{% load desk %}`."""

import re
from datetime import datetime

from django import forms, template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from dispatch import selectors
from dispatch.choices import ClockKind, ContactResult, NeedsPerson, SendBackReason
from dispatch.reasons import render
from intake.choices import ReplyWay

register = template.Library()

# Facts of an audit entry that are stored as codes: where → the vocabulary.
CODED_FACTS = {
    "way": ReplyWay,
    "result": ContactResult,
    "told": ReplyWay,
    "reason": SendBackReason,
    "why": NeedsPerson,
}


@register.simple_tag
def elapsed_percent(clock, now: datetime) -> int:
    """Return how much of a clock has run, 0–100."""
    whole = (clock.due_at - clock.started_at).total_seconds()
    return max(0, min(100, round((now - clock.started_at).total_seconds() * 100 / whole)))


@register.simple_tag
def clock_tone(clock, now: datetime) -> str:
    """Return bad when the clock is overdue, warn when due soon, else nothing."""
    if clock.due_at <= now:
        return "bad"
    return "warn" if clock.yellow_at <= now else ""


@register.filter
def reason_text(stored: dict) -> str:
    """Return the text of a stored reason of a decision."""
    return render(stored)


@register.filter
def capped(count: int) -> str:
    """Return a count of a tab; 999+ beyond."""
    return str(count) if count < 1000 else "999+"


@register.filter
def tail(number: str) -> str:
    """Return the last four characters of a number, by which people call a case."""
    return number[-4:]


@register.filter
def following(work_order) -> str:
    """Return the name of the next legal step of a work order."""
    return selectors.next_step(work_order) or ""


@register.filter
def step_label(name: str) -> str:
    """Return what a step is called on its button."""
    return str(selectors.NEXT_STEPS.get(name) or selectors.CASE_STEPS.get(name, ""))


@register.filter
def clock_label(kind: str) -> str:
    """Return what a clock is called."""
    return str(ClockKind(kind).label) if kind else ""


@register.filter
def why_label(code: str | None) -> str:
    """Return why the machine did not dispatch."""
    return selectors.why_label(code)


@register.filter
def entry_facts(entry) -> str:
    """Return the facts of a step in the audit log that belong on the timeline, in words."""
    given = entry.changes
    parts = [str(given[name]) for name in ("unit", "to", "review") if isinstance(given.get(name), str)]
    for name, words in CODED_FACTS.items():
        value = given.get(name)
        if isinstance(value, str) and value in words.values:
            parts.append(str(words(value).label))
    return " · ".join(parts)


@register.filter
def is_past(at: datetime | None, now: datetime) -> bool:
    """Whether a moment has passed."""
    return at is not None and at <= now


@register.filter
def is_group(field) -> bool:
    """Whether a form field is a set of choices to tick."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def group_class(field) -> str:
    """Return the look of a set of choices: one of several side by side, many of many below each other."""
    return "checklist" if isinstance(field.field.widget, forms.CheckboxSelectMultiple) else "seg"


@register.filter
def is_files(field) -> bool:
    """Whether a form field takes files."""
    return isinstance(field.field, forms.FileField)


@register.filter
def control(field) -> SafeString:
    """Draw a field's control with the shell's look, saying to helpers when it is wrong."""
    attrs = {"class": "ctl"}
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.auto_id}_error"}
    return field.as_widget(attrs=attrs)


@register.filter
def preserved(field) -> SafeString:
    """Draw a file input that keeps the chosen files while the form around it is shown again with an error."""
    return field.as_widget(attrs={"class": "vh", "hx-preserve": "true"})


@register.filter
def is_picture(attachment) -> bool:
    """Whether a file can be shown in place."""
    return attachment.content_type.startswith("image/")


@register.filter
def is_film(attachment) -> bool:
    """Whether a file is played with a picture."""
    return attachment.content_type.startswith("video/")


@register.filter
def is_voice(attachment) -> bool:
    """Whether a file is played without one."""
    return attachment.content_type.startswith("audio/")


@register.filter
def row_tone(work_order, now: datetime) -> str:
    """Return how a row of a desk is coloured: red and amber mean its clock, nothing else."""
    if work_order.ended_at or work_order.next_due_at is None:
        return ""
    if work_order.next_due_at <= now:
        return "bad"
    return "warn" if work_order.next_yellow_at <= now else ""


@register.simple_tag(takes_context=True)
def querystring_with(context, **changes) -> str:
    """Return the query string of this page with some values changed; the place in the list is forgotten."""
    query = context["request"].GET.copy()
    for name in ("cursor", "export", *changes):
        query.pop(name, None)
    query.update({name: value for name, value in changes.items() if value is not None})
    return query.urlencode()


@register.filter
def marked(text: str, candidates) -> SafeString:
    """Mark in a text the words by which the best candidates were found."""
    words = sorted({word for one in candidates for word in one.item.matched if word}, key=len, reverse=True)
    if not words:
        return conditional_escape(text)
    parts = re.split("(" + "|".join(map(re.escape, words)) + ")", text)
    return format_html_join("", "{}", ((_marked(part, words),) for part in parts))


def _marked(part: str, words: list[str]) -> SafeString:
    return format_html("<mark>{}</mark>", part) if part in words else conditional_escape(part)
