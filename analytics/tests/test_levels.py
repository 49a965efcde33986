"""The four levels: figures that add up, counted by hand; each one's territory; the cases behind each figure."""

from dataclasses import asdict
from datetime import timedelta

from django.core.cache import cache
from django.test import TestCase
from django.urls import reverse

from analytics.selectors import Figures, get_levels, home_area
from dispatch.models import Round, WorkOrder
from dispatch.selectors import loads
from dispatch.services import dispatch_awaiting
from dispatch.tests.desks import client_of, dispatched
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.models import Area
from grid.services import NewCell, create_cells
from grid.tests.factories import grant, make_staff
from intake.models import Case

LATER = NOON + timedelta(hours=1)


class FourLevels(TestCase):
    """Three cases in the first community, two in the second district, one nowhere."""

    @classmethod
    def setUpTestData(cls):
        cls.city = city = make_world()
        cls.community = city.communities[0][0][0]
        cls.orders = dispatched(city, 3, now=NOON)
        dispatched(city, 2, now=NOON, area=city.communities[1][1][0].code, phone="13800138001")
        cls.nowhere = new_case(city, now=NOON, area="", content="不知在何处", phone="13800138002")

    def setUp(self):
        cache.clear()

    def row(self, area: Area, code: str, now=LATER) -> Figures:
        return next(row.figures for row in get_levels(area, now).rows if row.code == code)

    def test_the_areas_below_and_the_rest_add_up_to_the_area_at_every_level(self):
        for chain in ((self.city.city, self.city.districts[0]), (self.city.districts[0], self.city.streets[0][0])):
            above, below = (get_levels(area, LATER) for area in chain)
            told = next(row.figures for row in above.rows if row.code == chain[1].code)
            assert asdict(told) == asdict(below.total)

    def test_what_is_open_is_counted_once_wherever_it_stands(self):
        city = get_levels(self.city.city, LATER)
        assert city.total.open == Case.objects.open().count() == 6
        assert self.row(self.city.city, "440309").open == 3
        assert self.row(self.city.city, "440310").open == 2
        rest = next(row for row in city.rows if row.is_rest)
        assert rest.figures.open == 1

    def test_due_today_and_overdue_go_by_the_next_deadline(self):
        order = self.orders[0]
        WorkOrder.objects.filter(pk=order.pk).update(next_due_at=LATER - timedelta(minutes=1))
        WorkOrder.objects.filter(pk=self.orders[1].pk).update(next_due_at=loads.day_end(LATER) - timedelta(minutes=1))
        WorkOrder.objects.filter(pk=self.orders[2].pk).update(next_due_at=loads.day_end(LATER))
        found = self.row(self.city.streets[0][0], self.community.code)
        assert (found.open, found.due_today, found.overdue) == (3, 1, 1)

    def test_what_was_closed_this_week_is_counted_with_its_deadline_and_verdict(self):
        at = loads.week_start(LATER) + timedelta(hours=1)
        late, good, before = (order.case_id for order in self.orders)
        WorkOrder.objects.update(state="done", ended_at=at)
        Case.objects.filter(pk=late).update(state="closed", closed_at=at, due_at=at - timedelta(hours=1))
        Case.objects.filter(pk=good).update(state="archived", closed_at=at, due_at=at)
        Case.objects.filter(pk=before).update(state="closed", closed_at=at - timedelta(hours=2), due_at=at)
        Round.objects.filter(case=good).update(satisfied=True)
        Round.objects.filter(case=before).update(satisfied=False)
        found = self.row(self.city.streets[0][0], self.community.code)
        assert (found.closed, found.late, found.measured, found.rated, found.satisfied) == (2, 1, 2, 1, 1)
        assert (found.on_time_share, found.satisfaction, found.rated_share) == (50, 100, 50)

    def test_a_void_case_was_not_closed_and_shares_of_nothing_are_none(self):
        Case.objects.filter(pk=self.orders[0].case_id).update(state="void", closed_at=LATER, due_at=LATER)
        found = self.row(self.city.streets[0][0], self.community.code)
        assert found.closed == 0
        assert found.on_time_share is found.satisfaction is found.rated_share is None

    def test_each_figure_counts_what_the_list_behind_it_shows(self):
        WorkOrder.objects.filter(pk=self.orders[0].pk).update(next_due_at=LATER - timedelta(minutes=1))
        at = loads.week_start(LATER) + timedelta(hours=1)
        Case.objects.filter(pk=self.orders[1].case_id).update(state="closed", closed_at=at, due_at=at)
        WorkOrder.objects.filter(pk=self.orders[1].pk).update(state="done")
        Round.objects.filter(case=self.orders[1].case_id).update(satisfied=True)
        total = get_levels(self.city.city, LATER).total
        for figure in loads.FIGURES:
            assert loads.cases_behind(figure, Case.objects.all(), LATER).count() == getattr(total, figure), figure
        assert not loads.cases_behind("x' OR 1", Case.objects.all(), LATER).exists()

    def test_cells_are_counted_below_their_community(self):
        code = f"{self.city.communities[0][0][0].code}01"
        if len(self.community.code) != 12:
            Area.objects.filter(pk=self.community.pk).update(code="440309001001")
            code = "44030900100101"
        (cell,) = create_cells([NewCell(code, "一格", code[:12])], source="test", by=SYSTEM, now=NOON)
        Case.objects.filter(pk=self.orders[0].case_id).update(area=cell)
        WorkOrder.objects.filter(pk=self.orders[0].pk).update(area=cell)
        community = Area.objects.get(pk=self.community.pk)
        found = get_levels(community, LATER)
        assert [(row.is_rest, row.figures.open) for row in found.rows] == [(False, 1), (True, 2)]

    def test_figures_are_kept_for_a_minute(self):
        before = get_levels(self.city.city, LATER).total.open
        new_case(self.city, now=LATER, phone="13800138003")
        assert get_levels(self.city.city, LATER).total.open == before


