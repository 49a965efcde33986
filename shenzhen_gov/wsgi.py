"""The web server's entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shenzhen_gov.settings.production")

application = get_wsgi_application()

from .warm import warm_up_in_background  # noqa: E402  needs the apps

warm_up_in_background()
