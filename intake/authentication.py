"""Outside systems come in with a channel's key: `Authorization: Token <key>`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from .models import Channel, ChannelToken
from .selectors import find_token
from .services.channels import token_digest
from .signatures import SIGNATURE_HEADER, check_signature
from .throttling import refuse_early

SCHEME = "Token"


@dataclass(frozen=True)
class ChannelCaller:
    """Who calls the API: a channel, never a person."""

    channel: Channel
    is_authenticated: bool = True
    is_active: bool = True

    @property
    def pk(self) -> str:
        """Return a name for logs."""
        return f"channel:{self.channel.code}"


def token_of(key: str) -> ChannelToken:
    """Return the key in force, with its channel. Raises AuthenticationFailed, and Throttled for one over its quota."""
    digest = token_digest(key)
    refuse_early(digest)
    token = find_token(digest)
    if token is None or not token.channel.is_active:
        raise AuthenticationFailed(_("This key is not valid."))
    return token


class ChannelTokenAuthentication(BaseAuthentication):
    """Finds the channel by the hash of its key; revoked keys and channels out of use are refused."""

    def authenticate(self, request) -> tuple[ChannelCaller, ChannelToken] | None:
        """Return the channel and its key; None when another scheme, or none, was used."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != SCHEME.lower().encode():
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("The header must read: Authorization: Token <key>."))
        token = token_of(words[1].decode("latin-1"))
        if token.channel.needs_signature or SIGNATURE_HEADER in request.headers:
            check_signature(request._request, token.secret)
        return ChannelCaller(token.channel), token

    def authenticate_header(self, request) -> str:
        """Make a refused caller get 401, not 403."""
        return SCHEME


class IsChannel(BasePermission):
    """Lets channels in, and nobody else: a signed-in person uses the pages."""

    def has_permission(self, request, view) -> bool:
        """Whether the caller is a channel."""
        return isinstance(request.user, ChannelCaller)
