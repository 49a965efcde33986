"""Files of cases, for who sees a case by one of its work orders only: co-handlers, and units it was handed down to."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from dispatch import selectors
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.files import send_file


@login_required
@require_safe
def attachment(request: HttpRequest, pk: int, *, is_small: bool = False) -> HttpResponseBase:
    """Send a file of a case that the user sees, or its thumbnail where it has one."""
    found = selectors.get_attachment(request.user, pk)
    if reason := found.why_not_sent:
        raise Refused(reason)
    if is_small and found.thumbnail:
        return send_file(request, found.thumbnail, name="", content_type="image/webp", tag=f"{found.sha256}-thumb")
    return send_file(request, found.file, name=found.name, content_type=found.content_type, tag=found.sha256)
