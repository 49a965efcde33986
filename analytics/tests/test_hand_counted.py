"""A month of forty cases: every indicator is what was counted by hand, for the city, a community and two units.

By letter (counted.py), what the city has: a 8 plain · b 5 found good · c 2 not good, done again, 1 then good · d 1 not
good, taken out on appeal · e 2 late · f 1 extended · g 1 given back, then the bureau's · h 1 not given back · i 1
handed down · j 1 void · k 1 withdrawn · l 1 not accepted · m 2 answered · n 1 answered, then done after all · o 2 law
enforcement, 1 not good, 1 good · p 2 in the other district, 1 good · q 1 told of acceptance · r 1 urged twice and sent
back · s 1 supervised · t 1 falsely closed, done again · u 1 called back, solved · v 1 called back, not solved, done
again · w 1 never signed · x 1 anonymous. Together 40.

Of these 35 were dispatched (all but j k l m), 34 of them closed (all but w); 5 were done again (c c d t v).
"""

from datetime import date, datetime

import pytest

from analytics.choices import Dimension
from analytics.models import CasePosting, DayFigures, MonthFigures
from analytics.parts import CODES, PARTS, key_of
from analytics.selectors.behind import Wanted, cases_behind
from analytics.selectors.figures import Period, evaluate, read_parts, versions_for
from analytics.services.figures import count_month, rebuild
from dispatch.tests.world import SYSTEM
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.worktime import SHANGHAI

from .counted import Month, forty_cases

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
AFTERWARDS = datetime(2026, 12, 20, 9, 0, tzinfo=SHANGHAI)

# Minutes of e e (14 days 1 hour each) and f (10 days 1 hour); all others took 120.
NATURAL = 2 * 20_220 + 14_460
# In working time e e (2–16 November: 6 + 9 × 7 + 2 hours), f (3–13 November: 6 + 7 × 7 + 2 hours) and o o: 60 minutes
# each, for the hour from noon on is none.
WORKING = 2 * 71 * 60 + 57 * 60 + 2 * 60

# (numerator, denominator) of every indicator of the catalogue; where there is no denominator, the count.
CITY = {
    "accepted": (37, None),  # 40 without j k (void) and l (not accepted)
    "call_speed": (3, 4),
    "first_dispatch": (34, 35),  # g was given back
    "automatic": (34, 35),  # i by hand
    "returns": (2, 35),  # g h
    "returns_agreed": (1, 2),
    "signing": (38, 41),  # 35, the second order of i, 5 done again; late: e e, never: w
    "contact": (36, 39),  # 35 without x, 5 done again (the order i handed down counts once); late: e e, never: w
    "on_time": (32, 35),  # late: e e, never: w
    "unit_on_time": (38, 41),  # r was sent back and counts once
    "natural_hours": (NATURAL + 31 * 120, 34),  # n from the redo on
    "working_hours": (WORKING + 29 * 120, 34),
    "extended": (1, 35),
    "late_times": (2 * 89 * 60, 2 * 248 * 60),  # 12 November 18:00 to 16 November 11:00, given 10 days 8 hours
    "told_acceptance": (1, 33),  # q, of 34 without x
    "told_result": (33, 33),
    "urged": (2, None),
    "supervised": (1, None),
    "false_closures": (1, 34),
    "satisfaction": (8, 8),  # b b b b b, one c, p, u; law enforcement (o o) is not counted
    "evaluated": (8, 31),  # of 34 without x and o o
    "redone": (5, 6),  # c c n t v, and one o, which is not redone; d was taken out
    "response": (36, 39),
    "solution": (1, 2),
    "three_rates": (None, None),
}
# The first community: as the city without p p, and calls have no community.
COMMUNITY = CITY | {
    "accepted": (35, None), "call_speed": (0, 0), "first_dispatch": (32, 33), "automatic": (32, 33),
    "returns": (2, 33), "signing": (36, 39), "contact": (34, 37), "on_time": (30, 33), "unit_on_time": (36, 39),
    "natural_hours": (NATURAL + 29 * 120, 32), "working_hours": (WORKING + 27 * 120, 32),
    "extended": (1, 33), "told_acceptance": (1, 31), "told_result": (31, 31), "false_closures": (1, 32),
    "satisfaction": (7, 7), "evaluated": (7, 29), "response": (34, 37),
}  # fmt: skip
# The unit of the first community: without p p; g went on to the bureau; the order of i came from the subdistrict; of
# n the answer was not good, which is no unit's.
STATION = COMMUNITY | {
    "accepted": (0, None),  # no unit accepts
    "first_dispatch": (31, 32), "automatic": (32, 32), "returns": (2, 32),
    "signing": (34, 37), "contact": (33, 36), "on_time": (29, 32), "unit_on_time": (34, 37),
    "natural_hours": (NATURAL + 28 * 120, 31), "working_hours": (WORKING + 26 * 120, 31),
    "extended": (1, 32), "redone": (4, 5), "told_acceptance": (1, 30), "told_result": (30, 30),
    "false_closures": (1, 31), "evaluated": (7, 28), "response": (33, 36),
}  # fmt: skip
# The bureau: only g, which it was not the first to have.
BUREAU = {code: (0, None if denominator is None else 0) for code, (_numerator, denominator) in CITY.items()} | {
    "signing": (1, 1), "contact": (1, 1), "on_time": (1, 1), "unit_on_time": (1, 1), "natural_hours": (120, 1),
    "working_hours": (120, 1), "extended": (0, 1), "told_acceptance": (0, 1), "told_result": (1, 1),
    "false_closures": (0, 1), "evaluated": (0, 1), "response": (1, 1), "three_rates": (None, None),
}  # fmt: skip


