"""The records of GeoReport: what of a case and of a duty item the public is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dutylist.models import ItemVersion
from intake.models import Case
from intake.selectors import Stage
from intake.selectors.open311 import Update
from intake.workflow import OPEN_STATES, STATES, state_told

OPEN, ENDED = "open", "closed"
NUMBERS = re.compile(r"\d[\d\s-]{5,}\d")  # telephone and identity numbers, whatever stands between their digits
TEXTS = dict(STATES)
DESCRIPTION_LIMIT = 300


def service_record(version: ItemVersion) -> dict:
    """Return a duty item as a service; its group is the first level of the list."""
    return {
        "service_code": version.item.code,
        "service_name": version.name,
        "description": version.criteria[:DESCRIPTION_LIMIT] or version.path_text,
        "metadata": False,
        "type": "realtime",
        "keywords": ",".join(word.replace(",", " ") for word in version.keywords),
        "group": version.path_text.split(" / ")[0],
    }


def request_record(case: Case, stages: list[Stage]) -> dict:
    """Return a case without anything personal; its words and its exact place only where they may be published."""
    told, version = state_told(case.state) or "closed", case.item_version
    may_publish, name = case.may_publish, version.name if version else ""
    return {
        "service_request_id": case.number,
        "status": status_of(case.state),
        "status_notes": str(TEXTS.get(told, told)),
        "service_name": name,
        "service_code": case.item.code if case.item else "",
        "description": NUMBERS.sub("***", case.title) if may_publish else name,
        "agency_responsible": case.holder.name if case.holder else "",
        "service_notice": "",
        "requested_datetime": moment(case.registered_at),
        "updated_datetime": moment(stages[-1].at if stages else case.registered_at),
        "expected_datetime": moment(case.due_at),
        "address": NUMBERS.sub("***", case.address) if may_publish and case.address else _area(case),
        "address_id": None,
        "zipcode": None,
        "lat": case.latitude if may_publish else None,
        "long": case.longitude if may_publish else None,
        "media_url": None,
    }


def update_record(update: Update) -> dict:
    """Return a change of state."""
    return {
        "update_id": str(update.id),
        "service_request_id": update.number,
        "status": status_of(update.state),
        "updated_datetime": moment(update.at),
        "description": str(TEXTS.get(update.state, update.state)),
        "media_url": None,
    }


def receipt(number: str) -> dict:
    """Return what a sender gets for a new request."""
    notice = _("Registered. Ask for it by this number at any time.")
    return {"service_request_id": number, "service_notice": notice, "account_id": None}


def discovery(address: str, documents: str) -> dict:
    """Return where this interface lies and what it speaks."""
    formats = ["text/xml; charset=utf-8", "application/json; charset=utf-8"]
    specification = "http://wiki.open311.org/GeoReport_v2"
    endpoint: Mapping = {
        "specification": specification,
        "url": address,
        "changeset": "2026-11-22 00:00",
        "type": "production",
        "formats": formats,
    }
    return {
        "changeset": "2026-11-22 00:00",
        "contact": _("A key comes from the administrators of this portal."),
        "key_service": documents,
        "endpoints": [endpoint],
    }


def status_of(state: str) -> str:
    """Return `open` while somebody is accountable for it."""
    return OPEN if state in OPEN_STATES else ENDED


def moment(at: datetime | None) -> str | None:
    """Return a moment with its offset from UTC."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def _area(case: Case) -> str:
    return case.area.name if case.area else ""
