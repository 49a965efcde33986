"""No suppressed count can be worked out: neither alone from a line, nor from all sums together."""

import random
from fractions import Fraction

import pytest

from analytics.suppression import bridges, suppressed_cells, with_totals

THRESHOLD = 5


def equations_of(block, hidden):
    """Return, for each row and column, what its sums say about the hidden cells."""
    place = {cell: number for number, cell in enumerate(sorted(hidden))}
    rows, columns = range(len(block)), range(len(block[0]))
    lines = [[(row, column) for column in columns] for row in rows]
    lines += [[(row, column) for row in rows] for column in columns]
    found = []
    for line in lines:
        equation = [Fraction(0)] * len(place)
        for cell in hidden.intersection(line):
            equation[place[cell]] = Fraction(-1 if cell == line[-1] else 1)
        found.append(equation)
    return found


def determined(block, hidden):
    """Return the hidden cells that all sums together determine: by elimination, without any graph."""
    equations, done = equations_of(block, hidden), 0
    for column in range(len(hidden)):
        pivot = next((row for row in range(done, len(equations)) if equations[row][column]), None)
        if pivot is None:
            continue
        equations[done], equations[pivot] = equations[pivot], equations[done]
        lead = [value / equations[done][column] for value in equations[done]]
        equations = [
            row if row is equations[done] else [a - row[column] * b for a, b in zip(row, lead, strict=True)]
            for row in equations
        ]
        equations[done] = lead
        done += 1
    alone = [[number for number, value in enumerate(row) if value] for row in equations[:done]]
    return [sorted(hidden)[named[0]] for named in alone if len(named) == 1]


def check(block):
    hidden = suppressed_cells(block, THRESHOLD)
    small = {(r, c) for r, row in enumerate(block) for c, value in enumerate(row) if 0 < value < THRESHOLD}
    assert small <= hidden
    assert determined(block, hidden) == []
    for row in (*block, *zip(*block, strict=True)):
        assert row[-1] == sum(row[:-1])
    return hidden


def test_a_single_small_count_takes_a_square_with_it():
    hidden = check(with_totals([[2, 30, 40], [10, 20, 30], [50, 9, 60]]))
    assert len(hidden) == 4


def test_nothing_is_hidden_where_nothing_is_small():
    assert check(with_totals([[5, 30], [0, 20]])) == set()


def test_two_small_counts_of_a_line_are_not_told_by_their_sum():
    block = with_totals([[1, 1, 40, 50], [10, 20, 30, 40], [9, 9, 9, 9]])
    hidden = check(block)
    shown_total = (0, 4) not in hidden
    assert not shown_total or sum(block[0][c] for c in range(4) if (0, c) in hidden) >= THRESHOLD


def test_a_cell_between_two_squares_is_a_bridge_and_is_protected():
    squares = {(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)}
    assert bridges(squares) == set()
    assert bridges(squares | {(0, 2)}) == {(0, 2)}
    assert bridges({(0, 0)}) == {(0, 0)}


def test_a_line_of_noughts_and_one_small_count_hides_its_total_too():
    check(with_totals([[3, 0, 0], [40, 50, 60], [70, 80, 90]]))


def test_the_smallest_tables_hold():
    for block in ([[3]], [[3, 9]], [[3], [9]], [[0]], [[7]]):
        check(with_totals(block))


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_counts_nothing_follows(seed):
    chance = random.Random(seed)
    rows, columns = chance.randint(1, 7), chance.randint(1, 8)
    most = chance.choice([3, 8, 40, 400])
    check(with_totals([[chance.choice([0, chance.randint(0, most)]) for _ in range(columns)] for _ in range(rows)]))


def test_what_must_be_hidden_anyway_is_protected_as_well():
    block = with_totals([[30, 40], [50, 60]])
    hidden = suppressed_cells(block, THRESHOLD, {(0, 2)})
    assert (0, 2) in hidden
    assert determined(block, hidden) == []
