from datetime import datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from intake.models import Attachment, Call, Case, Citizen, RetentionRun
from intake.services import CallEvent, ask_retention, record_call, retention, run_retention
from intake.services.citizens import find_by_phone
from intake.signals import cases_anonymised
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import IllegalMove, NotAllowed
from shenzhen_gov.core.masking import mask_text
from shenzhen_gov.core.models import AuditEntry, Parameter

from .factories import SYSTEM, city_with_channels, make_case, make_channel

NOW = datetime(2026, 11, 20, 10, tzinfo=timezone.get_default_timezone())
PHONE, NAME = "13912345678", "陈大文"
WORK = Actor.system("retention")


@pytest.fixture(autouse=True)
def fresh_parameters():
    yield
    parameters.forget()


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def administrator(city):
    return Actor.staff(city.staff["administrator"])


def set_parameter(key, value):
    Parameter.objects.filter(key=key).update(value=value)
    parameters.forget()


def old_case(years=6, **given) -> Case:
    """Return a case that ended so many years ago, its citizen known since then."""
    given = {"phone": PHONE, "name": NAME} | given
    case = make_case(**given)
    then = NOW - timedelta(days=366 * years)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=then, registered_at=then)
    Citizen.objects.filter(pk=case.citizen_id).update(created_at=then)
    return Case.objects.get(pk=case.pk)


def add_file(case) -> Attachment:
    file = Attachment(
        case=case, name="陈大文.jpg", content_type="image/jpeg", size=2, sha256="a" * 64, added_at=NOW, added_by="x"
    )
    file.file.save("x", ContentFile(b"ok"))
    return file


def carry_out(by, now=NOW) -> RetentionRun:
    ask_retention("preview", by=by, now=now)
    run_retention(by=WORK, now=now)
    run = ask_retention("carry_out", by=by, now=now)
    run_retention(by=WORK, now=now)
    run.refresh_from_db()
    return run


class TestAnonymising:
    def test_takes_the_person_away_and_leaves_the_case(self, administrator):
        case = old_case(content=f"我是{NAME}，电话{PHONE}，路灯不亮。", address="民治街道1号")
        Case.objects.filter(pk=case.pk).update(house_code="4403090020210400042000003")
        run = carry_out(administrator)
        citizen = Citizen.objects.get()
        assert (citizen.name, citizen.phone, citizen.phone_index, citizen.phone_tail_index) == ("", "", "", "")
        assert citizen.anonymised_at == NOW
        assert find_by_phone(PHONE) == []
        case.refresh_from_db()
        assert NAME not in case.content + case.title
        assert PHONE not in case.content + case.title
        assert "路灯不亮" in case.content
        assert case.house_code == "4403090020210400042"
        assert run.result["years"][str(case.closed_at.year)]["citizens"] == 1
        entry = AuditEntry.objects.get(action="retention.carried_out")
        assert NAME not in str(entry.changes)

    @pytest.mark.parametrize("years", [0, 4])
    def test_spares_who_has_a_case_that_ended_later(self, administrator, years):
        old_case()
        old_case(years=years)
        carry_out(administrator)
        assert Citizen.objects.get().name == NAME

    def test_spares_who_has_an_open_case(self, administrator):
        old_case()
        make_case(phone=PHONE, name=NAME)
        carry_out(administrator)
        assert Citizen.objects.get().name == NAME

    def test_keeps_to_the_parameter(self, administrator):
        old_case(years=3)
        set_parameter("retention.citizen_years", 2)
        carry_out(administrator)
        assert Citizen.objects.get().name == ""

    def test_leaves_files_unless_the_parameter_says_otherwise(self, administrator):
        file = add_file(old_case())
        carry_out(administrator)
        file.refresh_from_db()
        assert file.is_served

    def test_removes_files_with_their_names_when_the_parameter_says_so(self, administrator):
        set_parameter("retention.remove_files", True)
        file = add_file(old_case())
        storage, stored = file.file.storage, file.file.name
        run = carry_out(administrator)
        file.refresh_from_db()
        assert not storage.exists(stored)
        assert (file.is_served, file.name) == (False, "—.jpg")
        assert next(iter(run.result["years"].values()))["files"] == 1

    def test_forgets_the_numbers_of_old_calls(self, administrator, city):
        channel = make_channel()
        for number, years in (("old", 3), ("new", 1)):
            at = NOW - timedelta(days=366 * years)
            event = CallEvent(number, "ringing", phone=PHONE, at=at, recording="r")
            record_call(event, channel_id=channel.pk, by=SYSTEM, now=at)
        run = carry_out(administrator)
        assert run.result["calls"] == 1
        assert {call.external_id: (call.phone, call.recording) for call in Call.objects.all()} == {
            "old": ("", ""),
            "new": (PHONE, "r"),
        }

    def test_tells_whoever_keeps_texts_of_the_cases(self, administrator):
        told, case = [], old_case()

        def listen(case_ids, **_rest):
            told.extend(case_ids)

        cases_anonymised.connect(listen)
        try:
            carry_out(administrator)
        finally:
            cases_anonymised.disconnect(listen)
        assert told == [case.pk]

    def test_twice_changes_nothing_more(self, administrator):
        old_case()
        carry_out(administrator)
        before = Citizen.objects.values_list("anonymised_at", flat=True).get()
        run = carry_out(administrator, NOW + timedelta(days=1))
        assert run.result["years"] == {}
        assert Citizen.objects.values_list("anonymised_at", flat=True).get() == before

    def test_goes_on_where_it_was_killed(self, administrator, monkeypatch):
        monkeypatch.setattr(retention, "WINDOW", 1)
        for number in range(3):
            old_case(phone=f"1391234567{number}")
        ask_retention("preview", by=administrator, now=NOW)
        run_retention(by=WORK, now=NOW)
        run = ask_retention("carry_out", by=administrator, now=NOW)
        retention.step(run.pk, by=WORK, now=NOW)
        run_retention(by=WORK, now=NOW)
        run.refresh_from_db()
        assert sum(row["citizens"] for row in run.result["years"].values()) == 3
        assert not Citizen.objects.exclude(anonymised_at__isnull=False).exists()


