"""Citizens stay readable and findable while the key changes, and afterwards the old key is worth nothing."""

import base64
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from intake.models import Citizen
from shenzhen_gov.core.crypto import Undecryptable, blind_index, blind_indexes
from shenzhen_gov.core.models import JobRun
from shenzhen_gov.core.rotation import outdated, rotate

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def citizens(db, settings):
    settings.FIELD_KEYS = OLD
    made = [make_citizen(f"1390000{n:04d}") for n in range(7)]
    settings.FIELD_KEYS = f"{NEW},{OLD}"
    return made


def make_citizen(phone):
    citizen = Citizen(name="陈大文", phone=phone, created_at=NOW)
    for column, source in Citizen.BLIND_INDEXES.items():
        setattr(citizen, column, blind_index(getattr(citizen, source)))
    citizen.save()
    return citizen


def raw(column="phone"):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, phone_index FROM intake_citizen ORDER BY id")
        place = ["name", "phone", "phone_index"].index(column)
        return [row[place] if isinstance(row[place], str) else bytes(row[place]) for row in cursor.fetchall()]


class TestRotation:
    def test_afterwards_the_old_key_is_not_needed(self, citizens, settings):
        assert outdated() == 7
        assert rotate().rows["intake.Citizen"] == 7
        settings.FIELD_KEYS = NEW
        assert outdated() == 0
        found = Citizen.objects.get(phone_index__in=blind_indexes("13900000003"))
        assert (found.name, found.phone, found.address) == ("陈大文", "13900000003", "")
        assert found.phone_tail_index == blind_index(found.phone_tail) != ""

    def test_half_way_everybody_is_found_and_read(self, citizens, monkeypatch):
        monkeypatch.setattr("shenzhen_gov.core.rotation.BATCH", 3)
        with pytest.raises(KeyboardInterrupt):
            rotate(_stop_after(3))
        assert outdated() == 4
        for citizen in citizens:
            found = Citizen.objects.get(phone_index__in=blind_indexes(citizen.phone))
            assert (found.pk, found.phone) == (citizen.pk, citizen.phone)

    def test_a_stopped_run_goes_on_where_it_stopped(self, citizens, monkeypatch):
        monkeypatch.setattr("shenzhen_gov.core.rotation.BATCH", 3)
        with pytest.raises(KeyboardInterrupt):
            rotate(_stop_after(3))
        before = raw()[:3]
        assert rotate().rows["intake.Citizen"] == 4
        assert raw()[:3] == before
        assert outdated() == 0

    def test_a_second_run_changes_nothing(self, citizens):
        rotate()
        before = raw()
        assert rotate().rows["intake.Citizen"] == 0
        assert raw() == before

    def test_a_row_that_no_key_opens_is_told_and_left_alone(self, citizens, settings):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE intake_citizen SET phone = set_byte(phone, 20, 0) WHERE id = %s", [citizens[2].pk])
        broken = raw()[2]
        rotation = rotate()
        assert (rotation.rows["intake.Citizen"], rotation.unreadable) == (6, 1)
        assert str(citizens[2].pk) in rotation.examples[0]
        assert raw()[2] == broken

    def test_what_was_written_without_a_phone_has_no_index(self, db, settings):
        settings.FIELD_KEYS = OLD
        Citizen.objects.create(name="匿名", phone="", created_at=NOW)
        settings.FIELD_KEYS = f"{NEW},{OLD}"
        rotate()
        assert raw() == [b""]
        assert raw("phone_index") == [""]


class TestCommand:
    def test_reports_and_leaves_a_job_run(self, citizens):
        with pytest.raises(CommandError, match="7 rows"):
            call_command("rotate_keys", "--check")
        out = StringIO()
        call_command("rotate_keys", stdout=out)
        assert "intake.Citizen: 7" in out.getvalue()
        call_command("rotate_keys", "--check", stdout=out)
        run = JobRun.objects.get(job="rotate_keys")
        assert (run.state, run.done, run.total) == ("done", 7, 7)

    def test_names_the_rows_that_cannot_be_read(self, citizens, settings):
        settings.FIELD_KEYS = NEW
        with pytest.raises(CommandError, match=rf"intake\.Citizen {citizens[0].pk}: .*FIELD_KEYS"):
            call_command("rotate_keys", stdout=StringIO())


class TestColumn:
    def test_the_database_holds_no_personal_data_in_the_clear(self, citizens):
        with connection.cursor() as cursor:
            cursor.execute("SELECT intake_citizen::text FROM intake_citizen")
            text = " ".join(row[0] for row in cursor.fetchall())
        stored = b"".join(raw() + raw("name"))
        assert "1390000" not in text
        assert b"1390000" not in stored
        assert "陈大文".encode() not in stored

    def test_a_value_copied_into_another_column_does_not_decrypt(self, citizens):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE intake_citizen SET address = name")
        with pytest.raises(Undecryptable, match="intake.citizen.address"):
            list(Citizen.objects.all())

    def test_a_filter_on_an_encrypted_column_is_refused(self, db):
        with pytest.raises(FieldError):
            Citizen.objects.filter(phone="13900000001")

    def test_what_is_no_text_is_refused_and_not_lost(self, db):
        with pytest.raises(TypeError, match=r"intake\.citizen\.phone"):
            Citizen.objects.create(name="x", phone=13900000001, created_at=NOW)

    def test_a_new_citizen_has_texts_in_every_column(self):
        citizen = Citizen()
        assert (citizen.name, citizen.phone, citizen.address) == ("", "", "")

    def test_it_is_never_dumped_in_the_clear(self, citizens):
        with pytest.raises(CommandError, match="not serialised"):
            call_command("dumpdata", "intake.Citizen", stdout=StringIO())


def _stop_after(rows):
    def progress(done):
        if done >= rows:
            raise KeyboardInterrupt

    return progress
