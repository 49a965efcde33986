"""裁决先例: earlier rulings about the same item, the same units, or in like words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import Docket, DocketParty
from intake.models import Case
from shenzhen_gov.core.kept import also_forget
from shenzhen_gov.core.parameters import get_parameter
from shenzhen_gov.core.text_index import TextIndex

MOST, EACH = 6, 20
GRAMS = (2, 3)  # single characters in common say nothing
LIKE = 0.3  # of the best score: words below speak for nothing


@dataclass(frozen=True)
class Precedent:
    """An earlier ruling and what it has in common with the case."""

    docket: Docket
    why: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """Return what is alike, in the reader's language."""
        texts = {
            "item": _("same duty item"),
            "units": _("same units"),
            "area": _("same place"),
            "words": _("like words"),
        }
        return [texts[one] for one in self.why]


def find_precedents(
    user, case: Case, unit_ids: Sequence[int], words: str, *, exclude: int | None = None, limit: int = MOST
) -> list[Precedent]:
    """Return the rulings in the territory of `user` that have most in common with a case, the closest first."""
    scores: dict[int, float] = defaultdict(float)
    why: dict[int, list[str]] = defaultdict(list)
    for code, weight, ids in (
        ("item", 2.0, _of_item(case.item_id)),
        ("units", 2.0, _of_units(unit_ids)),
    ):
        for pk in ids:
            scores[pk] += weight
            why[pk].append(code)
    for pk, likeness in match_words(f"{case.title} {words}").items():
        scores[pk] += likeness
        why[pk].append("words")
    scores.pop(exclude or 0, None)
    best = sorted(scores, key=lambda pk: -scores[pk])[: 4 * limit]
    related = ("case__area", "ruled_unit", "fallback_unit", "item__entry", "area")
    rows = Docket.objects.visible_to(user).ruled().filter(pk__in=best).select_related(*related)
    found = []
    for docket in rows.defer("case__content", "case__legacy"):
        is_here = case.area_id is not None and docket.area_id == case.area_id
        scores[docket.pk] += is_here
        found.append(Precedent(docket, (*why[docket.pk], *(["area"] if is_here else []))))
    return sorted(found, key=lambda one: (-scores[one.docket.pk], -one.docket.pk))[:limit]


def match_words(words: str) -> dict[int, float]:
    """Return id of a ruling → how like its words are, 1 for the best one; among the newest `docket.precedents`."""
    latest = Docket.objects.ruled().order_by("-decided_at", "-id").values_list("pk", flat=True).first()
    if latest is None or not words.strip():
        return {}
    ids, index = _index(latest, int(get_parameter("docket.precedents", timezone.localdate())))
    ranked = index.rank(words, EACH)
    best = ranked[0][1] if ranked else 0
    return {ids[place]: score / best for place, score in ranked if score >= LIKE * best}


def _of_item(item_id: int | None) -> Iterable[int]:
    if item_id is None:
        return []
    return Docket.objects.ruled().filter(item=item_id).order_by("-decided_at").values_list("pk", flat=True)[:EACH]


def _of_units(unit_ids: Sequence[int]) -> Iterable[int]:
    """Return the rulings between two of these units."""
    if len(unit_ids) < 2:
        return []
    rows = DocketParty.objects.filter(unit__in=unit_ids, docket__state="ruled").order_by()
    pairs = rows.values("docket").annotate(sides=Count("unit")).filter(sides__gte=2)
    return pairs.order_by("-docket").values_list("docket", flat=True)[:EACH]


@lru_cache(maxsize=1)
def _index(_latest: int, most: int) -> tuple[list[int], TextIndex]:
    """Return the ids and the index of the newest rulings; read again when there is a newer one."""
    rows = Docket.objects.ruled().order_by("-decided_at", "-id").values_list("pk", "case__title", "reason", "text")
    rows = list(rows[:most])
    profiles = [[(title, 2), (reason, 1), (text, 1)] for _pk, title, reason, text in rows]
    return [row[0] for row in rows], TextIndex(profiles, grams=GRAMS)


also_forget(_index.cache_clear)
