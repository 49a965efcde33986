"""What the shell shows on every page: navigation, who one is, search, alarms. Nothing is computed until it is used."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from dispatch.selectors.rules import rule_alarm_texts
from grid.access import holds
from grid.choices import Act
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.worktime import calendar_alarms

from .navigation import navigation_of

SECONDS_WHO_KEPT = 60
SECONDS_ALARMS_KEPT = 600
RAIL_COOKIE = "rail"


class Shell:
    """The variable `shell` of every template."""

    def __init__(self, request):
        self._request = request

    @cached_property
    def navigation(self) -> list:
        """Return the groups of pages this user is offered."""
        return navigation_of(self._request) if hasattr(self._request, "user") else []

    @cached_property
    def me(self) -> dict[str, str]:
        """Return the user's name, roles and units as words; kept a minute, for display only."""
        user = self._request.user
        if not user.is_authenticated:
            return {"name": "", "roles": "", "units": ""}
        key = f"shell:me:{user.pk}:{get_language()}"
        words = cache.get(key)
        if words is None:
            words = _words_of(user)
            cache.set(key, words, SECONDS_WHO_KEPT)
        return {"name": user.get_full_name(), **words}

    @property
    def place(self) -> str:
        """Return the unit shown under the portal's name."""
        return self.me["units"]

    @property
    def section(self) -> str:
        """Return the title of the group the current page is in."""
        return next((group.title for group in self.navigation if any(e.is_current for e in group.entries)), "")

    @property
    def current_title(self) -> str:
        """Return the current page's title in the navigation."""
        entries = (entry for group in self.navigation for entry in group.entries)
        return next((entry.title for entry in entries if entry.is_current), "")

    @property
    def search_url(self) -> str | None:
        """Return where the global search goes; None while nobody is signed in."""
        return address_or_none("dispatch:search") if self.navigation else None

    @property
    def search_text(self) -> str:
        """Return what was searched for, on the result page."""
        return getattr(self._request, "search_text", "")

    @property
    def is_rail(self) -> bool:
        """Whether the user has collapsed the navigation."""
        return self._request.COOKIES.get(RAIL_COOKIE) == "1"

    @property
    def is_sample_setup(self) -> bool:
        """Whether sample accounts may exist here."""
        return settings.SAMPLE_SETUP

    @cached_property
    def alarms(self) -> list[str]:
        """Return the warnings that administrators see on every page."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated or not (user.is_superuser or holds(user, Act.MANAGE_SYSTEM)):
            return []
        return cache.get_or_set(f"shell:alarms:{get_language()}", _alarms, SECONDS_ALARMS_KEPT) or []


def shell(request) -> dict:
    """Return the shell's variables for templates."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}


def _words_of(user) -> dict[str, str]:
    grants = list(user.grants.select_related("role", "unit").order_by("role__order", "unit__path"))
    english = get_language() == "en"
    roles = dict.fromkeys(grant.role.name_en if english else grant.role.name for grant in grants)
    units = dict.fromkeys(grant.unit.name for grant in grants)
    return {"roles": " / ".join(roles), "units": " / ".join(units)}


def _alarms() -> list[str]:
    return [*(str(alarm) for alarm in calendar_alarms(timezone.localdate())), *rule_alarm_texts()]
