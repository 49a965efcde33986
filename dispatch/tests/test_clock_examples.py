"""Two deadlines of every clock, counted by hand on the real calendar (shenzhen_gov/core/data/calendar.csv).

What the hand needs of it. Working hours 9–12 and 14–18; a start at closing, at lunch or on a day off counts from the
next working moment, and n working days are n whole ones after the day it counts on, to closing.

- Spring Festival 2026: Sat 02-14 is worked, Sun 02-15 to Mon 02-23 are off, Sat 02-28 is worked.
- Spring Festival 2024, a leap year: Sat 02-10 to Sat 02-17 are off, Sun 02-18 is worked, Thu 02-29 is an ordinary day.
- Spring Festival 2025: Sun 01-26 is worked, Tue 01-28 to Tue 02-04 are off.
- New Year 2025: Wed 01-01 is off. New Year 2026: Thu 01-01 to Sat 01-03 are off, Sun 01-04 is worked.
- Autumn 2026: Sun 09-20 is worked. May 2024: Wed 05-01 to Sun 05-05 are off.
"""

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from dispatch.clocks import ClockBook
from dispatch.models import ClockRule
from intake.models import Case, Channel
from shenzhen_gov.core import parameters
from shenzhen_gov.core.kept import forget_all
from shenzhen_gov.core.models import CalendarYear
from shenzhen_gov.core.worktime import SHANGHAI, MissingCalendarYear

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    for command in ("load_parameters", "load_channels", "load_clock_rules"):
        call_command(command, stdout=StringIO())
    if not CalendarYear.objects.exists():
        call_command("load_calendar", stdout=StringIO())
    parameters.forget()
    forget_all()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# fmt: off  (one example, one row; the counting stands behind it)
