"""Channels and their keys."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.services.reference import Reference, load_rows, save_row
from intake.choices import ChannelRight, RequestType, Urgency
from intake.models import Channel, ChannelToken
from intake.models.channels import all_case_rights
from shenzhen_gov.core import audit, http
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.kept import kept
from shenzhen_gov.core.texts import joined

from .callback_addresses import channels_to_tell

QUOTAS = range(1, 1_000_001)  # calls a minute


@dataclass(frozen=True)
class ChannelRow:
    """A channel as the file or a form gives it."""

    code: str
    name: str
    name_en: str
    origin: str
    default_urgency: str
    order: int
    source: str
    is_active: bool = True
    default_type: str = RequestType.HELP
    rights: list[str] = field(default_factory=all_case_rights)
    quota: int | None = None  # calls a minute; None: the parameter for all channels
    needs_signature: bool = False
    callback_url: str = ""
    is_listed: bool = False


@kept
def channels_in_use() -> list[Channel]:
    """Return the channels in use, in their order: what forms offer, and check with every request that is sent."""
    return list(Channel.objects.filter(is_active=True))


@transaction.atomic
def load_channels(rows: Iterable[ChannelRow], *, overwrite: bool = False, by: Actor, now: datetime) -> list[str]:
    """Add the channels that are missing and return what was done, a line each.

    A channel that is there may have been edited: only with `overwrite` is it brought in line with its row, and even
    then it stays in or out of use as it is, and keeps its call-back address. Channels not named are left alone.
    """
    transaction.on_commit(_forget_copies)
    return load_rows(TABLE, rows, overwrite=overwrite, by=by, now=now)


@transaction.atomic
def save_channel(row: ChannelRow, *, by: Actor, now: datetime) -> Channel:
    """Add or change one channel."""
    transaction.on_commit(_forget_copies)
    return save_row(TABLE, row, by=by, now=now)


@transaction.atomic
def create_channel_token(channel_id: int, *, note: str = "", by: Actor, now: datetime) -> tuple[ChannelToken, str]:
    """Make a key for a channel and return it; only its SHA-256 is stored, so it is shown this once.

    The token's `secret` signs calls and call-backs; it is stored encrypted and shown with the key.
    """
    channel = Channel.objects.select_for_update().filter(pk=channel_id).first()
    if channel is None:
        raise OutOfSight(_("Not found."))
    access.require_administration(by, None)
    key = secrets.token_urlsafe(32)
    token = ChannelToken(channel=channel, digest=token_digest(key), prefix=key[:8], note=note.strip(), created_at=now)
    token.secret = secrets.token_urlsafe(32)
    token.save(force_insert=True)
    audit.record("channel.token_created", channel, by=by, now=now, changes={"prefix": token.prefix}, note=token.note)
    return token, key


@transaction.atomic
def revoke_channel_token(token_id: int, *, by: Actor, now: datetime) -> ChannelToken:
    """End a key at once."""
    token = ChannelToken.objects.select_for_update(of=("self",)).select_related("channel").filter(pk=token_id).first()
    if token is None:
        raise OutOfSight(_("Not found."))
    access.require_administration(by, None)
    if token.revoked_at is not None:
        raise IllegalMove(_("This key was revoked before."))
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    audit.record("channel.token_revoked", token.channel, by=by, now=now, changes={"prefix": token.prefix})
    return token


def require_right(channel: Channel, right: str) -> None:
    """Refuse what the keys of this channel may not do, naming the right that is missing."""
    if right not in channel.rights:
        text = _("The keys of this channel may not do this; the right that is missing: %(right)s (%(code)s).")
        raise NotAllowed(text % {"right": ChannelRight(right).label, "code": right})


def _forget_copies() -> None:
    channels_in_use.forget()
    channels_to_tell.forget()


def token_digest(key: str) -> str:
    """Return what is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _check(row: ChannelRow) -> None:
    """Refuse a row that names its column."""
    for name in ("code", "name", "name_en"):
        if not getattr(row, name):
            raise BadInput(_("%(field)s must not be empty.") % {"field": name}, field=name)
    if not (len(row.origin) == 2 and row.origin.isascii() and row.origin.isalpha() and row.origin.isupper()):
        raise BadInput(_("The origin letters are two capital letters, e.g. RX."), field="origin")
    if row.default_urgency not in Urgency.values:
        text = _("%(value)s is no degree of urgency.") % {"value": row.default_urgency}
        raise BadInput(text, field="default_urgency")
    _check_one_of(row.default_type, RequestType.values, "default_type")
    for right in row.rights:
        _check_one_of(right, ChannelRight.values, "rights")
    if row.quota is not None and row.quota not in QUOTAS:
        text = _("From %(least)s to %(most)s calls a minute are possible.")
        raise BadInput(text % {"least": QUOTAS.start, "most": QUOTAS.stop - 1}, field="quota")
    _check_callback(row.callback_url)


def _check_one_of(value: str, known: list[str], field: str) -> None:
    if value not in known:
        text = _("“%(value)s” is not one of: %(choices)s.")
        raise BadInput(text % {"value": value, "choices": joined(known)}, field=field)


def _check_callback(url: str) -> None:
    """Refuse an address that would never be called, while whoever types it is there."""
    if url:
        try:
            http.check_url(url)
        except BadInput as refusal:
            raise BadInput(refusal.text, field="callback_url") from refusal


TABLE = Reference(
    Channel, key="code", action="channel.changed", label="name", kept=("is_active", "callback_url"), check=_check
)
