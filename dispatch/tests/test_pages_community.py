"""The community desk: whose it is, what it counts, how heavy it is; taking back and kept reports by its pages."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dispatch import services
from dispatch.forms import ReportForm
from dispatch.models import Report, WorkOrder
from dispatch.selectors import Place, get_own_units, get_phone_bar, get_tiles
from dispatch.tests.desks import PNG, client_of, dispatched, page_of, reported
from dispatch.tests.world import NOON, SYSTEM, make_world
from grid.models import Unit
from grid.services.cells import NewCell, create_cells
from grid.tests.factories import grant, make_staff
from intake.services.evaluations import Scores, evaluate_case
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
LIGHT = 100_000  # bytes of a page on a slow line, without photos
MINUTE = timedelta(minutes=1)


@pytest.fixture
def city():
    cache.clear()
    return make_world()


@pytest.fixture
def secretary(city):
    return city.staff["community_secretary"]


def signed_now(city, count=1):
    """Return work orders that the secretary signed a moment ago, with the browser that did."""
    orders = dispatched(city, count, now=timezone.now() - timedelta(hours=1))
    browser = client_of(city.staff["community_secretary"], "en")
    browser.post(reverse("dispatch:sign_many"), {"ids": [order.pk for order in orders], "next": desk_address()})
    return orders, browser


def desk_address():
    return reverse("dispatch:community")


class TestTheDesk:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_opens_in_both_languages_with_the_queue(self, city, secretary, language):
        dispatched(city, 2, now=NOON)
        response = page_of(secretary, "community", language=language, tab="sign")
        assert response.status_code == 200
        assert len(response.context["rows"]) == 2

    def test_is_for_those_who_plan_the_grids_work(self, city):
        assert page_of(city.staff["reviewer"], "community").status_code == 403
        assert page_of(city.staff["handler"], "community").status_code == 403

    def test_shows_ones_own_work_orders_only(self, city, secretary):
        dispatched(city, 1, now=NOON, area=city.communities[0][0][1].code)
        assert page_of(secretary, "community", tab="sign").context["rows"] == []

    def test_opens_for_a_subdistrict_with_the_work_of_its_communities(self, city):
        office = city.offices[0][0]
        officer = grant(make_staff("officer_street", office), "subdistrict_officer", office)
        dispatched(city, 1, now=NOON)
        assert len(page_of(officer, "community", tab="sign").context["rows"]) == 1

    def test_weighs_little_with_a_full_page(self, city, secretary):
        dispatched(city, 26, now=NOON)
        response = page_of(secretary, "community", tab="sign")
        assert len(response.context["rows"]) == 25
        assert len(response.content) < LIGHT

    def test_blocks_on_no_script_and_carries_none_within(self, city, secretary):
        text = page_of(secretary, "community").content.decode()
        scripts = text.split("<script")[1:]
        assert scripts
        assert all(" defer></script>" in script.split("\n")[0] for script in scripts)

    def test_has_scripts_that_are_small(self):
        for name in ("kept_reports", "photos", "desk"):
            assert Path(finders.find(f"js/dispatch/{name}.js")).stat().st_size < 12_000

    def test_costs_the_same_with_3_and_30_rows(self, city, secretary):
        counts = []
        for more in (3, 27):
            dispatched(city, more, now=NOON)
            browser = client_of(secretary)
            browser.get(desk_address())
            with CaptureQueriesContext(connection) as queries:
                browser.get(desk_address(), {"tab": "sign"})
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestTheCounts:
    def tiles(self, user, now=NOON):
        return {one.icon: one for one in get_tiles(Place(user, get_own_units(user), now))}

    def test_tell_what_came_by_qr_code_and_is_open(self, city, secretary):
        dispatched(city, 2, now=NOON, channel="scan")
        dispatched(city, 1, now=NOON)
        assert self.tiles(secretary)["qr"].figure == "2"

    def test_know_nothing_of_other_communities(self, city):
        dispatched(city, 2, now=NOON, channel="scan")
        assert self.tiles(city.staff["other_secretary"])["qr"].figure == "0"

    def test_stand_at_the_thumb_only_where_a_page_exists_and_is_open(self, secretary, city):
        views = [one.view for one in get_phone_bar(secretary)]
        assert "dispatch:community" in views
        assert get_phone_bar(city.staff["reviewer"]) == []


class TestTheWeek:
    def close(self, city, order, *, now):
        order = reported(city, order, now=now)
        services.approve(order.pk, by=Actor.staff(city.staff["reviewer"]), now=now + MINUTE)
        services.approve(order.pk, by=Actor.staff(city.staff["district_reviewer"]), now=now + 2 * MINUTE)
        return order

    def week(self, user, now):
        cache.clear()
        place = Place(user, get_own_units(user), now)
        return place, {one.unit_id: one for one in place.week}

    def test_counts_what_was_finished_since_monday_on_time_and_satisfied(self, city, secretary):
        orders = dispatched(city, 3, now=NOON)
        self.close(city, orders[0], now=NOON + timedelta(hours=1))
        self.close(city, orders[1], now=NOON + timedelta(hours=2))
        evaluate_case(orders[0].case_id, Scores(5), via="link", by=Actor.citizen("link"), now=NOON + timedelta(hours=3))
        place, weeks = self.week(secretary, NOON + timedelta(hours=4))
        own = weeks[secretary.unit_id]
        assert (own.done, own.on_time.part, own.on_time.whole) == (2, 2, 2)
        assert (own.contacted.part, own.contacted.whole) == (2, 2)
        assert (own.evaluated.part, own.evaluated.whole) == (1, 2)
        assert (own.satisfied.part, own.satisfied.whole) == (1, 1)
        assert (own.rank, place.own.pk) == (1, secretary.unit_id)

    def test_counts_late_work_as_late(self, city, secretary):
        order = dispatched(city, 1, now=NOON)[0]
        late = NOON + timedelta(days=60)
        self.close(city, order, now=late)
        _place, weeks = self.week(secretary, late + timedelta(hours=1))
        assert (weeks[secretary.unit_id].on_time.percent, weeks[secretary.unit_id].contacted.percent) == (0.0, 0.0)

    def test_forgets_the_weeks_before(self, city, secretary):
        self.close(city, dispatched(city, 1, now=NOON)[0], now=NOON + timedelta(hours=1))
        _place, weeks = self.week(secretary, NOON + timedelta(days=8))
        assert weeks[secretary.unit_id].done == 0

    def test_names_the_communities_of_ones_own_subdistrict_and_no_other(self, city, secretary):
        _place, weeks = self.week(secretary, NOON)
        assert set(weeks) == {unit.pk for unit in city.stations[0][0]}

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_has_a_page_in_both_languages(self, secretary, language):
        response = page_of(secretary, "community_week", language=language)
        assert response.status_code == 200
        assert secretary.unit.home_area.short_name in response.content.decode()

    def test_has_nothing_to_compare_above_a_subdistrict(self, city):
        manager = grant(make_staff("manager", city.centres[0]), "grid_manager", city.centres[0])
        assert "No communities to compare" in page_of(manager, "community_week", language="en").content.decode()


class TestTakingBack:
    def test_is_offered_after_signing_many_and_undoes_all_of_it(self, city):
        orders, browser = signed_now(city, 2)
        page = browser.get(desk_address())
        assert page.context["undo"].ids == [order.pk for order in orders]
        assert 'data-undo="' in page.content.decode()
        browser.post(reverse("dispatch:undo"), {"ids": page.context["undo"].ids, "next": desk_address()})
        assert set(WorkOrder.objects.values_list("state", flat=True)) == {"pending_sign"}

    def test_is_offered_on_the_case_to_who_did_it_only(self, city):
        orders, browser = signed_now(city)
        address = reverse("dispatch:case", args=[orders[0].case.number])
        assert "data-undo" in browser.get(address).content.decode()
        colleague = grant(make_staff("colleague", orders[0].unit), "community_secretary", orders[0].unit)
        assert "data-undo" not in client_of(colleague).get(address).content.decode()

    def test_is_not_offered_after_the_minute(self, city, secretary):
        order = dispatched(city, 1, now=timezone.now() - timedelta(hours=1))[0]
        services.sign(order.pk, by=Actor.staff(secretary), now=timezone.now() - 2 * MINUTE)
        assert page_of(secretary, "community").context["undo"] is None

    def test_of_a_report_leaves_its_words_in_the_form(self, city):
        orders, browser = signed_now(city)
        by = Actor.staff(city.staff["community_secretary"])
        services.record_contact(orders[0].pk, way="phone", result="reached", by=by, now=timezone.now())
        services.report(orders[0].pk, text="两车纸箱已清走。", told_way="phone", by=by, now=timezone.now())
        browser.post(reverse("dispatch:undo"), {"ids": [orders[0].pk]})
        page = browser.get(reverse("dispatch:case", args=[orders[0].case.number]), {"do": "report"})
        assert page.context["form"].initial["text"] == "两车纸箱已清走。"

    def test_says_why_it_is_refused(self, city):
        orders, browser = signed_now(city)
        by = Actor.staff(city.staff["community_secretary"])
        services.record_contact(orders[0].pk, way="phone", result="reached", by=by, now=timezone.now())
        page = browser.post(reverse("dispatch:undo"), {"ids": [orders[0].pk], "next": desk_address()}, follow=True)
        assert "it stays as it is" in page.content.decode()

    @pytest.mark.parametrize("ids", [[], ["x"], ["9" * 40], ["\x00"], ["１"]])
    def test_of_nonsense_changes_nothing(self, city, ids):
        orders, browser = signed_now(city)
        assert browser.post(reverse("dispatch:undo"), {"ids": ids}).status_code == 302
        orders[0].refresh_from_db()
        assert orders[0].state == "handling"


class TestAKeptReport:
    @pytest.fixture
    def ready(self, city, secretary):
        order = dispatched(city, 1, now=timezone.now() - timedelta(hours=2))[0]
        by = Actor.staff(secretary)
        services.sign(order.pk, by=by, now=timezone.now() - timedelta(hours=1))
        services.record_contact(order.pk, way="phone", result="reached", by=by, now=timezone.now() - 30 * MINUTE)
        order.refresh_from_db()
        return order

    def send(self, order, user, **changed):
        given = {"text": "已清走。", "told_way": "phone", "once": "phone-1", "row_version": order.row_version} | changed
        given["after"] = SimpleUploadedFile("after.png", PNG, "image/png")
        address = reverse("dispatch:act", args=[order.pk, "report"])
        return client_of(user, "en").post(address, given, headers={"Accept": "application/json"})

    def test_counts_once_and_is_answered_the_same_again(self, ready, secretary):
        first, second = self.send(ready, secretary), self.send(ready, secretary)
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json() == second.json()
        assert Report.objects.count() == 1

    def test_is_told_the_version_of_the_day_when_the_case_has_changed(self, ready, secretary):
        answer = self.send(ready, secretary, row_version=1)
        assert answer.status_code == 409
        assert answer.json()["row_version"] == ready.row_version
        assert self.send(ready, secretary, row_version=answer.json()["row_version"]).status_code == 200

    def test_is_told_what_is_wrong_with_it(self, ready, secretary):
        answer = self.send(ready, secretary, text="")
        assert (answer.status_code, answer.json()["error"]) == (422, "Say what was done.")

    def test_is_written_beside_the_closing_criteria(self, ready):
        given = {"text": "已清走。", "told_way": "phone", "row_version": ready.row_version, "criteria": ["1"]}
        form = ReportForm(given, work_order=ready, criteria=["通道畅通", "已告知"])
        assert form.is_valid()
        assert [text for _number, text in form.fields["criteria"].choices] == ["通道畅通", "已告知"]
        assert "criteria" not in form.given()

    def test_of_somebody_elses_work_order_is_not_found(self, city, ready):
        assert self.send(ready, city.staff["other_secretary"]).status_code == 404

    @pytest.mark.parametrize("key", ["x" * 101, "\x07", "钥匙"])
    def test_with_a_bad_key_is_refused(self, ready, secretary, key):
        assert self.send(ready, secretary, once=key).status_code == 409
        assert Report.objects.count() == 0


class TestHandingToAGridOfficer:
    @pytest.fixture
    def teams(self, city):
        code = city.communities[0][0][0].code
        rows = [NewCell(f"{code}{number:02d}", f"网格{number:02d}", code) for number in (1, 2)]
        create_cells(rows, source="test", by=SYSTEM, now=NOON)
        return [Unit.objects.get(code=f"cell-{row.code}") for row in rows]

    def form(self, city, order):
        secretary = city.staff["community_secretary"]
        services.sign(order.pk, by=Actor.staff(secretary), now=NOON + MINUTE)
        return page_of(secretary, "case", order.case.number, do="hand_down").context["form"]

    def test_offers_the_team_of_the_house_code_first_with_who_walks_it(self, city, teams):
        make_staff("walker", teams[1])
        code = f"{city.communities[0][0][0].code}0200001"
        order = dispatched(city, 1, now=NOON, house_code=code)[0]
        form = self.form(city, order)
        assert form.initial["unit_id"] == teams[1].pk
        assert form.fields["unit_id"].choices[1] == (teams[1].pk, f"{teams[1].name} · walker")

    def test_offers_all_teams_where_the_place_is_not_known_so_well(self, city, teams):
        form = self.form(city, dispatched(city, 1, now=NOON)[0])
        assert [pk for pk, _name in form.fields["unit_id"].choices[1:]] == [team.pk for team in teams]

    def test_quotes_the_own_list_beside_the_case(self, city, secretary):
        order = dispatched(city, 1, now=NOON)[0]
        assert (
            reverse("dispatch:own_list", args=[order.pk])
            in page_of(secretary, "case", order.case.number).content.decode()
        )
        text = page_of(secretary, "own_list", order.pk, language="en").content.decode()
        assert "T01" in text
        assert "do=refuse_entry" in text
