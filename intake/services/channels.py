"""Channels and their keys."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from intake.choices import Urgency
from intake.models import Channel, ChannelToken
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight


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


@transaction.atomic
def load_channels(rows: Iterable[ChannelRow], *, overwrite: bool = False, by: Actor, now: datetime) -> list[str]:
    """Add the channels that are missing and return what was done, a line each.

    A channel that is there may have been edited: only with `overwrite` is it brought in line with its row, and even
    then it stays in or out of use as it is. Channels not named are left alone.
    """
    access.require_administration(by, None)
    known = {channel.code: channel for channel in Channel.objects.select_for_update()}
    changes = []
    for row in rows:
        there = known.get(row.code)
        if there is None:
            changes.append(_write(None, row, by, now))
        elif overwrite:
            changes.append(_write(there, replace(row, is_active=there.is_active), by, now))
    return [change for change in changes if change]


@transaction.atomic
def save_channel(row: ChannelRow, *, by: Actor, now: datetime) -> Channel:
    """Add or change one channel."""
    access.require_administration(by, None)
    _write(Channel.objects.select_for_update().filter(code=row.code).first(), row, by, now)
    return Channel.objects.get(code=row.code)


@transaction.atomic
def create_channel_token(channel_id: int, *, note: str = "", by: Actor, now: datetime) -> tuple[ChannelToken, str]:
    """Make a key for a channel and return it; only its SHA-256 is stored, so it is shown this once."""
    channel = Channel.objects.select_for_update().filter(pk=channel_id).first()
    if channel is None:
        raise OutOfSight(_("Not found."))
    access.require_administration(by, None)
    key = secrets.token_urlsafe(32)
    token = ChannelToken(channel=channel, digest=token_digest(key), prefix=key[:8], note=note.strip(), created_at=now)
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


def token_digest(key: str) -> str:
    """Return what is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _write(channel: Channel | None, row: ChannelRow, by: Actor, now: datetime) -> str:
    """Write one channel and return the line that tells it; empty when nothing changed."""
    _check(row)
    wanted = asdict(row)
    before = {name: getattr(channel, name) for name in wanted} if channel else {}
    changes = {name: [before.get(name), wanted[name]] for name in wanted if before.get(name) != wanted[name]}
    if not changes:
        return ""
    channel = channel or Channel()
    for name, value in wanted.items():
        setattr(channel, name, value)
    channel.save()
    audit.record("channel.changed", channel, by=by, now=now, changes=changes)
    return f"{'~' if before else '+'} {row.code} {row.name}"


def _check(row: ChannelRow) -> None:
    """Refuse a row that names its column."""
    for field in ("code", "name", "name_en"):
        if not getattr(row, field):
            raise BadInput(_("%(field)s must not be empty.") % {"field": field}, field=field)
    if not (len(row.origin) == 2 and row.origin.isascii() and row.origin.isalpha() and row.origin.isupper()):
        raise BadInput(_("The origin letters are two capital letters, e.g. RX."), field="origin")
    if row.default_urgency not in Urgency.values:
        text = _("%(value)s is no degree of urgency.") % {"value": row.default_urgency}
        raise BadInput(text, field="default_urgency")
