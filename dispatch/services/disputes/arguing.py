"""举证: each party says why it is, or is not, responsible, and cites the list as it was in force then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import Docket, DocketCitation, DocketParty
from dispatch.selectors.disputes import sees_docket
from dispatch.workflow import DOCKET
from dutylist.models import Item, ItemVersion
from dutylist.selectors import version_in_force
from grid import access
from intake import services as intake
from intake.choices import AttachmentKind
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import SYSTEM, Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.texts import checked_text

TEXT_LIMIT, QUOTE_LIMIT, MOST_CITATIONS = 3000, 500, 5
# What of an entry says what belongs to it: a quotation stands in one of these.
SCOPE = ("criteria", "exclusions", "lead_duties", "co_duties", "legal_basis", "close_criteria", "path_text")


@dataclass(frozen=True)
class Citation:
    """An entry of the duty list by its code, and the sentence of it that decides; empty: its first sentence."""

    item: str
    quote: str = ""


@transaction.atomic
def argue(
    docket_id: int, *, unit_id: int, text: str, citations: Iterable[Citation] = (), files: Sequence[Any] = (),
    by: Actor, now: datetime,
) -> DocketParty:  # fmt: skip
    """Give, or give anew, what a unit says. When every party has argued the docket waits for the ruling.

    Raises BadInput naming the field (text, files; item and quote, from the second entry on item_2, quote_2 …),
    IllegalMove when it is ruled, NotAllowed for people of other units.
    """
    docket = lock_docket(docket_id, by=by)
    party = docket.parties.select_related("unit").filter(unit=unit_id).first()
    if party is None:
        raise BadInput(_("This unit is no party of the docket."), field="unit")
    if why := access.why_not(by, DOCKET.moves["argue"].acts, party.unit):
        raise NotAllowed(why)
    DOCKET.check("argue", docket)
    party.text = checked_text(text, TEXT_LIMIT, field="text")
    if not party.text:
        raise BadInput(_("Write the argument."), field="text")
    cited = _cited(docket, citations)
    party.argued_at, party.argued_by = now, by.name[:120]
    party.save(update_fields=["text", "argued_at", "argued_by"])
    party.citations.all().delete()
    DocketCitation.objects.bulk_create([DocketCitation(party=party, version=one, quote=q) for one, q in cited])
    _add_files(party, docket, files, by, now)
    facts = {"docket": docket.pk, "unit": str(party.unit), "cites": [str(version) for version, _quote in cited]}
    audit.record("docket.argued", docket.case, by=by, now=now, changes=facts, note=party.text)
    if docket.state in DOCKET.moves["hear"].from_states and not docket.parties.filter(argued_at=None).exists():
        docket.state = DOCKET.check("hear", docket).to_state or docket.state
    save(docket, "state")
    return party


def lock_docket(docket_id: int, *, by: Actor, row_version: int | None = None) -> Docket:
    """Return a docket with its case, both locked, the case first.

    Raises OutOfSight when there is none or `by` may not see it, StalePage when it was changed since the page was shown.
    """
    case_id = Docket.objects.filter(pk=docket_id).values_list("case_id", flat=True).first()
    case = intake.lock_case(case_id or 0, by=by)
    related = ("area", "interim_unit", "ruled_unit", "item")
    docket = Docket.objects.select_related(*related).select_for_update(of=("self",)).get(pk=docket_id)
    docket.case = case
    if by.user is not None and not sees_docket(by.user, docket):
        raise OutOfSight(_("Not found."))
    if row_version is not None and row_version != docket.row_version:
        raise StalePage(_("Somebody changed the docket meanwhile; it is shown afresh."))
    return docket


def save(docket: Docket, *names: str) -> None:
    """Write the named columns, and count the change."""
    docket.row_version += 1
    docket.save(update_fields=[*names, "row_version"])


def _cited(docket: Docket, citations: Iterable[Citation]) -> list[tuple[ItemVersion, str]]:
    """Return the versions in force when the docket was opened, each with the sentence that is quoted."""
    day = timezone.localdate(docket.opened_at)
    found: dict[int, tuple[ItemVersion, str]] = {}
    for place, one in enumerate(citations, start=1):
        if place > MOST_CITATIONS:
            raise BadInput(_("Cite no more than %(most)s entries.") % {"most": MOST_CITATIONS}, field="item")
        ending = f"_{place}" if place > 1 else ""
        quote = checked_text(one.quote, QUOTE_LIMIT, field=f"quote{ending}")
        code = checked_text(one.item, 40, field=f"item{ending}")
        if not code and quote:
            raise BadInput(_("Name the entry in which this sentence stands."), field=f"item{ending}")
        if not code:
            continue
        version = _in_force(code, day, field=f"item{ending}")
        if version.pk in found:
            raise BadInput(_("This entry is cited already."), field=f"item{ending}")
        found[version.pk] = version, _quoted(version, quote, field=f"quote{ending}")
    return list(found.values())


def _in_force(code: str, day: date, *, field: str) -> ItemVersion:
    item = Item.objects.filter(code=code).first()
    version = version_in_force(item.pk, day) if item else None
    if version is None:
        words = _("No duty item “%(code)s” was in force on %(day)s.") % {"code": code, "day": day}
        raise BadInput(words, field=field)
    return version


def _quoted(version: ItemVersion, quote: str, *, field: str) -> str:
    """Return the sentence as it stands in the entry; the first one of its scope when none was given."""
    texts = [" ".join(str(getattr(version, name)).split()) for name in SCOPE]
    if not quote:
        return next((text for text in texts if text), "").split("。")[0][:QUOTE_LIMIT]
    words = " ".join(quote.split())
    if not any(words in text for text in texts):
        text = _("This sentence does not stand in %(item)s, version %(number)s.")
        raise BadInput(text % {"item": version.item, "number": version.number}, field=field)
    return words


def _add_files(party: DocketParty, docket: Docket, files: Sequence[Any], by: Actor, now: datetime) -> None:
    """Keep the evidence with the case. A party need not hold the case, so it is not asked again whether it may."""
    keeper, kind = Actor(SYSTEM, by.name, by.id), AttachmentKind.REQUEST.value
    saved = [intake.add_attachment(docket.case_id, kind, file, by=keeper, now=now) for file in files]
    party.files.add(*saved)
