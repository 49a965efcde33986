"""Tags of the duty-list desk: kinds of lines and states of batches as shape, word and colour."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from dutylist.choices import LineKind
from dutylist.models import Batch
from dutylist.tables import KIND_TONES, STATE_TONES
from shenzhen_gov.core.templatetags.shell import chip, icon

register = template.Library()


@register.simple_tag
def kind_chip(kind: str) -> SafeString:
    """Return the chip of a kind of line."""
    tone, shape = KIND_TONES[kind]
    return chip(str(LineKind(kind).label), tone, shape)


@register.simple_tag
def kind_icon(kind: str) -> SafeString:
    """Return the shape of a kind of line."""
    return icon(KIND_TONES[kind][1])


@register.simple_tag
def state_chip(batch: Batch) -> SafeString:
    """Return the chip of a batch's state."""
    tone, shape = STATE_TONES[batch.state]
    return chip(batch.get_state_display(), tone, shape)
