"""What the pages of intake share: who is let in, and the case an address names."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from grid.access import holding
from grid.choices import Act
from intake import selectors
from intake.models import Case
from shenzhen_gov.core.exceptions import OutOfSight

for_agents = holding(Act.REGISTER_CASE)


def case_in_sight(request: HttpRequest, number: str) -> Case:
    """Return the case with this number that the user may see; any other is not found."""
    case = selectors.get_case(request.user, number)
    if case is None:
        raise OutOfSight(_("Not found."))
    return case


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script sent the form: it keeps what was typed and chosen, and shows the errors beside it."""
    return request.headers.get("Accept") == "application/json"
