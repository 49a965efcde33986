"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutylistConfig(AppConfig):
    """Registers the app under its Chinese name."""

    name = "dutylist"
    verbose_name = _("Duty list")
