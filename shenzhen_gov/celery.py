"""Celery is the wake-up call, never the queue: the work itself is found by state (docs/adr/0002)."""

import gc
import os

from celery import Celery
from celery.signals import task_postrun, worker_process_init
from django.db import close_old_connections

from .schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shenzhen_gov.settings.production")

app = Celery("shenzhen_gov")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()

# Celery would close a process's pool of connections after every task, so that every wake-up waited for a new server
# process. Instead the connection goes back to the pool, which checks it before it lends it again.
app.conf.CELERY_DB_REUSE_MAX = 1_000


@task_postrun.connect
def return_connection(**_given) -> None:
    """Give the task's connection back."""
    close_old_connections()


@worker_process_init.connect
def freeze_what_is_loaded(**_given) -> None:
    """Spare the garbage collector the 150,000 objects of the program itself: it took 0.1 s every few batches."""
    gc.freeze()
