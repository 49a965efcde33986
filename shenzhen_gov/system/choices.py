"""Audit actions of the administrators' pages."""

from django.utils.translation import gettext_lazy as _

from shenzhen_gov.core import audit

audit.register({"parameter.changed": _("Parameter changed")})
