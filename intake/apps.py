"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Registers the app under its Chinese name."""

    name = "intake"
    verbose_name = _("Intake")
