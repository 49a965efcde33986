"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Mechanisms without a domain word."""

    name = "shenzhen_gov.core"
    label = "core"
    verbose_name = _("System")

    def ready(self):
        """Register how words are compared, and import what registers its audit actions."""
        from . import (
            lookups,
            parameter_files,  # noqa: F401
        )
        from .worktime import loading  # noqa: F401

        lookups.register()
