"""What the grid finds: for dispatch, or solved on the spot with every stage, clock and entry of an ordinary case."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from dispatch.choices import ClockOutcome, DecisionMode, FindingKind, ReviewCause, StageEnd
from dispatch.models import Clock, Finding, Report, Review, Round, StageFact, WorkOrder
from dispatch.services import NewFinding, NotForCommunity, approve, dispatch_awaiting, report_found, solve_on_spot
from dispatch.tests.world import NOON, SYSTEM, make_world
from dispatch.workflow import DONE, UNDER_REVIEW
from grid.models import Unit
from grid.services import NewCell, create_cells
from grid.tests.factories import grant, make_staff
from intake.models import Attachment, Case
from intake.workflow import CLOSED
from intake.workflow import UNDER_REVIEW as CASE_UNDER_REVIEW
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry, Parameter
from shenzhen_gov.core.verification import verify_object


def set_parameter(key, value):
    Parameter.objects.filter(key=key).update(value=value)
    parameters.forget()


def jpeg(name, colour):
    written = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(written, "JPEG")
    return SimpleUploadedFile(name, written.getvalue(), "image/jpeg")


@pytest.fixture
def city(db, settings, tmp_path):
    found = make_world()
    settings.MEDIA_ROOT = tmp_path
    community = found.communities[0][0][0]
    rows = [NewCell(f"{community.code}0{n}", f"第{n}网格", community.code) for n in (1, 2)]
    found.cells = create_cells(rows, source="test", by=SYSTEM, now=NOON - timedelta(days=30))
    found.team = Unit.objects.get(code=f"cell-{found.cells[0].code}")
    found.officer = Actor.staff(grant(make_staff("officer", found.team), "grid_officer", found.team))
    set_parameter("on_spot.review_share", 0)
    return found


def seen(city, **given):
    data = {"content": "二楼楼道里堆着纸箱。", "area": city.cells[0].code, "item": "T01", "address": "5栋2楼"}
    return NewFinding(**data | given)


def solve(city, *, by=None, now=NOON, key=None, done="当场劝导清走。", before=None, after=None, **given):
    before = [jpeg("before.jpg", "red")] if before is None else before
    after = [jpeg("after.jpg", "green")] if after is None else after
    return solve_on_spot(
        seen(city, **given), done=done, before=before, after=after, by=by or city.officer, now=now, idempotency_key=key
    ).case


class TestOnTheSpot:
    def test_it_is_a_closed_case_with_every_stage_clock_and_photo(self, city):
        case = solve(city)
        (order,) = WorkOrder.objects.filter(case=case)
        assert (case.state, case.holder, case.channel.code, case.closed_at) == (CLOSED, city.team, "grid", NOON)
        assert (order.state, order.unit, order.decision.mode) == (DONE, city.team, DecisionMode.ON_SPOT)
        assert (order.signed_at, order.reported_at, order.ended_at) == (NOON, NOON, NOON)
        assert not Clock.objects.filter(case=case, outcome=ClockOutcome.RUNNING).exists()
        assert Clock.objects.filter(case=case, outcome=ClockOutcome.MET).exists()
        assert Round.objects.get(case=case).closed_at == NOON
        report = Report.objects.get(work_order=order)
        assert sorted(photo.kind for photo in report.photos.all()) == ["after", "before"]
        assert (report.done_on, report.result) == (NOON.date(), "当场劝导清走。")
        assert not Review.objects.exists()
        found = Finding.objects.get()
        assert (found.case, found.kind, found.review_cause) == (case, FindingKind.ON_SPOT, "")

    def test_the_facts_cover_the_case_without_a_gap_or_a_running_stage(self, city):
        case = solve(city)
        facts = list(StageFact.objects.filter(case=case).order_by("id"))
        assert [(fact.stage, fact.unit) for fact in facts][0] == ("dispatch", city.centres[0])
        assert {fact.stage for fact in facts} == {"dispatch", "sign", "handling", "review"}
        assert all(fact.started_at == fact.ended_at == NOON for fact in facts)
        assert {fact.how for fact in facts} <= {StageEnd.PASSED, StageEnd.ENDED}

    def test_the_audit_chain_tells_every_step_and_verifies(self, city):
        case = solve(city)
        entries = AuditEntry.objects.filter(object_id=str(case.pk), object_type="intake.case").order_by("id")
        assert [entry.action for entry in entries if "attachment" not in entry.action] == [
            "case.registered", "case.accepted", "case.dispatched", "work_order.signed", "work_order.reported",
            "work_order.closed_on_spot", "case.closed",
        ]  # fmt: skip
        found = verify_object("intake.case", case.pk)
        assert found.faults == 0

    def test_the_pick_up_leaves_it_alone(self, city):
        case = solve(city)
        assert dispatch_awaiting(by=SYSTEM, now=NOON).total == 0
        case.refresh_from_db()
        assert case.state == CLOSED

    def test_what_the_list_gives_to_others_is_refused_with_the_entry_and_nothing_is_written(self, city):
        with pytest.raises(NotForCommunity) as refused:
            solve(city, item="T02")
        assert "T02" in str(refused.value)
        assert refused.value.field == "item"
        assert not Case.objects.exists()
        assert not Attachment.objects.exists()
        case = report_found(seen(city, item="T02"), photos=[jpeg("a.jpg", "red")], by=city.officer, now=NOON).case
        dispatch_awaiting(by=SYSTEM, now=NOON)
        assert Finding.objects.get().case == case

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"done": " "}, "done"),
            ({"done": "字" * 501}, "done"),
            ({"done": "\ud800"}, "done"),
            ({"before": []}, "before"),
            ({"after": []}, "after"),
            ({"item": ""}, "item"),
            ({"item": "NO-SUCH"}, "item"),
            ({"content": ""}, "content"),
            ({"content": "a\x00b"}, "content"),
            ({"longitude": float("nan"), "latitude": 1.0}, "longitude"),
        ],
    )
    def test_bad_input_is_refused_by_its_field_and_nothing_is_written(self, city, given, field):
        with pytest.raises(BadInput) as refused:
            solve(city, **given)
        assert refused.value.field == field
        assert not Case.objects.exists()
        assert not Finding.objects.exists()

    def test_the_same_key_is_the_same_case(self, city):
        first = solve(city, key="k1")
        assert solve(city, key="k1") == first
        assert Finding.objects.count() == 1

    def test_neither_another_cell_nor_who_walks_no_rounds_does_it(self, city):
        with pytest.raises(OutOfSight):
            solve(city, area=city.cells[1].code)
        with pytest.raises(OutOfSight):
            solve(city, area=city.communities[1][0][0].code)
        with pytest.raises(NotAllowed):
            solve(city, by=Actor.staff(city.staff["agent"]))
        assert not Case.objects.exists()

    def test_the_round_of_another_team_is_not_found(self, city):
        with pytest.raises(OutOfSight):
            solve(city, task=10**9)


class TestReview:
    @pytest.mark.parametrize(
        ("parameter", "value", "given", "cause"),
        [
            ("on_spot.review_share", 1, {}, ReviewCause.SAMPLE),
            ("on_spot.self_close", False, {}, ReviewCause.SWITCHED_OFF),
            ("on_spot.review_share", 0, {"urgency": "emergency"}, ReviewCause.URGENT),
        ],
    )
    def test_what_may_not_close_by_itself_goes_the_ordinary_way_up(self, city, parameter, value, given, cause):
        set_parameter(parameter, value)
        case = solve(city, **given)
        order = WorkOrder.objects.get(case=case)
        assert (case.state, order.state) == (CASE_UNDER_REVIEW, UNDER_REVIEW)
        assert order.review_unit == city.stations[0][0][0]
        assert Finding.objects.get().review_cause == cause
        approve(order.pk, by=Actor.staff(city.staff["reviewer"]), now=NOON)
        order.refresh_from_db()
        assert order.review_unit == city.offices[0][0]


def test_a_general_event_waits_for_dispatch_with_its_photos(city):
    case = report_found(seen(city, item=""), photos=[jpeg("a.jpg", "red")], by=city.officer, now=NOON).case
    assert case.state == "awaiting_dispatch"
    assert case.attachments.get().kind == "evidence"
    assert Finding.objects.get().kind == FindingKind.GENERAL


def test_a_sitter_at_the_hotline_registers_no_findings(city):
    with pytest.raises((NotAllowed, Refused)):
        report_found(seen(city), by=Actor.staff(city.staff["agent"]), now=NOON)
    assert not Case.objects.exists()


class TestPages:
    def page(self, city, by="officer"):
        browser = Client()
        browser.cookies["django_language"] = "en"
        browser.force_login(city.officer.user if by == "officer" else city.staff[by])
        return browser

    def sent(self, **given):
        data = {"content": "楼道堆物", "item": "T01 楼道堆物", "done": "清走", "key": "k"}
        return data | {"before": jpeg("b.jpg", "red"), "after": jpeg("a.jpg", "green")} | given

    def test_solving_on_the_page_closes_a_case_and_shows_it(self, city):
        given = self.sent(area=city.cells[0].code)
        page = self.page(city).post(reverse("dispatch:found_solve"), given, follow=True)
        assert b"found, solved and closed" in page.content
        assert Case.objects.get().number.encode() in page.content
        again = self.sent(area=city.cells[0].code)
        assert self.page(city).post(reverse("dispatch:found_solve"), again).status_code == 302
        assert Case.objects.count() == 1

    def test_what_is_not_the_communitys_is_offered_for_dispatch_and_the_words_stay(self, city):
        page = self.page(city).post(reverse("dispatch:found_solve"), self.sent(area=city.cells[0].code, item="T02"))
        assert page.status_code == 422
        assert b"T02" in page.content
        assert "清走" in page.content.decode()
        assert f'formaction="{reverse("dispatch:found_new")}"' in page.content.decode()

    def test_the_items_offered_are_those_of_the_community(self, city):
        page = self.page(city).get(reverse("dispatch:found_solve")).content.decode()
        assert "T01 楼道堆物" in page
        assert "T02" not in page
        assert len(page) < 100_000

    def test_a_foreign_area_and_a_foreign_round_are_refused(self, city):
        given = self.sent(area=city.cells[1].code)
        assert self.page(city).post(reverse("dispatch:found_solve"), given).status_code == 422
        given = {"content": "楼道堆物", "area": city.cells[0].code, "task": str(10**12)}
        assert self.page(city).post(reverse("dispatch:found_new"), given).status_code == 404
        assert not Case.objects.exists()

    def test_nothing_hostile_is_an_error_of_ours(self, city):
        names = ("content", "area", "item", "done", "address", "urgency", "longitude", "latitude", "task", "key")
        for text in ("\x00", "\u202e<script>", "9" * 3000, "[]", "nan", "-1"):
            for address in ("found_new", "found_solve"):
                answer = self.page(city).post(reverse(f"dispatch:{address}"), dict.fromkeys(names, text))
                assert answer.status_code == 422
        assert not Case.objects.exists()
