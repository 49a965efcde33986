"""The deadlines of a docket, counted by hand."""

from datetime import datetime, timedelta

import pytest
from django.test import TestCase

from dispatch.choices import ClockKind
from dispatch.escalation import Ladder
from dispatch.models import Clock
from dispatch.services import call_conference, open_docket
from dispatch.tests.disputes import disputed_case, give_back, lamp_case, make_dispute_world
from dispatch.tests.world import NOON
from grid.choices import Act
from shenzhen_gov.core.exceptions import IllegalMove
from shenzhen_gov.core.worktime import SHANGHAI

TOMORROW = NOON + timedelta(days=1)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of 2026 in Shenzhen."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


class TestDeadlines(TestCase):
    """Counted by hand: the docket is opened on Wednesday 18 November 2026 at 11:40 (return decided)."""

    @classmethod
    def setUpTestData(cls):
        cls.city = make_dispute_world()

    def test_three_working_days_for_the_ruling_and_eight_working_hours_for_arguments(self):
        _case, docket = disputed_case(self.city)
        assert docket.opened_at == at(11, 18, 11, 40)
        # Thursday 19, Friday 20, Monday 23: the third working day ends at 18:00.
        assert docket.due_at == at(11, 23, 18)
        # 11:40–12:00, 14:00–18:00 make 4 h 20 min; Thursday from 9:00 the missing 3 h 40 min: 12:00, 14:00–14:40.
        assert docket.argue_until == at(11, 19, 14, 40)

    def test_over_the_national_day_with_a_working_saturday(self):
        opened = at(9, 30, 10)
        case = lamp_case(self.city, now=opened - timedelta(minutes=5))
        docket = self._opened(case, opened)
        # 1–7 October are off; Thursday 8, Friday 9, Saturday 10 (a working day): the third ends on the 10th.
        assert docket.due_at == at(10, 10, 18)

    def _opened(self, case, now):
        give_back(self.city, case, by=self.city.by.handler, now=now - timedelta(minutes=11))
        return open_docket(case.pk, reason="职责不清", by=self.city.by.city_dispatcher, now=now)

    def test_those_who_rule_hear_when_it_is_nearly_over(self):
        case, docket = disputed_case(self.city)
        clock = Clock.objects.get(case=case, kind=ClockKind.RULING)
        reached, _next = Ladder(docket.due_at + timedelta(minutes=1)).steps(clock)
        assert (self.city.centre.pk, Act.RULE_DISPUTE) in {(one.unit_id, one.act) for one in reached}

    def test_a_conference_counts_from_the_opening(self):
        case, docket = disputed_case(self.city)
        call_conference(docket.pk, reason="跨三个部门", by=self.city.by.adjudicator, now=TOMORROW)
        docket.refresh_from_db()
        # The tenth working day after 18 November: 19, 20, 23–27, 30 November, 1, 2 December.
        assert (docket.is_conference, docket.due_at) == (True, at(12, 2, 18))
        clocks = Clock.objects.filter(case=case, kind=ClockKind.RULING).order_by("id")
        assert [(one.started_at, one.outcome) for one in clocks] == [
            (docket.opened_at, "replaced"),
            (docket.opened_at, "running"),
        ]
        with pytest.raises(IllegalMove):
            call_conference(docket.pk, reason="再会商", by=self.city.by.adjudicator, now=TOMORROW)
