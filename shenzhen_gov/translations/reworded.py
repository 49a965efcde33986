"""Texts of packages whose own Chinese is wrong; a text that stands in our catalogue comes first."""

from django.utils.translation import gettext_noop

TEXTS = (gettext_noop("Null characters are not allowed."),)  # Django's Chinese says "empty texts"
