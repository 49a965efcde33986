"""Time limits are data: loaded from a file, never changed, the most specific one wins."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from dispatch.choices import ClockKind
from dispatch.clocks import ClockBook
from dispatch.models import ClockRule
from dispatch.tests.world import NOON, make_world, new_case
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.kept import forget_all

pytestmark = pytest.mark.django_db
HEADER = "kind,request_type,urgency,channel,item,level,redo,amount,unit,effective_from,source"


@pytest.fixture
def load(tmp_path, capsys):
    def load_rows(*rows):
        path = tmp_path / "rules.csv"
        path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        call_command("load_clock_rules", path)
        forget_all()
        return capsys.readouterr().out

    return load_rows


def test_loading_twice_adds_nothing(load):
    row = "sign,,,,,,,4,workhour,2018-01-01,[P]"
    assert "1 added" in load(row)
    assert "0 added, 1 unchanged" in load(row)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("signature,,,,,,,4,workhour,2018-01-01,x", "kind"),
        ("sign,,,,,,,4,fortnight,2018-01-01,x", "unit"),
        ("sign,,,,,,,0,workhour,2018-01-01,x", "amount"),
        ("sign,,,nowhere,,,,4,workhour,2018-01-01,x", "channel"),
        ("sign,,later,,,,,4,workhour,2018-01-01,x", "urgency"),
        ("sign,,,,,,,4,workhour,yesterday,x", "effective_from"),
        ("sign,,,,,,,²,workhour,2018-01-01,x", "amount"),
        ("sign,,,,,,,9999999999999,workhour,2018-01-01,x", "amount"),
        ("sign,,,,no-such-item,,,4,workhour,2018-01-01,x", "item"),
        ("sign,,,,,village,,4,workhour,2018-01-01,x", "level"),
        ("sign,,,,,,maybe,4,workhour,2018-01-01,x", "redo"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_taken_over(load, row, column):
    with pytest.raises(CommandError, match=f"3.*{column}"):
        load("handling,,,,,,,5,workday,2018-01-01,x", row)
    assert not ClockRule.objects.exists()


def test_a_limit_in_force_is_never_changed_but_followed_by_another(load):
    load("sign,,,,,,,4,workhour,2018-01-01,x")
    with pytest.raises(CommandError):
        load("sign,,,,,,,8,workhour,2018-01-01,x")
    load("sign,,,,,,,8,workhour,2026-01-01,x")
    assert set(ClockRule.objects.values_list("amount", flat=True)) == {4, 8}


def test_the_most_specific_limit_in_force_wins():
    city = make_world()
    normal, emergency = new_case(city), new_case(city, urgency="emergency")
    book = ClockBook(NOON)
    assert book.limit("sign", normal).unit == "workhour"
    assert book.due(NOON, book.limit("sign", emergency)) == NOON + timedelta(minutes=30)


def test_a_question_without_an_item_of_its_own_limit_has_one_working_day():
    city = make_world()
    assert ClockBook(NOON).limit("handling", new_case(city, request_type="consult", item="")).amount == 1


def test_the_warning_comes_a_day_before_a_long_limit_and_a_fifth_before_a_short_one():
    city = make_world()
    book, case = ClockBook(NOON), new_case(city)
    long = book.clock("handling", case, None, NOON, NOON + timedelta(days=4), "x")
    short = book.clock("sign", case, None, NOON, NOON + timedelta(hours=5), "x")
    assert (long.yellow_at, short.yellow_at) == (NOON + timedelta(days=3), NOON + timedelta(hours=4))


def test_a_limit_may_depend_on_the_level_of_the_unit(load):
    city = make_world()
    load("sign,,,,,community,,2,workhour,2018-01-01,x")
    book, case = ClockBook(NOON), new_case(city)
    at = {unit.level: book.limit("sign", case, unit=unit).amount for unit in (city.stations[0][0][0], city.centre)}
    assert at == {4: 2, 1: 4}


def test_a_redo_has_its_own_limit_before_that_of_the_item():
    city = make_world()
    book, case = ClockBook(NOON), new_case(city)
    first = book.limit("handling", case, case.item_version)
    case.round = 2
    again = book.limit("handling", case, case.item_version)
    assert (first.amount, again.amount) == (5, 3)
    assert again.rule.startswith("[P] 不满意重办")


def test_a_statutory_limit_entered_for_an_item_replaces_every_other(load):
    city = make_world()
    load("handling,,,,T01,,,90,day,2018-01-01,行政处罚法 第六十条: 90 日")
    book, case = ClockBook(NOON), new_case(city)
    case.round = 2
    limit = book.limit("handling", case, case.item_version)
    assert (limit.amount, limit.unit, limit.rule) == (90, "day", "行政处罚法 第六十条: 90 日")


def test_the_urgency_decides_before_the_channel(load):
    city = make_world()
    load("dispatch,,,hotline,,,,8,workhour,2018-01-01,x")
    book = ClockBook(NOON)
    assert book.limit("dispatch", new_case(city)).amount == 8
    assert book.limit("dispatch", new_case(city, urgency="urgent")).amount == 2


def test_an_emergency_takes_the_very_urgent_limit_of_its_item():
    city = make_world()
    book, case = ClockBook(NOON), new_case(city, urgency="emergency")
    assert book.limit("handling", case, case.item_version).amount == 1  # none of its own: the urgent one
    case.item_version.limit_very_urgent = 4
    assert book.limit("handling", case, case.item_version).amount == 4


def test_without_a_limit_in_force_the_refusal_names_the_clock_and_the_day():
    city = make_world()
    ClockRule.objects.filter(kind="ruling").delete()
    forget_all()
    with pytest.raises(Refused, match="2026-11-18"):
        ClockBook(NOON).limit("ruling", new_case(city))


def test_every_clock_has_a_limit_with_a_source():
    city = make_world()
    book, case = ClockBook(NOON), new_case(city)
    counted = [
        kind for kind in ClockKind.values if kind not in (ClockKind.HOLD, "closure_check")
    ]  # whose date is asked for, not counted
    assert [kind for kind in counted if not book.limit(kind, case).rule] == []
