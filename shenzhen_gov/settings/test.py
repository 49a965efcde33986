"""pytest: its own database, fast hashing, no broker, no network."""

import os

from .base import *  # noqa: F403

SECRET_KEY = "test-only"  # noqa: S105
FIELD_KEYS = "dGVzdC1vbmx5LWtleS0zMi1ieXRlcy1sb25nLSEhISE="
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SAMPLE_SETUP = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
DATABASES["default"].setdefault("TEST", {})  # noqa: F405
if os.environ.get("TEST_DB_NAME"):
    DATABASES["default"]["TEST"]["NAME"] = os.environ["TEST_DB_NAME"]  # noqa: F405
DATABASES["default"]["OPTIONS"].pop("pool", None)  # noqa: F405
# The audit log refuses TRUNCATE; between tests the runner may.
DATABASES["default"]["OPTIONS"]["options"] = "-c portal.allow_truncate=on"  # noqa: F405
AXES_ENABLED = True
