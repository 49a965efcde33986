"""The mapping file: which column of an outside file is which field, and which of its words are which of ours."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from grid.choices import Level, UnitKind
from intake.choices import RequestType
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.texts import joined

DATA = Path(__file__).resolve().parents[1] / "data"
PINGSHAN = DATA / "legacy_pingshan.toml"

NEEDED = ("external_id", "registered_at", "channel", "level1", "level2", "level3", "item_id")
OPTIONAL = ("request_type", "subdistrict", "community", "unit_id", "unit_name", "in_time", "overdue")
SOURCE_KEYS = ("name", "prefix", "origin", "district", "in_force_from", "time_format", "null")


@dataclass(frozen=True)
class KnownChannel:
    """How a channel of the file is called here."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class UnitFunction:
    """What units do whose names contain one of `words`; the first rule that fits counts."""

    function: str
    kind: str
    level: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Mapping:
    """A mapping file, checked. `columns` maps field → column; `null` are the words that mean nothing is known.

    Rows before `in_force_from` are refused, for the items and units of the file are in force from that day.
    """

    name: str
    prefix: str
    origin: str
    district: str
    in_force_from: date
    time_format: str
    null: frozenset[str]
    columns: dict[str, str]
    request_types: dict[str, str] = field(default_factory=dict)
    channels: dict[str, KnownChannel] = field(default_factory=dict)
    unit_functions: tuple[UnitFunction, ...] = ()
    same_as: dict[str, str] = field(default_factory=dict)

    def code(self, *parts: str) -> str:
        """Return a code of ours for something of the file, e.g. p18-1536."""
        return "-".join([self.prefix.lower(), *parts])


def load_mapping(path: Path = PINGSHAN) -> Mapping:
    """Read a mapping file. Raises BadInput naming the table and the key at fault."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(
            _("The mapping file %(path)s cannot be read: %(error)s") % {"path": path, "error": error}, field="mapping"
        ) from error
    source = _source(table)
    return Mapping(
        **source,
        columns=_columns(table),
        request_types=_request_types(table),
        channels={word: _channel(word, entry) for word, entry in table.get("channels", {}).items()},
        unit_functions=tuple(_function(entry) for entry in table.get("unit_functions", [])),
        same_as={str(old): str(new) for old, new in table.get("same_as", {}).items()},
    )


def _source(table: dict[str, Any]) -> dict[str, Any]:
    source = table.get("source", {})
    _demand("source", source, SOURCE_KEYS)
    if not isinstance(source["in_force_from"], date):
        raise _wrong("source", "in_force_from", _("must be a day such as 2018-01-01"))
    origin = source["origin"]
    if not (isinstance(origin, str) and len(origin) == 2 and origin.isascii() and origin.isupper()):
        raise _wrong("source", "origin", _("must be two capital letters"))
    return {key: source[key] for key in SOURCE_KEYS} | {"null": frozenset(source["null"])}


def _columns(table: dict[str, Any]) -> dict[str, str]:
    columns = table.get("columns", {})
    _demand("columns", columns, NEEDED)
    if unknown := columns.keys() - {*NEEDED, *OPTIONAL}:
        raise _wrong("columns", min(unknown), _("is no field"))
    return dict(columns)


def _request_types(table: dict[str, Any]) -> dict[str, str]:
    words = table.get("request_types", {})
    for word, kind in words.items():
        if kind not in RequestType.values:
            raise _wrong("request_types", word, _("must be one of %(words)s") % {"words": joined(RequestType.values)})
    return dict(words)


def _channel(word: str, entry: dict[str, str]) -> KnownChannel:
    _demand(f"channels.{word}", entry, ("code", "name", "name_en"))
    return KnownChannel(entry["code"], entry["name"], entry["name_en"])


def _function(entry: dict[str, Any]) -> UnitFunction:
    _demand("unit_functions", entry, ("function", "kind", "level", "words"))
    if entry["kind"] not in UnitKind.values or entry["level"] not in Level.values:
        raise _wrong("unit_functions", entry["function"], _("kind or level is unknown"))
    return UnitFunction(entry["function"], entry["kind"], entry["level"], tuple(entry["words"]))


def _demand(name: str, table: dict[str, Any], keys: tuple[str, ...]) -> None:
    for key in keys:
        if key not in table:
            raise _wrong(name, key, _("is missing"))


def _wrong(table: str, key: str, reason: str) -> BadInput:
    text = _("Mapping file, table [%(table)s], key “%(key)s”: %(reason)s")
    return BadInput(text % {"table": table, "key": key, "reason": reason}, field="mapping")
