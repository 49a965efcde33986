"""可能同一诉求: cases that may be about the same matter, offered with a score and reasons; nothing merges by itself.

Blocked by the same item and community (with a point also its neighbours within some metres) and days, then the cosine
of TF-IDF over characters and pairs of characters of the titles (measured before it was built: pair precision .84).
Only the newest cases of a block are looked at, so that the cost does not grow with the history.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grid.models import Area
from intake.models import Case
from intake.nearness import metres_between
from intake.services.registration import title_of
from intake.workflow import DRAFT, VOID
from shenzhen_gov.core.parameters import get_parameter

MOST_HERE, MOST_NEXT_DOOR = 200, 60  # cases looked at in the community, and in each of its neighbours
NEIGHBOURS = 30
SHOWN = 3
MARKS = " ，。、；：！？“”（）,.;:!?()…"
COMPARED = ("pk", "title", "area_id", "item_id", "citizen_id", "registered_at", "longitude", "latitude")


@dataclass(frozen=True)
class SimilarCase:
    """A case that may be about the same matter. `score` is 0–1, `facts` what speaks for it, as data."""

    case: Case
    score: float
    same_person: bool
    distance_m: int | None
    facts: dict
    is_repeat: bool  # the same person about the same thing: 重复诉求

    @property
    def percent(self) -> int:
        """Return the score as a whole number of per cent."""
        return round(self.score * 100)

    @property
    def reasons(self) -> list[str]:
        """Return what speaks for it, in words."""
        return reason_words(self.facts)


def find_similar(
    user,
    *,
    text: str,
    item_id: int | None = None,
    area: Area | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
    now: datetime,
    limit: int = SHOWN,
    citizens: Collection[int] = (),
    leave_out: Collection[int] = (),
) -> list[SimilarCase]:
    """Return the cases in sight that may be about the same matter, the most similar first.

    Without an item the community and the text decide; without an area nothing is found. `citizens` are the ids of who
    asks (a family shares a phone), `leave_out` the ids of cases not to offer. Works on half a sentence.
    """
    title = title_of(text.replace("\x00", ""))
    if area is None or len(title) < 2:
        return []
    today = timezone.localdate(now)
    since = now - timedelta(days=get_parameter("similar.days", today))
    reach = get_parameter("similar.metres", today)
    near = []
    for row in _block(user, area, item_id, has_point=longitude is not None):
        metres = metres_between((longitude, latitude), (row["longitude"], row["latitude"]))
        is_here = row["area_id"] == area.pk or (metres is not None and metres <= reach)
        if is_here and row["registered_at"] >= since and row["pk"] not in leave_out:
            near.append((row, metres))
    best = _best(title, [row["title"] for row, _metres in near], get_parameter("similar.least", today), limit)
    found = [(score, *near[place]) for place, score in best]
    return _with_cases(found, title, item_id, area, set(citizens), now)


def find_similar_to(user, case: Case, *, now: datetime, leave_out: Collection[int] = (), limit: int = SHOWN):
    """Return the cases that may be about the same matter as `case`, for who looks at it."""
    return find_similar(
        user,
        text=case.title,
        item_id=case.item_id,
        area=case.area,
        longitude=case.longitude,
        latitude=case.latitude,
        now=now,
        limit=limit,
        citizens=[case.citizen_id] if case.citizen_id else (),
        leave_out={case.pk, *leave_out},
    )


def similarity_of(user, case: Case, other: Case, *, now: datetime) -> tuple[float | None, dict]:
    """Return the score and facts that `other` is offered with beside `case`; (None, {}) when it is not offered."""
    offered = find_similar_to(user, case, now=now, limit=MOST_HERE)
    return next(((row.score, row.facts) for row in offered if row.case.pk == other.pk), (None, {}))


def reason_words(facts: dict) -> list[str]:
    """Return the facts of a similarity in words; they are also kept with a link."""
    words = []
    if facts.get("item"):
        words.append(_("same duty item"))
    if facts.get("metres") is not None:
        words.append(_("%(metres)s m away") % {"metres": facts["metres"]})
    elif facts.get("area"):
        words.append(_("same community"))
    if (days := facts.get("days")) is not None:
        words.append(
            ngettext("%(days)s day apart", "%(days)s days apart", days) % {"days": days} if days else _("same day")
        )
    if facts.get("words"):
        words.append("、".join(f"“{word}”" for word in facts["words"]))
    return words


def _block(user, area: Area, item_id: int | None, *, has_point: bool) -> list[dict]:
    """Return the newest cases of the item in the area and, around a point, in the areas beside it."""
    rows = Case.objects.visible_to(user).exclude(state__in=(DRAFT, VOID))
    if item_id is not None:
        rows = rows.filter(item_id=item_id)
    found = list(rows.filter(area=area).order_by("-pk").values(*COMPARED)[:MOST_HERE])
    if has_point and area.parent_id is not None:
        beside = Area.objects.filter(parent=area.parent_id).exclude(pk=area.pk).order_by("pk")[:NEIGHBOURS]
        newest = rows.filter(area=OuterRef("pk")).order_by("-pk").values("pk")[:MOST_NEXT_DOOR]
        ids = [pk for some in beside.values_list(ArraySubquery(newest), flat=True) for pk in some]
        found += Case.objects.visible_to(user).filter(pk__in=ids, longitude__isnull=False).values(*COMPARED)
    return found


def _best(title: str, titles: list[str], least: float, limit: int) -> list[tuple[int, float]]:
    """Return (position, cosine) of the titles most like `title`, at least `least`."""
    if not titles:
        return []
    from sklearn.feature_extraction.text import TfidfVectorizer

    weights = TfidfVectorizer(analyzer="char", ngram_range=(1, 2)).fit_transform([title, *titles])
    scores = (weights[1:] @ weights[0].T).toarray().ravel()
    order = sorted(range(len(titles)), key=lambda place: (-scores[place], place))
    return [(place, round(float(scores[place]), 3)) for place in order[:limit] if scores[place] >= least]


def _with_cases(found: list, title: str, item_id: int | None, area: Area, citizens: set[int], now: datetime):
    """Read the few cases that are shown."""
    cases = Case.objects.select_related("area", "holder").in_bulk([row["pk"] for _s, row, _m in found])
    repeats_from = get_parameter("similar.repeat", timezone.localdate(now))
    return [
        SimilarCase(
            case=cases[row["pk"]],
            score=score,
            same_person=row["citizen_id"] in citizens,
            distance_m=None if metres is None else round(metres),
            facts=_facts(row, metres, title, item_id, area, timezone.localdate(now)),
            is_repeat=row["citizen_id"] in citizens and score >= repeats_from,
        )
        for score, row, metres in found
        if row["pk"] in cases
    ]


def _facts(row: dict, metres: float | None, title: str, item_id: int | None, area: Area, today: date) -> dict:
    blocks = SequenceMatcher(None, title, row["title"], autojunk=False).get_matching_blocks()
    same = sorted((title[b.a : b.a + b.size].strip(MARKS) for b in blocks if b.size > 1), key=len, reverse=True)
    return {
        "item": item_id is not None and row["item_id"] == item_id,
        "area": row["area_id"] == area.pk,
        "metres": None if metres is None else round(metres),
        "days": abs((today - timezone.localdate(row["registered_at"])).days),
        "words": [word for word in same if len(word) > 1][:3],
    }
