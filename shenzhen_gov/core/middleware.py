"""Language and refusals, for every page; and bodies that end in the middle."""

from django.conf import settings
from django.http import HttpResponse, UnreadablePostError
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
        if isinstance(exception, UnreadablePostError):
            return HttpResponse(status=400)  # nobody is there any more to read a page
        if not isinstance(exception, Refused):
            return None
        template = "components/refusal.html" if getattr(request, "htmx", False) else "refused.html"
        return render(request, template, {"refusal": exception}, status=exception.status)


class WholeBodyMiddleware:
    """Refuses a body that ends before its Content-Length: else half a film is taken for a whole one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Watch how much of the body arrives; of one that was cut no temporary file stays."""
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length.isdecimal() or not hasattr(request, "_stream"):
            return self.get_response(request)
        body = request._stream = _WholeBody(request._stream, int(length))
        response = self.get_response(request)
        if body.is_cut:
            for handler in request.upload_handlers:
                handler.upload_interrupted()
        return response


class _WholeBody:
    """A stream that raises OSError when it ends early; Django makes UnreadablePostError of it."""

    def __init__(self, stream, length: int):
        self.stream, self.missing, self.is_cut = stream, length, False

    def read(self, *size: int) -> bytes:
        """Read on."""
        return self._counted(self.stream.read(*size), size)

    def readline(self, *size: int) -> bytes:
        """Read a line."""
        return self._counted(self.stream.readline(*size), (1,))

    def close(self) -> None:
        """Read no more; Django does so when it has taken the whole body."""
        self.stream.close()

    def _counted(self, data: bytes, size: tuple) -> bytes:
        self.missing -= len(data)
        is_all = not size or size[0] is None or size[0] < 0
        if self.missing > 0 and (is_all or (not data and size[0])):
            self.is_cut = True
            raise OSError("the body ended in the middle")
        return data
