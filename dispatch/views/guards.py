"""Who gets past the door of a desk. What may be done inside is decided by the services."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.utils.translation import gettext as _

from grid.access import holds
from grid.choices import Act
from shenzhen_gov.core.exceptions import NotAllowed


def desk(act: Act):
    """Open a page only to people who hold `act` somewhere; the others read which role it takes."""

    def wrap(view):
        @login_required
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not holds(request.user, act):
                raise NotAllowed(_("None of your roles includes: %(act)s.") % {"act": act.label})
            return view(request, *args, **kwargs)

        return guarded

    return wrap
