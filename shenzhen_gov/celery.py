"""Celery is the wake-up call, never the queue: the work itself is found by state (docs/adr/0002)."""

import os

from celery import Celery

from .schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shenzhen_gov.settings.production")

app = Celery("shenzhen_gov")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
