"""Language and refusals, for every page."""

from django.conf import settings
from django.shortcuts import render
from django.utils import translation

from .exceptions import Refused

INTERFACES = ("/api/", "/open311/")  # for programs: they say their language


class LanguageMiddleware:
    """Chinese unless the user chose otherwise (cookie); the API follows Accept-Language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Activate the language for the time of one request."""
        with translation.override(self.language_of(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response

    @staticmethod
    def language_of(request) -> str:
        """Return the language code to use."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen in dict(settings.LANGUAGES):
            return chosen
        if request.path.startswith(INTERFACES) and "HTTP_ACCEPT_LANGUAGE" in request.META:
            return translation.get_language_from_request(request)
        return settings.LANGUAGE_CODE


class RefusalMiddleware:
    """Turns a Refused that no view handled into a page that says the reason, with the right status."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Pass through."""
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Return the refusal page; other exceptions go on to Django."""
        if not isinstance(exception, Refused):
            return None
        template = "components/refusal.html" if getattr(request, "htmx", False) else "refused.html"
        return render(request, template, {"refusal": exception}, status=exception.status)
