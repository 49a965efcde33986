"""Audit actions of the account pages."""

from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core import audit

audit.register(
    {
        "account.password_changed": _("Password changed"),
        "account.two_step_set_up": _("Two-step log-in set up"),
        "account.two_step_removed": _("Two-step log-in removed"),
    }
)
