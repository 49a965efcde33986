"""What dispatch does when intake tells of a case: in the same transaction, so that both stand or fall together."""

from . import services


def on_case_moved(sender=None, *, case, move, by, now, note="", **_given) -> None:
    """Answer intake's signal `case_moved`: the facts follow, and other platforms are told how a case ended."""
    services.note_move(case, move, now)
    services.tell_moved(case, move, by=by, now=now, note=note)


def on_case_evaluated(sender=None, *, evaluation, now, **_given) -> None:
    """Answer intake's signal `case_evaluated`: whoever handled the case for us is told."""
    services.tell_evaluated(evaluation, now=now)


def on_cases_anonymised(sender=None, *, case_ids, names, **_given) -> None:
    """Answer intake's signal `cases_anonymised`: what units wrote names nobody any more, either."""
    services.anonymise_texts(case_ids, names)
