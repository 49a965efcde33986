"""One table per life cycle: the engine behind every `workflow.py`.

A table is data only. The engine refuses a broken table at import, answers services (`check`) and the button bar
(`offers`), and always says why not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .exceptions import IllegalMove

# A need answers None when met, else the reason why not.
Need = Callable[[object], "str | Promise | None"]


@dataclass(frozen=True)
class Move:
    """One row: from which states a named step leads where, which acts may do it, what it needs, and whose rule it is.

    `to_state` None keeps the state (a record on the case, such as an urge). `acts` are permissions held at a unit;
    the pseudo-acts `system` and `channel` stand for background jobs and inbound channels.
    """

    name: str
    label: str | Promise
    from_states: tuple[str, ...]
    to_state: str | None
    acts: tuple[str, ...]
    needs: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Offer:
    """A move as the button bar sees it: allowed, or off with the reason."""

    move: Move
    reason: str | Promise | None

    @property
    def allowed(self) -> bool:
        """Whether the move may be made now."""
        return self.reason is None


class Workflow:
    """A checked table of moves over named states."""

    def __init__(
        self,
        name: str,
        *,
        states: Iterable[tuple[str, str | Promise]],
        start: str,
        moves: Iterable[Move],
        needs: dict[str, Need] | None = None,
    ):
        self.name = name
        states, moves = list(states), list(moves)
        self.states = dict(states)
        self.start = start
        self.moves = {move.name: move for move in moves}
        self.needs: dict[str, Need] = dict(needs or {})
        self._refuse_broken_table(moves, len(states))

    def need(self, name: str):
        """Register the function that answers the need `name` (decorator)."""

        def register(function: Need) -> Need:
            self.needs[name] = function
            return function

        return register

    def why_not(self, move_name: str, obj) -> str | Promise | None:
        """Return None when `obj` (having `.state`) may make the move, else the reason."""
        move = self.moves[move_name]
        if obj.state not in move.from_states:
            return _("“%(step)s” is not possible while the state is “%(state)s”.") % {
                "step": move.label,
                "state": self.states[obj.state],
            }
        for need in move.needs:
            if reason := self.needs[need](obj):
                return reason
        return None

    def check(self, move_name: str, obj) -> Move:
        """Return the move, or raise IllegalMove with the reason."""
        if reason := self.why_not(move_name, obj):
            raise IllegalMove(reason)
        return self.moves[move_name]

    def offers(self, obj, refuses: Callable[[Move], str | Promise | None]) -> list[Offer]:
        """Return every move that starts in the present state; `refuses(move)` adds the permission's reason."""
        moves = [move for move in self.moves.values() if obj.state in move.from_states]
        return [Offer(move, refuses(move) or self.why_not(move.name, obj)) for move in moves]

    def unanswered_needs(self) -> set[str]:
        """Return the needs of the table that no function was registered for."""
        return {need for move in self.moves.values() for need in move.needs} - self.needs.keys()

    def _refuse_broken_table(self, moves: list[Move], states: int) -> None:
        """Raise for unknown states, doubled names, a move open to nobody, or a state that no path reaches."""
        if len(self.moves) != len(moves) or len(self.states) != states:
            raise ValueError(f"workflow {self.name}: the name of a move or state is used twice")
        if self.start not in self.states:
            raise ValueError(f"workflow {self.name}: unknown start {self.start}")
        for move in moves:
            if not move.acts:
                raise ValueError(f"workflow {self.name}, move {move.name}: nobody may make it")
            unknown = {*move.from_states, *([move.to_state] if move.to_state else [])} - set(self.states)
            if unknown:
                raise ValueError(f"workflow {self.name}, move {move.name}: unknown states {sorted(unknown)}")
        if lost := set(self.states) - self._reachable():
            raise ValueError(f"workflow {self.name}: states never reached: {sorted(lost)}")

    def _reachable(self) -> set[str]:
        """Return every state some path from the start leads to."""
        reached, frontier = {self.start}, [self.start]
        while frontier:
            state = frontier.pop()
            for move in self.moves.values():
                if move.to_state and state in move.from_states and move.to_state not in reached:
                    reached.add(move.to_state)
                    frontier.append(move.to_state)
        return reached


def find_workflows() -> list[Workflow]:
    """Return the life cycles that the apps declare in their `workflow.py`, in the order of the installed apps."""
    names = [f"{config.name}.workflow" for config in apps.get_app_configs()]
    modules = [import_module(name) for name in names if name != __name__ and find_spec(name)]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Workflow)]
