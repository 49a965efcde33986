"""Language and refusals, as a browser and an API client meet them."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused, StalePage
from shenzhen_gov.core.middleware import LanguageMiddleware, RefusalMiddleware

REFUSALS = [
    (Refused, 409, "refused"),
    (BadInput, 400, "bad_input"),
    (IllegalMove, 409, "illegal_move"),
    (StalePage, 409, "stale_page"),
    (NotAllowed, 403, "not_allowed"),
    (OutOfSight, 404, "not_found"),
]


def language_of(path="/", cookie=None, **headers):
    """Return the language a page is answered in."""
    request = RequestFactory().get(path, headers=headers)
    if cookie:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    response = LanguageMiddleware(lambda request: HttpResponse(translation.get_language()))(request)
    assert response.headers["Content-Language"] == response.content.decode()
    return response.content.decode()


class TestLanguage:
    def test_is_chinese_whatever_the_browser_prefers(self):
        assert language_of(accept_language="en") == "zh-hans"

    def test_is_what_the_user_chose(self):
        assert language_of(cookie="en") == "en"

    def test_an_unknown_choice_is_no_choice(self):
        assert language_of(cookie="xx") == "zh-hans"

    def test_of_the_api_is_what_the_client_accepts(self):
        assert language_of("/api/v1/cases", accept_language="en") == "en"
        assert language_of("/api/v1/cases", accept_language="fr") == "zh-hans"
        assert language_of("/api/v1/cases") == "zh-hans"

    def test_ends_with_the_request(self):
        before = translation.get_language()
        language_of(cookie="en")
        assert translation.get_language() == before


class TestRefusal:
    @pytest.mark.parametrize(("kind", "status", "code"), REFUSALS)
    def test_is_answered_by_the_api_with_code_text_and_field(self, kind, status, code):
        class View(APIView):
            authentication_classes, permission_classes = (), ()

            def get(self, request):
                raise kind(_("Sign"), field="phone")

        response = View.as_view()(APIRequestFactory().get("/"))
        assert response.status_code == status
        assert (response.data["code"], response.data["field"]) == (code, "phone")
        assert response.data["detail"]

    def test_leaves_other_errors_to_django(self):
        request = RequestFactory().get("/")
        assert RefusalMiddleware(lambda request: None).process_exception(request, ValueError("x")) is None

    def test_text_is_translated_when_it_is_shown(self):
        refusal = Refused(_("Sign"))
        with translation.override("en"):
            assert str(refusal) == "Sign"
        with translation.override("zh-hans"):
            assert str(refusal) == "签收"


@pytest.mark.parametrize(("kind", "status", "code"), REFUSALS)
def test_a_refusal_page_says_the_reason_with_the_right_status(db, kind, status, code):
    request = RequestFactory().get("/")
    request.user, request.htmx = _Nobody(), False
    response = RefusalMiddleware(lambda request: None).process_exception(request, kind("<b>because</b>"))
    assert response.status_code == status
    text = response.content.decode()
    assert "<b>because</b>" not in text
    # What lies outside one's territory is answered like something that does not exist: without a reason.
    assert ("&lt;b&gt;because&lt;/b&gt;" in text) == (status != 404)


class _Nobody:
    is_authenticated = is_active = is_superuser = is_staff = False
    pk = None

    def get_username(self):
        return ""
