"""One request about several matters: the case keeps the first part, the others become cases of their own.

Every part keeps who asked, through which channel, and when it was registered and accepted: the clocks of a part begin
with the original's acceptance, so that splitting buys no time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.choices import Act
from intake.choices import AttachmentKind, ConfirmedBy, PlaceSource
from intake.limits import CONTENT_LIMIT, TITLE_LIMIT
from intake.models import Attachment, Case, CaseText
from intake.text_keys import keys_of
from intake.workflow import AWAITING_DISPATCH, CASE, DRAFT
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import STAFF, Actor
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import checked_text

from .learning import confirm_item
from .lookups import References, centre_answering_for, check_known, read_references
from .moves import tell_accepted
from .registration import title_of

# What every part takes over from the case it was part of.
SHARED = (
    "channel_id", "request_type", "urgency", "wish", "reply_way", "citizen_id", "is_sensitive", "is_repeat",
    "needs_callback", "may_publish", "registered_at", "accepted_at",
)  # fmt: skip
PLACE = ("area", "address", "house_code", "longitude", "latitude", "place_source")


@dataclass(frozen=True)
class Part:
    """One matter of a request. Codes name item and area; without an area it is where the whole request was."""

    content: str
    title: str = ""
    item: str = ""
    area: str = ""


def checked_part(part: Part) -> Part:
    """Return the part with clean texts. Raises BadInput naming the field."""
    content = checked_text(part.content, CONTENT_LIMIT, field="content")
    if len("".join(content.split())) < 2:
        raise BadInput(_("Write down what the request is about."), field="content")
    title = checked_text(part.title, TITLE_LIMIT, field="title")
    return Part(content, title or title_of(content), part.item.strip(), part.area.strip())


def keep_part(case: Case, part: Part, *, facts: dict, by: Actor, now: datetime) -> Case:
    """Let a locked case stand for its first part only. The caller keeps the words it had before."""
    known = _references(case, part, now)
    case.title, case.content = part.title, part.content
    if known.area is not None and known.area.pk != case.area_id:
        _put_to(case, known)
    _classify(case, known, by, now)
    case.row_version += 1
    names = ("title", "content", "area", "place_source", "holder", "item", "item_version", "is_secret", "row_version")
    case.save(update_fields=[*names, "address", "house_code", "longitude", "latitude"])
    texts = [case.title, case.content, case.address]
    CaseText.objects.filter(case=case).update(keys=keys_of(case.pk, texts))
    audit.record("case.split", case, by=by, now=now, changes=facts)
    return case


def register_part(original: Case, part: Part, *, by: Actor, now: datetime) -> Case:
    """Register another part as a case that awaits dispatch. Raises BadInput naming the field.

    Whoever splits must be somebody who dispatches where the part lies. The files of the citizen belong to every part.
    """
    known = _references(original, part, now)
    stamp = timezone.localtime(now)
    case = Case(
        pk=known.case_id,
        number=f"SZ{original.channel.origin}{stamp:%Y%m%d%H%M%S}{known.running:04d}",
        title=part.title,
        content=part.content,
        state=AWAITING_DISPATCH,
        registered_by=by.name,
        is_secret=original.is_secret,
        holder=original.holder if original.state == AWAITING_DISPATCH else centre_answering_for(original.area),
        **{name: getattr(original, name) for name in (*SHARED, *PLACE)},
    )
    if known.area is not None and known.area.pk != original.area_id:
        _put_to(case, known)
    _require(by, case)
    case.save(force_insert=True)
    _classify(case, known, by, now)
    case.save(update_fields=["item", "item_version", "is_secret"])
    files = _share_files(original, case)
    facts = {"state": [DRAFT, AWAITING_DISPATCH], "original": original.number, "files": files}
    audit.record("case.split_off", case, by=by, now=now, changes=facts)
    tell_accepted([case.pk])
    return case


def _references(case: Case, part: Part, now: datetime) -> References:
    """Return what the codes stand for, and the numbers for a new case."""
    known = read_references(channel=case.channel.code, area=part.area, item=part.item, on=timezone.localdate(now))
    check_known(known, area=part.area, item=part.item)
    return known


def _put_to(case: Case, known: References) -> None:
    """Put a part to another area than the whole: what said exactly where the whole was does not hold for it."""
    case.area, case.place_source = known.area, PlaceSource.CHOSEN
    case.address, case.house_code, case.longitude, case.latitude = "", "", None, None
    case.holder = known.centre or centre_answering_for(known.area)


def _classify(case: Case, known: References, by: Actor, now: datetime) -> None:
    """Take the item that somebody chose for the part; without one the machine or a dispatcher finds it."""
    version = known.version
    case.item_version, case.item = version, version.item if version else None
    case.is_secret = case.is_secret or (version is not None and version.is_secret)
    if by.kind == STAFF and version is not None:
        confirm_item(case, version.item_id, suggested_id=None, confirmed_by=ConfirmedBy.DISPATCHER, now=now)


def _require(by: Actor, case: Case) -> None:
    if reason := access.why_not(by, CASE.moves["dispatch"].acts, case):
        act = Act.DISPATCH_CASE.label
        text = _("%(area)s is not yours to dispatch to (%(act)s): %(reason)s")
        raise BadInput(text % {"area": case.area or "—", "act": act, "reason": reason}, field="area")


def _share_files(original: Case, case: Case) -> int:
    """Let the part have the citizen's files; they are stored once."""
    files = list(Attachment.objects.filter(case=original, kind=AttachmentKind.EVIDENCE).exclude(file=""))
    for file in files:
        file.pk, file.case = None, case
        file._state.adding = True
    Attachment.objects.bulk_create(files)
    return len(files)
