"""What dispatch does when intake tells of a case: in the same transaction, so that both stand or fall together."""

from . import services

ENDS_REQUESTS = ("close", "void", "withdraw", "suspend", "stage_close")


def on_case_moved(sender=None, *, case, move, by, now, note="", **_given) -> None:
    """Answer intake's signal `case_moved`: the facts follow, others are told how it ended, the citizen is called."""
    services.note_move(case, move, now)
    if move in ENDS_REQUESTS:
        services.close_overtaken([case], now=now)
    services.follow_clocks(case, move, by=by, now=now)
    if move in ("void", "withdraw"):
        services.withdraw_with_case(case, now=now)
    services.tell_moved(case, move, by=by, now=now, note=note)
    if move == "close":
        services.notify_citizen(case, "citizen_closed", now=now)
    if move in ("close", "answer"):
        services.plan_call_back(case, now)
    elif move in ("redo", "archive"):
        services.lapse_call_backs(case, now)


def on_case_evaluated(sender=None, *, evaluation, now, **_given) -> None:
    """Answer intake's signal `case_evaluated`: whoever handled the case for us is told, and the round is judged."""
    services.tell_evaluated(evaluation, now=now)
    services.lapse_call_backs(evaluation.case, now, but_wanted=True)
    services.judge_by_evaluation(evaluation, now=now)


def on_case_supplemented(sender=None, *, supplement, now, **_given) -> None:
    """Answer intake's signal `case_supplemented`: whoever handles the case for us hears what the citizen adds."""
    services.tell_supplement(supplement, now=now)


def on_cases_anonymised(sender=None, *, case_ids, names, **_given) -> None:
    """Answer intake's signal `cases_anonymised`: what units wrote names nobody any more, either."""
    services.anonymise_texts(case_ids, names)
