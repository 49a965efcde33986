"""django-unfold, which draws the admin pages, in the portal's colours and inside the portal's shell."""

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

# The tokens of static/css/tokens.css as the two scales unfold paints with.
_NEUTRAL = {
    "50": "#f8fafc",
    "100": "#f1f5f9",
    "200": "#e3e8ef",
    "300": "#cbd5e1",
    "400": "#8592a6",
    "500": "#64748b",
    "600": "#475569",
    "700": "#334155",
    "800": "#1e293b",
    "900": "#0f172a",
    "950": "#020617",
}
_BLUE = {
    "50": "#f3f7fe",
    "100": "#e8f0fd",
    "200": "#cddffa",
    "300": "#b5cdf6",
    "400": "#6d9eeb",
    "500": "#2f6bd0",
    "600": "#1d5fd1",
    "700": "#174fb0",
    "800": "#0b3b8c",
    "900": "#0a3170",
    "950": "#061f4a",
}

UNFOLD = {
    "SITE_TITLE": _("Civic Requests"),
    "SITE_HEADER": _("Civic Requests"),
    "SITE_URL": "/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")}],
    "THEME": "light",
    "SHOW_BACK_BUTTON": False,
    "BORDER_RADIUS": "5px",
    "COLORS": {
        "base": _NEUTRAL,
        "primary": _BLUE,
        "font": {
            "subtle-light": "#64748b",
            "subtle-dark": "#94a3b8",
            "default-light": "#475569",
            "default-dark": "#cbd5e1",
            "important-light": "#0f172a",
            "important-dark": "#f1f5f9",
        },
    },
    "STYLES": [
        lambda request: static("css/tokens.css"),
        lambda request: static("css/shell.css"),
        lambda request: static("css/components.css"),
        lambda request: static("css/admin.css"),
    ],
    "SCRIPTS": [lambda request: static("js/shell.js")],
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": []},
}
