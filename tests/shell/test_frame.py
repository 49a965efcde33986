"""What surrounds every page: navigation by role, who one is, what a page costs, security headers, error pages."""

import re

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import path, reverse

from grid.tests.factories import grant, make_staff
from shenzhen_gov import home
from shenzhen_gov.core.addresses import address_or_none
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight
from shenzhen_gov.navigation import GROUPS
from shenzhen_gov.urls import urlpatterns as real_patterns


def refused(request, kind):
    refusals = {
        "404": OutOfSight("secret reason"),
        "403": NotAllowed("<b>no role</b>"),
        "400": BadInput("wrong", field="x"),
    }
    raise refusals[kind]


def broken(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [*real_patterns, path("refused/<str:kind>/", refused), path("broken/", broken)]


def entries(client, address="password_change") -> set[str]:
    shell = client.get(reverse(address)).context["shell"]
    return {entry.url for group in shell.navigation for entry in group.entries}


class TestTheNavigation:
    def test_offers_what_the_role_may_open_and_nothing_else(self, client, city):
        client.force_login(city.administrator)
        assert reverse("system") in entries(client)
        client.force_login(city.secretary)
        assert reverse("system") not in entries(client)

    @pytest.mark.parametrize(("view", "act"), [(e.view, act) for g in GROUPS for e in g.entries for act in e.acts])
    def test_offers_each_page_that_exists_to_each_act_that_opens_it(self, client, city, view, act):
        person = grant(make_staff(), [str(act)], city.centre)
        client.force_login(person)
        assert address_or_none(view) is None or address_or_none(view) in entries(client)

    def test_shows_superusers_what_is_to_be_seen_and_no_desk_of_a_role(self, client, city):
        client.force_login(city.root)
        shown = entries(client)
        assert reverse("system") in shown
        assert address_or_none("intake:register") not in shown

    def test_marks_the_present_page_once(self, client, city):
        client.force_login(city.administrator)
        page = client.get(reverse("system_jobs")).content.decode()
        assert page.count('aria-current="page"') == 1
        assert re.search(rf'href="{reverse("system_jobs")}"[^>]*aria-current="page"', page)

    def test_is_not_there_for_nobody(self, client, city):
        client.force_login(city.nobody)
        page = client.get(reverse("home"))
        assert page.context["shell"].navigation == []
        assert "no_role.html" in [template.name for template in page.templates]


class TestTheStartPage:
    def test_is_that_of_the_first_role_held_whose_page_exists(self, client, city):
        person = grant(city.administrator, "agent", city.centre)
        client.force_login(person)
        expected = address_or_none("intake:register") or reverse("admin:index")
        assert client.get(reverse("home"))["Location"] == expected

    def test_of_a_superuser_is_the_admin(self, client, city):
        client.force_login(city.root)
        assert client.get(reverse("home"))["Location"] == reverse("admin:index")

    def test_of_anybody_else_is_the_log_in(self, client, db):
        assert client.get(reverse("home"))["Location"].startswith(reverse("login"))


class TestWhoAmI:
    def test_says_name_role_and_unit_in_the_language_of_the_page(self, client, city):
        client.force_login(city.agent)
        chinese = client.get(reverse("password_change")).content.decode()
        assert all(words in chinese for words in ("陈一", "坐席", "市民生诉求服务中心"))
        client.cookies["django_language"] = "en"
        assert "Call-centre agent" in client.get(reverse("password_change")).content.decode()


class TestWhatAPageCosts:
    def test_the_shell_asks_twice_for_the_session_and_for_who_it_is(self, client, city, django_assert_num_queries):
        client.force_login(city.agent)
        client.get(reverse("password_change"))  # who-am-I is kept for a minute
        with django_assert_num_queries(2):
            client.get(reverse("password_change"))


class TestThePolicyForScripts:
    def test_forbids_evaluation_on_own_pages_and_allows_it_where_the_admin_needs_it(self, client, city):
        client.force_login(city.root)
        own = client.get(reverse("system"))["Content-Security-Policy"]
        assert "unsafe-eval" not in own
        assert "script-src 'self'" in own
        assert "unsafe-eval" in client.get(reverse("admin:index"))["Content-Security-Policy"]

    def test_is_kept_by_own_pages_no_inline_script_no_handler(self, client, city):
        client.force_login(city.administrator)
        for name in ("system", "system_jobs", "system_audit", "two_step", "password_change"):
            page = client.get(reverse(name)).content.decode()
            assert not re.search(r"<script(?![^>]*\bsrc=)", page), name
            assert not re.search(r"\son\w+=|javascript:|hx-on", page), name

    def test_no_page_names_another_host(self, client, city):
        client.force_login(city.root)
        for address in (reverse("system"), reverse("admin:index"), reverse("api_docs")):
            page = client.get(address).content.decode()
            assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page), address


