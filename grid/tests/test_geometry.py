"""The index of outlines: the smallest around a point, borders included, none of it when there are none."""

import json

import pytest

from grid.geometry import OutlineIndex


def square(x, y, size):
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return json.dumps({"type": "MultiPolygon", "coordinates": [[ring]]})


@pytest.fixture
def index():
    rows = [(1, 4, square(0, 0, 10)), (2, 5, square(0, 0, 4)), (3, 6, square(1, 1, 1)), (4, 5, square(4, 0, 4))]
    return OutlineIndex(rows)


@pytest.mark.parametrize(
    ("point", "area"),
    [((9, 9), 1), ((3, 3), 2), ((1.5, 1.5), 3), ((7, 1), 4), ((10, 10), 1), ((11, 5), None), ((-1, 0), None)],
)
def test_the_lowest_level_around_a_point_is_found(index, point, area):
    assert index.find(*point) == area


def test_a_shared_border_belongs_to_one_of_both(index):
    assert index.find(4, 2) in {2, 4}


def test_of_one_level_the_smaller_outline_is_found():
    assert OutlineIndex([(1, 4, square(0, 0, 10)), (2, 4, square(0, 0, 9))]).find(1, 1) == 2


def test_without_outlines_nothing_is_found():
    assert OutlineIndex([]).find(114, 22.6) is None


def test_what_is_no_number_is_nowhere(index):
    assert index.find(float("nan"), 1) is None
    assert index.find(float("inf"), 1) is None
