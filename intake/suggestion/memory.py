"""What this process has learned from confirmed cases, and how it follows what other processes confirm.

Only confirmations by people are read: what the machine decided and nobody looked at teaches nothing. At the start the
newest of every item are read (a parameter says how many); after that every question first asks for what is new since
the last one, so that a correction counts from the next question on, in every process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from itertools import groupby

import numpy as np
from django.db import connection
from django.db.models import Max
from django.db.models.functions import Left

from intake.models import Case, Confirmation
from shenzhen_gov.core.parameters import get_parameter

from .centroids import Centroids
from .vectors import CHARACTERS, Vector, vector_of

# Revisions are drawn before they are committed, so one may appear after a higher one: the last ones are read again.
LATE = 100
AT_ONCE = 500
CASES_KNOWN = 200_000  # of which it is remembered for which item they were counted; older ones are no longer corrected
SAMPLE = 2000  # confirmed texts that say, with the list's own words, which character pairs are ordinary

NEWEST = """
SELECT i.id, c.case_id, k.title, left(k.content, %(characters)s)
  FROM dutylist_item i
 CROSS JOIN LATERAL (SELECT case_id, revision FROM intake_confirmation
                      WHERE item_id = i.id AND revision <= %(until)s ORDER BY revision DESC LIMIT %(most)s) c
  JOIN intake_case k ON k.id = c.case_id
 ORDER BY i.id
"""


class Memory:
    """The confirmed cases as centroids. Ask within `with memory.lock`."""

    def __init__(self, rarity: np.ndarray, most: int):
        self.lock = threading.Lock()
        self.rarity = rarity
        self.last = Confirmation.objects.aggregate(last=Max("revision"))["last"] or 0
        self.item_of: dict[int, int] = {}  # case → item it was counted for
        self.seen = {case_id: revision for revision, case_id, _item in self._late()}  # the last ones
        self.centroids = Centroids(self._newest(most))

    def follow(self) -> None:
        """Take in what was confirmed since the last question, by whichever process. One indexed question."""
        found = self._late()
        new = [row for row in found if self._is_new(*row)]
        if new:
            texts = texts_of([case_id for _revision, case_id, _item in new])
            for _revision, case_id, item_id in new:
                self._learn(case_id, item_id, vector_of(*texts[case_id], self.rarity))
        self.seen = {case_id: revision for revision, case_id, _item in found}
        self.last = max([self.last, *(revision for revision, _case, _item in found)])

    def _late(self) -> list[tuple[int, int, int]]:
        """Return (revision, case, item) of what is new, and of the last ones before."""
        rows = Confirmation.objects.filter(revision__gt=self.last - LATE).order_by("revision")
        return list(rows.values_list("revision", "case_id", "item_id")[: LATE + AT_ONCE])

    def _is_new(self, revision: int, case_id: int, item_id: int) -> bool:
        return self.seen.get(case_id) != revision and self.item_of.get(case_id) != item_id

    def _learn(self, case_id: int, item_id: int, vector: Vector) -> None:
        if former := self.item_of.get(case_id):
            self.centroids.add(former, vector, -1)
        self.centroids.add(item_id, vector)
        self.item_of[case_id] = item_id
        if len(self.item_of) > CASES_KNOWN:
            self.item_of.pop(next(iter(self.item_of)))

    def _newest(self, most: int) -> Iterator[tuple[int, list[Vector]]]:
        """Yield (item, vectors of its newest confirmed cases), a stream: nothing of it is kept but the sums."""
        given = {"characters": CHARACTERS, "until": self.last, "most": most}
        with connection.chunked_cursor() as cursor:
            cursor.execute(NEWEST, given)
            for item_id, rows in groupby(iter(cursor.fetchone, None), key=lambda row: row[0]):
                vectors = []
                for _item, case_id, title, content in rows:
                    self.item_of[case_id] = item_id
                    vectors.append(vector_of(content, title, self.rarity))
                yield item_id, vectors


def texts_of(case_ids: list[int]) -> dict[int, tuple[str, str]]:
    """Return case id → (beginning of the content, title)."""
    rows = Case.objects.filter(pk__in=case_ids).values_list("pk", Left("content", CHARACTERS), "title")
    return {pk: (content, title) for pk, content, title in rows}


def newest_texts() -> list[str]:
    """Return some confirmed texts, the newest."""
    rows = Confirmation.objects.order_by("-revision").values_list("case__title", Left("case__content", CHARACTERS))
    return [f"{title}\n{content}" for title, content in rows[:SAMPLE]]


def most_per_item(on: date) -> int:
    """Return how many confirmed cases of an item are read at the start."""
    return int(get_parameter("suggestion.cases_per_item", on))
