"""Which cells of published tables stay out, so that no small count can be read or worked out. Pure functions.

A table is a block of counts whose last row and last column are the totals. Small counts are suppressed [P]; then
further cells, until nothing follows from what is left (GB/T 37964's aim, the usual complementary suppression):

1. In a line whose total is shown, what is suppressed adds up to the threshold at least.
2. No suppressed cell is determined by the sums. The suppressed cells are the edges of a graph between rows and columns,
   the totals among them; a cell is determined exactly when its edge is a bridge, that is, lies on no cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

Cell = tuple[int, int]
Block = Sequence[Sequence[int]]


def with_totals(rows: Iterable[Sequence[int]]) -> list[list[int]]:
    """Return a block with the total of each row behind it, and the totals of the columns below."""
    block = [[*row, sum(row)] for row in rows]
    return [*block, [sum(column) for column in zip(*block, strict=True)]] if block else []


def suppressed_cells(block: Block, threshold: int, also: Iterable[Cell] = ()) -> set[Cell]:
    """Return the cells to leave out; `also`: some that must be, whatever they hold."""
    hidden = {cell for cell in _cells(block) if 0 < _at(block, cell) < threshold} | set(also)
    before = None
    while before != hidden:
        before = set(hidden)
        for line in _lines(block):
            _hide_enough(block, line, hidden, threshold)
        for bridge in sorted(bridges(hidden)):
            if bridge in bridges(hidden):
                hidden |= _square(block, bridge, hidden)
    return hidden


def bridges(hidden: set[Cell]) -> set[Cell]:
    """Return the suppressed cells that follow from the sums of their rows and columns."""
    around: dict[tuple[str, int], set[tuple[str, int]]] = {}
    for row, column in hidden:
        around.setdefault(("r", row), set()).add(("c", column))
        around.setdefault(("c", column), set()).add(("r", row))
    found: set[Cell] = set()
    entered: dict[tuple[str, int], int] = {}
    for start in around:
        if start not in entered:
            found |= _bridges_from(start, around, entered)
    return found


def _bridges_from(start, around: dict, entered: dict) -> set[Cell]:
    """Walk one part of the graph in depth, without recursion: a way back up saves the edges it spans."""
    found: set[Cell] = set()
    lowest = {start: len(entered)}
    entered[start] = len(entered)
    path: list[tuple] = [(start, None, iter(around[start]))]
    while path:
        place, parent, others = path[-1]
        for other in others:
            if other not in entered:
                entered[other] = lowest[other] = len(entered)
                path.append((other, place, iter(around[other])))
                break
            if other != parent:
                lowest[place] = min(lowest[place], entered[other])
        else:
            path.pop()
            if parent is not None:
                lowest[parent] = min(lowest[parent], lowest[place])
                if lowest[place] > entered[parent]:
                    found.add(_edge(place, parent))
    return found


def _edge(one: tuple[str, int], other: tuple[str, int]) -> Cell:
    return (one[1], other[1]) if one[0] == "r" else (other[1], one[1])


def _hide_enough(block: Block, line: list[Cell], hidden: set[Cell], threshold: int) -> None:
    """Suppress more of a line until what is hidden in it adds up to the threshold, or its total is hidden, too."""
    inner, total = line[:-1], line[-1]
    shown = sorted((cell for cell in inner if cell not in hidden), key=lambda cell: (_at(block, cell) or 1 << 60, cell))
    while total not in hidden and 0 < _hidden_sum(block, inner, hidden) < threshold:
        hidden.add(shown.pop(0) if shown and _at(block, shown[0]) else total)


def _hidden_sum(block: Block, inner: list[Cell], hidden: set[Cell]) -> int:
    return sum(_at(block, cell) for cell in inner if cell in hidden)


def _square(block: Block, cell: Cell, hidden: set[Cell]) -> set[Cell]:
    """Return the three cells that make a cycle with `cell`: where they cost least; counts of nought cost most."""
    row, column = cell
    rows, columns = range(len(block)), range(len(block[0]))

    def cost(corner: Cell):
        new = [one for one in _corners(cell, corner) if one not in hidden]
        return sum(_at(block, one) == 0 for one in new), sum(_at(block, one) for one in new), corner

    corners = [(r, c) for r, c in product(rows, columns) if r != row and c != column]
    return set(_corners(cell, min(corners, key=cost)))


def _corners(cell: Cell, corner: Cell) -> list[Cell]:
    return [corner, (cell[0], corner[1]), (corner[0], cell[1])]


def _lines(block: Block) -> Iterator[list[Cell]]:
    """Yield each row and each column, its total last; the totals themselves are lines, too."""
    rows, columns = range(len(block)), range(len(block[0]) if block else 0)
    yield from ([(row, column) for column in columns] for row in rows)
    yield from ([(row, column) for row in rows] for column in columns)


def _cells(block: Block) -> Iterator[Cell]:
    return product(range(len(block)), range(len(block[0]) if block else 0))


def _at(block: Block, cell: Cell) -> int:
    return block[cell[0]][cell[1]]
