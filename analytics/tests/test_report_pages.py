"""The pages of reports and special themes: what is shown, what is typed wrong, and to whom."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from analytics.models import Report, ReportSubscription, SpecialTheme
from analytics.reporting.pdf import _register_fonts, _style, _text
from analytics.selectors.figures import Value
from analytics.selectors.report_content import _place
from analytics.services import ReportScope, make_report
from analytics.tests.reported import DAY, new_report_and_theme
from dispatch.tests.world import NOON, make_world, new_case
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor

HOSTILE = ("\x00", "‮abc", "x" * 3000, "<script>", "%s{0}")


@pytest.fixture
def world(db):
    world = make_world()
    for command in ("load_parameters", "load_indicators", "load_message_templates"):
        call_command(command, verbosity=0)
    world.staff["analyst"] = grant(make_staff("page_analyst", world.centre), "analyst", world.centre)
    world.case = new_case(world)
    world.facts = new_report_and_theme(world, world.case)
    return world


def of(client, world, name):
    client.force_login(world.staff[name])
    return client


def test_a_report_is_shown_in_the_language_asked_for(client, world):
    address = reverse("analytics:report", args=[world.facts["report"]])
    of(client, world, "leader")
    assert "Daily brief" in client.get(address, {"in": "en"}).content.decode()
    assert "日报" in client.get(address, {"in": "zh-hans"}).content.decode()
    assert client.get(address, {"in": "xx"}).status_code == 200


def test_the_files_are_named_and_nothing_else_is_a_form(client, world):
    of(client, world, "leader")
    pdf = client.get(reverse("analytics:report_file", args=[world.facts["report"], "pdf"]))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    book = client.get(reverse("analytics:report_file", args=[world.facts["report"], "xlsx"]), {"in": "en"})
    assert book.content[:2] == b"PK"
    assert client.get(reverse("analytics:report_file", args=[world.facts["report"], "doc"])).status_code == 404


def test_a_report_on_demand_opens_and_what_is_typed_wrong_stays(client, world):
    of(client, world, "leader")
    day = (timezone.localdate() - timedelta(days=1)).isoformat()
    data = {"kind": "daily", "area": world.city.pk, "day": day}
    answer = client.post(reverse("analytics:report_make"), data)
    assert answer.url == reverse("analytics:report", args=[Report.objects.latest("pk").pk])
    for wrong in ({"day": "31"}, {"kind": "x"}, {"area": "999999"}, {"unit": "没有此单位"}, {"day": "2999-01-01"}):
        answer = client.post(reverse("analytics:report_make"), data | wrong)
        assert answer.status_code == 422
    assert "没有此单位" in client.post(reverse("analytics:report_make"), data | {"unit": "没有此单位"}).content.decode()


def test_areas_of_others_are_not_offered(client, world):
    elsewhere = world.centres[1].home_area
    client.force_login(grant(make_staff("page_leader", world.centres[0]), "leader", world.centres[0]))
    page = client.get(reverse("analytics:reports")).content.decode()
    assert f'<option value="{elsewhere.pk}"' not in page
    answer = client.post(
        reverse("analytics:report_subscribe"), {"kind": "daily", "area": elsewhere.pk, "language": "en"}
    )
    assert answer.status_code == 422
    assert ReportSubscription.objects.count() == 1


def test_the_list_shows_only_what_one_may_read(client, world):
    scope = ReportScope(area_id=world.centres[1].home_area_id)
    make_report("daily", scope, DAY, by=Actor.staff(world.staff["leader"]), now=NOON + timedelta(days=1))
    client.force_login(grant(make_staff("page_leader", world.centres[0]), "leader", world.centres[0]))
    rows = client.get(reverse("analytics:reports")).context["page"].rows
    assert [row.pk for row in rows] == [world.facts["report"]]


def test_the_page_of_a_theme_shows_before_and_after(client, world):
    page = of(client, world, "analyst").get(reverse("analytics:theme", args=[world.facts["special_theme"]]))
    assert page.status_code == 200
    assert page.context["effect"] is None or page.context["effect"].by_month


def proposal(world):
    return {
        "title": "噪声", "area": world.city.pk, "items": world.case.item.code, "owner": world.centres[0].name,
        "started_on": "2026-11-01", "target": "fewer", "target_value": "20", "target_on": "2027-01-01",
        "steps": "排查 | 社区 | 2026-12-01\n复查｜街道｜2026-12-20",
    }  # fmt: skip


def test_a_theme_is_proposed_on_the_page(client, world):
    answer = of(client, world, "analyst").post(reverse("analytics:theme_new"), proposal(world))
    theme = SpecialTheme.objects.latest("pk")
    assert answer.url == reverse("analytics:theme", args=[theme.pk])
    assert [step.who for step in theme.steps.all()] == ["社区", "街道"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"items": "NO1"}, "NO1"),
        ({"steps": "a | b | 2026-12-01\nnonsense"}, "2"),
        ({"owner": "没有此单位"}, "没有此单位"),
        ({"lead": "nobody_at_all"}, "nobody_at_all"),
        ({"target_value": "500"}, "500"),
    ],
)
def test_what_is_wrong_in_a_proposal_is_said_and_stays(client, world, wrong, said):
    answer = of(client, world, "analyst").post(reverse("analytics:theme_new"), proposal(world) | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert SpecialTheme.objects.count() == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_is_no_error_of_ours(client, world, text):
    of(client, world, "analyst")
    theme = world.facts["special_theme"]
    for name in ("title", "items", "words", "reason", "owner", "lead", "steps", "target_value", "warning"):
        assert client.post(reverse("analytics:theme_new"), proposal(world) | {name: text}).status_code in (302, 422)
    for address, field in (("theme_case", "number"), ("theme_batch", "number"), ("theme_move", "outcome")):
        data = {field: text, "move": "achieve", "row_version": "2"}
        assert client.post(reverse(f"analytics:{address}", args=[theme]), data).status_code in (302, 422)
    for name in ("warning", "item", "area"):
        assert client.get(reverse("analytics:theme_new"), {name: text}).status_code == 200
    for address in ("reports", "themes"):
        assert client.get(reverse(f"analytics:{address}"), {"q": text}).status_code == 200


def test_who_has_no_figure_takes_no_place():
    ranked, empty = ({"on_time": Value(None, value)} for value in (90.0, None))
    assert [_place(place, one["on_time"]) for place, one in enumerate((ranked, empty), 1)] == [1, None]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_quotes_are_set_as_the_language_sets_them(language):
    _register_fonts()
    with override(language):
        paragraph = _text("about “楼道” – 2", _style(10, 12))
    latin = "".join(fragment.text for fragment in paragraph.frags if fragment.fontName == "Helvetica")
    assert ("“" in latin) == (language == "en")