EXAMPLES = [
    ("accept", {}, "2026-02-16 23:59:59", "2026-02-17 01:59:59"),  # two hours of the clock, holiday or not
    ("accept", {}, "2024-02-28 23:00:00", "2024-02-29 01:00:00"),  # into the leap day
    ("dispatch", {}, "2026-02-15 09:00:00", "2026-02-16 09:00:00"),
    ("dispatch", {}, "2023-12-31 23:59:59", "2024-01-01 23:59:59"),
    ("dispatch", {"urgency": "urgent"}, "2024-02-29 23:59:59", "2024-03-01 01:59:59"),
    ("dispatch", {"urgency": "urgent"}, "2026-02-13 17:00:00", "2026-02-13 19:00:00"),
    ("dispatch", {"urgency": "emergency"}, "2025-12-31 23:30:00", "2026-01-01 00:30:00"),
    ("dispatch", {"urgency": "emergency"}, "2026-02-20 23:59:59", "2026-02-21 00:59:59"),
    ("dispatch", {"channel": "court_12368"}, "2026-02-13 16:00:00", "2026-02-14 17:00:00"),  # Fri 2, Sat 3 + 3
    ("dispatch", {"channel": "court_12368"}, "2026-02-14 17:00:00", "2026-02-24 18:00:00"),  # Sat 1, Tue 3 + 4
    ("sign", {}, "2026-02-14 16:30:00", "2026-02-24 11:30:00"),  # Sat 1½, Tue 2½
    ("sign", {}, "2025-12-31 23:59:59", "2026-01-04 15:00:00"),  # from Sun 01-04 9:00: 3 + 1
    ("sign", {"urgency": "emergency"}, "2026-02-20 23:59:59", "2026-02-21 00:29:59"),
    ("sign", {"urgency": "emergency"}, "2024-02-29 23:45:00", "2024-03-01 00:15:00"),
    ("first_contact", {}, "2024-02-28 23:59:59", "2024-02-29 23:59:59"),
    ("first_contact", {}, "2026-02-14 10:00:00", "2026-02-15 10:00:00"),
    ("first_contact", {"urgency": "emergency"}, "2026-12-31 23:00:00", "2027-01-01 01:00:00"),
    ("first_contact", {"urgency": "emergency"}, "2026-02-17 12:30:00", "2026-02-17 14:30:00"),
    ("first_contact", {"urgency": "urgent"}, "2025-12-31 23:59:59", "2026-01-01 23:59:59"),
    ("first_contact", {"urgency": "urgent"}, "2024-02-29 08:00:00", "2024-03-01 08:00:00"),
    ("handling", {}, "2026-02-13 10:00:00", "2026-02-27 18:00:00"),  # Sat 14, 24, 25, 26, 27
    ("handling", {}, "2024-02-08 17:59:59", "2024-02-21 18:00:00"),  # Fri 09, Sun 18, 19, 20, 21
    ("handling", {}, "2024-02-27 10:00:00", "2024-03-05 18:00:00"),  # 28, 29, Fri 03-01, 04, 05
    ("handling", {"request_type": "consult"}, "2026-02-14 18:00:00", "2026-02-25 18:00:00"),  # counts on Tue 24
    ("handling", {"request_type": "consult"}, "2025-12-31 17:59:59", "2026-01-04 18:00:00"),
    ("handling", {"request_type": "suggestion"}, "2026-02-13 23:59:59", "2026-02-24 18:00:00"),  # counts on Sat 14
    ("handling", {"request_type": "suggestion"}, "2024-02-28 12:00:00", "2024-02-29 18:00:00"),
    ("handling", {"request_type": "praise"}, "2024-12-31 10:00:00", "2025-01-02 18:00:00"),
    ("handling", {"request_type": "praise"}, "2026-02-15 10:00:00", "2026-02-25 18:00:00"),  # counts on Tue 24
    ("handling", {"round": 2}, "2026-02-14 10:00:00", "2026-02-26 18:00:00"),  # 24, 25, 26
    ("handling", {"round": 3}, "2024-02-29 18:00:00", "2024-03-06 18:00:00"),  # counts on Fri 03-01: 04, 05, 06
    ("review", {}, "2026-02-28 09:00:00", "2026-03-02 18:00:00"),  # a worked Saturday
    ("review", {}, "2026-02-21 10:00:00", "2026-02-25 18:00:00"),  # counts on Tue 24
    ("decision", {}, "2026-02-13 11:00:00", "2026-02-14 18:00:00"),
    ("decision", {}, "2026-09-18 23:59:59", "2026-09-21 18:00:00"),  # counts on Sun 09-20
    ("arrival", {}, "2026-02-14 17:30:00", "2026-02-24 10:30:00"),  # ½, 1½
    ("arrival", {}, "2025-12-31 16:00:00", "2025-12-31 18:00:00"),  # used up exactly at closing
    ("arrival", {"urgency": "emergency"}, "2026-02-17 23:59:59", "2026-02-18 00:29:59"),
    ("arrival", {"urgency": "emergency"}, "2023-12-31 23:30:00", "2024-01-01 00:00:00"),
    ("supervision", {}, "2026-02-11 09:00:00", "2026-02-14 18:00:00"),  # Thu 12, Fri 13, Sat 14
    ("supervision", {}, "2024-04-30 15:00:00", "2024-05-08 18:00:00"),  # 06, 07, 08
    ("ruling", {}, "2024-02-07 10:00:00", "2024-02-18 18:00:00"),  # Thu 08, Fri 09, Sun 18
    ("ruling", {}, "2025-01-24 10:00:00", "2025-02-05 18:00:00"),  # Sun 26, Mon 27, Wed 02-05
    ("call_back", {}, "2026-02-14 12:30:00", "2026-02-24 18:00:00"),  # at lunch: still Saturday
    ("call_back", {}, "2025-12-30 23:59:59", "2026-01-04 18:00:00"),  # counts on Wed 31
    ("appeal", {}, "2026-02-12 10:00:00", "2026-02-24 18:00:00"),  # Fri 13, Sat 14, Tue 24
    ("appeal", {}, "2024-02-28 10:00:00", "2024-03-04 18:00:00"),  # 29, 03-01, 03-04
    ("closure_check", {}, "2026-02-25 10:00:00", "2026-02-28 18:00:00"),  # 26, 27, Sat 28
    ("closure_check", {}, "2024-12-30 23:59:59", "2025-01-06 18:00:00"),  # counts on Tue 31: 02, 03, 06
    ("ask_return", {}, "2026-02-13 10:00:00", "2026-02-24 18:00:00"),  # Sat 14, Tue 24
    ("ask_return", {}, "2025-12-31 10:00:00", "2026-01-05 18:00:00"),  # Sun 04, Mon 05
    ("extension", {}, "2026-02-13 18:00:00", "2026-03-06 18:00:00"),  # counts on Sat 14: 24–27, 28, 03-02…06
    ("extension", {}, "2024-12-23 10:00:00", "2025-01-07 18:00:00"),  # 24–27, 30, 31, 02, 03, 06, 07
    ("complex", {}, "2026-02-02 10:00:00", "2026-02-28 18:00:00"),  # 3–6, 9–13, Sat 14, 24–27, Sat 28
    ("complex", {}, "2024-02-19 10:00:00", "2024-03-11 18:00:00"),  # 20–23, 26–29, 03-01, 4–8, 11
    ("ask_appeal", {}, "2026-02-13 10:00:00", "2026-02-24 18:00:00"),
    ("ask_appeal", {}, "2024-02-29 09:00:00", "2024-03-04 18:00:00"),
    ("conference", {}, "2026-02-13 10:00:00", "2026-03-05 18:00:00"),  # Sat 14, 24–27, 28, 03-02…05
    ("conference", {}, "2024-12-31 23:59:59", "2025-01-16 18:00:00"),  # counts on Thu 01-02: 3, 6–10, 13–16
    ("evaluation", {}, "2026-02-14 10:00:00", "2026-02-21 10:00:00"),
    ("evaluation", {}, "2024-02-26 23:59:59", "2024-03-04 23:59:59"),  # over the leap day
]
# fmt: on


