"""Other systems read figures with a key: `Authorization: Token <key>`. A key reads one area and what lies below it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.throttling import BaseThrottle

from grid.access import Grant, Grants
from grid.choices import Act
from intake.services.channels import token_digest
from intake.services.tallies import Budget, spend

from .models import FeedKey
from .selectors.table_choices import find_feed_key

SCHEME = "Token"
CALLS = Budget("figures.calls_per_minute", 60)
NO_UNIT = "-"  # a path that no unit's path begins with


@dataclass(frozen=True)
class FeedCaller:
    """Who calls: a system that sees the figures of the area of its key, and nothing else."""

    key: FeedKey
    _grants: Grants = field(compare=False)  # read by grid.access.grants_of, as of any other user
    is_authenticated: bool = True
    is_active: bool = True
    is_superuser: bool = False

    @property
    def pk(self) -> str:
        """Return a name for logs."""
        return f"feed:{self.key.prefix}"


def caller_of(key: FeedKey) -> FeedCaller:
    """Return the caller behind a key: as if the role of a reader were held for its area."""
    path = key.area.path
    grant = Grant(Act.VIEW_FIGURES.value, NO_UNIT, path, whole_city=key.area.parent_id is None, home_path=path)
    return FeedCaller(key, Grants([grant]))


class FeedKeyAuthentication(BaseAuthentication):
    """Finds the key by its hash; revoked keys are refused."""

    def authenticate(self, request) -> tuple[FeedCaller, FeedKey] | None:
        """Return the caller and its key; None when another scheme, or none, was used."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != SCHEME.lower().encode():
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("The header must read: Authorization: Token <key>."))
        key = find_feed_key(token_digest(words[1].decode("latin-1")))
        if key is None:
            raise AuthenticationFailed(_("This key is not valid."))
        return caller_of(key), key

    def authenticate_header(self, request) -> str:
        """Make a refused caller get 401, not 403."""
        return SCHEME


class FeedThrottle(BaseThrottle):
    """Counts the calls of keys, over all processes; people who are signed in are not counted."""

    def allow_request(self, request, view) -> bool:
        """Count the call. Raises TooMany, answered as 429, beyond the parameter figures.calls_per_minute."""
        if isinstance(request.auth, FeedKey):
            spend(CALLS, request.auth.digest, now=timezone.now())
        return True


class FeedKeyScheme(OpenApiAuthenticationExtension):
    """Describes the key in the schema."""

    target_class = "analytics.authentication.FeedKeyAuthentication"
    name = "feedKey"

    def get_security_definition(self, auto_schema) -> dict:
        """Return the header."""
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <key>"}
