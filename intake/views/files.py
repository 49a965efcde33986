"""Files of cases: sent to whoever may see the case, and to nobody else."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from intake import selectors
from shenzhen_gov.core.exceptions import OutOfSight

SHOWN_INLINE = ("image/jpeg", "image/png", "image/webp")


@login_required
@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a file of a case that the user may see: pictures to look at, everything else to save."""
    found = selectors.get_attachment(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    inline = found.content_type in SHOWN_INLINE
    response = FileResponse(
        found.file.open("rb"), as_attachment=not inline, filename=found.name, content_type=found.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
