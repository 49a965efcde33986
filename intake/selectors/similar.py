"""可能同一诉求: cases that may be about the same matter, offered with a score and reasons; nothing merges by itself.

Blocked by the same item and community (with a point also what lies within some metres across its borders) and days,
then the cosine
of TF-IDF over characters and pairs of characters of the titles (measured before it was built: pair precision .84).
Only the newest cases of a block are looked at, so that the cost does not grow with the history.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grid.models import Area
from grid.selectors import areas_beside
from intake.models import Case
from intake.services.registration import title_of
from intake.workflow import ARCHIVED, CLOSED, DRAFT, VOID
from shenzhen_gov.core.nearness import Point, metres_between
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.texts import joined

MOST_HERE, MOST_NEXT_DOOR = 200, 60  # cases looked at in the community, and in each of its neighbours
SHOWN = 3
SAME_PLACE, SAME_COMMUNITY, ELSEWHERE = "place", "community", "elsewhere"
BUILDING_DIGITS = 19  # of a house code: what comes after names the room
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
    for row in _block(user, area, item_id, (longitude, latitude), reach):
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


def find_closed_like(case: Case, *, since: datetime, reach: int, now: datetime) -> list[SimilarCase]:
    """Return what was closed at the same place about the same matter since then, before `case` was registered.

    For the system itself, whatever the territory. The same place: points within `reach` metres, the same building or
    address; where only the community is known the titles must be as alike as those of a repeated request.
    """
    title, today = title_of(case.title), timezone.localdate(now)
    if case.area is None or len(title) < 2:
        return []
    rows = Case.objects.filter(
        state__in=(CLOSED, ARCHIVED), closed_at__gte=since, closed_at__lte=case.registered_at
    ).values(*COMPARED, "house_code", "address")
    found = list(rows.filter(area=case.area, item=case.item_id).order_by("-pk")[:MOST_HERE])
    # Across the border: of the newest ones only, so that the cost of a neighbour does not grow with its history.
    if ids := _next_door(Case.objects.filter(item=case.item_id), case.area, _point(case), reach):
        found += rows.filter(pk__in=ids, longitude__isnull=False)
    least, sure = get_parameter("similar.least", today), get_parameter("similar.repeat", today)
    placed = [(row, _placing(case, row, reach)) for row in found]
    near = [(row, place) for row, place in placed if place != ELSEWHERE]
    best = _best(title, [row["title"] for row, _place in near], least, SHOWN)
    kept = [
        (score, near[at][0], metres_between(_point(case), (near[at][0]["longitude"], near[at][0]["latitude"])))
        for at, score in best
        if near[at][1] == SAME_PLACE or score >= sure
    ]
    citizens = {case.citizen_id} if case.citizen_id else set()
    return _with_cases(kept, title, case.item_id, case.area, citizens, now)


def _placing(case: Case, row: dict, reach: int) -> str:
    """Return how near a closed case lies: the same place, somewhere in the same community, or known to be elsewhere."""
    metres = metres_between(_point(case), (row["longitude"], row["latitude"]))
    if metres is not None:
        return SAME_PLACE if metres <= reach else ELSEWHERE
    building = case.house_code[:BUILDING_DIGITS]
    if building and row["house_code"]:
        return SAME_PLACE if row["house_code"].startswith(building) else ELSEWHERE
    same = case.address.strip() and case.address.strip() == row["address"].strip()
    return SAME_PLACE if same else SAME_COMMUNITY


def _point(case: Case) -> Point:
    return case.longitude, case.latitude


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
        words.append(joined(f"“{word}”" for word in facts["words"]))
    return words


def _block(user, area: Area, item_id: int | None, point: Point, reach: float) -> list[dict]:
    """Return the newest cases of the item in the area and, around a point, in the areas beside it."""
    rows = Case.objects.visible_to(user).exclude(state__in=(DRAFT, VOID))
    if item_id is not None:
        rows = rows.filter(item_id=item_id)
    found = list(rows.filter(area=area).order_by("-pk").values(*COMPARED)[:MOST_HERE])
    if ids := _next_door(rows, area, point, reach):
        found += Case.objects.visible_to(user).filter(pk__in=ids, longitude__isnull=False).values(*COMPARED)
    return found


def _next_door(rows: QuerySet[Case], area: Area, point: Point, reach: float) -> list[int]:
    """Return the ids of the newest `rows` in each area that the point has within reach; none without a point."""
    longitude, latitude = point
    if longitude is None or latitude is None or area.parent_id is None:
        return []
    newest = rows.filter(area=OuterRef("pk")).order_by("-pk").values("pk")[:MOST_NEXT_DOOR]
    beside = areas_beside(area, longitude, latitude, reach)
    return [pk for some in beside.values_list(ArraySubquery(newest), flat=True) for pk in some]


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
