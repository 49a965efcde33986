"""登记: from what somebody said to a case with a number, a place, a duty item and an accountable unit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grid import access
from grid.models import Area
from grid.selectors import area_at, area_by_house_code
from intake.choices import ConfirmedBy, PlaceSource, ReplyWay, RequestType, Urgency
from intake.limits import ADDRESS_LIMIT, AUTO_TITLE_LENGTH, CONTENT_LIMIT, TITLE_LIMIT, WISH_LIMIT
from intake.location import find_place
from intake.models import Case
from intake.workflow import AWAITING_DISPATCH, CASE, REGISTERED
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import CHANNEL, STAFF, Actor
from shenzhen_gov.core.by_hand import insert
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, Refused
from shenzhen_gov.core.texts import joined

from .attachments import CaseFile, Upload, add_to_case, inspect_all, stored_or_none
from .citizens import find_or_create_citizen, normal_phone
from .drafts import finish_draft
from .idempotency import claim
from .learning import confirm_item
from .lookups import References, centre_answering_for, check_known, read_references, version_with_code
from .moves import tell_accepted
from .repeats import asks_again

OUTSIDE_NUMBER_ONCE = "case_external_id_once_per_channel"
LIMITS = {
    "title": TITLE_LIMIT,
    "content": CONTENT_LIMIT,
    "wish": WISH_LIMIT,
    "address": ADDRESS_LIMIT,
    "external_id": 60,
    "suggested": 40,
}
CHOICES = {"request_type": RequestType, "reply_way": ReplyWay, "urgency": Urgency}


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What is known of a request. Codes name channel, area and duty item; an empty text means not given."""

    channel: str
    content: str
    request_type: str
    title: str = ""
    urgency: str = ""  # empty: the channel's own
    wish: str = ""
    reply_way: str = ReplyWay.PHONE
    phone: str = ""
    name: str = ""
    wants_secrecy: bool = False
    area: str = ""
    house_code: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    item: str = ""
    suggested: str = ""  # the item that was suggested first, when a person chose `item`
    external_id: str = ""
    is_secret: bool = False
    is_sensitive: bool = False
    needs_callback: bool = False
    accept: bool = True  # 受理 in the same step


@dataclass(frozen=True)
class Registration:
    """The case, and whether this call made it or an earlier one with the same key."""

    case: Case
    created: bool


def register_case(data: NewCase, *, by: Actor, now: datetime, idempotency_key: str | None = None) -> Case:
    """Register a request and return its case; see `register_once`."""
    return register_once(data, by=by, now=now, idempotency_key=idempotency_key).case


def register_once(
    data: NewCase,
    *,
    by: Actor,
    now: datetime,
    idempotency_key: str | None = None,
    files: Sequence[Upload] = (),
    then: Callable[[Case], None] | None = None,
) -> Registration:
    """Register a request, with its files, in one transaction: all of it or nothing.

    `then`: what belongs to the same step, carried out on a new case only; when it fails nothing is registered and no
    file stays behind. With a key, the same request again answers with the same case (`created` False). Raises BadInput
    naming the field, NotAllowed or OutOfSight for the territory, KeyReused, and Refused for an outside number that is
    already known.
    """
    check_texts(data)
    phone = normal_phone(data.phone)
    inspected = inspect_all(files, now)
    try:
        with stored_or_none(inspected), transaction.atomic():
            done = _register(data, phone, inspected, idempotency_key, by, now)
            if done.created and then is not None:
                then(done.case)
            return done
    except IntegrityError as error:
        if OUTSIDE_NUMBER_ONCE in str(error):
            raise _already_known(data) from error
        raise


def _register(
    data: NewCase, phone: str, files: list[CaseFile], key: str | None, by: Actor, now: datetime
) -> Registration:
    known = read_references(
        channel=data.channel, area=data.area, item=data.item, suggested=data.suggested, on=timezone.localdate(now)
    )
    if by.kind == CHANNEL and by.id != known.channel.pk:
        raise NotAllowed(_("A channel registers its own cases only."))
    if key is not None and (earlier := claim(key, data, known.case_id, by=by, now=now)):
        return Registration(earlier, created=False)
    check_known(known, area=data.area, item=data.item)
    area, source, found = _place(data, known.area)
    holder = known.centre if area and area == known.area else None
    case = _build(data, known, now)
    case.area, case.place_source, case.registered_by = area, source, by.name
    case.holder = holder or centre_answering_for(area, by)
    access.require(by, CASE.moves["register"].acts, case)
    case.citizen = find_or_create_citizen(phone, data.name.strip(), wants_secrecy=data.wants_secrecy, now=now)
    case.is_repeat = bool(phone) and asks_again(case.citizen, now=now)
    _store(case, data.accept, found, by, now)
    if by.kind == STAFF and case.item_id:
        confirm_item(case, case.item_id, suggested_id=known.suggested_id, confirmed_by=ConfirmedBy.AGENT, now=now)
    finish_draft(key, case.pk, by)
    for file in files:
        add_to_case(case, file, by=by, now=now)
    return Registration(case, created=True)


def check_texts(data: NewCase) -> None:
    """Refuse texts that are missing, too long or not of their vocabulary, naming the field."""
    for fault in _text_faults(data):
        raise fault
    check_point(data.longitude, data.latitude)


