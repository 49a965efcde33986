"""Addresses of pages by their names, of layers above too: a lower layer may link to a page that it must not import."""

from __future__ import annotations

from functools import lru_cache

from django.urls import NoReverseMatch, reverse


@lru_cache(maxsize=1_000)  # an argument may be any case's number, so not all are kept
def address_or_none(view: str, *args: int | str) -> str | None:
    """Return the address of a page, None where there is no such page. Addresses never change at run time."""
    try:
        return reverse(view, args=args)
    except NoReverseMatch:
        return None
