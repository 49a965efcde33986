"""Keyset paging: the pages together are the whole list, in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from shenzhen_gov.core.lists import BadCursor, Sort, capped_count, page_of
from shenzhen_gov.core.models import JobRun

START = datetime(2026, 1, 5, 9, 0, 0, 123456, tzinfo=UTC)
SORTS = [
    Sort("newest", "newest", ("-started_at", "-id")),
    Sort("job", "job", ("job", "-started_at", "id")),
    Sort("ended", "ended", ("ended_at", "job", "-id")),
    Sort("ended_last", "ended last", ("-ended_at", "total", "id")),
    Sort("total", "total", ("-total", "-ended_at", "-id")),
]
# Few different values, so that ties and empty values are the rule.
ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 3), st.none() | st.integers(0, 2), st.none() | st.integers(0, 2)),
    max_size=14,
)


def make_run(job="a", started=0, ended=None, total=None) -> JobRun:
    at = START + timedelta(microseconds=started)
    return JobRun.objects.create(
        job=job,
        started_at=at,
        beat_at=at,
        total=total,
        ended_at=None if ended is None else START + timedelta(hours=ended),
    )


def in_order(rows, sort: Sort) -> list[int]:
    """Sort in Python, empty values last, independently of what the database does."""
    rows = list(rows)
    for name in reversed(sort.fields):
        attribute, falls = name.lstrip("-"), name.startswith("-")
        filled = [row for row in rows if getattr(row, attribute) is not None]
        empty = [row for row in rows if getattr(row, attribute) is None]
        rows = (
            sorted(filled, key=lambda row: getattr(row, attribute), reverse=False)
            if not falls
            else _falling(filled, attribute)
        )
        rows += empty
    return [row.pk for row in rows]


def _falling(rows, attribute):
    return list(reversed(sorted(reversed(rows), key=lambda row: getattr(row, attribute))))


def walk(queryset, sort, size, *, on_page=lambda: None) -> tuple[list[list[int]], str | None]:
    pages, cursor = [], None
    while True:
        page = page_of(queryset, sort, size, cursor)
        pages.append([row.pk for row in page.rows])
        on_page()
        if page.next is None:
            return pages, page.previous
        cursor = page.next


class ThePagesTogether(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(rows=ROWS, sort=st.sampled_from(SORTS), size=st.integers(1, 5))
    def test_are_the_whole_set_in_order_with_ties_and_empty_values(self, rows, sort, size):
        runs = [make_run(*row) for row in rows]
        pages, _previous = walk(JobRun.objects.all(), sort, size)
        assert [pk for page in pages for pk in page] == in_order(runs, sort)
        assert all(len(page) == size for page in pages[:-1])

    @settings(max_examples=40, deadline=None)
    @given(rows=ROWS, sort=st.sampled_from(SORTS), size=st.integers(1, 5))
    def test_are_the_same_pages_on_the_way_back(self, rows, sort, size):
        for row in rows:
            make_run(*row)
        forward, cursor = walk(JobRun.objects.all(), sort, size)
        back = [forward[-1]]
        while cursor:
            page = page_of(JobRun.objects.all(), sort, size, cursor)
            back.append([row.pk for row in page.rows])
            assert page.next is not None
            cursor = page.previous
        assert [pk for page in reversed(back) for pk in page] == [pk for page in forward for pk in page]

    @settings(max_examples=40, deadline=None)
    @given(rows=ROWS, late=ROWS, sort=st.sampled_from(SORTS), size=st.integers(1, 4))
    def test_miss_and_repeat_nothing_while_rows_arrive(self, rows, late, sort, size):
        there = [make_run(*row) for row in rows]
        arriving = iter(late)

        def arrive():
            row = next(arriving, None)
            if row is not None:
                make_run(*row)

        pages, _previous = walk(JobRun.objects.all(), sort, size, on_page=arrive)
        seen = [pk for page in pages for pk in page]
        assert len(seen) == len(set(seen))
        assert [pk for pk in seen if pk in {run.pk for run in there}] == in_order(there, sort)


@pytest.mark.django_db
class TestACursor:
    def test_keeps_the_microseconds_of_a_time(self):
        for microsecond in (1, 2, 3):
            make_run(started=microsecond)
        pages, _previous = walk(JobRun.objects.all(), SORTS[0], 1)
        assert len(pages) == 3
        assert len({pk for page in pages for pk in page}) == 3

    @pytest.mark.parametrize("cursor", ["x", "a:b:c", "🙂", "eyJ4IjoxfQ:abc:def"])
    def test_that_was_tampered_with_is_refused_naming_it(self, cursor):
        with pytest.raises(BadCursor) as caught:
            page_of(JobRun.objects.all(), SORTS[0], 5, cursor)
        assert caught.value.field == "cursor"
        assert caught.value.status == 400

    def test_of_another_sort_is_refused(self):
        make_run()
        make_run()
        page = page_of(JobRun.objects.all(), SORTS[0], 1)
        with pytest.raises(BadCursor):
            page_of(JobRun.objects.all(), SORTS[1], 1, page.next)

    def test_does_not_page_by_offset(self, django_assert_num_queries):
        for _ in range(3):
            make_run()
        page = page_of(JobRun.objects.all(), SORTS[0], 1)
        with django_assert_num_queries(1) as captured:
            page_of(JobRun.objects.all(), SORTS[0], 1, page.next)
        assert "OFFSET" not in captured[0]["sql"].upper()


class TestASort:
    def test_that_does_not_end_with_id_is_refused(self):
        with pytest.raises(ValueError, match="must end with id"):
            Sort("job", "job", ("job",))


@pytest.mark.django_db
class TestACount:
    def test_is_exact_below_the_cap_and_says_so_at_it(self):
        at = timezone.now()
        JobRun.objects.bulk_create(JobRun(job="a", started_at=at, beat_at=at) for _ in range(12))
        assert str(capped_count(JobRun.objects.all(), cap=13)) == "12"
        assert str(capped_count(JobRun.objects.all(), cap=12)) == "11+"
        assert str(capped_count(JobRun.objects.all(), cap=5)) == "4+"
