"""The ways of finding cases, each a stream of case ids from the newest to older ones, read only as far as needed.

Every one is narrowed to what the person may see, and bounded: a stream that had to stop says down to which id it looked
(`floor`), so that the next page goes on there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Max, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from grid.models import Area
from intake.models import Case, CaseText
from intake.text_keys import block_of, first_id_of, holds_all
from shenzhen_gov.core.lookups import newest_sorted
from shenzhen_gov.core.pairs import in_block, pairs_of

FIRST_ID = 0
BEYOND = (1 << 63) - 1
LATEST = 3_000  # so many cases that are not indexed yet are looked through
LONG_TAIL = 4  # characters: one case in ten thousand ends so
CANDIDATES = 5_000  # so many cases that hold the words are looked at before the rest waits for the next page
CHUNKS = (50, 200, 800, 2_000)
BLOCKS_AT_ONCE = 256
FIRST_BLOCKS = 256  # two million cases: the first page costs no more however many there are
MORE_BLOCKS = 1_000  # whoever asks for older ones may wait a little; blocks must not share a number within one page
MOST_PAIRS = 8  # asked of the index; the texts themselves are asked for the whole words
MOST_AREAS = 150


@dataclass
class Stream:
    """Ids found, newest first; `floor` is the id down to which everything was looked at, None when to the end."""

    ids: list[int] = field(default_factory=list)
    floor: int | None = None


def by_query(rows: QuerySet[Case], before: int, limit: int) -> Stream:
    """Return the newest of `rows`, which an index bounds."""
    ids = list(rows.filter(pk__lt=before).order_by(newest_sorted()).values_list("pk", flat=True)[: limit + 1])
    return cut(ids, limit)


def by_tail(user, tail: str, before: int, limit: int) -> Stream:
    """Return the cases whose number ends in `tail`.

    Whose they are is asked of the few that end so: asked together, the database would rather go through everything
    that a small territory holds.
    """
    tail = tail.upper()
    visible, indexed_to = Case.objects.visible_to(user), _indexed_to()
    indexed = CaseText.objects.filter(backwards__begins_with=tail[::-1], pk__lt=before)
    # A short end is found soon on the way down from the newest case; a long one by its index alone, then sorted.
    indexed = indexed.order_by("-pk" if len(tail) < LONG_TAIL else newest_sorted())
    named = cut(list(indexed.values_list("pk", flat=True)[: CANDIDATES + 1]), CANDIDATES)
    found = by_query(visible.filter(pk__in=_one_of(named.ids)), before, limit)
    fresh = visible.filter(pk__in=_one_of(_not_indexed(before, indexed_to)), number__endswith=tail)
    return merge([Stream(found.ids, found.floor or named.floor), by_query(fresh, before, limit)], limit)


def by_place(user, areas: list[Area], before: int, limit: int) -> Stream:
    """Return the cases in these areas: the newest of each area, then the newest of all."""
    own = Case.objects.visible_to(user).filter(area=OuterRef("pk"), pk__lt=before).order_by("-pk")
    rows = Area.objects.filter(pk__in=[area.pk for area in areas[:MOST_AREAS]])
    found = rows.values_list(ArraySubquery(own.values("pk")[: limit + 1]), flat=True)
    return cut(sorted({pk for ids in found for pk in ids or ()}, reverse=True), limit)


def by_words(user, words: list[str], before: int, limit: int) -> Stream:
    """Return the cases in whose title, content or address all the words stand."""
    visible, indexed_to = Case.objects.visible_to(user), _indexed_to()
    ids = _fresh_with(visible, words, before, indexed_to, limit + 1)
    floor, most = None, FIRST_BLOCKS if before == BEYOND else MORE_BLOCKS
    for chunk in _chunks(_candidates(words, min(before, indexed_to + 1), most)):
        if len(ids) > limit:
            break
        if chunk.floor is not None:
            floor = chunk.floor
        ids += _holding(visible, words, chunk.ids)
    stream = cut(ids, limit)
    return stream if stream.floor is not None else Stream(stream.ids, floor)


def merge(streams: list[Stream], limit: int) -> Stream:
    """Return the newest of all streams, none below the highest floor, for another stream is not there yet."""
    floor = max((stream.floor for stream in streams if stream.floor is not None), default=None)
    ids = sorted({pk for stream in streams for pk in stream.ids if floor is None or pk >= floor}, reverse=True)
    kept = cut(ids, limit)
    return kept if kept.floor is not None else Stream(ids, floor)


def cut(ids: list[int], limit: int) -> Stream:
    """Return at most `limit` of the ids, with the floor where there were more."""
    return Stream(ids[:limit], ids[limit - 1]) if len(ids) > limit else Stream(ids)


def _indexed_to() -> int:
    return CaseText.objects.aggregate(last=Coalesce(Max("pk"), FIRST_ID))["last"]


def _not_indexed(before: int, indexed_to: int) -> list[int]:
    """Return the ids of the latest cases that the sweep has not come to yet."""
    latest = Case.objects.filter(pk__gt=indexed_to, pk__lt=before).order_by("-pk")
    return list(latest.values_list("pk", flat=True)[:LATEST])


def _one_of(ids: list[int]) -> RawSQL:
    """Return the ids as one parameter, not thousands: so the database goes by them and by nothing else."""
    return RawSQL("SELECT unnest(%s::bigint[])", [ids])  # noqa: S611 - ids are a parameter


def _fresh_with(rows: QuerySet[Case], words: list[str], before: int, indexed_to: int, limit: int) -> list[int]:
    if not (ids := _not_indexed(before, indexed_to)):
        return []
    fresh = rows.filter(pk__in=_one_of(ids))
    for word in words:
        fresh = fresh.filter(Q(title__icontains=word) | Q(content__icontains=word) | Q(address__icontains=word))
    return list(fresh.order_by("-pk").values_list("pk", flat=True)[:limit])


def _candidates(words: list[str], before: int, most: int) -> Iterator[Stream]:
    """Yield the ids that the index names, from the newest of `most` blocks, more at once while it names few."""
    block, step, seen = block_of(before - 1), 1, 0
    last = max(block - most + 1, 0)
    pairs = sorted(pairs_of(words))[:MOST_PAIRS]
    while block >= last:
        blocks = range(max(block - step + 1, last), block + 1)
        ids = _named(pairs, blocks, before)
        seen += len(ids)
        block = blocks.start - 1
        has_to_stop = block >= 0 and (seen >= CANDIDATES or block < last)
        yield Stream(ids, first_id_of(blocks.start) if has_to_stop else None)
        if has_to_stop:
            return
        rest = (CANDIDATES - seen) * len(blocks) // max(len(ids), 1)
        step = max(1, min(step * 4, rest, BLOCKS_AT_ONCE))


def _named(pairs: list[int], blocks: range, before: int) -> list[int]:
    """Return the cases of these blocks with all the pairs, newest first; all keys of a case are of its own block."""
    keys = [[in_block(block, pair) for block in blocks] for pair in pairs]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT intake_cases_with_pairs(%s::integer[], %s, %s)", [keys, first_id_of(blocks.start), before]
        )
        return sorted((pk for (pk,) in cursor.fetchall()), reverse=True)


def _chunks(streams: Iterator[Stream]) -> Iterator[Stream]:
    """Yield the ids in growing chunks: who sees everything has enough after the first."""
    turn = 0
    for stream in streams:
        ids = stream.ids
        if not ids and stream.floor is not None:
            yield stream
        while ids:
            size = CHUNKS[min(turn, len(CHUNKS) - 1)]
            here, ids = ids[:size], ids[size:]
            turn += 1
            yield Stream(here, None if ids else stream.floor)


def _holding(rows: QuerySet[Case], words: list[str], ids: list[int]) -> list[int]:
    """Return which of the cases `ids` are visible and really hold the words."""
    found = rows.filter(pk__in=_one_of(ids)).order_by("-pk").values_list("pk", "title", "content", "address")
    return [pk for pk, *texts in found if holds_all(texts, words)]
