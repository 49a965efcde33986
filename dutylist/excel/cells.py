"""How one kind of cell is read and written. Both languages are read; what is written is in the reader's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shenzhen_gov.core.texts import joined
from shenzhen_gov.core.workbooks import as_key, in_all_languages

SEPARATORS = str.maketrans("；\n", ";;")
MOST_DIGITS = 6
YES_NO = ((True, gettext_lazy("yes")), (False, gettext_lazy("no")))
FURTHER_YES_NO = {"true": True, "false": False, "1": True, "0": False, "y": True, "n": False}


class Text:
    """Text as it is. The base of the other kinds: `read` raises ValueError with what is wrong."""

    empty: Any = ""
    can_be_emptied = True

    def read(self, text: str) -> Any:
        """Return the value a cell stands for; the cell is not empty."""
        return text

    def write(self, value: Any) -> str | int:
        """Return what stands in the cell."""
        return "" if value is None else value

    def hint(self) -> str:
        """Return what may stand in the cell, where that is not plain."""
        return ""


@dataclass(frozen=True)
class Name(Text):
    """Text that may not be emptied; a missing one leaves the item's as it is."""

    can_be_emptied: bool = False


class Code(Text):
    """A code: letters and digits however wide they were typed."""

    def read(self, text: str) -> str:
        """Return the code in half-width characters."""
        return unicodedata.normalize("NFKC", text).strip()


class Number(Text):
    """A whole number, or nothing."""

    empty = None

    def read(self, text: str) -> int:
        """Return the number; full-width digits and 5.0 are understood."""
        number = unicodedata.normalize("NFKC", text).replace(",", "")
        whole, _dot, rest = number.partition(".")
        if not (whole.isascii() and whole.isdigit() and not rest.strip("0")) or len(whole) > MOST_DIGITS:
            raise ValueError(_("“%(text)s” is not a whole number.") % {"text": text})
        return int(whole)

    def hint(self) -> str:
        """Return what may stand in the cell."""
        return _("A whole number, or empty.")


class Choice(Text):
    """One word of a vocabulary; its code or its name in any language is read."""

    def __init__(self, words: Iterable[tuple[Any, str | Promise]], *, can_be_emptied: bool):
        self.words = list(words)
        self.can_be_emptied = can_be_emptied
        self._written: dict[str, dict[Any, str]] = {}  # language → value → word: asked for by the ten thousand

    @cached_property
    def known(self) -> dict[str, Any]:
        """Return every word that is understood → value."""
        return {as_key(str(value)): value for value, _word in self.words} | in_all_languages(self.words)

    def read(self, text: str) -> Any:
        """Return the value of the word."""
        value = self.known.get(as_key(text))
        if value is None:
            listed = joined(self.options())
            raise ValueError(_("“%(text)s” must be one of: %(words)s.") % {"text": text, "words": listed})
        return value

    def write(self, value: Any) -> str:
        """Return the word for a value."""
        language = translation.get_language() or ""
        if language not in self._written:
            self._written[language] = {known: str(word) for known, word in self.words}
        return self._written[language].get(value, str(value or ""))

    def options(self) -> list[str]:
        """Return the words in the reader's language."""
        return [str(word) for _value, word in self.words]

    def hint(self) -> str:
        """Return what may stand in the cell."""
        return _("One of: %(words)s.") % {"words": joined(self.options())}


class YesNo(Choice):
    """Yes or no; an empty cell leaves it as it is."""

    def __init__(self) -> None:
        super().__init__(YES_NO, can_be_emptied=False)

    @cached_property
    def known(self) -> dict[str, Any]:
        """Return every word that is understood → value."""
        return FURTHER_YES_NO | in_all_languages(self.words)


class Words(Text):
    """Several words, separated by semicolons or line breaks."""

    empty: Any = []

    def read(self, text: str) -> list[str]:
        """Return the words, each once."""
        return list(dict.fromkeys(word.strip() for word in text.translate(SEPARATORS).split(";") if word.strip()))

    def write(self, value: Iterable[str]) -> str:
        """Return the words in one cell."""
        return ";".join(value or ())

    def hint(self) -> str:
        """Return what may stand in the cell."""
        return _("Several, separated by semicolons.")


class Codes(Words):
    """Several codes."""

    def read(self, text: str) -> list[str]:
        """Return the codes in half-width characters."""
        return super().read(unicodedata.normalize("NFKC", text).replace(",", ";").replace("、", ";"))


class Lines(Text):
    """Several texts, one a line, for they may contain any sign."""

    empty: Any = []

    def read(self, text: str) -> list[str]:
        """Return the texts."""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def write(self, value: Iterable[str]) -> str:
        """Return the texts in one cell."""
        return "\n".join(value or ())

    def hint(self) -> str:
        """Return what may stand in the cell."""
        return _("Several, one a line.")


def cell_of(field: models.Field) -> Text:
    """Return the kind of cell a field of an item is written in."""
    if field.name == "examples":
        return Lines()
    if field.name == "confusable":
        return Codes()
    if hasattr(field, "base_field"):
        return Words()
    if field.choices:
        return Choice(field.flatchoices, can_be_emptied=field.blank)
    if isinstance(field, models.BooleanField):
        return YesNo()
    if isinstance(field, models.IntegerField):
        return Number()
    return Text() if field.blank else Name()
