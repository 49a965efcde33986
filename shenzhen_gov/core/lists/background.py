"""Lists too long to be written while somebody waits: a worker asks the same page for its rows and keeps the file.

What may be asked for is what has `export_rows`: every ListPage, and a plain view that names its rows by `exported_by`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _

from shenzhen_gov.core.exceptions import BadInput

EXPORTS_PAGE = "grid:exports"  # the page that takes the wish, shows how far it is and gives the file
LONGEST_ADDRESS = 2000
LEFT_OUT = ("cursor", "after", "export")


def offer_background(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the page where this list can be asked for as a file that is made meanwhile."""
    kept = [(key, value) for key, values in request.GET.lists() for value in values if key not in LEFT_OUT]
    address = request.path + (f"?{urlencode(kept)}" if kept else "")
    return redirect(f"{reverse(EXPORTS_PAGE)}?{urlencode({'of': address})}")


def exported_by(rows: Callable[[HttpRequest], Iterator[list]], name: str):
    """Let a worker write the rows of a plain view: `rows` gives the header and every line, for whoever asks."""

    def decorate(view):
        view.export_rows, view.export_name = rows, name
        return view

    return decorate


def find_export(address: str) -> tuple[ResolverMatch, QueryDict, str]:
    """Return the page at an address, its question and the name of its file. Raises BadInput for no exportable list."""
    wrong = BadInput(_("There is no list at this address that can be exported."), field="of")
    if len(address) > LONGEST_ADDRESS:
        raise wrong
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (Resolver404, ValueError):
        raise wrong from None
    source = getattr(match.func, "view_class", match.func)
    name = str(getattr(source, "export_name", ""))
    if parts.netloc or parts.scheme or not name or not hasattr(source, "export_rows"):
        raise wrong
    return match, QueryDict(parts.query), name


def rows_at(address: str, user) -> Iterator[list]:
    """Return the header and every row that `user` sees at an address now. Raises what the page itself would."""
    match, query, _name = find_export(address)
    request: Any = HttpRequest()
    request.method, request.path, request.GET, request.user = "GET", urlsplit(address).path, query, user
    request.resolver_match = match
    view_class = getattr(match.func, "view_class", None)
    if view_class is None:
        return match.func.export_rows(request, *match.args, **match.kwargs)  # type: ignore[attr-defined]
    page = view_class(**match.func.view_initkwargs)  # type: ignore[attr-defined]
    page.setup(request, *match.args, **match.kwargs)
    return page.export_rows()