def faults_of(data: NewCase, *, on: date) -> list[Refused]:
    """Return what is wrong with a request field by field, where `register_once` stops at the first fault."""
    checks: list[Callable] = [
        lambda: normal_phone(data.phone),
        lambda: check_point(data.longitude, data.latitude),
        lambda: data.house_code.strip() and area_by_house_code(data.house_code.strip()),
        lambda: data.item and version_with_code(data.item, on),
    ]
    return [*_text_faults(data), *(fault for check in checks if (fault := _refusal_of(check)))]


def _refusal_of(check: Callable) -> Refused | None:
    try:
        check()
    except Refused as refusal:
        return refusal
    return None


def _text_faults(data: NewCase) -> Iterator[BadInput]:
    if len("".join(data.content.split())) < 2:
        yield BadInput(_("Write down what the request is about."), field="content")
    for field, limit in LIMITS.items():
        text = getattr(data, field)
        if len(text) > limit:
            message = _("%(count)s characters are too many; at most %(limit)s are possible.")
            yield BadInput(message % {"count": len(text), "limit": limit}, field=field)
        if "\x00" in text:
            yield BadInput(_("The text contains a character that cannot be stored."), field=field)
    for field, choices in CHOICES.items():
        value = getattr(data, field)
        if value not in choices.values and (value or field != "urgency"):
            message = _("“%(value)s” is not one of: %(choices)s.")
            yield BadInput(message % {"value": value, "choices": joined(choices.values)}, field=field)


def check_point(longitude: float | None, latitude: float | None) -> None:
    """Refuse what is no place on the globe, and half a place."""
    for field, value, limit in (("longitude", longitude, 180), ("latitude", latitude, 90)):
        if value is not None and not (math.isfinite(value) and abs(value) <= limit):
            raise BadInput(_("Not a place on the globe."), field=field)
    if (longitude is None) != (latitude is None):
        raise BadInput(_("Longitude and latitude belong together."), field="longitude")


def title_of(content: str) -> str:
    """Return a title made of the first sentence of a request."""
    text = " ".join(content.split())
    first = re.split(r"(?<=[。！？!?；;])", text)[0].rstrip("。；;")
    return first if len(first) <= AUTO_TITLE_LENGTH else first[: AUTO_TITLE_LENGTH - 1] + "…"


def _build(data: NewCase, known: References, now: datetime) -> Case:
    """Return the unsaved case, all but its place and who registers it."""
    stamp, channel, version = timezone.localtime(now), known.channel, known.version
    return Case(
        pk=known.case_id,
        number=f"SZ{channel.origin}{stamp:%Y%m%d%H%M%S}{known.running:04d}",
        external_id=data.external_id or None,
        channel=channel,
        request_type=data.request_type,
        urgency=data.urgency or channel.default_urgency,
        title=data.title.strip() or title_of(data.content),
        content=data.content.strip(),
        wish=data.wish.strip(),
        reply_way=data.reply_way,
        address=data.address.strip(),
        house_code=data.house_code.strip().upper(),
        longitude=data.longitude,
        latitude=data.latitude,
        item_version=version,
        item=version.item if version else None,
        is_secret=data.is_secret or (version is not None and version.is_secret),
        is_sensitive=data.is_sensitive,
        needs_callback=data.needs_callback,
        registered_at=now,
    )


def _store(case: Case, accept: bool, found: dict, by: Actor, now: datetime) -> None:
    """Take the first steps of the life cycle, write the row once, and the audit entries."""
    case.state = CASE.check("register", case).to_state or case.state
    facts = {"state": ["draft", REGISTERED], "channel": case.channel.code, "place": found}
    entries = [audit.Record("case.registered", case, facts)]
    if accept:
        access.require(by, CASE.moves["accept"].acts, case)
        case.state, case.accepted_at = CASE.check("accept", case).to_state or case.state, now
        entries.append(audit.Record("case.accepted", case, {"state": [REGISTERED, AWAITING_DISPATCH]}))
        tell_accepted([case.pk])
    insert(case)
    audit.record_many(entries, by=by, now=now)


def _place(data: NewCase, chosen: Area | None) -> tuple[Area | None, str, dict]:
    """Return the area, how it was found, and the words it was found by (for the audit entry)."""
    by_code = area_by_house_code(data.house_code.strip()) if data.house_code.strip() else None
    if by_code is not None:
        if chosen is not None and not by_code.path.startswith(chosen.path):
            text = _("The house code lies in %(code_area)s, the chosen area is %(chosen)s.")
            raise BadInput(text % {"code_area": by_code.name, "chosen": chosen.name}, field="house_code")
        return by_code, PlaceSource.HOUSE_CODE, {"area": by_code.name}
    if chosen is not None:
        return chosen, PlaceSource.CHOSEN, {"area": chosen.name}
    if (at_point := area_at(data.longitude, data.latitude)) is not None:
        return at_point, PlaceSource.POINT, {"area": at_point.name}
    place = find_place(data.address, data.content)
    if place.area is None:
        return None, PlaceSource.UNKNOWN, {"candidates": [area.name for area in place.candidates]}
    return place.area, PlaceSource.TEXT, {"area": place.area.name, "words": [word.word for word in place.evidence]}


def _already_known(data: NewCase) -> Refused:
    number = Case.objects.get(channel__code=data.channel, external_id=data.external_id).number
    text = _("The outside number “%(outside)s” is already case %(number)s.")
    return Refused(text % {"outside": data.external_id, "number": number}, field="external_id")
