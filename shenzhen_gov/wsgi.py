"""The web server's entry point."""

import os

import psycopg_pool  # noqa: F401  now, in one thread: the first requests would race for its import, and some would lose
from django.core.wsgi import get_wsgi_application

from .counters import share_counters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shenzhen_gov.settings.production")

share_counters()  # before anything that counts is imported

application = get_wsgi_application()

from .checks import refuse_sample_accounts  # noqa: E402  needs the apps
from .warm import warm_up_in_background  # noqa: E402

refuse_sample_accounts()

# gunicorn loads this once (--preload) and forks: what is built here would stay here, and a connection opened here would
# be shared by all workers. So each worker warms itself up.
os.register_at_fork(after_in_child=warm_up_in_background)
