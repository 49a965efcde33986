"""Files of the duty list."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dutylist import selectors, services
from dutylist.selectors.documents import get_document
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight
from shenzhen_gov.core.files import send_file

from .guards import duty_desk, find_batch

READ_IN_PLACE = ("application/pdf",)


@login_required
@require_GET
def document(request, pk: int) -> HttpResponseBase:
    """Send a file that the user may read: pictures and PDF files to look at."""
    found = get_document(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    return send_file(
        request, found.file, name=found.name, content_type=found.content_type, tag=found.sha256, inline=READ_IN_PLACE
    )


@login_required
@require_POST
def item_document(request, code: str):
    """Add a file to an item."""
    item_id = selectors.get_item_id(code)
    if item_id is None:
        raise OutOfSight(_("There is no duty item %(code)s.") % {"code": code})
    _add(request, services.add_item_document, item_id)
    return redirect("dutylist:item", code=code)


@duty_desk
@require_POST
def batch_document(request, number: str):
    """Add the decision document to a batch."""
    _add(request, services.add_batch_document, find_batch(request, number).pk)
    return redirect("dutylist:batch", number=number)


def _add(request, service, pk: int) -> None:
    """Hand the file over; what is wrong with it is said on the page it was sent from."""
    file = request.FILES.get("file")
    try:
        if file is None:
            raise BadInput(_("Choose a file."), field="file")
        service(pk, file, by=Actor.staff(request.user), now=timezone.now())
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The file is added."))
