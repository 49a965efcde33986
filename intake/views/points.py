"""QR points: the list, making one, taking it out of use, and the sheets to be put up."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode

import qrcode
import qrcode.image.svg
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from grid.access import holding, lacking
from grid.choices import Act
from grid.selectors import BUILDING_DIGITS
from intake.forms.points import PlatesForm, PointForm
from intake.selectors import points as selectors
from intake.services import create_plates, create_point, set_point_active
from intake.services.points import MAY_KEEP_POINTS
from intake.tables import PointTable
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import OutOfSight, Refused
from shenzhen_gov.core.form_steps import attempt
from shenzhen_gov.core.lists import ListPage, Sort

for_keepers = holding(*(Act(act) for act in MAY_KEEP_POINTS))


class PointList(ListPage):
    """QR points in sight."""

    title = gettext_lazy("QR points")
    table_class = PointTable
    template_name = "intake/points.html"
    sorts = (
        Sort("newest", gettext_lazy("Newest first"), ("-id",), column="created_at"),
        Sort("name", gettext_lazy("By name"), ("name", "id"), column="name"),
    )
    row_css = "two"
    export_name = "qr-points"
    empty_text = gettext_lazy("No QR point here")
    empty_hint = gettext_lazy("Make one for a building: whoever scans it reports with the place filled in.")
    empty_icon = "qr"

    def check_access(self) -> None:
        """Open to who keeps points somewhere."""
        user = self.request.user
        if not (user.is_superuser or selectors.may_keep_points(user)):
            raise lacking(*MAY_KEEP_POINTS)

    def get_queryset(self):
        """Return the points in sight."""
        return selectors.list_points(self.request.user)


@for_keepers
@require_http_methods(["GET", "POST"])
def point_new(request: HttpRequest) -> HttpResponse:
    """Make a QR point; `building` fills in what the address register says of one."""
    code = request.GET.get("building", "")[:BUILDING_DIGITS]
    initial = selectors.point_at(request.user, code) or {"area": selectors.home_area_of(request.user)}
    form = PointForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            point = create_point(form.new_point(), by=Actor.staff(request.user), now=timezone.now())
        except OutOfSight:
            form.add_error("area", _("This area lies outside your territory."))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The QR point is made; print its sheet."))
            return redirect(f"{reverse('intake:points_print')}?code={point.code}")
    context = {"title": _("New QR point"), "parents": [(_("QR points"), reverse("intake:points"))], "form": form}
    return render(request, "intake/point_form.html", context, status=422 if form.errors else 200)


@for_keepers
@require_POST
def point_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a point out of use, or put it in use again."""
    is_active = request.POST.get("use") == "1"
    set_point_active(pk, is_active, by=Actor.staff(request.user), now=timezone.now())
    messages.success(request, _("In use again.") if is_active else _("Out of use; its code leads to the general page."))
    return redirect("intake:points")


@for_keepers
@require_GET
def points_print(request: HttpRequest) -> HttpResponse:
    """Show the sheets of one point, or of those in use, ready for the printer."""
    codes = [code[:16] for code in request.GET.getlist("code")[: selectors.MOST_PRINTED]]
    found = selectors.points_to_print(request.user, codes)
    sheets = [(point, _picture(request, point.code)) for point in found]
    context = {"title": _("Sheets to put up"), "parents": [(_("QR points"), reverse("intake:points"))]}
    return render(request, "intake/points_print.html", context | {"sheets": sheets, "most": selectors.MOST_PRINTED})


@for_keepers
@require_http_methods(["GET", "POST"])
def plates(request: HttpRequest) -> HttpResponse:
    """Offer the buildings in which something is let; make the plates of the ticked ones and show their sheets."""
    text = request.GET.get("q", "")[:60]
    offered = selectors.list_plates(request.user, text)
    form = PlatesForm(request.POST if request.method == "POST" else None, offered=[row.pk for row, _has in offered])
    if request.method == "POST" and form.is_valid():
        made = attempt(form, request, create_plates, form.cleaned_data["buildings"])
        if made:
            return redirect(f"{reverse('intake:points_print')}?{urlencode([('code', point.code) for point in made])}")
    context = {"title": _("QR plates"), "parents": [(_("QR points"), reverse("intake:points"))], "form": form}
    context |= {"offered": offered, "text": text, "most": selectors.MOST_PRINTED}
    return render(request, "intake/plates.html", context, status=422 if form.errors else 200)


def _picture(request: HttpRequest, code: str) -> SafeString:
    """Return the QR code of a point's page as an SVG element."""
    address, buffer = request.build_absolute_uri(reverse("public:report_at", args=[code])), BytesIO()
    qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, box_size=10, border=2).save(buffer)
    svg = buffer.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 (drawn here, from an address of ours)
