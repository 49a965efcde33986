"""Who is let into the pages of the grid."""

from __future__ import annotations

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from shenzhen_gov.core.exceptions import NotAllowed


def holding(*acts: Act):
    """Let in who holds one of `acts` somewhere; say to others what is missing."""

    def decorate(view):
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not any(access.holds(request.user, act) for act in acts):
                text = _("Your roles here do not include: %(acts)s.")
                raise NotAllowed(text % {"acts": " / ".join(str(act.label) for act in acts)})
            return view(request, *args, **kwargs)

        return guarded

    return decorate
