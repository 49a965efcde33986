"""The catalogue of indicators: what each means, its versions, and who publishes a new one."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from analytics.models import IndicatorVersion
from dispatch.tests.desks import client_of
from grid.tests.factories import grant, make_staff, small_city
from shenzhen_gov.core.models import AuditEntry


@pytest.fixture
def world(db):
    world = small_city()
    call_command("load_indicators", verbosity=0)
    world.leader = grant(make_staff("a_leader", world.centres[0]), "leader", world.centres[0])
    world.administrator = grant(make_staff("an_administrator", world.centre), "administrator", world.centre)
    return world


def next_month():
    return (timezone.localdate().replace(day=1) + timedelta(days=31)).replace(day=1)


def address(code="on_time"):
    return reverse("analytics:indicator", args=[code])


def given(**changed):
    return {
        "effective_from": str(next_month()), "numerator": ["closed_in_time"], "denominator": ["case_due"],
        "measure": "percent", "better": "higher", "target": "96", "formula": "新口径", "formula_en": "A new meaning",
        "source": "测试文件",
    } | changed  # fmt: skip


def test_the_catalogue_shows_every_indicator_in_words(world):
    body = client_of(world.leader, "en").get(reverse("analytics:indicators")).content.decode()
    for version in IndicatorVersion.objects.select_related("indicator"):
        assert version.indicator.name_en in body
    assert "Of the cases closed in the period that were evaluated, those found good" in body


def test_one_indicator_says_what_is_divided_by_what_and_what_is_left_out(world):
    body = client_of(world.leader, "en").get(address("satisfaction")).content.decode()
    for words in ("Of those, the ones found good", "Law enforcement and administrative mediation", "≥ 95%", "V1"):
        assert words in body
    body = client_of(world.leader, "en").get(address("three_rates")).content.decode()
    assert "Solution × 0.4" in body
    assert client_of(world.leader).get(address("no-such")).status_code == 404


def test_administrators_publish_a_new_version_and_the_old_one_stays(world):
    answer = client_of(world.administrator, "en").post(address(), given())
    assert answer.status_code == 302, answer.context["form"].errors
    newest, first = IndicatorVersion.objects.filter(indicator__code="on_time").order_by("-number")
    assert (newest.number, newest.effective_from, newest.target) == (2, next_month(), 96)
    assert first.effective_from == date(2018, 1, 1)
    assert AuditEntry.objects.filter(action="indicator.version_published").exists()
    body = client_of(world.leader, "en").get(reverse("analytics:indicators")).content.decode()
    assert f"V2 from {next_month()}" in body
    assert "to come" in client_of(world.leader, "en").get(address()).content.decode()


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(world):
    for changed, field in (
        ({"effective_from": str(timezone.localdate().replace(day=1))}, "effective_from"),
        ({"effective_from": str(next_month() + timedelta(days=1))}, "effective_from"),
        ({"effective_from": "x"}, "effective_from"),
        ({"numerator": ["x"]}, "numerator"),
        ({"numerator": []}, "numerator"),
        ({"denominator": []}, "denominator"),
        ({"weights": "response=a"}, "weights"),
        ({"weights": "response=nan"}, "weights"),
        ({"numerator": [], "denominator": [], "weights": "no_such=1"}, "weights"),
        ({"target": "1e400"}, "target"),
        ({"target": "x"}, "target"),
        ({"formula": ""}, "formula"),
        ({"formula": "\x00"}, "formula"),
        ({"measure": "x"}, "measure"),
    ):
        answer = client_of(world.administrator, "en").post(address(), given(source="留下", **changed))
        assert answer.status_code == 400, changed
        assert list(answer.context["form"].errors) == [field], (changed, answer.context["form"].errors)
        assert "留下" in answer.content.decode()
    assert IndicatorVersion.objects.filter(indicator__code="on_time").count() == 1


def test_nobody_else_publishes(world):
    assert client_of(world.leader, "en").post(address(), given()).status_code == 403
    assert "new-version" not in client_of(world.leader, "en").get(address()).content.decode()
    district = grant(make_staff("district_admin", world.centres[0]), "administrator", world.centres[0])
    assert client_of(district, "en").post(address(), given()).status_code == 403
    handler = grant(make_staff("clerk", world.centres[0]), "handler", world.centres[0])
    assert client_of(handler, "en").get(reverse("analytics:indicators")).status_code == 403
