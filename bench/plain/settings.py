"""As little Django as it takes, on the same database options as the portal."""

import os

from shenzhen_gov.settings.env import database

SECRET_KEY = "yardstick"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["bench.plain"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # which says how long an answer is
ROOT_URLCONF = "bench.plain.urls"
DATABASES = {"default": database("DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.plain.settings")
