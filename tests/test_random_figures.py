"""Figures of random lives: what is counted step by step, from what the audit log tells, is what is counted afresh.

A step that changes figures and leaves no entry by which its case is found shows here.
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from analytics.models import CasePosting, DayFigures, MonthFigures
from analytics.parts import CODES
from analytics.services.figures import cases_of, post, rebuild
from dispatch.tests.world import SYSTEM
from shenzhen_gov.core.models import AuditEntry

from .test_random_life import LIVES, STEPS, Life, city

__all__ = ["city"]


def kept() -> list:
    """Return every figure that is kept and is not nought, and the postings of every case."""
    figures = [
        sorted(
            row
            for row in model.objects.values_list("dimension", "scope_id", "key_id", "is_excluded", "period", *CODES)
            if any(row[5:])
        )
        for model in (DayFigures, MonthFigures)
    ]
    return [*figures, list(CasePosting.objects.order_by("pk").values_list("pk", "keys", "units", "amounts"))]


class CountedLife(Life):
    """A life whose figures follow after every step."""

    read_until = 0

    @invariant()
    def figures_follow(self):
        if hasattr(self, "stage"):
            news = AuditEntry.objects.filter(pk__gt=self.read_until)
            post(cases_of(news.order_by().values_list("object_type", "object_id").distinct()))
            self.read_until = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def teardown(self):
        try:
            if hasattr(self, "stage"):
                followed = kept()
                rebuild(by=SYSTEM, now=self.stage.now + timedelta(days=365))  # when every deadline is over
                assert kept() == followed
        finally:
            super().teardown()


@pytest.mark.django_db
def test_figures_that_followed_are_those_counted_afresh(city):  # noqa: F811 - the fixture
    quietly = settings(
        max_examples=LIVES, stateful_step_count=STEPS, deadline=None, suppress_health_check=[*HealthCheck]
    )
    run_state_machine_as_test(type("CountedHere", (CountedLife,), {"city": city}), settings=quietly)
