"""What the desk is told beforehand is what the machine does afterwards."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dispatch.choices import ClockKind, NeedsPerson
from dispatch.models import Clock, Decision
from dispatch.selectors import Asked, forecast
from dispatch.services import dispatch_awaiting
from dispatch.tests.world import NOON, SYSTEM, item_row, make_world, new_case
from dutylist.services import NewResponsibility, enter_catalogue, set_responsibilities
from grid.models import Area, Unit


@pytest.fixture
def city(db):
    return make_world()


def asked(city, **given):
    return Asked(**({"item": "T01", "area": city.communities[0][0][0].code, "request_type": "help"} | given))


def enter(row):
    """Enter one more item of the city's list."""
    city = Area.objects.get(code="440300")
    return enter_catalogue(
        [row], source="sample", owner_area_id=city.pk, effective_from=date(2018, 1, 1), by=SYSTEM, now=NOON
    )


def then(city, given):
    """Register what was asked about, let the machine decide, and return its decision."""
    case = new_case(
        city, **{name: getattr(given, name) for name in given.__dataclass_fields__ if name != "is_sensitive"}
    )
    dispatch_awaiting(by=SYSTEM, now=NOON)
    case.refresh_from_db()
    return case, Decision.objects.get(case=case)


class TestTheForecast:
    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"item": "T02"},
            {"urgency": "urgent"},
            {"request_type": "consult"},
            {"channel": "instruction", "urgency": ""},
            {"urgency": "emergency"},
            {"is_secret": True},
        ],
    )
    def test_is_what_the_machine_does(self, city, given):
        before = asked(city, **given)
        told = forecast(before, NOON)
        case, decision = then(city, before)
        assert (told.draft.unit, told.draft.needs_person) == (decision.unit, decision.needs_person)
        assert (told.draft.reasons, told.draft.version) == (decision.reasons, decision.item_version)
        assert told.draft.row == decision.responsibility
        assert told.due_at == case.due_at
        ends = dict(Clock.objects.filter(case=case).values_list("kind", "due_at"))
        assert told.handling_due_at == ends.get(ClockKind.HANDLING)
        assert told.dispatch_due_at == ends.get(ClockKind.DISPATCH)

    def test_of_a_wide_place_tells_that_a_person_decides(self, city):
        before = asked(city, area=city.districts[0].code)
        told = forecast(before, NOON)
        case, decision = then(city, before)
        assert (told.draft.unit, told.draft.needs_person) == (decision.unit, decision.needs_person)
        assert told.draft.reasons == decision.reasons

    def test_of_a_gap_in_the_list_tells_that_a_person_decides(self, city):
        enter(item_row("T03", "没有单位的事项"))
        told = forecast(asked(city, item="T03"), NOON)
        assert told.draft.needs_person == NeedsPerson.NO_ROW
        with translation.override("en"):
            assert told.why == "No responsible unit in the duty list"

    def test_of_a_closed_unit_tells_that_a_person_decides(self, city):
        Unit.objects.filter(pk=forecast(asked(city), NOON).draft.unit.pk).update(closed_on=date(2018, 1, 2))
        assert forecast(asked(city), NOON).draft.needs_person == NeedsPerson.UNIT_CLOSED

    def test_of_a_secret_item_tells_that_a_person_decides(self, city):
        version = enter(item_row("T03", "保密的事项", is_secret=True)).version_ids["T03"]
        area = city.communities[0][0][0]
        rows = [NewResponsibility(version, area.pk, city.stations[0][0][0].pk)]
        set_responsibilities(rows, by=SYSTEM, now=NOON)
        before = asked(city, item="T03")
        assert forecast(before, NOON).draft.needs_person == NeedsPerson.VETO
        assert then(city, before)[1].needs_person == NeedsPerson.VETO

    def test_without_a_place_still_names_the_version(self, city):
        told = forecast(asked(city, area=""), NOON)
        assert (told.draft.needs_person, told.draft.version.item.code) == (NeedsPerson.NO_PLACE, "T01")

    def test_without_an_item_is_none(self, city):
        assert forecast(asked(city, item=""), NOON) is None
        assert forecast(asked(city, item="no such"), NOON) is None

    def test_says_when_the_calendar_of_the_year_is_missing(self, city):
        told = forecast(asked(city), NOON.replace(year=2099))
        assert told.due_at is None
        assert "2099" in told.problem

    def test_writes_nothing(self, city):
        forecast(asked(city), NOON)
        assert not Decision.objects.exists()
        assert not Clock.objects.exists()


class TestThePage:
    def ask(self, person, **given):
        client = Client()
        client.force_login(person)
        client.cookies["django_language"] = "en"
        with translation.override("en"):
            return client.get(reverse("dispatch:forecast"), given)

    def test_names_unit_row_version_and_end(self, city):
        answer = self.ask(city.staff["agent"], item="T01", area=city.communities[0][0][0].code)
        text = answer.content.decode()
        found = answer.context["forecast"].draft
        assert str(found.unit) in text
        assert f"row {found.row.pk}" in text
        assert "whole case by" in text

    def test_is_for_agents(self, city):
        assert self.ask(city.staff["handler"]).status_code == 403

    @pytest.mark.parametrize("value", ["", "x" * 500, "é\ud800"[:1], "%00", "'; drop", "👩‍👩‍👧", "\u202e"])
    def test_takes_what_is_no_code_for_unknown(self, city, value):
        names = ("item", "area", "house_code", "urgency", "request_type", "channel")
        assert self.ask(city.staff["agent"], **dict.fromkeys(names, value)).status_code == 200
        one = dict.fromkeys(names, value) | {"item": "T01"}
        assert self.ask(city.staff["agent"], **one).status_code == 200
