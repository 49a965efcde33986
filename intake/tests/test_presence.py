from datetime import timedelta

import pytest
from django.utils import timezone

from intake.models import CasePresence
from intake.selectors import others_present
from intake.services import forget_present, mark_present
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight

from .factories import city_with_channels, make_case

NOW = timezone.now()


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def case(city):
    return make_case(area=city.communities[0][0][0].code)


def seen(case, person, at=NOW):
    mark_present(case.pk, by=Actor.staff(person), now=at)


class TestSomebodyWithACaseOpen:
    def test_is_told_to_the_others_and_not_to_themselves(self, city, case):
        seen(case, city.staff["agent"])
        assert others_present(city.staff["shift_leader"], [case.pk], now=NOW) == {case.pk: ["agent"]}
        assert others_present(city.staff["agent"], [case.pk], now=NOW) == {}

    def test_counts_for_the_seconds_of_the_parameter(self, city, case):
        seen(case, city.staff["agent"])
        assert others_present(city.staff["shift_leader"], [case.pk], now=NOW + timedelta(seconds=30))
        assert not others_present(city.staff["shift_leader"], [case.pk], now=NOW + timedelta(seconds=31))

    def test_is_one_row_however_often_it_is_renewed(self, city, case):
        for second in (0, 10, 5):
            seen(case, city.staff["agent"], NOW + timedelta(seconds=second))
        assert CasePresence.objects.get().seen_at == NOW + timedelta(seconds=10)

    def test_is_not_told_to_who_may_not_see_the_case(self, city, case):
        seen(case, city.staff["agent"])
        assert others_present(city.staff["other_secretary"], [case.pk], now=NOW) == {}

    def test_must_be_able_to_see_it(self, city, case):
        with pytest.raises(OutOfSight):
            seen(case, city.staff["other_secretary"])
        with pytest.raises(OutOfSight):
            mark_present(0, by=Actor.staff(city.staff["agent"]), now=NOW)

    def test_is_a_person(self, case):
        with pytest.raises(NotAllowed):
            mark_present(case.pk, by=Actor.system("test"), now=NOW)

    def test_is_forgotten_after_an_hour(self, city, case):
        seen(case, city.staff["agent"])
        assert forget_present(now=NOW + timedelta(minutes=59)) == 0
        assert forget_present(now=NOW + timedelta(minutes=61)) == 1
