"""Look-ups in other registers: for a purpose, signed, masked, limited, on record; nothing of the answer is kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dutylist.tests.world import NOON, SYSTEM, make_list
from grid.tests.factories import grant, make_staff
from intake.files import read_channels, read_lookup_connectors
from intake.models import LookupConnector, LookupUse
from intake.services import NewCase, load_channels, register_case
from intake.services.connectors import ConnectorRow, load_lookup_connectors, look_up, save_lookup_connector
from intake.services.tallies import TooMany
from intake.tests.reference_register import PEOPLE, Register, serving
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry, Parameter

pytestmark = pytest.mark.django_db
(PERSON,) = PEOPLE
SHOWN = [
    ["name", "姓名", "Name", "name"],
    ["phone", "电话", "Phone", "phone"],
    ["community", "社区", "Community", "plain"],
]


@pytest.fixture
def city(settings, monkeypatch):
    settings.OUTBOUND_HOSTS = ["127.0.0.1"]
    monkeypatch.setenv("LOOKUP_KEY_TEST", "the-key")
    return make_list()


@pytest.fixture
def register(city):
    register = Register("the-key")
    with serving(register) as url:
        connect(url)
        yield register


def connect(url, **given):
    row = {
        "code": "people", "name": "人口库", "name_en": "People", "kind": "person", "url": url,
        "key_name": "LOOKUP_KEY_TEST", "shown": SHOWN, "seconds": 2, "source": "test", "is_active": True,
    }  # fmt: skip
    return save_lookup_connector(ConnectorRow(**(row | given)), by=SYSTEM, now=NOON)


def ask(city, who="community_secretary", subject=PERSON, *, now=NOON, **given):
    data = {"purpose": "核实租户身份"} | given
    with translation.override("en"):
        return look_up("people", subject, by=Actor.staff(city.staff[who]), now=now, **data)


def test_a_look_up_shows_the_listed_fields_masked_and_keeps_none(city, register):
    found = ask(city)
    assert found.fields == [("Name", "陈**"), ("Phone", "139****5678"), ("Community", "北站社区")]
    use = LookupUse.objects.get()
    assert (use.outcome, use.purpose, use.subject) == ("found", "核实租户身份", "1101**********0134")
    kept = str(LookupUse.objects.values().get()) + str(list(AuditEntry.objects.values_list("changes", "note")))
    for secret in (PERSON, "陈小明", "13912345678"):
        assert secret not in kept


def test_every_look_up_is_two_entries_of_the_audit(city, register):
    ask(city)
    entries = AuditEntry.objects.filter(action__startswith="lookup.").order_by("id")
    assert [entry.action for entry in entries] == ["lookup.asked", "lookup.answered"]
    assert entries[0].note == "核实租户身份"


def test_what_the_register_does_not_know_is_said_so(city, register):
    assert ask(city, subject="11010119900307889X").fields == []
    assert LookupUse.objects.get().outcome == "none"


def test_a_wrong_key_a_broken_answer_and_a_silent_register_are_no_answer(city, register, monkeypatch):
    monkeypatch.setenv("LOOKUP_KEY_TEST", "another")
    with pytest.raises(Refused, match="401"):
        ask(city)
    register.answer = ("200 OK", b"[" * 100_000)
    with pytest.raises(Refused):
        ask(city)
    register.answer, register.seconds = None, 3
    LookupConnector.objects.update(seconds=1)
    with pytest.raises(Refused, match="did not answer"):
        ask(city)
    monkeypatch.delenv("LOOKUP_KEY_TEST")
    with pytest.raises(Refused, match="LOOKUP_KEY_TEST"):
        ask(city)
    assert list(LookupUse.objects.values_list("outcome", flat=True)) == ["failed"] * 4


def test_hostile_fields_are_dropped(city, register):
    register.records = {PERSON: {"name": ["x"], "phone": None, "community": "甲" * 1000, "other": "secret"}}
    assert ask(city).fields == [("Community", "甲" * 300)]


def test_who_may_not_see_identities_asks_nobody(city, register):
    for who in ("leader", "nobody", "root"):
        with pytest.raises(NotAllowed):
            ask(city, who)
    assert not register.asked
    assert not LookupUse.objects.exists()


def test_a_case_of_another_territory_is_not_found(city, register):
    load_channels(read_channels(), by=SYSTEM, now=NOON)
    data = NewCase(
        channel="hotline", content="纸箱", request_type="help", area=city.communities[0][0][0].code, item="T01"
    )
    case = register_case(data, by=Actor.staff(city.staff["agent"]), now=NOON)
    with pytest.raises(OutOfSight):
        ask(city, "other_secretary", case=case.number)
    with pytest.raises(OutOfSight):
        ask(city, case="SZ0")
    ask(city, case=case.number)
    assert LookupUse.objects.get().case == case


@pytest.mark.parametrize(
    ("subject", "given", "field"),
    [
        ("123", {}, "subject"),
        ("x\x00", {}, "subject"),
        ("\ud800", {}, "subject"),
        ("1" * 10_000, {}, "subject"),
        (PERSON, {"purpose": "查"}, "purpose"),
        (PERSON, {"purpose": "查" * 201}, "purpose"),
        (PERSON, {"purpose": "查一下\x00看"}, "purpose"),
    ],
)
def test_what_cannot_be_asked_names_the_field_and_asks_nobody(city, register, subject, given, field):
    with pytest.raises(BadInput) as refusal:
        ask(city, subject=subject, **given)
    assert refusal.value.field == field
    assert not register.asked


def test_a_person_looks_up_so_many_an_hour(city, register):
    Parameter.objects.filter(key="lookup.per_person_hour").update(value=2)
    parameters.forget()
    ask(city)
    ask(city)
    with pytest.raises(TooMany):
        ask(city)
    station = city.stations[0][0][0]
    city.staff["second"] = grant(make_staff("second", station), "community_secretary", station)
    ask(city, "second")
    ask(city, now=NOON + timedelta(hours=2))
    assert len(register.asked) == 4


def test_connectors_are_shipped_off_and_internal_addresses_are_refused(city):
    load_lookup_connectors(read_lookup_connectors(), by=SYSTEM, now=NOON)
    assert LookupConnector.objects.count() == 3
    assert not LookupConnector.objects.filter(is_active=True).exists()
    with pytest.raises(BadInput):
        ask(city)
    for url in ("http://10.0.0.1/x", "ftp://x", "https://user:x@host/"):
        with pytest.raises(BadInput):
            connect(url)
    for shown in ([], "x", [["name", "a", "b", "secret"]], [["name"]]):
        with pytest.raises(BadInput):
            connect("https://register.example/x", shown=shown)


def test_the_page_shows_the_answer_once_and_is_not_stored(city, register):
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(city.staff["community_secretary"])
    address = reverse("intake:lookup")
    data = {"connector": "people", "subject": PERSON, "purpose": "核实租户身份"}
    answer = client.post(address, data)
    assert answer.status_code == 200
    assert "陈**" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    again = client.get(address).content.decode()
    assert "陈**" not in again
    assert "1101**********0134" in again
    wrong = client.post(address, data | {"subject": "12"})
    assert wrong.status_code == 422
    assert "核实租户身份" in wrong.content.decode()
    client.force_login(city.staff["leader"])
    assert client.get(address).status_code == 403