@pytest.fixture
def month(db):
    month = Month()
    forty_cases(month)
    rebuild(by=SYSTEM, now=AFTERWARDS)
    return month


def counted(dimension, scope) -> dict:
    """Return code → (numerator, denominator) of November."""
    values = evaluate(versions_for(NOVEMBER.last), read_parts(dimension, [scope.pk], NOVEMBER)[scope.pk])
    found = {
        code: (one.numerator, one.denominator if one.version.denominator else None) for code, one in values.items()
    }
    return found | {"three_rates": (None, None)}


def test_every_indicator_is_what_was_counted_by_hand(month):
    city = month.city
    assert counted(Dimension.AREA, city.city) == CITY
    assert counted(Dimension.AREA, city.communities[0][0][0]) == COMMUNITY
    assert counted(Dimension.UNIT, city.stations[0][0][0]) == STATION
    assert counted(Dimension.UNIT, city.bureaus[0]["urban_management"]) == BUREAU
    parts = read_parts(Dimension.AREA, [city.city.pk], NOVEMBER)[city.city.pk].everything
    assert [parts[code] for code in ("registered", "answered", "not_accepted", "voided")] == [38, 3, 1, 2]
    values = evaluate(versions_for(NOVEMBER.last), read_parts(Dimension.AREA, [city.city.pk], NOVEMBER)[city.city.pk])
    # 30 % of 36/39, 40 % of 1/2, 30 % of 8/8
    assert values["three_rates"].value == pytest.approx(0.3 * 100 * 36 / 39 + 0.4 * 50 + 0.3 * 100)
    assert values["natural_hours"].value == pytest.approx((NATURAL + 31 * 120) / 60 / 34)


def test_counting_a_month_again_changes_nothing(month):
    def kept():
        return [
            sorted(model.objects.values_list("dimension", "scope_id", "key_id", "is_excluded", "period", *CODES))
            for model in (DayFigures, MonthFigures)
        ]

    before = kept()
    count_month(NOVEMBER.first)
    assert kept() == before


def test_what_a_district_lists_adds_up_to_its_figures(month):
    district, centre = month.city.districts[0], month.city.centres[0]
    leader = grant(make_staff("leader_of_district", centre), "leader", centre)
    posted = {one.pk: list(zip(one.keys, one.amounts, strict=True)) for one in CasePosting.objects.all()}
    figures = read_parts(Dimension.AREA, [district.pk], NOVEMBER)[district.pk].everything
    assert figures["registered"] == 36
    for part in PARTS:
        listed = cases_behind(Wanted(part, NOVEMBER, area=district), leader, limit=1000)
        amounts = [amount for day, case in listed for key, amount in posted[case.pk] if key == key_of(part, day)]
        assert sum(amounts) == figures[part.code], part.code
    assert not cases_behind(Wanted(PARTS[0], NOVEMBER, area=month.city.districts[1]), leader)
