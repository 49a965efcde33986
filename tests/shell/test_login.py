"""Logging in and out, the lock after wrong passwords, the language, the password change."""

from django.urls import reverse
from django.utils import translation

from grid.tests.factories import PASSWORD
from shenzhen_gov.core.models import AuditEntry


def log_in(client, username, password=PASSWORD, **more):
    return client.post(reverse("login"), {"username": username, "password": password, **more})


class TestLoggingIn:
    def test_with_the_right_password_leads_to_the_start_page(self, client, city):
        response = log_in(client, "agent")
        assert response.status_code == 302
        assert response["Location"] == reverse("home")
        assert client.session["_auth_user_id"] == str(city.agent.pk)

    def test_goes_back_to_the_page_that_was_asked_for(self, client, city):
        response = client.get(reverse("system"))
        assert response["Location"] == f"{reverse('login')}?next={reverse('system')}"
        assert log_in(client, "administrator", next=reverse("system"))["Location"] == reverse("system")

    def test_never_leads_to_another_site(self, client, city):
        assert log_in(client, "agent", next="https://evil.example/")["Location"] == reverse("home")

    def test_with_a_wrong_password_says_so_and_keeps_the_name(self, client, city):
        response = log_in(client, "agent", "wrong")
        assert response.status_code == 200
        assert response.context["form"].non_field_errors()
        assert b'value="agent"' in response.content
        assert "_auth_user_id" not in client.session

    def test_of_an_account_that_is_switched_off_is_refused(self, client, city):
        city.agent.is_active = False
        city.agent.save()
        assert log_in(client, "agent").status_code == 200

    def test_is_locked_after_six_wrong_passwords_with_the_minutes_to_wait(self, client, city):
        responses = [log_in(client, "agent", "wrong") for _ in range(6)]
        assert [response.status_code for response in responses] == [200] * 5 + [429]
        locked = log_in(client, "agent")
        assert locked.status_code == 429
        assert "registration/locked.html" in [template.name for template in locked.templates]
        assert "15" in locked.content.decode()

    def test_of_somebody_else_is_not_locked_with_it(self, client, city):
        for _ in range(7):
            log_in(client, "agent", "wrong")
        assert log_in(client, "secretary").status_code == 302

    def test_has_one_door_the_admin_has_none_of_its_own(self, client, city):
        response = client.get("/admin/login/?next=/admin/")
        assert response.status_code == 302
        assert response["Location"] == f"{reverse('login')}?next=/admin/"

    def test_ends_with_logging_out(self, client, city):
        client.force_login(city.agent)
        assert client.post(reverse("logout"))["Location"] == reverse("login")
        assert client.get(reverse("home"))["Location"].startswith(reverse("login"))


class TestTheLanguage:
    def test_is_chinese_unless_chosen_otherwise_whatever_the_browser_says(self, client, db):
        response = client.get(reverse("login"), headers={"accept-language": "en"})
        assert response["Content-Language"] == "zh-hans"
        assert b'lang="zh-Hans"' in response.content

    def test_is_kept_once_chosen_and_stays_on_the_page(self, client, db):
        response = client.post(reverse("set_language"), {"language": "en", "next": "/login/?next=/system/"})
        assert response["Location"] == "/login/?next=/system/"
        page = client.get(reverse("login"))
        assert b'lang="en"' in page.content
        assert b"Log in" in page.content


class TestChangingThePassword:
    NEW = "an-even-longer-one"

    def change(self, client, **given):
        data = {"old_password": PASSWORD, "new_password1": self.NEW, "new_password2": self.NEW, **given}
        return client.post(reverse("password_change"), data)

    def test_needs_the_present_one(self, client, city):
        client.force_login(city.agent)
        response = self.change(client, old_password="wrong")
        assert response.status_code == 400
        assert "old_password" in response.context["form"].errors
        city.agent.refresh_from_db()
        assert city.agent.check_password(PASSWORD)

    def test_refuses_two_that_differ_and_weak_ones_at_the_field(self, client, city):
        client.force_login(city.agent)
        assert "new_password2" in self.change(client, new_password2="other").context["form"].errors
        weak = self.change(client, new_password1="12345678", new_password2="12345678")
        assert "new_password1" in weak.context["form"].errors

    def test_keeps_this_session_ends_the_others_and_is_in_the_audit_log(self, client, city):
        other = type(client)()
        other.force_login(city.agent)
        client.force_login(city.agent)
        assert self.change(client).status_code == 302
        assert client.get(reverse("password_change")).status_code == 200
        assert other.get(reverse("password_change")).status_code == 302
        entry = AuditEntry.objects.get(action="account.password_changed")
        assert (entry.object_id, entry.actor_id) == (city.agent.pk, city.agent.pk)
        assert self.NEW not in str(entry.changes) + entry.note

    def test_is_for_whoever_is_logged_in(self, client, db):
        assert client.get(reverse("password_change")).status_code == 302


class TestThePageInBothLanguages:
    def test_has_a_label_for_every_control(self, client, db):
        for code in ("zh-hans", "en"):
            client.cookies["django_language"] = code
            with translation.override(code):
                page = client.get(reverse("login")).content.decode()
            assert 'for="id_username"' in page
            assert 'for="id_password"' in page
