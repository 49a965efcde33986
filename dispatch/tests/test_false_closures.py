"""虚假办结: what raises a doubt about a closing, who decides it, and what follows."""

from datetime import timedelta

import pytest

from dispatch.choices import ClockKind, ClockOutcome, DoubtKind, RoundJudge
from dispatch.models import Clock, ClosureCheck, Round
from dispatch.services import compare_some, decide_check, dispatch_awaiting, open_check, redo_case, scan_some
from dispatch.tests.after import DAY, HOUR, closed_case, make_people
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dispatch.text_prints import likeness, marks_of
from grid.models import AreaOutline
from intake.models import Case
from intake.services import link_cases
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry, Parameter
from shenzhen_gov.core.parameters import forget

pytestmark = pytest.mark.django_db
LATER = NOON + 3 * DAY


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def people(city):
    return make_people(city)


def reported_again(city, *, now=LATER, **given) -> Case:
    case = new_case(city, now=now, phone="13800138009", **given)
    dispatch_awaiting(by=SYSTEM, now=now)
    return case


class TestSameMatter:
    def test_the_same_matter_at_the_same_address_soon_after_raises_a_doubt(self, city, people):
        case = closed_case(city, people, address="民治大道1号")
        again = reported_again(city, address="民治大道1号", content="二楼楼道里又堆满了纸箱，担心失火。")
        assert compare_some(now=LATER + HOUR) == 2
        check = ClosureCheck.objects.get()
        assert (check.case_id, check.round, check.unit) == (case.pk, 1, city.stations[0][0][0])
        assert check.deciding_unit == check.unit.parent
        (reason,) = check.reasons
        assert (reason["kind"], reason["facts"]["case"]) == (DoubtKind.SAME_MATTER, again.number)
        clock = Clock.objects.get(case=case, kind=ClockKind.CLOSURE_CHECK)
        assert (clock.due_at, clock.outcome) == (check.due_at, ClockOutcome.RUNNING)
        assert AuditEntry.objects.filter(object_id=case.pk, action="closure.doubted").count() == 1

    def test_the_same_place_is_the_same_across_the_border_of_two_communities(self, city, people):
        here, beyond = city.communities[0][0][0], city.communities[0][1][0]
        outline = {"polygons": [], "south": 22.59, "north": 22.61, "imported_at": NOON}
        AreaOutline.objects.create(area=here, west=114.02, east=114.03, **outline)
        AreaOutline.objects.create(area=beyond, west=114.03, east=114.04, **outline)
        case = closed_case(city, people, longitude=114.0299, latitude=22.6)
        words = {"content": "二楼楼道里又堆满了纸箱，担心失火。", "area": beyond.code, "latitude": 22.6}
        reported_again(city, longitude=114.0395, **words)
        compare_some(now=LATER + HOUR)
        assert not ClosureCheck.objects.exists()
        reported_again(city, longitude=114.0301, **words)
        compare_some(now=LATER + HOUR)
        assert ClosureCheck.objects.get().case_id == case.pk

    def test_it_is_looked_for_once(self, city, people):
        closed_case(city, people, address="民治大道1号")
        reported_again(city, address="民治大道1号")
        compare_some(now=LATER)
        assert compare_some(now=LATER) == 0
        Round.objects.update(is_compared=False)
        compare_some(now=LATER)
        assert len(ClosureCheck.objects.get().reasons) == 1

    def test_a_second_report_adds_its_reason(self, city, people):
        closed_case(city, people, address="民治大道1号")
        for hour in range(2):
            reported_again(
                city, address="民治大道1号", now=LATER + hour * HOUR, content=f"楼道里堆满纸箱，第{hour}次。"
            )
        compare_some(now=LATER + 3 * HOUR)
        assert len(ClosureCheck.objects.get().reasons) == 2

    @pytest.mark.parametrize(
        ("given", "now"),
        [
            ({"address": "民治大道1号"}, NOON + 17 * DAY),  # too late
            ({"address": "民治大道1号", "item": "T02"}, LATER),  # another matter
            ({"longitude": 114.05, "latitude": 22.62}, LATER),  # the points lie a kilometre apart
        ],
    )
    def test_what_is_another_matter_place_or_time_raises_none(self, city, people, given, now):
        closed_case(city, people, address="民治大道1号", longitude=114.04, latitude=22.62)
        reported_again(city, now=now, **given)
        compare_some(now=now)
        assert not ClosureCheck.objects.exists()

    def test_points_within_reach_are_the_same_place(self, city, people):
        closed_case(city, people, longitude=114.04, latitude=22.62)
        reported_again(city, longitude=114.0405, latitude=22.62, content="楼道堆满纸箱没人管，担心失火")
        compare_some(now=LATER)
        assert ClosureCheck.objects.count() == 1

    def test_in_the_same_community_alone_the_words_must_be_much_alike(self, city, people):
        closed_case(city, people)
        reported_again(city, content="楼道里停了一辆电动车充电")
        compare_some(now=LATER)
        assert not ClosureCheck.objects.exists()
        reported_again(city, now=LATER + HOUR)
        compare_some(now=LATER + HOUR)
        assert ClosureCheck.objects.count() == 1


