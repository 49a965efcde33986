"""What the duty-list desk shows beside the lines of a batch: the trail of its steps, the next moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dutylist.models import Batch, BatchLine, BatchPreview
from dutylist.workflow import BATCH, ENTER, MANAGE, PRE_REVIEW, PUBLISHED, REVIEW, ROLLED_BACK, SCHEDULED
from grid.access import why_not
from grid.models import Area
from shenzhen_gov.core.actor import Actor

DONE, NOW, AHEAD = "done", "now", "ahead"
PREVIEWS = ("findings", "cases", "replay")
BY_HAND = ("submit", "pre_approve", "approve", "publish", "send_back", "take_back", "discard", "roll_back")


@dataclass(frozen=True)
class Preview:
    """What is known of one kind of figures: a few of them, and whether they are of the present content."""

    kind: str
    made_at: object
    is_fresh: bool
    cases: str = ""
    agreement: str = ""


@dataclass(frozen=True)
class Step:
    """One station of a batch's way; `state`: done, now or ahead."""

    label: str
    state: str
    said: str = ""


@dataclass(frozen=True)
class Action:
    """One button: a move of the life cycle, and why it is off, where it is."""

    name: str
    label: str
    reason: str | Promise | None

    @property
    def allowed(self) -> bool:
        """Whether it may be pressed."""
        return self.reason is None


def list_batches(user) -> QuerySet[Batch]:
    """Return the batches in sight with what the ledger shows: whose list, proposer, lines by kind."""
    kinds = (
        BatchLine.objects.filter(batch=OuterRef("pk"))
        .order_by("kind")
        .values("kind")
        .annotate(lines=Count("pk"))
        .values(counted=JSONObject(kind=F("kind"), lines=F("lines")))
    )
    batches = Batch.objects.visible_to(user).select_related("owner_area", "proposing_unit", "created_by", "reverses")
    return batches.annotate(by_kind=ArraySubquery(kinds))


def list_batch_owners(user) -> QuerySet[Area]:
    """Return the areas whose batches `user` sees."""
    return Area.objects.filter(pk__in=Batch.objects.visible_to(user).values("owner_area")).order_by("level", "path")


def get_previews(batch: Batch) -> dict[str, Preview]:
    """Return kind → the newest figures about the batch, with one query and without reading the figures as a whole."""
    kept = BatchPreview.objects.filter(batch=batch, kind__in=PREVIEWS).order_by("kind", "-made_at", "-pk")
    rows = kept.distinct("kind").values(
        "kind", "made_at", "content_number", count=KT("figures__cases"), after=KT("figures__agreement_after")
    )
    return {
        row["kind"]: Preview(
            row["kind"],
            row["made_at"],
            row["content_number"] == batch.content_number,
            row["count"] or "",
            row["after"] or "",
        )
        for row in rows
    }


def get_actions(batch: Batch, by: Actor, refuses: Callable[[str], str | Promise | None]) -> list[Action]:
    """Return the moves that start in the present state; `refuses(move)` adds what the table does not know."""
    offers = BATCH.offers(batch, lambda move: why_not(by, move.acts, batch))
    found = [
        Action(offer.move.name, str(offer.move.label), offer.reason or refuses(offer.move.name))
        for offer in offers
        if offer.move.name in BY_HAND
    ]
    return sorted(found, key=lambda action: BY_HAND.index(action.name))


def why_not_edit(batch: Batch, by: Actor) -> str | Promise | None:
    """Return None when lines may be changed now by this person, else the reason."""
    return why_not(by, BATCH.moves["edit"].acts, batch) or BATCH.why_not("edit", batch)


def areas_to_change(by: Actor) -> list[Area]:
    """Return the areas whose lists this person may change, widest first: down to the subdistricts."""
    areas = Area.objects.filter(level__lte=3, is_active=True).order_by("level", "path")
    return [area for area in areas if why_not(by, (ENTER, MANAGE), area) is None]


def get_trail(batch: Batch, lines: int, previews: dict[str, Preview], findings: str) -> list[Step]:
    """Return the six stations; the first that is not done is the present one."""
    fresh = {kind for kind, preview in previews.items() if preview.is_fresh}
    through = {SCHEDULED, PUBLISHED, ROLLED_BACK}
    stations = [
        (_("Entry"), lines > 0 and batch.state != "discarded", _("%(count)s lines") % {"count": lines}),
        (_("Check"), "findings" in fresh, findings if "findings" in fresh else _stale(previews, "findings")),
        (_("Open cases"), "cases" in fresh, _figure(previews, "cases")),
        (_("Replay"), "replay" in fresh, _figure(previews, "replay")),
        (_("Review"), batch.state in through, _review(batch)),
        (pgettext("step", "In force"), batch.state in {PUBLISHED, ROLLED_BACK}, _day(batch.effective_on)),
    ]
    states = [DONE if done else AHEAD for _label, done, _said in stations]
    if AHEAD in states and batch.is_open:
        states[states.index(AHEAD)] = NOW
    over = not batch.is_open  # what was never computed is not "not yet" any more
    return [
        Step(label, state, "" if over and state == AHEAD else said)
        for (label, _done, said), state in zip(stations, states, strict=True)
    ]


def _stale(previews: dict[str, Preview], kind: str) -> str:
    return _("out of date") if kind in previews else _("not yet")


def _figure(previews: dict[str, Preview], kind: str) -> str:
    preview = previews.get(kind)
    if preview is None or not preview.is_fresh:
        return _stale(previews, kind)
    if kind == "cases":
        return _("%(count)s cases") % {"count": preview.cases or 0}
    return f"{float(preview.agreement):.1%}" if preview.agreement else _("no closed case")


def _review(batch: Batch) -> str:
    if batch.state in {PRE_REVIEW, REVIEW}:
        return str(BATCH.states[batch.state])
    return _("passed") if batch.state in {SCHEDULED, PUBLISHED, ROLLED_BACK} else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else _("no day set")
