"""`make run`: sample data, sample accounts, this machine only."""

import os
from datetime import timedelta

from django.utils import timezone

from .base import *  # noqa: F403

SECRET_KEY = SECRET_KEY or "development-only-not-a-secret"  # noqa: F405, S105
FIELD_KEYS = FIELD_KEYS or "ZGV2ZWxvcG1lbnQtb25seS1rZXktMzItYnl0ZXMtISE="  # noqa: F405
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]  # noqa: F405
SAMPLE_SETUP = True
# Nothing on this machine needs compressed files, and compressing them takes longer than the rest of a first start.
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}

if ahead := os.environ.get("CLOCK_AHEAD_HOURS"):
    # How will it be on the day? The portal's clock goes ahead of the machine's: to see a batch take effect, or a
    # deadline pass. Only here: production reads these settings never.
    machine_time, hours_ahead = timezone.now, timedelta(hours=float(ahead))
    timezone.now = lambda: machine_time() + hours_ahead
