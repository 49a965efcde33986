"""Files of the duty list."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dutylist.selectors.documents import get_document
from shenzhen_gov.core.exceptions import OutOfSight


@login_required
@require_GET
def document(request, pk: int) -> FileResponse:
    """Send a file that the user may read: pictures and PDF files to look at."""
    found = get_document(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    response = FileResponse(found.file.open("rb"), filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
