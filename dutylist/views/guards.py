"""Who gets past the door of the duty-list desk. What may be done inside is decided by the services."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.utils.translation import gettext as _

from dutylist import selectors
from dutylist.models import Batch
from grid.access import grants_of
from grid.choices import Act
from shenzhen_gov.core.exceptions import NotAllowed

DUTY_ACTS = {Act.ENTER_DUTY.value, Act.REVIEW_DUTY.value, Act.MANAGE_DUTY.value}


def require_duty_role(user) -> None:
    """Raise NotAllowed for people who neither enter, review nor publish changes of the list anywhere."""
    if not (user.is_superuser or DUTY_ACTS & grants_of(user).acts()):
        raise NotAllowed(
            _("Batches are for those who enter, review or publish changes of the duty list; you hold none of these.")
        )


def duty_desk(view):
    """Open a page only to people with an act of the duty list."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        require_duty_role(request.user)
        return view(request, *args, **kwargs)

    return guarded


def find_batch(request, number: str) -> Batch:
    """Return the batch with this number, or raise 404: what lies elsewhere is answered like what does not exist."""
    batch = selectors.get_batch(number, request.user)
    if batch is None:
        raise Http404(_("There is no batch %(number)s.") % {"number": number})
    return batch
