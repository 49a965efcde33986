"""The steps of the button bar: which form each has, which service takes it, what is said when it is done.

A new step of a work order is a row of `WORK_ORDER_STEPS`, one of the case itself a row of `CASE_STEPS`; its key on the
keyboard stands in selectors/steps.py, its picture in templates/dispatch/_step_icon.html.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms as django_forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch import forms, services


@dataclass(frozen=True)
class StepKind:
    """One step of the button bar: its form, the service that takes it, its last button, and what is said when done."""

    form: type[django_forms.Form]
    service: Callable
    submit: str | Promise
    done: str | Promise


WORK_ORDER_STEPS = {
    "sign": StepKind(forms.SignForm, services.sign, _("Sign"), _("Signed. The next step is to contact the citizen.")),
    "contact": StepKind(
        forms.ContactForm, services.record_contact, _("Record the contact"), _("The contact is recorded.")
    ),
    "hand_down": StepKind(forms.HandDownForm, services.hand_down, _("Hand down"), _("Handed down.")),
    "report": StepKind(forms.ReportForm, services.report, _("Submit the report"), _("Reported. The review has begun.")),
    "approve": StepKind(forms.ApproveForm, services.approve, _("Approve the report"), _("Approved.")),
    "send_back": StepKind(
        forms.SendBackForm, services.send_back, _("Send the report back"), _("Sent back with the reason.")
    ),
}

# Services of these take (case_id, *, by, now, row_version, …what the form gives).
CASE_STEPS: dict[str, StepKind] = {}
