import hashlib
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from intake.files import read_channels
from intake.models import Channel, ChannelToken
from intake.services import ChannelRow, create_channel_token, load_channels, revoke_channel_token, save_channel
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry

from .factories import SYSTEM, city_with_channels

NOW = timezone.now()
HEADER = "code,name,name_en,origin,default_urgency,order,source,default_type,rights,quota,needs_signature,is_listed\n"
REST = "help,create status,,0,0"


class TestLoadChannels:
    def test_loads_the_shipped_file_once(self, db, capsys):
        call_command("load_channels")
        count = Channel.objects.count()
        assert count >= 14
        assert Channel.objects.get(code="hotline").origin == "RX"
        capsys.readouterr()
        call_command("load_channels")
        assert "0" in capsys.readouterr().out
        assert Channel.objects.count() == count

    def test_gives_every_channel_its_own_letters_and_a_source(self):
        rows = read_channels()
        assert len({row.origin for row in rows}) == len(rows)
        assert all(row.source for row in rows)

    def test_leaves_alone_what_an_administrator_changed(self, db):
        call_command("load_channels")
        Channel.objects.filter(code="hotline").update(name="热线", is_active=False)
        call_command("load_channels")
        assert Channel.objects.get(code="hotline").name == "热线"
        call_command("load_channels", overwrite=True)
        hotline = Channel.objects.get(code="hotline")
        assert (hotline.name, hotline.is_active) == ("12345热线", False)

    def test_tells_what_changed(self, db, tmp_path):
        call_command("load_channels")
        path = tmp_path / "channels.csv"
        path.write_text(f"{HEADER}hotline,12345,12345,RX,urgent,10,P,{REST}\n", encoding="utf-8")
        assert load_channels(read_channels(path), by=SYSTEM, now=NOW) == []
        assert load_channels(read_channels(path), overwrite=True, by=SYSTEM, now=NOW) == ["~ hotline 12345"]
        changes = AuditEntry.objects.filter(action="channel.changed").latest("pk").changes
        assert changes["default_urgency"] == ["normal", "urgent"]

    def test_leaves_the_callback_address_to_the_administrator(self, db):
        call_command("load_channels")
        Channel.objects.filter(code="hotline").update(callback_url="https://example.org/told", quota=5)
        call_command("load_channels", overwrite=True)
        hotline = Channel.objects.get(code="hotline")
        assert (hotline.callback_url, hotline.quota) == ("https://example.org/told", None)
        assert "calls" in hotline.rights

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("code,name\nx,y\n", "name_en"),
            (f"{HEADER}x,甲,A,AA,normal,ten,P,{REST}\n", "Row 2, column order"),
            (f"{HEADER}x,甲,A,AA,normal,1,P,{REST}\nx,乙,B,BB,normal,2,P,{REST}\n", "Row 3, column code"),
            (f"{HEADER}x,甲,A,AA,normal,1,P,{REST}\ny,乙,B,AA,normal,2,P,{REST}\n", "Row 3, column origin"),
            (f"{HEADER}x,甲,A,a1,normal,1,P,{REST}\n", "capital"),
            (f"{HEADER}x,甲,A,AA,soon,1,P,{REST}\n", "soon"),
            (f"{HEADER}x,,A,AA,normal,1,P,{REST}\n", "name"),
            (f"{HEADER}x,甲,A,AA,normal,1,P,shout,create,,0,0\n", "shout"),
            (f"{HEADER}x,甲,A,AA,normal,1,P,help,create fly,,0,0\n", "fly"),
            (f"{HEADER}x,甲,A,AA,normal,1,P,help,create,many,0,0\n", "Row 2, column quota"),
            (f"{HEADER}x,甲,A,AA,normal,1,P,help,create,0,0,0\n", "calls a minute"),
            (f"{HEADER}x,甲,A,AA,normal,1,P,help,create,,yes,0\n", "Row 2, column needs_signature"),
        ],
    )
    def test_refuses_a_bad_file_and_writes_nothing(self, db, tmp_path, text, named):
        path = tmp_path / "channels.csv"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CommandError, match=named):
            call_command("load_channels", path)
        assert not Channel.objects.exists()

    def test_refuses_another_encoding_and_a_missing_file(self, db, tmp_path):
        path = tmp_path / "channels.csv"
        path.write_bytes((HEADER + "x,甲,A,AA,normal,1,P\n").encode("gb18030"))
        with pytest.raises(CommandError, match="UTF-8"):
            call_command("load_channels", path)
        with pytest.raises(CommandError, match="read"):
            call_command("load_channels", tmp_path / "none.csv")


class TestAKey:
    @pytest.fixture
    def city(self, db):
        return city_with_channels()

    @pytest.fixture
    def administrator(self, city):
        return Actor.staff(city.staff["administrator"])

    def test_is_shown_once_and_stored_as_a_hash(self, administrator):
        channel = Channel.objects.get(code="wechat")
        token, key = create_channel_token(channel.pk, note="小程序", by=administrator, now=NOW)
        stored = ChannelToken.objects.get()
        assert stored.digest == hashlib.sha256(key.encode()).hexdigest()
        assert key not in str(vars(stored))
        assert (token.prefix, stored.note) == (key[:8], "小程序")
        assert AuditEntry.objects.filter(action="channel.token_created").exists()

    def test_is_revoked_once(self, administrator):
        token, _key = create_channel_token(Channel.objects.get(code="wechat").pk, by=administrator, now=NOW)
        assert revoke_channel_token(token.pk, by=administrator, now=NOW).revoked_at == NOW
        with pytest.raises(IllegalMove):
            revoke_channel_token(token.pk, by=administrator, now=NOW)

    def test_is_the_administrators_to_make(self, city):
        agent = Actor.staff(city.staff["agent"])
        with pytest.raises(NotAllowed):
            create_channel_token(Channel.objects.get(code="wechat").pk, by=agent, now=NOW)
        with pytest.raises(NotAllowed):
            save_channel(ChannelRow("x", "甲", "A", "XX", "normal", 1, "P"), by=agent, now=NOW)

    def test_of_nothing_is_not_found(self, administrator):
        with pytest.raises(OutOfSight):
            create_channel_token(0, by=administrator, now=NOW)
        with pytest.raises(OutOfSight):
            revoke_channel_token(0, by=administrator, now=NOW)


class TestSaveChannel:
    def test_changes_one_channel(self, db):
        row = ChannelRow("fax", "传真", "Fax", "FX", "normal", 5, "P")
        save_channel(row, by=SYSTEM, now=NOW)
        changed = save_channel(replace(row, is_active=False), by=SYSTEM, now=NOW)
        assert not changed.is_active

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"rights": ["create", "fly"]}, "rights"),
            ({"quota": 0}, "quota"),
            ({"quota": 10**9}, "quota"),
            ({"default_type": "shout"}, "default_type"),
            ({"callback_url": "http://example.org/"}, "callback_url"),
            ({"callback_url": "https://user:secret@example.org/"}, "callback_url"),
            ({"callback_url": "ftp://example.org/"}, "callback_url"),
        ],
    )
    def test_names_the_field_at_fault(self, db, changed, field):
        row = ChannelRow("fax", "传真", "Fax", "FX", "normal", 5, "P")
        with pytest.raises(BadInput) as refusal:
            save_channel(replace(row, **changed), by=SYSTEM, now=NOW)
        assert refusal.value.field == field

    def test_refuses_empty_names(self, db):
        with pytest.raises(BadInput):
            save_channel(ChannelRow("fax", "", "Fax", "FX", "normal", 5, "P"), by=SYSTEM, now=NOW)
