"""Every address of the portal."""

from importlib.util import find_spec

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from . import home
from .account import views as account
from .system import lists as system_lists
from .system import views as system


def _pages(app: str, module: str, prefix: str) -> list:
    """Return the addresses of an app, none while it has no such module."""
    return [path(prefix, include(f"{app}.{module}"))] if find_spec(f"{app}.{module}") else []


def _instead(view: str, **kwargs):
    return RedirectView.as_view(pattern_name=view, query_string=True, **kwargs)


urlpatterns = [
    path("", home.home, name="home"),
    path("login/", account.PasswordStep.as_view(), name="login"),
    path("login/code/", account.TokenStep.as_view(), name="login_token"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/password/", account.password_change, name="password_change"),
    path("account/two-step/", account.two_step, name="two_step"),
    path("account/two-step/remove/", account.two_step_remove, name="two_step_remove"),
    path("language/", set_language, name="set_language"),
    path("health/live", home.live, name="health_live"),
    path("health/ready", home.ready, name="health_ready"),
    path("metrics", home.metrics, name="metrics"),
    path("system/", system.system, name="system"),
    path("system/jobs/", system_lists.JobList.as_view(), name="system_jobs"),
    path("system/audit/", system_lists.AuditList.as_view(), name="system_audit"),
    path("system/stuck/", system.stuck_work, name="system_stuck"),
    path("system/stuck/retry/", system.stuck_retry, name="system_stuck_retry"),
    path("system/stuck/rebuild/", system.rebuild_figures, name="system_rebuild"),
    path("system/audit/check/", system.audit_check, name="system_audit_check"),
    # The admin has no log-in of its own, or its second step could be walked around.
    path("admin/login/", _instead("login")),
    path("admin/password_change/", _instead("password_change")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
    *_pages("intake", "api_urls", "api/v1/"),
    *_pages("dispatch", "api_urls", "api/v1/"),
    *_pages("dutylist", "api_urls", "api/v1/"),
    *_pages("analytics", "api_urls", "api/v1/"),
    *_pages("intake", "open311_urls", "open311/v2/"),
    # what has a prefix first: an address is compared with every one that has none
    *_pages("intake", "urls", "intake/"),
    *_pages("dispatch", "urls", "dispatch/"),
    *_pages("dutylist", "urls", "dutylist/"),
    *_pages("analytics", "urls", "analytics/"),
    *_pages("intake", "public_urls", ""),
    *_pages("dispatch", "public_urls", ""),
    *_pages("analytics", "public_urls", ""),
    *_pages("grid", "urls", ""),
]
