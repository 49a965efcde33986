"""Posts in cells and sub-cells, and who holds them: 专职网格员, 楼栋长, 平安员."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grid import access
from grid.models import Area, GridPost, Staff
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, OutOfSight, Refused
from shenzhen_gov.core.texts import checked_text

from .keeping import MAY_KEEP_PLACES

TITLE_LENGTH = NAME_LENGTH = 40


@dataclass(frozen=True)
class NewPost:
    """A post to fill: by somebody with an account (`staff_id`), or by a name."""

    area_id: int
    title: str
    begins_on: date
    staff_id: int | None = None
    person: str = ""


@transaction.atomic
def add_post(data: NewPost, *, by: Actor, now: datetime) -> GridPost:
    """Fill a post. Raises BadInput naming the field, NotAllowed or OutOfSight for the territory."""
    area = Area.objects.filter(pk=data.area_id, is_active=True).first()
    if area is None:
        raise OutOfSight(_("Not found."))
    access.require(by, MAY_KEEP_PLACES, area)
    title = checked_text(data.title, TITLE_LENGTH, field="title")
    person = checked_text(data.person, NAME_LENGTH, field="person")
    if not title:
        raise BadInput(_("Say what the post is called."), field="title")
    staff = _staff(data.staff_id, by)
    if staff is None and not person:
        raise BadInput(_("Say who holds it: somebody with an account, or a name."), field="person")
    post = GridPost.objects.create(
        area=area, title=title, staff=staff, person="" if staff else person, begins_on=data.begins_on
    )
    audit.record("post.added", post, by=by, now=now, changes={"title": title, "from": str(data.begins_on)})
    return post


def _staff(staff_id: int | None, by: Actor) -> Staff | None:
    if staff_id is None:
        return None
    found = Staff.objects.filter(pk=staff_id, is_active=True).select_related("unit").first()
    if found is None or found.unit is None or (by.user is not None and not access.can_see(by.user, found)):
        raise BadInput(_("Nobody of your territory has this account."), field="staff")
    return found


@transaction.atomic
def end_post(post_id: int, ends_on: date, *, by: Actor, now: datetime) -> GridPost:
    """End a post on a day. Raises BadInput for a day before its first, Refused when it has ended."""
    post = GridPost.objects.select_for_update(of=("self",)).select_related("area").filter(pk=post_id).first()
    if post is None:
        raise OutOfSight(_("Not found."))
    access.require(by, MAY_KEEP_PLACES, post)
    if post.ends_on is not None:
        raise Refused(_("This post has an end already."))
    if ends_on < post.begins_on:
        raise BadInput(_("The post begins on %(day)s only.") % {"day": post.begins_on}, field="ends_on")
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    audit.record("post.ended", post, by=by, now=now, changes={"until": [None, str(ends_on)]})
    return post