class TestTemplates:
    def test_near_copies_are_found_and_other_texts_are_not(self):
        one = marks_of("已安排工作人员于11月18日到场处理，问题已解决，感谢您的来电。")
        copy = marks_of("已安排工作人员于12月3日到场处理，问题已解决，感谢您的来电！")
        other = marks_of("路灯线路老化，已更换3盏灯具并通电，居民确认照明恢复。")
        assert likeness(one, copy) == 1.0
        assert likeness(one, other) < 0.2
        assert marks_of("123 456。") == []
        assert likeness([], []) == 0.0

    def test_a_report_that_reads_like_many_others_raises_a_doubt(self, city, people):
        text = "已安排工作人员到场处理，问题已解决。"
        cases = [
            closed_case(city, people, now=NOON + n * HOUR / 2, phone=f"1380013800{n}", text=text) for n in range(6)
        ]
        assert scan_some(now=NOON + 8 * HOUR) == 6
        check = ClosureCheck.objects.get()
        assert check.case_id == cases[5].pk
        assert check.reasons[0] == {
            "kind": DoubtKind.TEMPLATE,
            "facts": {"count": 5, "cases": [case.number for case in cases[4:1:-1]]},
        }
        assert scan_some(now=NOON + 8 * HOUR) == 0

    def test_linked_cases_are_one_piece_of_work(self, city, people):
        cases = [closed_case(city, people, now=NOON + n * HOUR / 2, phone=f"1380013800{n}") for n in range(6)]
        dispatcher = Actor.staff(city.staff["city_dispatcher"])
        for case in cases[1:]:
            link_cases(cases[0].pk, case.pk, by=dispatcher, now=NOON + 8 * HOUR)
        scan_some(now=NOON + 8 * HOUR)
        assert not ClosureCheck.objects.exists()

    def test_a_unit_is_not_flooded(self, city, people):
        Parameter.objects.filter(key="closure_check.same_reports").update(value=1)
        Parameter.objects.filter(key="closure_check.template_a_day").update(value=2)
        forget()
        for n in range(5):
            closed_case(city, people, now=NOON + n * HOUR / 2, phone=f"1380013800{n}")
        scan_some(now=NOON + 8 * HOUR)
        assert ClosureCheck.objects.count() == 2


class TestDeciding:
    @pytest.fixture
    def check(self, city, people) -> ClosureCheck:
        case = closed_case(city, people)
        return open_check(case.pk, 1, DoubtKind.SAME_MATTER, {"case": "x", "score": 0.9}, now=LATER)

    def test_confirmed_is_done_again_and_counts(self, check, people):
        decide_check(check.pk, confirmed=True, opinion="现场仍堆满纸箱", by=people.street, now=LATER + HOUR)
        case = Case.objects.get(pk=check.case_id)
        assert (case.state, case.round) == ("in_handling", 2)
        assert Round.objects.get(case=case, number=1).judged_by == RoundJudge.CHECK
        assert ClosureCheck.objects.filter(unit=check.unit, state="confirmed").count() == 1
        assert Clock.objects.get(case=case, kind=ClockKind.CLOSURE_CHECK).outcome == ClockOutcome.MET

    def test_dismissed_leaves_the_case_closed_and_needs_a_reason(self, check, people):
        with pytest.raises(BadInput) as refused:
            decide_check(check.pk, confirmed=False, opinion=" ", by=people.street, now=LATER)
        assert refused.value.field == "opinion"
        decide_check(check.pk, confirmed=False, opinion="不同楼栋，已核实", by=people.street, now=LATER)
        case = Case.objects.get(pk=check.case_id)
        assert (case.state, case.round) == ("closed", 1)

    def test_two_people_at_once_one_wins(self, check, people):
        decide_check(check.pk, confirmed=False, opinion="已核实", by=people.street, now=LATER)
        with pytest.raises(IllegalMove):
            decide_check(check.pk, confirmed=True, opinion="未办", by=people.district, now=LATER)

    def test_a_reason_added_meanwhile_is_seen_first(self, check, people):
        open_check(check.case_id, 1, DoubtKind.NOT_SOLVED, {"call_back": 1}, now=LATER)
        with pytest.raises(StalePage):
            decide_check(
                check.pk, confirmed=False, opinion="已核实", by=people.street, now=LATER, row_version=check.row_version
            )

    def test_the_unit_itself_does_not_decide(self, city, check, people):
        with pytest.raises(NotAllowed):
            decide_check(check.pk, confirmed=False, opinion="已办结", by=people.secretary, now=LATER)
        outsider = Actor.staff(city.staff["other_handler"])
        with pytest.raises(OutOfSight):
            decide_check(check.pk, confirmed=False, opinion="已办结", by=outsider, now=LATER)

    def test_a_decided_doubt_is_not_raised_again(self, check, people):
        decide_check(check.pk, confirmed=False, opinion="已核实", by=people.street, now=LATER)
        assert open_check(check.case_id, 1, DoubtKind.SAME_MATTER, {"case": "x", "score": 0.9}, now=LATER) is None
        assert open_check(check.case_id, 1, DoubtKind.SAME_MATTER, {"case": "y", "score": 0.9}, now=LATER) is not None

    def test_a_case_that_went_on_counts_and_is_not_done_again_twice(self, check, people):
        redo_case(check.case_id, reason="督办", by=people.supervisor, now=LATER + timedelta(minutes=1))
        decide_check(check.pk, confirmed=True, opinion="属实", by=people.street, now=LATER + HOUR)
        assert Case.objects.get(pk=check.case_id).round == 2
