"""The table of tests/url_roles.csv: every address × four kinds of people → the expected answer."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from django.urls import URLPattern, URLResolver, get_resolver, reverse

TABLE = Path(__file__).with_name("url_roles.csv")
# Addresses of packages: not listed one by one, but tested by a rule of their own.
BY_RULE = ("admin:",)


@dataclass(frozen=True)
class Row:
    """One address: how it is asked for, and what each person gets."""

    url: str
    method: str
    args: str
    sent: str
    people: tuple[tuple[str, str], ...]  # (who, expected), of the four columns

    def address(self, facts: dict) -> str:
        """Return the address with the facts of the world filled in."""
        if "/" in self.url:
            return f"/{self.url}"
        given = dict(part.split("=", 1) for part in self.args.format(**facts).split(";") if part)
        return reverse(self.url, kwargs=given)

    def data(self, facts: dict) -> dict[str, str]:
        """Return what is sent along."""
        return dict(parse_qsl(self.sent.format(**facts)))


def read_table() -> list[Row]:
    """Return the rows of the committed table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                line["url"],
                line["method"],
                line["args"],
                line["sent"],
                (
                    ("anonymous", line["anonymous"]),
                    *((line[who], line[f"{who}_status"]) for who in ("other", "wrong", "right")),
                ),
            )
            for line in csv.DictReader(file)
        ]


def addresses(resolver=None, namespaces: tuple[str, ...] = (), prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name or pattern, pattern) of every address of the portal."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = namespaces + ((pattern.namespace,) if pattern.namespace else ())
            yield from addresses(pattern, inner, route)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*namespaces, pattern.name or route)), route
