"""How the dated names of a unit are read out of rows."""

from datetime import date, timedelta

import pytest

from dispatch.legacy.dated_names import history_of, sightings

SINCE = date(2018, 1, 1)
OLD, NEW = "综合执法队", "综合执法队（坪山街道办事处）"


def days(text: str) -> list[tuple[date, str]]:
    """Return one row a day from 1 October on: o for the old name, n for the new one."""
    return [(date(2018, 10, 1) + timedelta(days=n), OLD if letter == "o" else NEW) for n, letter in enumerate(text)]


def names(text: str, **given):
    return history_of(sightings(days(text)), since=SINCE, **given)


def test_one_name_holds_from_the_beginning():
    assert names("ooo").official == ((SINCE, OLD),)


def test_a_new_name_takes_over_on_its_first_day():
    assert names("ooonn").official == ((SINCE, OLD), (date(2018, 10, 4), NEW))


def test_a_name_seen_before_it_took_over_is_no_second_rename():
    assert names("oonooonnn").official == ((SINCE, OLD), (date(2018, 10, 7), NEW))


def test_a_name_used_side_by_side_is_an_alias():
    found = names("onoonoo")
    assert found.official == ((SINCE, OLD),)
    assert found.aliases == ((date(2018, 10, 2), NEW),)


def test_a_rare_name_before_the_usual_one_is_an_alias():
    found = names("ooono" + "o" * 5 + "n" * 9)
    assert found.official == ((SINCE, OLD), (date(2018, 10, 11), NEW))
    found = history_of(sightings([*days("noooo")[:1], *days("ooooo"), (date(2018, 10, 3), NEW)]), since=SINCE)
    assert (found.official, found.aliases) == (((SINCE, OLD),), ((date(2018, 10, 1), NEW),))


def test_three_names_follow_each_other():
    rows = [(date(2018, month, 1), name) for month, name in ((2, "甲"), (3, "甲"), (5, "乙"), (6, "乙"), (9, "丙"))]
    assert history_of(sightings(rows), since=SINCE).official == (
        (SINCE, "甲"), (date(2018, 5, 1), "乙"), (date(2018, 9, 1), "丙"),
    )  # fmt: skip


def test_the_order_of_the_rows_does_not_matter():
    rows = days("oonoonnn")
    assert history_of(sightings(rows[::-1]), since=SINCE) == history_of(sightings(rows), since=SINCE)


def test_a_later_file_adds_to_the_name_that_is_known():
    found = history_of(sightings(days("nnn")), since=date(2018, 3, 1), current=OLD)
    assert found.official == ((date(2018, 3, 1), OLD), (date(2018, 10, 1), NEW))


@pytest.mark.parametrize("since", [date(2018, 10, 1), date(2018, 12, 1)])
def test_a_name_older_than_the_one_that_is_known_becomes_an_alias(since):
    found = history_of(sightings(days("nnn")), since=since, current=OLD)
    assert (found.official, found.aliases) == (((since, OLD),), ((date(2018, 10, 1), NEW),))
