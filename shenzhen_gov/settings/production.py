"""A real installation: refuses to start with anything that belongs to a sample set-up.

That no sample account exists in the database is checked at start-up by `shenzhen_gov.checks`.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403


def require(name: str, minimum: int) -> str:
    """Return the environment variable `name`, or say what is wrong with it."""
    value = os.environ.get(name, "")
    if len(value) < minimum or "development" in value or value.startswith("django-insecure"):
        raise ImproperlyConfigured(f"{name}: a secret value of at least {minimum} characters is needed in production")
    return value


if os.environ.get("DEBUG", "").lower() in {"1", "true", "yes", "on"}:
    raise ImproperlyConfigured("DEBUG: must not be set in production")

SECRET_KEY = require("SECRET_KEY", 50)
FIELD_KEYS = require("FIELD_KEYS", 44)
if not ALLOWED_HOSTS:  # noqa: F405
    raise ImproperlyConfigured("ALLOWED_HOSTS: name the host names that this portal answers to")

SECURE_SSL_REDIRECT = os.environ.get("INSECURE_HTTP", "") != "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
PROXY_COUNT = int(os.environ.get("PROXY_COUNT", "1"))  # the proxy that ends TLS
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
