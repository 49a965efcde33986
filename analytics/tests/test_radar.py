"""The quality radar: each finder against a list counted by hand, and what becomes of a finding over the days."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from analytics import selectors, services
from analytics.choices import FindingState, RadarKind
from analytics.models import RadarFinding, RadarRun
from analytics.radar import wilson_floor
from analytics.tasks import refresh_radar
from dispatch.models import DutyGap, WorkOrder
from dispatch.services import dispatch_awaiting
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, SYSTEM, item_row, make_world, new_case
from dutylist.models import ItemVersion
from dutylist.services import NewBatch, NewResponsibility, enter_catalogue, open_batch, set_responsibilities
from grid.models import Staff
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core import parameters
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry, JobRun, Parameter

LATER = NOON + timedelta(days=1)


def look(now=NOON):
    """Look through the list."""
    return services.refresh_radar(by=SYSTEM, now=now)


def found(kind, code="T01"):
    """Return the findings of one kind about an item."""
    return list(RadarFinding.objects.filter(kind=kind, item__code=code))


def set_parameter(key, value):
    Parameter.objects.filter(key=key).delete()
    Parameter.objects.create(key=key, value=value, effective_from=date(2018, 1, 1), source="test")
    parameters.forget()


def enter(city, *rows, areas=(), owner=None):
    """Enter items; `areas` are (area, unit) for every one of them. Returns code → version id."""
    versions = enter_catalogue(
        rows,
        source="sample",
        owner_area_id=(owner or city.city).pk,
        effective_from=date(2018, 1, 1),
        by=SYSTEM,
        now=NOON,
    ).version_ids
    chosen = [versions[row.code] for row in rows]
    set_responsibilities(
        [NewResponsibility(version, area.pk, unit.pk) for version in chosen for area, unit in areas],
        by=SYSTEM,
        now=NOON,
    )
    return versions


class RadarTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.city = make_world()
        cls.manager = Actor.staff(cls.city.staff["duty_manager"])

    def setUp(self):
        self.city.staff = {name: Staff.objects.get(pk=user.pk) for name, user in self.city.staff.items()}


class TestFinders(RadarTest):
    def test_an_item_without_any_row_is_one_gap_of_the_whole_city(self):
        enter(self.city, item_row("G01", "共享单车"))
        look()
        (gap,) = found("gap", "G01")
        assert (gap.area, gap.figures["areas"], gap.score) == (self.city.city, ["深圳市"], 5)

    def test_a_missing_community_is_told_with_its_district_and_the_cases_that_fell_into_it(self):
        stations = [self.city.stations[d][s][c] for d in (0, 1) for s in (0, 1) for c in (0, 1)]
        enter(self.city, item_row("G01", "共享单车"), areas=[(unit.home_area, unit) for unit in stations[1:]])
        new_case(self.city, item="G01")
        dispatch_awaiting(by=SYSTEM, now=NOON)
        assert DutyGap.objects.count() == 1
        look()
        (gap,) = found("gap", "G01")
        assert gap.area == self.city.districts[0]
        assert gap.figures["areas"] == [self.city.communities[0][0][0].short_name]
        assert (gap.cases, gap.score) == (1, 10)

    def test_areas_answered_for_are_no_gap(self):
        look()
        assert found("gap", "T01") == found("gap", "T02") == []

    def test_returned_work_orders_show_from_the_least_count_on_and_only_when_certain(self):
        for number in range(6):
            new_case(self.city, phone=f"1380013800{number}")
        dispatch_awaiting(by=SYSTEM, now=NOON)
        orders = list(WorkOrder.objects.values_list("pk", flat=True))
        WorkOrder.objects.filter(pk__in=orders[:4]).update(state="returned")
        look()
        assert found("returns") == []
        set_parameter("radar.least_orders", 6)
        look()
        (finding,) = found("returns")
        assert (finding.figures["orders"], finding.figures["returned"], finding.cases) == (6, 4, 4)
        assert finding.figures["floor"] == pytest.approx(0.3, abs=0.01)

    def test_near_identical_items_show_where_their_units_differ(self):
        district, bureaus = self.city.districts[0], self.city.bureaus[0]
        enter(self.city, item_row("O01", "占道摆摊"), areas=[(district, bureaus["urban_management"])])
        enter(self.city, item_row("O02", "占道摆摊。"), areas=[(district, bureaus["water"])])
        set_parameter("duty.similar_words", 0.6)
        look()
        (finding,) = found("overlap", "O01")
        assert (finding.other.code, finding.figures["areas"]) == ("O02", [district.short_name])
        assert found("overlap", "O02") == []  # told once

    def test_near_identical_items_of_one_unit_are_no_finding(self):
        areas = [(self.city.districts[0], self.city.bureaus[0]["water"])]
        enter(self.city, item_row("O01", "占道摆摊"), item_row("O02", "占道摆摊。"), areas=areas)
        set_parameter("duty.similar_words", 0.6)
        look()
        assert found("overlap", "O01") == []

    def test_an_item_named_other_shows_when_it_takes_more_than_its_share(self):
        areas = [(self.city.city, self.city.city_bureau)]
        enter(self.city, item_row("X01", "其他环境问题"), areas=areas)
        set_parameter("radar.least_cases", 2)
        for number, item in enumerate(("X01", "X01", "T01")):
            new_case(self.city, item=item, phone=f"1380013800{number}")
        look()
        (finding,) = found("catch_all", "X01")
        assert (finding.figures["cases"], finding.figures["all"], finding.figures["level2"]) == (2, 3, "环境")
        assert found("catch_all", "T01") == []

    def test_what_an_item_lacks_is_named(self):
        look()
        (finding,) = found("incomplete")
        assert finding.figures["fields"] == ["criteria", "close_criteria"]
        (finding,) = found("examples")
        assert finding.figures == {"count": 0, "least": 3}

    def test_a_legal_basis_is_old_by_its_newest_year(self):
        texts = {
            "L01": "《条例》〔2009〕3号",
            "L02": "《条例》（2009年），2024年修订",
            "L03": "《中华人民共和国噪声污染防治法》",
            "L04": "",
        }
        for code, text in texts.items():
            row = item_row(code, f"事项{code}")
            row.texts["legal_basis"] = text
            enter(self.city, row)
        look()
        years = {code: [one.figures["year"] for one in found("legal", code)] for code in texts}
        assert years == {"L01": [2009], "L02": [], "L03": [], "L04": [None]}

    def test_unused_items_show_once_the_portal_has_been_in_use_long_enough(self):
        new_case(self.city)
        look()
        assert not RadarFinding.objects.filter(kind="unused").exists()
        look(NOON + timedelta(days=400))
        assert {one.item.code for one in RadarFinding.objects.filter(kind="unused")} == {"T01", "T02"}
        new_case(self.city, phone="13800138009", now=NOON + timedelta(days=400))
        look(NOON + timedelta(days=401))
        assert [one.state for one in found("unused")] == [FindingState.GONE]

    def test_every_finding_reads_in_both_languages(self):
        enter(self.city, item_row("G01", "共享单车"))
        look()
        for language in ("en", "zh-hans"):
            with translation.override(language):
                texts = [finding.text for finding in RadarFinding.objects.all()]
            assert texts
            assert not [text for text in texts if "%(" in text]


def test_the_wilson_floor_is_low_for_few_and_near_the_share_for_many():
    assert wilson_floor(0, 20) == pytest.approx(0, abs=1e-9)
    assert wilson_floor(5, 20) == pytest.approx(0.1119, abs=0.001)
    assert wilson_floor(500, 2000) == pytest.approx(0.2315, abs=0.001)


class TestOverTheDays(RadarTest):
    def setUp(self):
        super().setUp()
        look()
        (self.finding,) = found("incomplete")

    def again(self, now=LATER):
        look(now)
        self.finding.refresh_from_db()
        return self.finding

    def test_it_stays_one_row_with_the_day_it_was_first_and_last_seen(self):
        self.again()
        assert (self.finding.first_seen_at, self.finding.last_seen_at) == (NOON, LATER)
        assert len(found("incomplete")) == 1

    def test_what_is_mended_is_gone_and_comes_back_with_the_fault(self):
        row = item_row("T01", "楼道堆物")
        row.texts.update(criteria="能说明楼栋", close_criteria="已清理")
        enter_catalogue(
            [row], source="sample", owner_area_id=self.city.city.pk, effective_from=LATER.date(), by=SYSTEM, now=LATER
        )
        assert self.again().state == FindingState.GONE
        assert ItemVersion.objects.filter(item__code="T01").count() == 2

    def test_set_aside_it_stays_so_with_the_reason_until_it_grows(self):
        services.dismiss_finding(self.finding.pk, " 办结以回执为准 ", by=self.manager, now=NOON)
        assert self.again().state == FindingState.DISMISSED
        assert self.finding.dismissed_because == "办结以回执为准"
        assert self.finding.dismissed_by == self.manager.name
        assert AuditEntry.objects.filter(action="radar.dismissed", object_id=self.finding.pk).exists()
        new_case(self.city)
        assert self.again().state == FindingState.OPEN

    def test_it_is_not_set_aside_without_a_reason_nor_twice(self):
        with pytest.raises(BadInput) as refusal:
            services.dismiss_finding(self.finding.pk, "  ", by=self.manager, now=NOON)
        assert refusal.value.field == "reason"
        services.dismiss_finding(self.finding.pk, "试点", by=self.manager, now=NOON)
        with pytest.raises(IllegalMove):
            services.dismiss_finding(self.finding.pk, "试点", by=self.manager, now=NOON)

    def test_it_can_be_taken_up_again(self):
        services.dismiss_finding(self.finding.pk, "试点", by=self.manager, now=NOON)
        assert services.reopen_finding(self.finding.pk, by=self.manager, now=NOON).state == FindingState.OPEN
        with pytest.raises(IllegalMove):
            services.reopen_finding(self.finding.pk, by=self.manager, now=NOON)

    def test_the_city_s_findings_are_out_of_sight_for_a_district(self):
        other = grant(make_staff("other_manager", self.city.centres[1]), "duty_manager", self.city.centres[1])
        with pytest.raises(OutOfSight):
            services.dismiss_finding(self.finding.pk, "试点", by=Actor.staff(other), now=NOON)
        assert not selectors.list_findings(other).exists()

    def test_a_district_reads_and_sets_aside_the_gaps_of_its_own_territory_only(self):
        enter(self.city, item_row("G01", "共享单车"), areas=[(self.city.communities[0][0][0], self.city.company)])
        enter(self.city, item_row("G02", "自有事项"), owner=self.city.districts[1])
        look(LATER)
        managers = [
            grant(make_staff(f"manager{d}", self.city.centres[d]), "duty_manager", self.city.centres[d]) for d in (0, 1)
        ]
        seen = [set(selectors.list_findings(user).values_list("item__code", "area__code")) for user in managers]
        assert seen[0] == {("G01", "440309")}
        assert seen[1] == {("G01", "440310"), ("G02", "440310")}
        (own,) = RadarFinding.objects.filter(kind="gap", area=self.city.districts[0])
        assert services.dismiss_finding(own.pk, "试点", by=Actor.staff(managers[0]), now=LATER).state == "dismissed"

    def test_a_handler_may_not_set_aside_what_lies_in_sight(self):
        leader = grant(make_staff("reader", self.city.centre), "leader", self.city.centre)
        with pytest.raises(NotAllowed):
            services.dismiss_finding(self.finding.pk, "试点", by=Actor.staff(leader), now=NOON)


class TestRuns(RadarTest):
    def test_a_look_that_was_asked_for_is_made_once_by_the_sweep(self):
        RadarRun.objects.create(asked_at=NOON, asked_by="test", ended_at=NOON)
        run = services.ask_refresh(by=self.manager, now=NOON)
        assert services.ask_refresh(by=self.manager, now=NOON) == run
        refreshed = services.refresh_due(by=SYSTEM, now=NOON)
        run.refresh_from_db()
        assert (run.ended_at, run.found) == (NOON, refreshed.found)
        assert services.refresh_due(by=SYSTEM, now=NOON) is None
        assert JobRun.objects.filter(job="radar", state="done").count() == 1

    def test_every_night_has_its_turn_and_a_missed_one_is_made_up(self):
        at_two = NOON.replace(hour=2)
        assert services.refresh_due(by=SYSTEM, now=at_two) is None
        assert services.refresh_due(by=SYSTEM, now=NOON) is not None
        assert services.refresh_due(by=SYSTEM, now=NOON + timedelta(hours=1)) is None
        assert services.refresh_due(by=SYSTEM, now=NOON + timedelta(days=1)) is not None

    def test_the_task_may_run_twice(self):
        services.ask_refresh(by=self.manager, now=NOON)
        assert refresh_radar() == RadarFinding.objects.count()
        assert refresh_radar() == 0

    def test_people_without_an_act_of_the_list_may_not_ask(self):
        with pytest.raises(NotAllowed):
            services.ask_refresh(by=Actor.staff(self.city.staff["handler"]), now=NOON)
        with pytest.raises(NotAllowed):
            services.ask_refresh(by=Actor.staff(self.city.staff["root"]), now=NOON)


class TestPages(RadarTest):
    def setUp(self):
        super().setUp()
        look()
        (self.finding,) = found("incomplete")
        self.client = client_of(self.city.staff["duty_manager"])

    def get(self, name="radar", *args, **query):
        return self.client.get(reverse(f"analytics:{name}", args=args), query)

    def test_the_list_shows_counts_by_kind_and_narrows_by_kind_and_state(self):
        page = self.get()
        counts = {one.kind: one.count for one in page.context["counts"]}
        assert counts[RadarKind.INCOMPLETE] == 2
        rows = self.get(kind="incomplete").context["page"].rows
        assert {row.kind for row in rows} == {"incomplete"}
        assert self.get(state="gone").context["page"].rows == []
        assert [row.kind for row in self.get(q="t01").context["page"].rows] == ["incomplete", "examples", "legal"]

    def test_what_was_set_aside_leaves_the_list_and_stands_under_its_state(self):
        address = reverse("analytics:radar_dismiss", args=[self.finding.pk])
        assert self.client.post(address, {"reason": ""}).status_code == 400
        assert self.client.post(address, {"reason": "试点"}).status_code == 302
        assert self.finding.pk not in {row.pk for row in self.get().context["page"].rows}
        assert [row.pk for row in self.get(state="dismissed").context["page"].rows] == [self.finding.pk]
        self.client.post(reverse("analytics:radar_reopen", args=[self.finding.pk]))
        assert self.finding.pk in {row.pk for row in self.get().context["page"].rows}

    def test_the_page_of_a_finding_explains_the_score(self):
        page = self.get("radar_finding", self.finding.pk)
        self.assertContains(page, "(0 件 + 1) × 该类权重 2 = 2")
        self.assertContains(page, reverse("dutylist:item", args=["T01"]))

    def test_a_draft_line_is_one_click_away_for_those_who_enter(self):
        new = NewBatch(title="梳理", owner_area_id=self.city.city.pk)
        batch = open_batch(new, by=self.manager, now=NOON)
        address = reverse("dutylist:line_new", args=[batch.number]) + "?code=T01"
        self.assertContains(self.get("radar_finding", self.finding.pk), address)
        assert self.client.get(address).status_code == 200
        reviewer = grant(make_staff("city_reviewer", self.city.centre), "duty_reviewer", self.city.centre)
        page = client_of(reviewer).get(reverse("analytics:radar_finding", args=[self.finding.pk]))
        assert page.status_code == 200
        self.assertNotContains(page, address)

    def test_the_list_is_exported_as_shown(self):
        answer = self.get(export="xlsx", kind="incomplete")
        book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
        rows = book.get_sheet_by_index(0).to_python()
        assert [row[2] for row in rows[1:]] == ["T01", "T02"]

    def test_the_button_asks_for_a_look(self):
        answer = self.client.post(reverse("analytics:radar_refresh"), follow=True)
        assert answer.context["waiting"] == RadarRun.objects.get(ended_at=None)
