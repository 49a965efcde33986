"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    """Registers the app under its Chinese name."""

    name = "grid"
    verbose_name = _("Territory and staff")