@pytest.mark.parametrize(("kind", "given", "start", "due"), EXAMPLES)
def test_the_deadline_is_the_one_counted_by_hand(kind, given, start, due):
    book = ClockBook(at(start))
    clock = book.start(kind, a_case(**given))
    assert (clock.started_at, clock.due_at) == (at(start), at(due))
    assert clock.yellow_at < clock.due_at


def a_case(*, channel: str = "hotline", **given) -> Case:
    given = {"request_type": "help", "urgency": "normal", "round": 1} | given
    return Case(channel=Channel.objects.get(code=channel), **given)


def test_every_scope_of_the_rules_has_two_examples():
    counted = [(kind, *sorted(given.items())) for kind, given, _start, _due in EXAMPLES]
    for rule in ClockRule.objects.exclude(kind="overall").select_related("channel"):  # which is the next test
        scope = {"request_type": rule.request_type, "urgency": rule.urgency}
        scope["channel"] = rule.channel.code if rule.channel else ""
        wanted = (rule.kind, *sorted((name, word) for name, word in scope.items() if word))
        found = [
            one for one in counted if one == wanted or (rule.is_redo and one[:1] == wanted and "round" in str(one))
        ]
        assert len(found) >= 2, wanted


@pytest.mark.parametrize(
    ("accepted", "request_type", "due"),
    [
        # handling to Fri 02-27 18:00; the allowance counts on Sat 02-28: Mon 03-02, Tue 03-03
        ("2026-02-13 10:00:00", "help", "2026-03-03 18:00:00"),
        # handling to Sun 01-04 18:00; the allowance counts on Mon 01-05: Tue 06, Wed 07
        ("2025-12-31 10:00:00", "consult", "2026-01-07 18:00:00"),
    ],
)
def test_the_overall_clock_is_handling_and_the_allowance_from_acceptance(accepted, request_type, due):
    case = a_case(request_type=request_type)
    case.accepted_at = at(accepted)
    clock = ClockBook(at("2026-03-01 00:00:00")).overall(case, None)
    assert (clock.started_at, clock.due_at) == (at(accepted), at(due))


def test_without_the_calendar_of_the_year_there_is_no_deadline_and_the_refusal_names_it():
    book = ClockBook(at("2027-12-30 10:00:00"))
    for kind in ("handling", "review", "sign", "supervision"):
        start = at("2027-12-31 17:30:00")  # Fri; the rest lies in 2028
        with pytest.raises(MissingCalendarYear) as refused:
            book.start(kind, a_case(), started_at=start)
        assert refused.value.year == 2028
        assert "2028" in str(refused.value)


def test_a_year_that_is_only_half_entered_counts_as_missing():
    CalendarYear.objects.filter(year=2026).update(complete=False)
    with pytest.raises(MissingCalendarYear, match="2026"):
        ClockBook(at("2026-02-13 10:00:00")).start("handling", a_case())


def test_hours_of_the_clock_need_no_calendar():
    CalendarYear.objects.update(complete=False)
    clock = ClockBook(at("2026-02-13 10:00:00")).start("first_contact", a_case())
    assert clock.due_at == at("2026-02-14 10:00:00")
