"""Which of many sections of a page have anything to show, so that nothing is asked for the empty ones."""

from __future__ import annotations

from django.db.models import Exists, Model, QuerySet


def find_filled(about: Model, sections: dict[str, QuerySet]) -> set[str]:
    """Return the names of the querysets that have rows: one statement, an index look-up for each.

    `about` is any stored row the question can be put to, usually the one the page is about.
    """
    asked = {f"has_{name}": Exists(rows) for name, rows in sections.items()}
    found = type(about)._base_manager.filter(pk=about.pk).values(**asked).get()
    return {name for name in sections if found[f"has_{name}"]}
