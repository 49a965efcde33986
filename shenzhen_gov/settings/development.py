"""`make run`: sample data, sample accounts, this machine only."""

from .base import *  # noqa: F403

SECRET_KEY = SECRET_KEY or "development-only-not-a-secret"  # noqa: F405, S105
FIELD_KEYS = FIELD_KEYS or "ZGV2ZWxvcG1lbnQtb25seS1rZXktMzItYnl0ZXMtISE="  # noqa: F405
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]  # noqa: F405
SAMPLE_SETUP = True
# Nothing on this machine needs compressed files, and compressing them takes longer than the rest of a first start.
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}
