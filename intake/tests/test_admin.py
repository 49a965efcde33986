import re

import pytest
from django.urls import reverse
from django.utils import timezone

from intake.models import Channel, ChannelToken, Delivery
from intake.services import create_channel_token
from intake.services.channels import token_digest

from .factories import SYSTEM, city_with_channels, make_case


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def as_(city, client):
    def sign_in(role):
        client.force_login(city.staff[role])
        client.cookies["django_language"] = "en"
        return client

    return sign_in


class TestChannels:
    def test_are_changed_by_the_administrator(self, as_):
        channel = Channel.objects.get(code="wechat")
        address = reverse("admin:intake_channel_change", args=[channel.pk])
        given = {"name": "微信", "name_en": "WeChat", "default_urgency": "urgent", "order": 30, "source": "P"}
        given |= {"tokens-TOTAL_FORMS": 0, "tokens-INITIAL_FORMS": 0, "default_type": "consult", "quota": "60"}
        given["rights"] = ["create", "status"]
        assert as_("administrator").post(address, given).status_code == 302
        channel.refresh_from_db()
        assert (channel.name, channel.default_urgency, channel.origin) == ("微信", "urgent", "WX")
        assert (channel.rights, channel.quota) == (["create", "status"], 60)
        assert not channel.is_active

    def test_are_added_with_two_letters(self, as_):
        given = {"code": "fax", "name": "传真", "name_en": "Fax", "default_urgency": "normal", "order": 5}
        given |= {"origin": "fx", "default_type": "help"}
        page = as_("administrator").post(reverse("admin:intake_channel_add"), given)
        assert page.status_code == 200
        assert not Channel.objects.filter(code="fax").exists()
        as_("administrator").post(reverse("admin:intake_channel_add"), given | {"origin": "FX", "is_active": "on"})
        assert Channel.objects.get(code="fax").is_active

    def test_say_at_the_field_what_is_wrong_and_keep_what_was_typed(self, as_):
        given = {"code": "fax", "name": "传真", "name_en": "Fax", "default_urgency": "normal", "order": 5}
        given |= {"origin": "FX", "default_type": "help", "callback_url": "https://user:secret@example.org/told"}
        page = as_("administrator").post(reverse("admin:intake_channel_add"), given)
        assert page.status_code == 200
        assert page.context["adminform"].form.errors["callback_url"]
        assert "user:secret@example.org" in page.content.decode()

    @pytest.mark.parametrize("role", ["agent", "shift_leader", "district_dispatcher"])
    def test_are_not_for_others(self, as_, role):
        assert as_(role).get(reverse("admin:intake_channel_changelist")).status_code in (302, 403)


class TestKeys:
    def test_are_shown_once_after_they_are_made(self, as_):
        channel = Channel.objects.get(code="wechat")
        given = {"channel": channel.pk, "note": "小程序"}
        page = as_("administrator").post(reverse("admin:intake_channeltoken_add"), given, follow=True).content.decode()
        key = re.search(r"shown this once: ([\w-]{43})", page).group(1)
        token = ChannelToken.objects.get()
        assert token.digest == token_digest(key)
        again = as_("administrator").get(reverse("admin:intake_channeltoken_change", args=[token.pk]))
        assert again.status_code == 200
        assert key not in again.content.decode()

    def test_are_revoked_from_the_list(self, as_):
        token, _key = create_channel_token(Channel.objects.get(code="wechat").pk, by=SYSTEM, now=timezone.now())
        given = {"action": "revoke", "_selected_action": [token.pk]}
        for said in ("is revoked", "revoked before"):
            page = as_("administrator").post(reverse("admin:intake_channeltoken_changelist"), given, follow=True)
            assert said in page.content.decode()
        token.refresh_from_db()
        assert token.revoked_at


class TestCallbacks:
    @pytest.fixture
    def stuck(self, city):
        case, now = make_case(), timezone.now()
        given = {
            "channel": case.channel,
            "case": case,
            "event": "case.state_changed",
            "payload": {"number": case.number},
        }
        moments = {"next_try_at": now, "created_at": now}
        Delivery.objects.create(state="delivered", delivered_at=now, **given, **moments)
        return Delivery.objects.create(state="stuck", tries=15, last_error="HTTP 500", **given, **moments)

    def test_that_did_not_arrive_are_listed(self, as_, stuck):
        page = as_("administrator").get(reverse("admin:intake_delivery_changelist") + "?state__exact=stuck")
        assert [row.pk for row in page.context["cl"].result_list] == [stuck.pk]
        assert "HTTP 500" in page.content.decode()
        shown = as_("administrator").get(reverse("admin:intake_delivery_change", args=[stuck.pk]))
        assert shown.status_code == 200

    @pytest.mark.parametrize(("action", "state"), [("retry", "waiting"), ("give_up", "dropped")])
    def test_are_sent_again_or_given_up(self, as_, stuck, action, state):
        given = {"action": action, "_selected_action": [stuck.pk]}
        for _ in range(2):
            page = as_("administrator").post(reverse("admin:intake_delivery_changelist"), given, follow=True)
        stuck.refresh_from_db()
        assert (stuck.state, page.status_code) == (state, 200)
        assert "Only what" in page.content.decode()

    def test_are_not_for_others(self, as_, stuck):
        assert as_("agent").get(reverse("admin:intake_delivery_changelist")).status_code in (302, 403)
