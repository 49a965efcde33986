"""The second step of logging in: set up, asked for, removed; never walked around."""

import time

import pytest
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from grid.tests.factories import PASSWORD
from shenzhen_gov.account import services
from shenzhen_gov.account.views import HALF_WAY, SECONDS_HALF_WAY
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, Refused, StalePage
from shenzhen_gov.core.models import AuditEntry


def code_of(device, ahead=0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + ahead * device.step
    return f"{totp.token():06d}"


@pytest.fixture
def device(city):
    return TOTPDevice.objects.create(user=city.agent, name="totp", confirmed=True)


def pass_first_step(client, **more):
    return client.post(reverse("login"), {"username": "agent", "password": PASSWORD, **more})


class TestTheSecondStep:
    def test_is_asked_for_after_the_password_and_nobody_is_logged_in_before_it(self, client, city, device):
        response = pass_first_step(client)
        assert response["Location"] == reverse("login_token")
        assert "_auth_user_id" not in client.session
        assert client.get(reverse("home"))["Location"].startswith(reverse("login"))

    def test_logs_in_with_the_code_and_goes_where_one_wanted_to_go(self, client, city, device):
        pass_first_step(client, next=reverse("password_change"))
        code = code_of(device)
        response = client.post(reverse("login_token"), {"token": f"{code[:3]} {code[3:]}"})
        assert response["Location"] == reverse("password_change")
        assert client.session["_auth_user_id"] == str(city.agent.pk)
        assert HALF_WAY not in client.session

    def test_refuses_a_wrong_code_and_one_that_was_used(self, client, city, device):
        pass_first_step(client)
        code = code_of(device)
        wrong = "000000" if code != "000000" else "111111"
        response = client.post(reverse("login_token"), {"token": wrong})
        assert "token" in response.context["form"].errors
        assert "_auth_user_id" not in client.session
        TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
        assert client.post(reverse("login_token"), {"token": code}).status_code == 302
        again = type(client)()
        pass_first_step(again)
        assert "token" in again.post(reverse("login_token"), {"token": code}).context["form"].errors

    def test_makes_guessing_wait(self, client, city, device):
        pass_first_step(client)
        code = code_of(device)
        for wrong in ("000001", "000002", "000003"):
            client.post(reverse("login_token"), {"token": wrong})
        assert "token" in client.post(reverse("login_token"), {"token": code}).context["form"].errors

    def test_names_the_field_when_the_code_is_no_code(self, client, city, device):
        pass_first_step(client)
        assert "token" in client.post(reverse("login_token"), {"token": "abc"}).context["form"].errors

    def test_cannot_be_reached_without_the_first(self, client, city, device):
        assert client.get(reverse("login_token"))["Location"] == reverse("login")
        assert client.post(reverse("login_token"), {"token": code_of(device)})["Location"] == reverse("login")

    def test_ends_after_five_minutes(self, client, city, device):
        pass_first_step(client)
        session = client.session
        session[HALF_WAY] = {**session[HALF_WAY], "at": time.time() - SECONDS_HALF_WAY - 1}
        session.save()
        assert client.post(reverse("login_token"), {"token": code_of(device)})["Location"] == reverse("login")

    def test_ends_when_the_password_was_changed_or_the_account_switched_off_meanwhile(self, client, city, device):
        pass_first_step(client)
        city.agent.set_password("something-else-now")
        city.agent.save()
        assert client.get(reverse("login_token"))["Location"] == reverse("login")
        city.agent.set_password(PASSWORD)
        city.agent.save()
        pass_first_step(client)
        city.agent.is_active = False
        city.agent.save()
        assert client.get(reverse("login_token"))["Location"] == reverse("login")

    def test_is_not_asked_for_while_it_is_only_half_set_up(self, client, city):
        TOTPDevice.objects.create(user=city.agent, confirmed=False)
        assert pass_first_step(client)["Location"] == reverse("home")


class TestSettingItUp:
    def test_shows_a_picture_and_the_key_and_takes_the_first_code(self, client, city):
        client.force_login(city.agent)
        page = client.get(reverse("two_step"))
        device = TOTPDevice.objects.get(user=city.agent)
        assert "<svg" in page.context["picture"]
        assert page.context["secret"] == services.secret_of(device)
        assert page.context["secret"] in page.content.decode()
        response = client.post(reverse("two_step"), {"token": code_of(device)})
        assert response.status_code == 302
        device.refresh_from_db()
        assert device.confirmed
        assert AuditEntry.objects.filter(action="account.two_step_set_up", object_id=city.agent.pk).count() == 1

    def test_keeps_the_same_key_when_the_page_is_opened_again(self, client, city):
        client.force_login(city.agent)
        first = client.get(reverse("two_step")).context["secret"]
        assert client.get(reverse("two_step")).context["secret"] == first

    def test_refuses_a_wrong_code_at_its_field(self, client, city):
        client.force_login(city.agent)
        client.get(reverse("two_step"))
        device = TOTPDevice.objects.get(user=city.agent)
        wrong = "000000" if code_of(device) != "000000" else "111111"
        response = client.post(reverse("two_step"), {"token": wrong})
        assert response.status_code == 400
        assert "token" in response.context["form"].errors
        assert not TOTPDevice.objects.get(user=city.agent).confirmed

    def test_no_longer_shows_the_key_once_it_is_set_up(self, client, city, device):
        client.force_login(city.agent)
        page = client.get(reverse("two_step"))
        assert page.context["is_set_up"]
        assert services.secret_of(device) not in page.content.decode()

    def test_is_refused_a_second_time(self, city, device):
        with pytest.raises(StalePage):
            services.begin_two_step(by=Actor.staff(city.agent))

    def test_is_for_people_only(self, db):
        with pytest.raises(NotAllowed):
            services.begin_two_step(by=Actor.system("job"))


class TestRemovingIt:
    def test_needs_the_password(self, client, city, device):
        client.force_login(city.agent)
        response = client.post(reverse("two_step_remove"), {"password": "wrong"})
        assert response.status_code == 400
        assert "password" in response.context["form"].errors
        assert TOTPDevice.objects.filter(user=city.agent).exists()

    def test_takes_it_away_and_is_in_the_audit_log(self, client, city, device):
        client.force_login(city.agent)
        assert client.post(reverse("two_step_remove"), {"password": PASSWORD}).status_code == 302
        assert not TOTPDevice.objects.filter(user=city.agent).exists()
        assert AuditEntry.objects.filter(action="account.two_step_removed").count() == 1
        assert pass_first_step(type(client)())["Location"] == reverse("home")

    def test_is_refused_when_there_is_none(self, client, city):
        client.force_login(city.agent)
        assert client.post(reverse("two_step_remove"), {"password": PASSWORD}).status_code == 409


class TestALostPhone:
    def remove(self, client, device):
        return client.post(reverse("admin:otp_totp_totpdevice_delete", args=[device.pk]), {"post": "yes"})

    def test_is_helped_by_an_administrator_and_is_in_the_audit_log(self, client, city, device):
        client.force_login(city.administrator)
        assert self.remove(client, device).status_code == 302
        assert not TOTPDevice.objects.exists()
        assert AuditEntry.objects.get(action="account.two_step_removed").actor_id == city.administrator.pk

    def test_of_somebody_outside_the_territory_does_not_exist(self, client, city, device):
        client.force_login(city.district_administrator)
        assert self.remove(client, device).status_code == 404
        assert TOTPDevice.objects.exists()

    def test_needs_an_administrator(self, city, device):
        for person in (city.secretary, city.nobody):
            with pytest.raises(Refused):
                services.take_two_step_from(city.agent.pk, by=Actor.staff(person), now=timezone.now())

    def test_shows_no_secret_to_anybody(self, client, city, device):
        client.force_login(city.root)
        for address in (
            reverse("admin:otp_totp_totpdevice_changelist"),
            reverse("admin:otp_totp_totpdevice_change", args=[device.pk]),
        ):
            page = client.get(address).content.decode()
            assert device.key not in page
            assert services.secret_of(device) not in page
