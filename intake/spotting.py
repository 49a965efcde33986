"""Finding many words in a text with one pass over it (Aho-Corasick), however many words there are."""

from __future__ import annotations

from collections.abc import Iterable

import ahocorasick


class Spotter:
    """A set of words, ready to be looked for."""

    def __init__(self, words: Iterable[str]):
        self.automaton = ahocorasick.Automaton()
        for word in words:
            self.automaton.add_word(word, word)
        if len(self.automaton):
            self.automaton.make_automaton()

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, word) in the order of the text; a longer word hides the shorter ones inside it."""
        if not len(self.automaton):
            return []
        found = [(end + 1 - len(word), end + 1, word) for end, word in self.automaton.iter(text)]
        taken, covered = [], bytearray(len(text))
        for start, end, word in sorted(found, key=lambda hit: (hit[0] - hit[1], hit[0])):
            if not any(covered[start:end]):
                taken.append((start, end, word))
                covered[start:end] = b"\1" * (end - start)
        return sorted(taken)
