"""Citizens: found again, and unreadable in the database."""

import pytest
from django.db import connection
from django.utils import timezone

from intake.models import Citizen
from intake.services import register_case
from shenzhen_gov.core.actor import Actor

from .factories import city_with_channels, new_case

NOW = timezone.now()


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


class TestAtRest:
    def test_name_and_phone_cannot_be_read_in_the_database(self, city, agent):
        register_case(new_case(phone="13912345678", name="陈大文"), by=agent, now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("SELECT c.*, c::text FROM intake_citizen c")
            row = cursor.fetchone()
        stored = b" ".join(
            bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode() for value in row
        )
        assert b"13912345678" not in stored
        assert "陈大文".encode() not in stored
        assert Citizen.objects.get().phone == "13912345678"

    def test_caller_is_found_again_however_the_number_is_written(self, city, agent):
        for phone in ("13912345678", "+86 139-1234-5678", "１３９１２３４５６７８", "0086 13912345678"):
            register_case(new_case(phone=phone, name="陈立"), by=agent, now=NOW)
        assert Citizen.objects.count() == 1

    def test_family_that_shares_a_phone_is_two_citizens(self, city, agent):
        register_case(new_case(phone="13912345678", name="陈立"), by=agent, now=NOW)
        register_case(new_case(phone="13912345678", name="王芳"), by=agent, now=NOW)
        register_case(new_case(phone="13912345678"), by=agent, now=NOW)
        assert sorted(citizen.name for citizen in Citizen.objects.all()) == ["王芳", "陈立"]

    def test_name_given_later_completes_the_record(self, city, agent):
        register_case(new_case(phone="13912345678"), by=agent, now=NOW)
        register_case(new_case(phone="13912345678", name="陈立", wants_secrecy=True), by=agent, now=NOW)
        citizen = Citizen.objects.get()
        assert (citizen.name, citizen.wants_secrecy) == ("陈立", True)

    def test_caller_without_name_and_number_stays_unknown(self, city, agent):
        assert register_case(new_case(), by=agent, now=NOW).citizen is None
