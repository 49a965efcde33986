"""The reasons of a decision: codes with the names as they were, rendered in the reader's language."""

from django.utils.translation import gettext_lazy as _

from intake.choices import PlaceSource

VOCABULARIES = {"source": PlaceSource}
TEXTS = {
    "place_found": _("Place: %(area)s (%(source)s)"),
    "place_unknown": _("The place is not known"),
    "place_too_wide": _(
        "The duty list distributes this item by smaller areas than %(area)s; the place is not known precisely"
    ),
    "item_chosen": _("Duty item: %(path)s, version %(number)s in force since %(since)s"),
    "item_missing": _("No duty item has been chosen"),
    "item_not_in_force": _("The duty item %(item)s is not in force today"),
    "item_superseded": _("The duty item was superseded by %(items)s"),
    "put_back": _("Batch %(batch)s was rolled back: back to %(unit)s"),
    "row_found": _("Duty list: in %(area)s %(unit)s is responsible"),
    "row_missing": _("The duty list names no responsible unit for this item in %(area)s"),
    "unit_closed": _("%(unit)s was closed on %(day)s"),
    "unit_succeeded": _("%(old)s was succeeded by %(unit)s"),
    "co_units": _("Co-handling by the list: %(units)s"),
    "veto_emergency": _("An emergency is always seen by a person"),
    "veto_sensitive": _("A sensitive case is always seen by a person"),
    "veto_secret": _("A secret case is always seen by a person"),
    "chosen_by_person": _("%(who)s chose %(unit)s: %(note)s"),
    "as_the_list": _("The duty list says the same"),
    "against_the_list": _("The duty list names %(unit)s"),
    "imported": _("Handled by %(unit)s according to the imported data"),
    "no_calendar": _("%(problem)s"),
}


def reason(code: str, ok: bool = True, **facts) -> dict:
    """Return one reason as it is stored; `facts` are names as they are now."""
    if code not in TEXTS:
        raise ValueError(f"unknown reason {code!r}")
    return {"code": code, "ok": ok, "facts": {name: str(value) for name, value in facts.items()}}


def render(stored: dict) -> str:
    """Return the text of a stored reason in the reader's language."""
    return str(TEXTS[stored["code"]]) % {name: _word(name, value) for name, value in stored["facts"].items()}


def _word(name: str, value: str) -> str:
    """Return a fact as it is read; words of a vocabulary are stored as codes."""
    words = VOCABULARIES.get(name)
    return str(words(value).label) if words and value in words.values else value
