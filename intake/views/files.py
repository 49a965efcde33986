"""Files of cases: sent to whoever may see the case, and to nobody else; and where a photo was taken."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from intake import selectors, services
from intake.models import Attachment
from intake.services.tallies import REPORTS_OF_ADDRESS, REPORTS_OF_ALL
from shenzhen_gov.core.exceptions import OutOfSight, Refused
from shenzhen_gov.core.files import send_file

from .visitors import address_of


@login_required
@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a file of a case that the user may see: pictures to look at, film and voice to play, the rest to save."""
    found = _found(request, pk)
    return send_file(request, found.file, name=found.name, content_type=found.content_type, tag=found.sha256)


@login_required
@require_safe
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the small picture of a file, or the file itself where there is none."""
    found = _found(request, pk)
    if not found.thumbnail:
        return attachment(request, pk)
    return send_file(request, found.thumbnail, name="", content_type="image/webp", tag=f"{found.sha256}-thumb")


@never_cache
@require_POST
def photo_place(request: HttpRequest) -> JsonResponse:
    """Answer where the photo `file` was taken, for the sender to offer before it is dropped; nothing is stored.

    Open without log-in, for citizens send photos; it answers only what the file itself says. Without log-in as many
    may be asked about as requests be sent, counted beside them: a photo never uses up a request. Longitude and
    latitude are WGS 84, as cameras write them; maps of China (GCJ-02) show them up to some hundred metres aside.
    """
    if not request.user.is_authenticated:
        now = timezone.now()
        services.spend(REPORTS_OF_ADDRESS, f"photo:{address_of(request)}", now=now)
        services.spend(REPORTS_OF_ALL, "photo", now=now)
    file = request.FILES.get("file")
    place = selectors.place_of_photo(file) if file else None
    return JsonResponse(place or {"longitude": None, "latitude": None, "area": None})


def _found(request: HttpRequest, pk: int) -> Attachment:
    found = selectors.get_attachment(request.user, pk)
    if found is None:
        raise OutOfSight(_("Not found."))
    if reason := found.why_not_sent:
        raise Refused(reason)
    return found
