"""Changing a parameter: by its service and by the admin page."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.models import AuditEntry, Parameter
from shenzhen_gov.core.parameters import forget, get_parameter
from shenzhen_gov.system.services import set_parameter

KEY = "attachment.max_bytes"


@pytest.fixture
def parameter(db):
    return Parameter.objects.create(
        key=KEY, value=20, unit="byte", effective_from=date(2018, 1, 1), source="[P]", note="Largest file"
    )


def change(city, value=30, days=0, who="administrator", **given):
    now = timezone.now()
    day = timezone.localdate(now) + timedelta(days=days)
    data = {"effective_from": day, "source": "Order 7", **given}
    row = set_parameter(data.pop("key", KEY), value, by=Actor.staff(getattr(city, who)), now=now, **data)
    forget()
    return row


class TestANewValue:
    def test_is_in_force_from_its_day_on_and_the_past_stays(self, city, parameter):
        row = change(city, 30, days=3)
        assert get_parameter(KEY, row.effective_from) == 30
        assert get_parameter(KEY, row.effective_from - timedelta(days=1)) == 20
        assert (row.unit, row.note) == ("byte", "Largest file")

    def test_is_in_the_audit_log_with_what_it_replaces_and_its_source(self, city, parameter):
        row = change(city, 30)
        entry = AuditEntry.objects.get(action="parameter.changed")
        assert entry.changes == {KEY: [20, 30], "effective_from": row.effective_from.isoformat()}
        assert entry.note == "Order 7"

    def test_for_a_day_that_has_one_already_replaces_it_while_it_is_not_past(self, city, parameter):
        change(city, 30, days=1)
        change(city, 40, days=1)
        assert list(Parameter.objects.values_list("value", flat=True).order_by("effective_from")) == [20, 40]

    @pytest.mark.parametrize(("given", "field"), [
        ({"days": -1}, "effective_from"), ({"value": "thirty"}, "value"), ({"value": True}, "value"),
        ({"source": "  "}, "source"), ({"key": "no.such"}, "key"),
    ])  # fmt: skip
    def test_that_makes_no_sense_is_refused_at_its_field(self, city, parameter, given, field):
        with pytest.raises(BadInput) as caught:
            change(city, **given)
        assert caught.value.field == field
        assert Parameter.objects.count() == 1

    @pytest.mark.parametrize("who", ["agent", "nobody", "district_administrator"])
    def test_is_for_whoever_administers_the_whole_city(self, city, parameter, who):
        with pytest.raises(NotAllowed):
            change(city, who=who)


class TestTheAdminPage:
    def add(self, client, **given):
        data = {"key": KEY, "value": "30", "effective_from": timezone.localdate().isoformat(), "source": "Order 7"}
        return client.post(reverse("admin:core_parameter_add"), {**data, **given})

    def test_adds_a_value(self, client, city, parameter):
        client.force_login(city.administrator)
        assert client.get(reverse("admin:core_parameter_add")).status_code == 200
        assert self.add(client).status_code == 302
        assert Parameter.objects.get(source="Order 7").value == 30

    @pytest.mark.parametrize(("given", "field"), [
        ({"value": "{"}, "value"), ({"effective_from": "2018-01-01"}, "effective_from"), ({"key": "x"}, "key"),
        ({"value": '"text"'}, "value"),
    ])  # fmt: skip
    def test_says_at_the_field_what_is_wrong(self, client, city, parameter, given, field):
        client.force_login(city.administrator)
        response = self.add(client, **given)
        assert response.status_code == 200
        assert field in response.context["adminform"].form.errors
        assert Parameter.objects.count() == 1

    def test_lets_nobody_edit_or_delete_a_row(self, client, city, parameter):
        client.force_login(city.administrator)
        address = reverse("admin:core_parameter_change", args=[parameter.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {"key": KEY, "value": "1"}).status_code == 403
        assert client.post(reverse("admin:core_parameter_delete", args=[parameter.pk])).status_code == 403
        assert client.get(reverse("admin:core_parameter_changelist")).status_code == 200
