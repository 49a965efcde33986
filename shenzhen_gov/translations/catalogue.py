"""The catalogues on disk: reading, merging, checking and compiling them."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from .extract import Key, Text

CHINESE, ENGLISH = "zh_Hans", "en"
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*\}")
HEADER = "# Texts of the portal. Kept by `manage.py messages`; only the msgstr lines are edited by hand."
# The catalogue is compared text by text in reviews: no time stamp that changes with every run.
FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def po_path(locale_dir: Path, locale: str) -> Path:
    """Return the catalogue file of `locale`."""
    return locale_dir / locale / "LC_MESSAGES" / "django.po"


def read_catalogue(path: Path, locale: str) -> Catalog:
    """Return the catalogue in `path`, or an empty one."""
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def memory_of(catalogue: Catalog) -> dict[Key, tuple[str, ...]]:
    """Return every translation the catalogue knows, those of texts no longer in use included."""
    memory: dict[Key, tuple[str, ...]] = {}
    for message in (*catalogue.obsolete.values(), *catalogue):
        strings = _strings(message)
        if message.id and any(strings) and not message.fuzzy:
            memory[_key(message)] = strings
    return memory


def build_chinese(texts: dict[Key, Text], memory: dict[Key, tuple[str, ...]]) -> Catalog:
    """Return the Chinese catalogue of `texts`; unused translations are kept at the end as a memory."""
    catalogue = _empty(CHINESE)
    for key, text in texts.items():
        first = memory.get(key, ("",))[0]
        catalogue.add(text.id, (first,) if text.plural else first, _places(text), context=key[0])
    for key, strings in memory.items():
        if key not in texts:
            catalogue.obsolete[key[1] if key[0] is None else (key[1], key[0])] = Message(
                key[1], strings[0], context=key[0]
            )
    return catalogue


def build_english(texts: dict[Key, Text]) -> Catalog:
    """Return the English catalogue: every text is its own translation."""
    catalogue = _empty(ENGLISH)
    for key, text in texts.items():
        catalogue.add(text.id, text.id, _places(text), context=key[0])
    return catalogue


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """Write the .po file, and the .mo beside it, each at once so that no reader sees half of one."""
    buffer = BytesIO()
    write_po(buffer, catalogue, sort_output=True, width=110, include_lineno=False)
    _replace(path, buffer.getvalue())
    compile_catalogue(path, catalogue)


def compile_catalogue(path: Path, catalogue: Catalog) -> None:
    """Write the .mo file beside `path`."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    _replace(path.with_suffix(".mo"), buffer.getvalue())


def read_tsv(path: Path) -> Iterator[tuple[Key, str]]:
    r"""Yield (key, Chinese) from lines `msgid TAB 中文 [TAB context]`; `\n` stands for a line break.

    Raises ValueError naming the line that has no translation or whose placeholders differ.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        singular, *rest = (cell.replace("\\n", "\n") for cell in line.split("\t"))
        if not rest or not rest[0].strip():
            raise ValueError(f"{path}:{number}: needs msgid, a tab and the Chinese text")
        if problem := _placeholder_problem(singular, None, rest[0]):
            raise ValueError(f"{path}:{number}: {problem}")
        yield (rest[1] if len(rest) > 1 and rest[1] else None, singular), rest[0]


def problems_of(catalogue: Catalog, texts: dict[Key, Text]) -> list[str]:
    """Return what is wrong with the catalogue: missing, stale, fuzzy, untranslated, or with other placeholders."""
    kept = {_key(message): message for message in catalogue if message.id}
    problems = [f"not collected: {_show(key)}" for key in sorted(texts.keys() - kept.keys(), key=str)]
    problems += [f"stale: {_show(key)}" for key in sorted(kept.keys() - texts.keys(), key=str)]
    for key, message in kept.items():
        problems += [f"{problem}: {_show(key)}" for problem in _faults(message)]
    return problems


def _faults(message: Message) -> Iterable[str]:
    strings = _strings(message)
    if message.fuzzy:
        yield "fuzzy"
    if not all(strings):
        yield "untranslated"
        return
    singular, plural = message.id if isinstance(message.id, tuple) else (str(message.id), None)
    for string in strings:
        if problem := _placeholder_problem(singular, plural, string):
            yield problem


def _placeholder_problem(singular: str, plural: str | None, translation: str) -> str:
    wanted = {tuple(sorted(PLACEHOLDER.findall(form))) for form in (singular, plural) if form is not None}
    found = tuple(sorted(PLACEHOLDER.findall(translation)))
    return "" if found in wanted else f"placeholders differ ({', '.join(found) or 'none'})"


def _empty(locale: str) -> Catalog:
    return Catalog(
        locale=locale,
        header_comment=HEADER,
        fuzzy=False,
        project="shenzhen-gov",
        creation_date=FIXED_DATE,
        revision_date=FIXED_DATE,
        last_translator="",
        language_team="",
        msgid_bugs_address="",
        version="1",
    )


def _places(text: Text) -> list[tuple[str, int]]:
    # No line numbers: they would change the file with every edit of a source.
    return [(place, 0) for place in sorted(text.places)]


def _key(message: Message) -> Key:
    return message.context, message.id[0] if isinstance(message.id, (tuple, list)) else message.id


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def _show(key: Key) -> str:
    return repr(key[1]) + (f" (context {key[0]})" if key[0] else "")


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
