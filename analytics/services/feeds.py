"""Keys by which other systems read figures."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.models import FeedKey
from grid import access
from grid.models import Area
from intake.services.channels import token_digest
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, OutOfSight


@transaction.atomic
def create_feed_key(area_id: int, name: str, *, by: Actor, now: datetime) -> tuple[FeedKey, str]:
    """Make a key to the figures of an area and return it with its text, which is shown this once."""
    area = Area.objects.filter(pk=area_id).first()
    if area is None:
        raise OutOfSight(_("Not found."))
    access.require_administration(by, None if area.parent_id is None else area)
    if not name.strip():
        raise BadInput(_("must not be empty"), field="name")
    text = secrets.token_urlsafe(32)
    key = FeedKey(name=name.strip()[:60], area=area, digest=token_digest(text), prefix=text[:8])
    key.created_at, key.created_by = now, by.name[:120]
    key.save(force_insert=True)
    audit.record("feed_key.created", key, by=by, now=now, changes={"area": area.code})
    return key, text


@transaction.atomic
def revoke_feed_key(key_id: int, *, by: Actor, now: datetime) -> FeedKey:
    """End a key at once."""
    key = FeedKey.objects.select_for_update(of=("self",)).select_related("area").filter(pk=key_id).first()
    if key is None:
        raise OutOfSight(_("Not found."))
    access.require_administration(by, None if key.area.parent_id is None else key.area)
    if key.revoked_at is not None:
        raise IllegalMove(_("This key was revoked before."))
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    audit.record("feed_key.revoked", key, by=by, now=now, changes={"prefix": key.prefix})
    return key
