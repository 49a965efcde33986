import re

import pytest
from django.urls import reverse
from django.utils import timezone

from intake.models import Channel, ChannelToken
from intake.services import create_channel_token
from intake.services.channels import token_digest

from .factories import SYSTEM, city_with_channels


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
        given |= {"tokens-TOTAL_FORMS": 0, "tokens-INITIAL_FORMS": 0}
        assert as_("administrator").post(address, given).status_code == 302
        channel.refresh_from_db()
        assert (channel.name, channel.default_urgency, channel.origin) == ("微信", "urgent", "WX")
        assert not channel.is_active

    def test_are_added_with_two_letters(self, as_):
        given = {"code": "fax", "name": "传真", "name_en": "Fax", "default_urgency": "normal", "order": 5}
        given["origin"] = "fx"
        page = as_("administrator").post(reverse("admin:intake_channel_add"), given)
        assert page.status_code == 200
        assert not Channel.objects.filter(code="fax").exists()
        as_("administrator").post(reverse("admin:intake_channel_add"), given | {"origin": "FX", "is_active": "on"})
        assert Channel.objects.get(code="fax").is_active

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