class TestTheGate:
    def test_is_for_administrators_of_the_whole_city(self, city):
        for who in ("agent", "leader", "handler"):
            with pytest.raises(NotAllowed):
                ask_retention("preview", by=Actor.staff(city.staff[who]), now=NOW)

    def test_asks_for_a_preview_with_the_same_parameters_first(self, administrator):
        with pytest.raises(IllegalMove, match="preview"):
            ask_retention("carry_out", by=administrator, now=NOW)
        ask_retention("preview", by=administrator, now=NOW)
        run_retention(by=WORK, now=NOW)
        with pytest.raises(IllegalMove):
            ask_retention("carry_out", by=administrator, now=NOW + timedelta(hours=25))
        set_parameter("retention.citizen_years", 4)
        with pytest.raises(IllegalMove):
            ask_retention("carry_out", by=administrator, now=NOW)

    def test_lets_one_run_of_a_kind_be_under_way(self, administrator):
        ask_retention("preview", by=administrator, now=NOW)
        with pytest.raises(IllegalMove, match="under way"):
            ask_retention("preview", by=administrator, now=NOW)

    def test_a_preview_changes_nothing(self, administrator):
        case = old_case()
        run = ask_retention("preview", by=administrator, now=NOW)
        run_retention(by=WORK, now=NOW)
        run.refresh_from_db()
        assert run.result["samples"] == [case.number]
        assert Citizen.objects.get().name == NAME

    def test_nothing_happens_by_itself_unless_the_parameter_says_so(self, city):
        old_case()
        run_retention(by=WORK, now=NOW)
        assert not RetentionRun.objects.exists()
        set_parameter("retention.every_days", 30)
        run_retention(by=WORK, now=NOW)
        run_retention(by=WORK, now=NOW + timedelta(days=29))
        assert RetentionRun.objects.count() == 1
        assert Citizen.objects.get().name == ""


class TestThePage:
    def test_counts_first_and_then_offers_to_anonymise(self, client, administrator):
        case = old_case()
        client.force_login(administrator.user)
        address = reverse("intake:retention")
        assert "carry_out" not in client.get(address).content.decode()
        client.post(address, {"kind": "preview"})
        run_retention(by=WORK, now=timezone.now())
        page = client.get(address).content.decode()
        assert case.number in page
        assert "carry_out" in page
        assert NAME not in page
        client.post(address, {"kind": "carry_out"})
        run_retention(by=WORK, now=timezone.now())
        assert Citizen.objects.get().name == ""

    def test_starts_nothing_without_a_preview(self, client, administrator):
        client.force_login(administrator.user)
        assert client.post(reverse("intake:retention"), {"kind": "carry_out"}).status_code == 302
        assert not RetentionRun.objects.exists()

    def test_the_command_counts_and_anonymises(self, city, capsys):
        case = old_case()
        with pytest.raises(SystemExit):
            call_command("anonymise")
        call_command("anonymise", "--preview")
        assert case.number in capsys.readouterr().out
        assert Citizen.objects.get().name == NAME
        call_command("anonymise")
        assert Citizen.objects.get().name == ""


def test_masking_keeps_the_words():
    assert mask_text("请回电 13912345678 谢谢") == "请回电 **** 谢谢"