class PagesOfLevels(TestCase):
    """Who opens what, and what a page shows."""

    @classmethod
    def setUpTestData(cls):
        cls.city = city = make_world()
        dispatched(city, 2, now=NOON)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        cls.leader = grant(make_staff("district_leader", city.centres[0]), "leader", city.centres[0])

    def setUp(self):
        cache.clear()

    def page(self, user, code: str, **query):
        return client_of(user, "en").get(reverse("analytics:level", args=[code]), query)

    def test_who_answers_for_a_district_begins_there_and_goes_nowhere_else(self):
        first, second = self.city.districts
        assert home_area(self.leader) == first
        answer = client_of(self.leader).get(reverse("analytics:levels"))
        assert answer.url == reverse("analytics:level", args=[first.code])
        assert self.page(self.leader, first.code).status_code == 200
        assert self.page(self.leader, self.city.streets[0][1].code).status_code == 200
        for code in (self.city.city.code, second.code, self.city.streets[1][0].code, "0", "%00", "\ud800x"[1:]):
            assert self.page(self.leader, code).status_code == 404, code

    def test_who_only_handles_cases_is_told_which_role_is_needed(self):
        handler = grant(make_staff("clerk", self.city.centres[0]), "handler", self.city.centres[0])
        answer = self.page(handler, self.city.districts[0].code)
        assert answer.status_code == 403
        assert "See figures" in answer.content.decode()

    def test_the_crumbs_lead_up_to_the_widest_area_of_ones_own(self):
        answer = self.page(self.leader, self.city.communities[0][0][0].code)
        crumbs = [name for name, _address in answer.context["parents"]]
        assert crumbs == [self.city.districts[0].name, self.city.streets[0][0].name]

    def test_a_figure_leads_to_its_cases(self):
        answer = self.page(self.leader, self.city.streets[0][0].code)
        address = f"{reverse('dispatch:cases')}?figure=open&within={self.city.communities[0][0][0].code}"
        assert address.replace("&", "&amp;") in answer.content.decode()
        listed = client_of(self.leader).get(address)
        assert len(listed.context["page"].rows) == 2
        other = client_of(self.leader).get(reverse("dispatch:cases"), {"within": self.city.districts[1].code})
        assert not other.context["page"].rows

    def test_columns_are_sorted_and_nonsense_is_not(self):
        codes = [one.code for one in self.city.communities[0][0]]
        for sort, expected in (("-open", codes), ("open", codes[::-1]), ("x", codes), ("-__class__", codes)):
            answer = self.page(self.leader, self.city.streets[0][0].code, sort=sort)
            assert [line.row.code for line in answer.context["lines"] if not line.row.is_rest] == expected, sort
