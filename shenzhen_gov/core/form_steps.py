"""What a page does with a form that passed its own checks: it calls one service, and a refusal goes to its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone

from .actor import Actor
from .exceptions import NotAllowed, OutOfSight, Refused

Answer = TypeVar("Answer")


def attempt(form: Form, request: HttpRequest, service: Callable[..., Answer], *args, **given) -> Answer | None:
    """Call a service as the user, now; a refusal goes to its field of the form, and None is returned."""
    try:
        return service(*args, **given, by=Actor.staff(request.user), now=timezone.now())
    except (NotAllowed, OutOfSight):
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def version_number(text: str | None) -> int | None:
    """Return the number of a version as an address gives it, None where it gives none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else None
