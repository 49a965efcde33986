"""Several registrars at the same moment, each with a connection of its own."""

import threading
from collections import Counter

import pytest
from django.db import connections
from django.utils import timezone

from grid.tests.factories import make_area, make_unit
from intake.models import Case
from intake.services import register_case, register_once
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import Refused

from .factories import make_channel, new_case

NOW = timezone.now()


def in_threads(count, work):
    """Run `work(number)` in threads at once; return results and errors."""
    barrier, results = threading.Barrier(count), []

    def run(number):
        try:
            barrier.wait()
            results.append(work(number))
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    @pytest.fixture
    def hotline(self):
        top = make_area(1, "深圳市")
        make_unit("centre", "centre", home_area=top)
        return Actor.channel(make_channel())

    def test_eight_registrars_get_different_numbers(self, hotline):
        def register_ten(number):
            return [register_case(new_case(phone="13900000000"), by=hotline, now=NOW).number for _ in range(10)]

        results = in_threads(8, register_ten)
        numbers = Counter(number for result in results for number in result)
        assert len(numbers) == 80
        assert Case.objects.count() == 80

    def test_twins_of_one_key_make_one_case(self, hotline):
        results = in_threads(8, lambda _: register_once(new_case(), by=hotline, now=NOW, idempotency_key="twin"))
        assert Case.objects.count() == 1
        assert sorted(result.created for result in results) == [False] * 7 + [True]
        assert {result.case.pk for result in results} == {Case.objects.get().pk}

    def test_twins_of_one_outside_number_make_one_case(self, hotline):
        results = in_threads(4, lambda _: register_case(new_case(external_id="HX-9"), by=hotline, now=NOW))
        assert Case.objects.count() == 1
        assert sum(isinstance(result, Refused) for result in results) == 3
