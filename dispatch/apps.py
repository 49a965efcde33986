"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    """Registers the app under its Chinese name."""

    name = "dispatch"
    verbose_name = _("Dispatch")