class TestAFramedPage:
    def test_can_be_used_without_a_mouse_and_without_eyes(self, client, city):
        client.force_login(city.administrator)
        for name in ("system", "system_jobs", "password_change", "two_step"):
            page = client.get(reverse(name)).content.decode()
            assert page.count("<h1") == 1, name
            assert 'class="skip" href="#content"' in page
            assert '<main id="content"' in page
            unnamed = [
                tag
                for tag in re.findall(r"<button[^>]*>\s*<svg.*?</button>", page, re.S)
                if "aria-label" not in tag and not re.sub(r"<[^>]+>|\s", "", tag)
            ]
            assert unnamed == [], name

    def test_of_the_admin_stands_in_the_same_shell(self, client, city):
        client.force_login(city.administrator)
        page = client.get(reverse("admin:index")).content.decode()
        assert 'id="side"' in page
        assert 'class="top"' in page
        assert "css/tokens.css" in page


@pytest.mark.urls("tests.shell.test_frame")
class TestARefusal:
    def test_is_a_page_with_its_status_and_its_reason_escaped(self, client, city):
        client.force_login(city.agent)
        response = client.get("/refused/403/")
        assert response.status_code == 403
        assert "&lt;b&gt;no role&lt;/b&gt;" in response.content.decode()
        assert 'id="side"' in response.content.decode() or response.context["shell"].navigation == []

    def test_outside_the_territory_looks_like_what_does_not_exist(self, client, city):
        client.force_login(city.agent)
        refused, missing = client.get("/refused/404/"), client.get("/no/such/page/")
        fragment = client.get("/refused/404/", headers={"hx-request": "true"})
        assert refused.status_code == missing.status_code == fragment.status_code == 404
        assert "secret reason" not in fragment.content.decode()
        assert "secret reason" not in refused.content.decode()

        def text(response):
            page = re.sub(r"csrfmiddlewaretoken.*?>|hx-headers='[^']*'", "", response.content.decode())
            return re.sub(r"/refused/404/|/no/such/page/", "", page).split()

        assert text(refused) == text(missing)

    def test_of_an_htmx_request_is_a_fragment_naming_the_field(self, client, city):
        client.force_login(city.agent)
        response = client.get("/refused/400/", headers={"hx-request": "true"})
        assert response.status_code == 400
        assert "<html" not in response.content.decode()
        assert 'data-field="x"' in response.content.decode()

    def test_works_for_whoever_is_not_logged_in(self, client, db):
        assert client.get("/refused/403/").status_code == 403

    def test_something_broken_says_so_in_both_languages_without_the_error(self, city):
        client = Client(raise_request_exception=False)
        client.force_login(city.agent)
        response = client.get("/broken/")
        page = response.content.decode()
        assert response.status_code == 500
        assert "broken on purpose" not in page
        assert "系统出错" in page
        assert "Something went wrong" in page


class TestAStalePage:
    def test_says_that_nothing_is_lost_and_offers_the_way_back(self, city):
        client = Client(enforce_csrf_checks=True)
        client.force_login(city.agent)
        response = client.post(reverse("password_change"), {"old_password": "x"})
        assert response.status_code == 403
        assert "stale.html" in [template.name for template in response.templates]
        assert b"data-back" in response.content


class TestThePortalAsAServer:
    def test_says_that_it_lives_and_is_ready(self, client, db):
        assert client.get(reverse("health_live")).content == b"ok"
        assert client.get(reverse("health_ready")).json() == {"database": "ok"}

    def test_says_when_the_database_is_away(self, client, db, monkeypatch):
        class Away:
            def cursor(self):
                raise OperationalError("away")

        monkeypatch.setattr(home, "connection", Away())
        response = client.get(reverse("health_ready"))
        assert response.status_code == 503
        assert response.json() == {"database": "down"}

    def test_gives_its_figures_to_this_machine_and_to_administrators_only(self, client, city):
        assert client.get(reverse("metrics")).status_code == 200
        assert client.get(reverse("metrics"), headers={"x-forwarded-for": "10.0.0.9"}).status_code == 403
        assert client.get(reverse("metrics"), REMOTE_ADDR="10.0.0.9").status_code == 403
        client.force_login(city.agent)
        assert client.get(reverse("metrics"), REMOTE_ADDR="10.0.0.9").status_code == 403
        client.force_login(city.administrator)
        response = client.get(reverse("metrics"), REMOTE_ADDR="10.0.0.9")
        assert b"python_info" in response.content

    def test_describes_its_api(self, client, city):
        client.force_login(city.agent)
        assert client.get(reverse("api_schema")).status_code == 200
        assert client.get(reverse("api_docs")).status_code == 200


@override_settings(SAMPLE_SETUP=False)
def test_the_log_in_names_no_sample_accounts_in_production(client, db):
    assert b"sample_accounts" not in client.get(reverse("login")).content
