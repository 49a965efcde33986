"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    """Registers the app under its Chinese name."""

    name = "analytics"
    verbose_name = _("Analytics")
