"""The desk of a unit, and the desk of a reviewer."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from dispatch.models import WorkOrder
from dispatch.selectors import TABS, Units, count_tabs, of_units
from dispatch.services import approve
from dispatch.tests.desks import client_of, dispatched, page_of, reported
from dispatch.tests.world import NOON, make_world
from dispatch.workflow import HANDLING, PENDING_SIGN
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def secretary(city):
    return city.staff["community_secretary"]


def titles(response):
    return [row.case.title for row in response.context["rows"]]


class TestTheDoor:
    def test_leads_to_log_in_without_a_user(self):
        assert page_of(None, "queue").url.startswith(reverse("login"))

    def test_says_which_role_it_takes(self, city):
        response = page_of(city.staff["reviewer"], "queue", language="en")
        assert response.status_code == 403
        assert "Handle work orders" in response.content.decode()

    def test_is_closed_to_a_superuser_without_roles(self, city):
        assert page_of(city.staff["root"], "queue").status_code == 403

    def test_of_the_review_desk_is_closed_to_handlers(self, city, secretary):
        assert page_of(city.staff["handler"], "review").status_code == 403

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_opens_in_both_languages(self, city, secretary, language):
        dispatched(city, 1, now=NOON)
        for user, name in ((secretary, "queue"), (city.staff["reviewer"], "review")):
            assert page_of(user, name, language=language).status_code == 200


class TestTheList:
    def test_shows_the_work_orders_of_ones_own_units_only(self, city, secretary):
        dispatched(city, 1, now=NOON, title="本社区")
        dispatched(city, 1, now=NOON, title="邻社区", area=city.communities[0][0][1].code)
        dispatched(city, 1, now=NOON, title="别区", area=city.communities[1][0][0].code)
        assert titles(page_of(secretary, "queue", tab="sign")) == ["本社区"]

    def test_leaves_out_what_is_seen_but_not_handled(self, city):
        """The bureau's work order lies in the community's area: the secretary sees the case, it is not her work."""
        dispatched(city, 1, now=NOON, item="T02", title="路灯")
        assert titles(page_of(city.staff["community_secretary"], "queue", tab="sign")) == []
        assert titles(page_of(city.staff["handler"], "queue", tab="sign")) == ["路灯"]

    def test_has_red_on_top(self, city, secretary):
        dispatched(city, 1, now=NOON, title="普通")
        late = dispatched(city, 1, now=NOON, title="先到期")[0]
        WorkOrder.objects.filter(pk=late.pk).update(next_due_at=NOON - timedelta(hours=5))
        assert titles(page_of(secretary, "queue", tab="sign"))[0] == "先到期"

    def test_shows_a_script_as_text(self, city, secretary):
        dispatched(city, 1, now=NOON, title=SCRIPT, content=SCRIPT)
        text = page_of(secretary, "queue", tab="sign").content.decode()
        assert SCRIPT not in text
        assert "&lt;script&gt;" in text

    def test_can_be_narrowed_by_the_tail_of_a_number(self, city, secretary):
        orders = dispatched(city, 3, now=NOON)
        tail = orders[1].case.number[-6:]
        response = page_of(secretary, "queue", tab="sign", q=tail)
        assert [row.pk for row in response.context["rows"]] == [orders[1].pk]

    def test_can_be_narrowed_to_a_unit_below_but_not_to_a_foreign_one(self, city):
        boss = grant(make_staff("boss", city.offices[0][0]), "community_secretary", city.offices[0][0])
        dispatched(city, 1, now=NOON)
        dispatched(city, 1, now=NOON, area=city.communities[0][0][1].code)
        one = page_of(boss, "queue", tab="sign", unit=city.stations[0][0][1].name)
        assert [row.unit_id for row in one.context["rows"]] == [city.stations[0][0][1].pk]
        foreign = page_of(boss, "queue", tab="sign", unit=city.stations[1][0][0].name)
        assert foreign.context["rows"] == []

    def test_of_the_whole_city_holds_every_unit_and_no_report_that_nobody_reviews(self, city):
        boss = make_staff("boss", city.centre)
        for role in ("community_secretary", "reviewer"):
            grant(boss, role, city.centre)
        dispatched(city, 1, now=NOON)
        dispatched(city, 1, now=NOON, area=city.communities[1][0][0].code)
        assert len(page_of(boss, "queue", tab="sign").context["rows"]) == 2
        assert page_of(boss, "review").context["rows"] == []


class TestTheTabs:
    def test_count_what_they_list(self, city, secretary):
        orders = dispatched(city, 4, now=NOON)
        WorkOrder.objects.filter(pk=orders[0].pk).update(state=HANDLING, next_due_at=NOON - timedelta(days=1))
        WorkOrder.objects.filter(pk=orders[1].pk).update(round=2)
        now = NOON + timedelta(minutes=5)
        rows = of_units(Units(everywhere=False, ids=(secretary.unit_id,)))
        counts = count_tabs(TABS, rows, now, secretary)
        assert counts == {"sign": 3, "handling": 1, "warned": 0, "overdue": 1, "redo": 1, "elsewhere": 0}
        for tab in TABS:
            if tab.counted:
                assert tab.rows(rows, now).count() == counts[tab.code]

    def test_cost_one_query_together(self, city, secretary):
        rows = of_units(Units(everywhere=False, ids=(secretary.unit_id,)))
        with CaptureQueriesContext(connection) as queries:
            count_tabs(TABS, rows, NOON, secretary)
        assert len(queries) == 1

    def test_without_a_unit_are_empty(self, city, secretary):
        assert set(count_tabs(TABS, of_units(Units(everywhere=False)), NOON, secretary).values()) == {0}

    def test_open_on_the_reddest_that_has_rows(self, city, secretary):
        orders = dispatched(city, 2, now=timezone.now())
        assert page_of(secretary, "queue").context["tab"].code == "sign"
        WorkOrder.objects.filter(pk=orders[0].pk).update(next_due_at=timezone.now() - timedelta(hours=1))
        assert page_of(secretary, "queue").context["tab"].code == "overdue"

    def test_keep_what_was_reported_findable(self, city, secretary):
        order = dispatched(city, 1, now=NOON)[0]
        reported(city, order, now=NOON + timedelta(hours=1))
        assert titles(page_of(secretary, "queue", tab="elsewhere")) == [order.case.title]


class TestTheCost:
    @pytest.mark.parametrize("name", ["queue", "review"])
    def test_is_the_same_for_3_and_30_rows(self, city, name):
        user = city.staff["community_secretary" if name == "queue" else "reviewer"]
        query = {"tab": "sign" if name == "queue" else "waiting"}
        counts = []
        for more in (3, 27):
            orders = dispatched(city, more, now=NOON)
            if name == "review":
                for order in orders:
                    reported(city, order, now=NOON + timedelta(hours=1))
            client = client_of(user)
            client.get(reverse(f"dispatch:{name}"))  # the shell remembers who this is
            with CaptureQueriesContext(connection) as queries:
                response = client.get(reverse(f"dispatch:{name}"), query)
            counts.append((len(response.context["rows"]), len(queries)))
        assert [rows for rows, _ in counts] == [3, 30]
        assert counts[0][1] == counts[1][1] <= 12


class TestPaging:
    def test_shows_every_row_once_in_the_order_of_the_deadlines(self, city, secretary, monkeypatch):
        monkeypatch.setattr("dispatch.views.queue.PAGE_SIZE", 3)
        orders = dispatched(city, 8, now=NOON)
        WorkOrder.objects.filter(pk=orders[7].pk).update(next_due_at=NOON)
        seen, query = [], {"tab": "sign"}
        while True:
            page = page_of(secretary, "queue", **query).context["pager"]
            seen += [row.pk for row in page.rows]
            if page.next is None:
                break
            query["cursor"] = page.next
        assert seen == [orders[7].pk, *(order.pk for order in orders[:7])]

    def test_names_a_damaged_address(self, city, secretary):
        response = page_of(secretary, "queue", language="en", tab="sign", cursor="made-up")
        assert response.status_code == 400
        assert "damaged" in response.content.decode()


class TestTheExport:
    def test_holds_what_the_tab_shows(self, city, secretary):
        orders = dispatched(city, 3, now=NOON, title="=1+1")
        response = page_of(secretary, "queue", tab="sign", export="xlsx", q=orders[1].case.number[-5:])
        book = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
        rows = book.get_sheet_by_index(0).to_python()
        assert [row[0] for row in rows[1:]] == [orders[1].number]
        assert "=1+1" in rows[1]


class TestSigningMany:
    def test_signs_what_was_ticked(self, city, secretary):
        orders = dispatched(city, 3, now=NOON)
        response = client_of(secretary).post(
            reverse("dispatch:sign_many"), {"ids": [orders[0].pk, orders[1].pk], "next": "/dispatch/queue/?tab=sign"}
        )
        assert response.url == "/dispatch/queue/?tab=sign"
        assert list(WorkOrder.objects.order_by("pk").values_list("state", flat=True)) == [
            HANDLING,
            HANDLING,
            PENDING_SIGN,
        ]

    def test_signs_nothing_when_one_is_refused_and_names_it(self, city, secretary):
        orders = dispatched(city, 2, now=NOON)
        client = client_of(secretary)
        client.post(reverse("dispatch:sign_many"), {"ids": [orders[0].pk]})
        page = client.post(reverse("dispatch:sign_many"), {"ids": [order.pk for order in orders]}, follow=True)
        assert orders[0].number in page.content.decode()
        orders[1].refresh_from_db()
        assert orders[1].state == PENDING_SIGN

    def test_never_reaches_into_another_district(self, city):
        order = dispatched(city, 1, now=NOON)[0]
        response = client_of(city.staff["other_secretary"]).post(reverse("dispatch:sign_many"), {"ids": [order.pk]})
        assert response.status_code == 404
        order.refresh_from_db()
        assert order.state == PENDING_SIGN

    def test_says_so_when_nothing_is_ticked(self, city, secretary):
        page = client_of(secretary, "en").post(reverse("dispatch:sign_many"), follow=True)
        assert "Tick the work orders" in page.content.decode()

    def test_returns_to_our_own_pages_only(self, city, secretary):
        order = dispatched(city, 1, now=NOON)[0]
        response = client_of(secretary).post(
            reverse("dispatch:sign_many"), {"ids": [order.pk], "next": "https://example.org/"}
        )
        assert response.url == reverse("dispatch:queue")


class TestReviews:
    def test_list_what_waits_at_ones_own_level(self, city):
        order = reported(city, dispatched(city, 1, now=NOON, title="待审")[0], now=NOON + timedelta(hours=1))
        assert order.review_unit == city.offices[0][0]
        assert titles(page_of(city.staff["reviewer"], "review")) == ["待审"]
        other = grant(make_staff("other_reviewer", city.offices[1][0]), "reviewer", city.offices[1][0])
        assert titles(page_of(other, "review")) == []

    def test_leave_the_list_when_they_are_done(self, city):
        order = reported(city, dispatched(city, 1, now=NOON)[0], now=NOON + timedelta(hours=1))
        by = Actor.staff(city.staff["reviewer"])
        approve(order.pk, opinion="同意", by=by, now=NOON + timedelta(hours=2))
        assert titles(page_of(city.staff["reviewer"], "review")) == []
        assert titles(page_of(city.staff["district_reviewer"], "review")) == [order.case.title]
