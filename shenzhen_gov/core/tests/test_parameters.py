"""Parameters: the value in force on a day, and changes that are seen."""

from datetime import date

import pytest
from django.apps import apps
from django.utils import translation

from shenzhen_gov.core import parameters
from shenzhen_gov.core.exceptions import Refused
from shenzhen_gov.core.models import Parameter
from shenzhen_gov.core.parameters import get_parameter


def put(value, since, key="contact.hours"):
    parameter = Parameter.objects.create(key=key, value=value, effective_from=since, source="[P] test")
    parameters.forget()
    return parameter


@pytest.fixture
def hours(db):
    put(24, date(2024, 1, 1))
    put(12, date(2026, 1, 1))


class TestGetParameter:
    @pytest.mark.parametrize(
        ("day", "value"),
        [
            (date(2024, 1, 1), 24),
            (date(2025, 12, 31), 24),
            (date(2026, 1, 1), 12),
            (date(2030, 1, 1), 12),
        ],
    )
    def test_is_the_value_in_force_on_the_day(self, hours, day, value):
        assert get_parameter("contact.hours", day) == value

    def test_a_future_value_waits_for_its_day(self, hours):
        put(6, date(2027, 1, 1))
        assert get_parameter("contact.hours", date(2026, 11, 22)) == 12

    def test_before_the_first_value_is_refused_with_the_name_and_the_day(self, hours):
        with translation.override("en"), pytest.raises(Refused, match=r"contact\.hours.*2023-12-31"):
            get_parameter("contact.hours", date(2023, 12, 31))

    def test_an_unknown_name_is_refused(self, hours):
        with pytest.raises(Refused, match="no.such"):
            get_parameter("no.such", date(2026, 1, 1))

    @pytest.mark.parametrize("value", [0, False, "", [], {"a": [1, 2]}, 0.8])
    def test_any_json_value_is_kept_as_it_is(self, db, value):
        put(value, date(2026, 1, 1), key="some.value")
        assert get_parameter("some.value", date(2026, 1, 1)) == value

    def test_many_readings_cost_one_statement(self, hours, django_assert_num_queries):
        with django_assert_num_queries(1):
            for _n in range(20):
                get_parameter("contact.hours", date(2026, 1, 1))

    def test_a_change_is_seen_by_who_made_it(self, hours):
        assert get_parameter("contact.hours", date(2026, 1, 1)) == 12
        Parameter.objects.filter(value=12).update(value=8)
        parameters.forget()
        assert get_parameter("contact.hours", date(2026, 1, 1)) == 8


def test_every_change_of_a_parameter_leaves_a_row_of_history(hours):
    parameter = Parameter.objects.get(value=12)
    key = parameter.pk
    Parameter.objects.filter(pk=key).update(value=10)
    parameter.delete()
    events = apps.get_model("core.ParameterEvent").objects.filter(pgh_obj_id=key).order_by("pgh_id")
    assert [(event.pgh_label, event.value) for event in events] == [("insert", 12), ("update", 10), ("delete", 10)]
