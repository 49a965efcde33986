"""The four averaged, weighed against what was seen lately: how much each of them is to be believed is learned.

Every unit that could get a case is described by a few figures: how far each of the four back-offs believes in it, and
what share it had in cells that fade within hours, days or weeks. A logistic regression over (case, unit) pairs learns
what these figures were worth, anew each week. The figures of a case are taken when it is foretold, so that nothing is
known before its time. Cells and half-lives are a first guess that was kept; the choice was made on the rows before
October 2018.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.utils import timezone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from .backoff import Label
from .chains import Chains
from .fading import Fading
from .history import Past, Role

CANDIDATES = 12  # units a case may be foretold to go to; the right one is nearly always among them
LEAST_LESSONS = 200  # cases; before that the plain average stands
AGAIN = timedelta(days=7)
STRENGTH = 0.1  # of the regression, C in scikit-learn: a tenth of what is usual
LEAST_BELIEF, LEAST_SHARE, UNSEEN = 1e-5, 0.03, 0.3  # so that there is a logarithm, and a case alone is no certainty

LATELY: tuple[tuple[timedelta, tuple[str, ...]], ...] = (
    (timedelta(hours=5), ("item", "community", "subdistrict")),
    (timedelta(days=3), ("item", "community", "subdistrict")),
    (timedelta(days=14), ("item", "community", "subdistrict")),
    (timedelta(days=1), ("item", "subdistrict")),
    (timedelta(days=10), ("item", "subdistrict")),
    (timedelta(days=10), ("item",)),
    (timedelta(days=10), ("item", "channel")),
    (timedelta(hours=5), ("top", "main", "community")),
    (timedelta(hours=2.4), ("community", "subdistrict")),
    (timedelta(hours=6), ("channel", "community")),
    (timedelta(days=20), ("item", "channel", "subdistrict")),
    (timedelta(days=20), ("item", "channel", "community")),
)

Lesson = tuple[list[Label], np.ndarray]


class Weighed:
    """What `Chains` is, with learned weights."""

    def __init__(self, label: Callable[[Past], Label], roles: Mapping[Any, Role] | None = None):
        self.label = label
        self.chains = Chains(label, roles)
        self.lately = [(Fading(half_life), fields) for half_life, fields in LATELY]
        self.weights: Pipeline | None = None
        self.weighed_on: date | None = None
        self.open: dict[int, Lesson] = {}  # cases that were looked at; their outcome is not yet known
        self.figures: list[np.ndarray] = []
        self.outcomes: list[bool] = []
        self.lessons = 0

    def learn(self, case: Past) -> None:
        """Learn the outcome of a case, and what the figures were worth that it was foretold by."""
        units, figures = self.open.pop(case.case_id) if case.case_id in self.open else self._lesson(case)
        real = self.label(case)
        self.figures.append(figures)
        self.outcomes += [unit == real for unit in units]
        self.lessons += 1
        self.chains.learn(case)
        function = self.chains.models[0].function_of(case)
        for fading, fields in self.lately:
            fading.add(_cell(case, fields), function, case.at)

    def look(self, case: Past) -> Lesson:
        """Take the figures of a case as they are now, once, to be learned when its outcome is known."""
        if case.case_id not in self.open:
            self.open[case.case_id] = self._lesson(case)
        return self.open[case.case_id]

    def rank(self, case: Past) -> list[tuple[Label, float]]:
        """Return labels with their probability, best first; empty before anything was learned."""
        units, figures = self.look(case)
        self._weigh(timezone.localdate(case.at))
        if self.weights is None or not units:
            return self.chains.rank(case)
        scores = self.weights.decision_function(figures)
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        return sorted(zip(units, shares.tolist(), strict=True), key=lambda entry: (-entry[1], str(entry[0])))

    def _weigh(self, today: date) -> None:
        """Learn the weights anew when they are a week old."""
        is_fresh = self.weighed_on is not None and today < self.weighed_on + AGAIN
        if is_fresh or self.lessons < LEAST_LESSONS or len(set(self.outcomes)) < 2:  # all alike: nothing to tell apart
            return
        self.weighed_on = today
        self.weights = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=300))
        self.weights.fit(np.concatenate(self.figures), np.array(self.outcomes))

    def _lesson(self, case: Past) -> Lesson:
        """Return the units a case could go to, and the figures of each."""
        beliefs = [model.belief(case) for model in self.chains.models]
        units = [unit for unit, _share in self.chains.average(beliefs)[:CANDIDATES]]
        told = [[belief.get(unit, 0.0) + LEAST_BELIEF for unit in units] for belief in beliefs]
        seen = [self._shares(fading.at(_cell(case, fields), case.at), units) for fading, fields in self.lately]
        return units, np.log(np.array([*told, *seen], dtype=np.float64).T)

    def _shares(self, counts: Mapping[str, float], units: list[Label]) -> list[float]:
        """Return the share of a cell that went to units like each of these."""
        total = sum(counts.values()) + UNSEEN
        return [counts.get(self.chains.models[0].function_of_label(unit), 0.0) / total + LEAST_SHARE for unit in units]


def _cell(case: Past, fields: tuple[str, ...]) -> tuple:
    return tuple(getattr(case, field) for field in fields)
