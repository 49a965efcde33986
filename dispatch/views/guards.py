"""Who gets past the door of the pages of list changes; of all others `grid.access.holding` says it."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.utils.translation import gettext as _

from grid.access import holds
from grid.choices import Act
from shenzhen_gov.core.exceptions import NotAllowed

DUTY_ACTS = (Act.ENTER_DUTY, Act.REVIEW_DUTY, Act.MANAGE_DUTY)


def duty_desk(view):
    """Open a part of a batch's page to people who work on duty lists somewhere; whose list it is, the view asks."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not (request.user.is_superuser or any(holds(request.user, act) for act in DUTY_ACTS)):
            raise NotAllowed(_("None of your roles enters, reviews or publishes changes of a duty list."))
        return view(request, *args, **kwargs)

    return guarded
