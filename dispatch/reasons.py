"""The reasons of a decision: codes with the names as they were, rendered in the reader's language."""

from django.utils.translation import gettext_lazy as _

from dispatch.choices import RuleProblem, RulingPrinciple
from dispatch.rules.wording import describe_facts
from intake.choices import PlaceSource

VOCABULARIES = {"source": PlaceSource, "problem": RuleProblem, "principle": RulingPrinciple}
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
    "veto_minor": _("What concerns a minor is always seen by a person: %(words)s"),
    "veto_cross_area": _("The item is carried out by several areas together: a person decides who leads"),
    "items_suggested": _("The text speaks first for %(path)s (%(words)s)"),
    "nothing_suggested": _("The text speaks for no duty item"),
    "cell_earned": _("Earned: %(hits)s of the last %(cases)s confirmed cases were right, at least %(bound)s"),
    "cell_not_earned": _("Not earned here yet: %(hits)s of %(cases)s confirmed cases were right"),
    "cell_imprecise": _("Too many were wrong here: %(hits)s of %(cases)s confirmed cases were right"),
    "cell_returned": _("A case like this was returned; people decide until enough are confirmed again"),
    "cell_new_version": _("The duty item has a new version, which has not earned it yet"),
    "cell_new_unit": _("Another unit is responsible now, which has not earned it yet"),
    "audit_sample": _("Audit sample: the machine would have sent it to %(unit)s"),
    "switched_off": _("Automatic dispatch was switched off by %(who)s: %(note)s"),
    "rule_held": _("Dispatch rule %(rule)s “%(name)s”, version %(number)s: %(conditions)s"),
    "rule_person": _("Dispatch rule %(rule)s asks for a person: %(note)s"),
    "rule_failed": _("Dispatch rule %(rule)s failed: %(problem)s"),
    "rule_unit": _("Dispatch rule %(rule)s names %(unit)s"),
    "chosen_by_person": _("%(who)s chose %(unit)s: %(note)s"),
    "solved_on_spot": _("%(who)s found and solved it on the spot; %(unit)s walks the place"),
    "another_first": _("Another duty item was suggested first: %(path)s"),
    "as_the_list": _("The duty list says the same"),
    "against_the_list": _("The duty list names %(unit)s"),
    "not_in_own_list": _("%(entry)s"),
    "imported": _("Handled by %(unit)s according to the imported data"),
    "returned": _("%(unit)s gave it back: %(ground)s"),
    "return_proposes": _("The unit that gave it back names %(unit)s"),
    "redo_same_unit": _("Done again, round %(round)s: by the unit that closed it, %(unit)s"),
    "redo_elsewhere": _("To be done again: %(old)s closed it, and the duty list now names %(unit)s"),
    "interim_list": _("In dispute: %(unit)s handles it until the ruling, for the duty list names it"),
    "interim_first": _("In dispute: %(unit)s handles it until the ruling, for it received it first"),
    "interim_fallback": _("In dispute: %(unit)s handles it until the ruling, as the fallback unit of the list"),
    "interim_chosen": _("In dispute: %(unit)s handles it until the ruling; %(who)s chose it"),
    "ruled": _("Ruled by %(who)s: %(unit)s is responsible (%(principle)s); fallback %(fallback)s"),
    "no_calendar": _("%(problem)s"),
}


def reason(code: str, ok: bool = True, **facts) -> dict:
    """Return one reason as it is stored; `facts` are names as they are now.

    What speaks against the dispatch is marked, not what speaks for it: there are three of these in every decision.
    """
    if code not in TEXTS:
        raise ValueError(f"unknown reason {code!r}")
    stored = {"code": code, "facts": {name: str(value) for name, value in facts.items()}}
    return stored if ok else stored | {"against": True}


def render(stored: dict) -> str:
    """Return the text of a stored reason in the reader's language."""
    return str(TEXTS[stored["code"]]) % {name: _word(name, value) for name, value in stored["facts"].items()}


def _word(name: str, value: str) -> str:
    """Return a fact as it is read; words of a vocabulary are stored as codes."""
    if name == "conditions":
        return describe_facts(value)
    words = VOCABULARIES.get(name)
    return str(words(value).label) if words and value in words.values else value
