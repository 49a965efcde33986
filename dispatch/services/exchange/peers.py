"""Platforms of the exchange and their keys."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.models import Peer
from grid import access
from grid.models import Role, Staff, Unit
from grid.services import create_staff, grant_role
from grid.services.staff import NewStaff
from intake.models import Channel
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight
from shenzhen_gov.core.http import check_url

from .telling import peers

ROLE = "exchange_peer"
SECRET_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class PeerRow:
    """A platform as a form gives it. `unit_id` counts for a new one only."""

    code: str
    name: str
    unit_id: int
    url: str
    our_code: str
    channel_id: int | None = None
    identity_purpose: str = ""
    is_active: bool = True


@transaction.atomic
def save_peer(row: PeerRow, *, by: Actor, now: datetime) -> Peer:
    """Add or change a platform; a new one gets the account it acts as, with its role at its unit.

    Needs the administration of that unit. Raises BadInput naming the field.
    """
    peer = Peer.objects.select_for_update(of=("self",)).select_related("unit").filter(code=row.code).first()
    unit = peer.unit if peer else _unit(row.unit_id)
    access.require_administration(by, unit)
    peer = peer or Peer(code=row.code, unit=unit)
    wanted = {
        "name": row.name.strip(), "url": row.url.strip(), "our_code": row.our_code.strip(), "is_active": row.is_active,
        "channel_id": row.channel_id, "identity_purpose": row.identity_purpose.strip(),
    }  # fmt: skip
    changes = {name: [getattr(peer, name), value] for name, value in wanted.items() if getattr(peer, name) != value}
    for name, value in wanted.items():
        setattr(peer, name, value)
    _check(peer)
    if peer.pk is None:
        peer.account = _account(peer, by, now)
    peer.save()
    audit.record("peer.changed", peer, by=by, now=now, changes=changes)
    peers.forget()
    return peer


@transaction.atomic
def make_peer_secret(peer_id: int, *, by: Actor, now: datetime) -> tuple[Peer, str]:
    """Make a new key and return it: shown this once. The old one ends; messages wait until both sides have the new."""
    peer = Peer.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=peer_id).first()
    if peer is None:
        raise OutOfSight(_("Not found."))
    access.require_administration(by, peer)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    peer.secret = secret
    peer.save(update_fields=["secret"])
    audit.record("peer.secret_made", peer, by=by, now=now)
    return peer, secret


def _unit(unit_id: int) -> Unit:
    unit = Unit.objects.filter(pk=unit_id, closed_on=None).first()
    if unit is None:
        raise BadInput(_("This unit does not exist or is closed."), field="unit")
    return unit


def _account(peer: Peer, by: Actor, now: datetime) -> Staff:
    """Make the account a platform acts as. Nobody knows its password, so nobody signs in with it."""
    role = Role.objects.filter(code=ROLE).first()
    if role is None:
        raise BadInput(_("The role “%(role)s” is missing; load the roles first.") % {"role": ROLE})
    new = NewStaff(f"peer-{peer.code}", secrets.token_urlsafe(SECRET_BYTES), peer.unit_id, last_name=peer.name)
    account = create_staff(new, by=by, now=now)
    grant_role(account.pk, role.pk, peer.unit_id, by=by, now=now)
    return account


def _check(peer: Peer) -> None:
    """Raise BadInput naming the field at fault."""
    check_url(peer.url)
    try:
        peer.clean_fields(exclude=["account", "secret", "unit"])
        peer.validate_unique(exclude=["account"])
    except ValidationError as error:
        name, problems = next(iter(error.message_dict.items()))
        raise BadInput(" ".join(problems), field=name) from error
    if peer.channel_id and not Channel.objects.filter(pk=peer.channel_id, is_active=True).exists():
        raise BadInput(_("This channel is not in use."), field="channel")
