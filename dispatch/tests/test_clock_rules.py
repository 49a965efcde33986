"""Time limits are data: loaded from a file, never changed, the most specific one wins."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from dispatch.clocks import ClockBook
from dispatch.models import ClockRule
from dispatch.tests.world import NOON, make_world, new_case
from shenzhen_gov.core.kept import forget_all

pytestmark = pytest.mark.django_db
HEADER = "kind,request_type,urgency,channel,amount,unit,effective_from,source"


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
    row = "sign,,,,4,workhour,2018-01-01,[P]"
    assert "1 added" in load(row)
    assert "0 added, 1 unchanged" in load(row)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("signature,,,,4,workhour,2018-01-01,x", "kind"),
        ("sign,,,,4,fortnight,2018-01-01,x", "unit"),
        ("sign,,,,0,workhour,2018-01-01,x", "amount"),
        ("sign,,,nowhere,4,workhour,2018-01-01,x", "channel"),
        ("sign,,later,,4,workhour,2018-01-01,x", "urgency"),
        ("sign,,,,4,workhour,yesterday,x", "effective_from"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_taken_over(load, row, column):
    with pytest.raises(CommandError, match=f"3.*{column}"):
        load("handling,,,,5,workday,2018-01-01,x", row)
    assert not ClockRule.objects.exists()


def test_a_limit_in_force_is_never_changed_but_followed_by_another(load):
    load("sign,,,,4,workhour,2018-01-01,x")
    with pytest.raises(CommandError):
        load("sign,,,,8,workhour,2018-01-01,x")
    load("sign,,,,8,workhour,2026-01-01,x")
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
