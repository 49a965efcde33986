"""Up the line: every clock that is due is met once, none twice, none too early; unassigned cases are not exempt."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from dispatch.clocks import ClockBook
from dispatch.models import CircularLine, Clock, ClockRule, Escalation, EscalationRule, Urge
from dispatch.services import dispatch_awaiting, escalate, sign, start_waiting, tell_escalations
from dispatch.tasks import escalate as sweep
from dispatch.tests.desks import client_of, dispatched, reported
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.models import Message
from intake.models import Case
from intake.services import withdraw_case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.kept import forget_all
from shenzhen_gov.core.models import AuditEntry, CalendarYear
from shenzhen_gov.core.worktime import SHANGHAI

pytestmark = pytest.mark.django_db
HEADER = "clock,stage,days,whom,what,effective_from,source"


@pytest.fixture
def city():
    made = make_world()
    call_command("load_message_templates", stdout=StringIO())
    forget_all()
    return made


def at(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{time}").replace(tzinfo=SHANGHAI)


def run(now, limit=1000):
    """Follow the rules to the end, as the sweep does; returns how many steps were taken."""
    steps, after = 0, None
    while (page := escalate(by=SYSTEM, now=now, limit=limit, after=after)).after is not None:
        steps, after = steps + page.steps, page.after
    return steps


def said(kind):
    """Return (stage, days, whom, what, unit) of every step taken for clocks of this kind, in order."""
    rows = Escalation.objects.filter(clock__kind=kind).select_related("rule", "unit").order_by("rule_id")
    return [(row.rule.stage, row.rule.days, row.rule.whom, row.rule.what, row.unit) for row in rows]


class TestTheLadder:
    """Dispatched Wednesday 2026-11-18 10:01: sign by 15:01, handling by Wednesday 2026-11-25 18:00."""

    def test_before_the_warning_nothing_is_said(self, city):
        dispatched(city, 1, now=NOON)
        assert run(at("11-18", "13:00")) == 0

    def test_yellow_goes_to_the_unit_and_red_to_the_one_above_as_well(self, city):
        order = dispatched(city, 1, now=NOON)[0]
        sign_due = Clock.objects.get(kind="sign").due_at
        run(sign_due - timedelta(minutes=1))
        assert said("sign") == [("yellow", 0, "holder", "message", order.unit)]
        run(sign_due)
        assert said("sign")[1:] == [
            ("red", 0, "holder", "message", order.unit), ("red", 0, "above", "message", order.unit.parent),
        ]  # fmt: skip

    def test_the_notice_comes_when_the_next_working_day_opens(self, city):
        order = dispatched(city, 1, now=NOON)[0]
        sign(order.pk, by=Actor.staff(city.staff["community_secretary"]), now=NOON + timedelta(minutes=5))
        assert Clock.objects.get(kind="handling").due_at == at("11-25", "18:00")
        run(at("11-26", "08:59"))
        assert not Urge.objects.exists()
        run(at("11-26", "09:00"))
        notice = Urge.objects.get()
        assert (notice.kind, notice.unit, notice.case) == ("notice", order.unit, order.case)
        assert order.case.number in notice.text
        assert "2026-11-25 18:00" in notice.text
        assert AuditEntry.objects.filter(action="case.urged", object_id=order.case_id).count() == 1

    def test_five_working_days_after_the_notice_the_case_stands_in_the_circular(self, city):
        """Due Wed 11-25; notice Thu 26; then Fri 27, Mon 30, Tue 12-01, Wed 02, Thu 03: the fifth."""
        order = dispatched(city, 1, now=NOON)[0]
        run(at("12-03", "08:59"))
        assert not CircularLine.objects.exists()
        run(at("12-03", "09:00"))
        line = CircularLine.objects.get()
        assert (line.case, line.unit, line.reason) == (order.case, order.unit, "overdue")

    def test_supervisors_and_leaders_hear_where_they_sit(self, city):
        dispatched(city, 1, now=NOON)
        run(at("12-04", "12:00"))
        heard = {(whom, unit, act) for whom, unit, act in Escalation.objects.filter(
            clock__kind="handling", rule__whom__in=("supervisor", "leader")
        ).values_list("rule__whom", "unit", "act")}  # fmt: skip
        assert heard == {
            ("supervisor", city.centre.pk, "supervise_case"), ("leader", city.centre.pk, "instruct_case"),
        }  # fmt: skip

    def test_a_step_that_was_taken_is_never_taken_again(self, city):
        dispatched(city, 2, now=NOON)
        late = at("12-04", "12:00")
        assert run(late) > 0
        assert run(late) == 0
        Clock.objects.update(next_step_at=NOON)  # as if its moment had been forgotten
        assert run(late) == 0

    def test_what_is_done_is_left_alone(self, city):
        order = dispatched(city, 1, now=NOON)[0]
        reported(city, order, now=NOON + timedelta(hours=1))
        run(at("11-18", "23:00"))
        assert not Escalation.objects.filter(clock__kind__in=("sign", "first_contact", "handling")).exists()

    def test_the_reviewer_is_who_is_late_with_a_review(self, city):
        order = reported(city, dispatched(city, 1, now=NOON)[0], now=NOON + timedelta(hours=1))
        run(Clock.objects.get(kind="review").due_at)
        assert {(row[4], act) for row, act in zip(said("review"), acts("review"), strict=True)} >= {
            (order.review_unit, "review_case")
        }

    def test_without_the_next_years_calendar_it_is_tried_again(self, city):
        dispatched(city, 1, now=at("12-30", "10:00"))
        moments = {"yellow_at": at("12-31", "09:00"), "due_at": at("12-31", "17:00")}
        Clock.objects.filter(kind="handling").update(**moments, next_step_at=moments["yellow_at"])
        CalendarYear.objects.filter(year=2027).update(complete=False)
        run(at("12-31", "17:30"))
        clock = Clock.objects.get(kind="handling")
        assert at("12-31", "17:30") < clock.next_step_at <= at("12-31", "17:30") + timedelta(days=1)
        CalendarYear.objects.filter(year=2027).update(complete=True)
        run(datetime(2027, 1, 5, 12, 0, tzinfo=SHANGHAI))
        assert Urge.objects.filter(rule__clock="handling").count() == 1


def acts(kind):
    return list(Escalation.objects.filter(clock__kind=kind).order_by("rule_id").values_list("act", flat=True))


class TestTheScan:
    def test_pages_of_any_size_meet_every_clock_once(self, city):
        dispatched(city, 7, now=NOON)
        late = at("11-26", "12:00")
        due = Clock.objects.filter(outcome="running", yellow_at__lte=late).count()
        pages, after = 0, None
        while (page := escalate(by=SYSTEM, now=late, limit=3, after=after)).after is not None:
            pages, after = pages + 1, page.after
        assert pages == -(-due // 3)
        assert Escalation.objects.values("clock").distinct().count() == due
        assert run(late) == 0

    def test_a_case_that_waits_for_a_dispatcher_is_not_exempt(self, city):
        case = new_case(city, item="")
        dispatch_awaiting(by=SYSTEM, now=NOON)
        run(Clock.objects.get(kind="dispatch").due_at)
        assert ("red", 0, "holder", "message", case.holder) in said("dispatch")
        assert set(acts("dispatch")) == {"dispatch_case", "decide_request"}

    def test_nor_is_one_that_the_machine_never_looked_at(self, city):
        case = new_case(city)
        assert start_waiting(now=NOON + timedelta(minutes=4)) == 0
        later = NOON + timedelta(days=2)
        assert start_waiting(now=later) == 1
        assert start_waiting(now=later) == 0
        clock = Clock.objects.get(kind="dispatch", case=case)
        assert (clock.started_at, clock.due_at) == (NOON, NOON + timedelta(hours=24))
        dispatch_awaiting(by=SYSTEM, now=later)
        clock.refresh_from_db()
        assert clock.outcome == "late"

    def test_nor_one_that_nobody_has_accepted(self, city):
        case = new_case(city, item="")
        Case.objects.filter(pk=case.pk).update(state="registered", accepted_at=None)
        later = NOON + timedelta(hours=3)
        assert start_waiting(now=later) == 1
        clock = Clock.objects.get(kind="accept")
        assert clock.due_at == NOON + timedelta(hours=2)
        run(later)
        assert len(said("accept")) == 3

    def test_the_clocks_of_a_withdrawn_case_run_no_more(self, city):
        case = new_case(city, item="")
        dispatch_awaiting(by=SYSTEM, now=NOON)
        by = Actor.staff(city.staff["agent"])
        withdraw_case(case.pk, reason="不再需要处理", via="agent", by=by, now=NOON + timedelta(hours=1))
        assert Clock.objects.get(case=case).outcome == "cancelled"
        assert run(NOON + timedelta(days=30)) == 0

    def test_another_limit_for_an_open_case_does_not_say_again_what_was_said(self, city):
        from dispatch.clocks import Limit, retime

        dispatched(city, 1, now=NOON)
        run(at("11-25", "18:00"))
        before = len(said("handling"))
        clock = Clock.objects.get(kind="handling")
        retime(clock, Limit(10, "workday", "x"), ClockBook(NOON))
        clock.save()
        run(at("12-02", "18:00"))
        assert len(said("handling")) == before


class TestMessages:
    def test_one_message_for_many_cases_of_a_unit(self, city):
        orders = dispatched(city, 4, now=NOON)
        sign_due = Clock.objects.filter(kind="sign").order_by("-due_at").first().due_at
        run(sign_due - timedelta(minutes=2))
        taken = Escalation.objects.count()
        assert tell_escalations(now=sign_due) == taken
        assert tell_escalations(now=sign_due) == 0
        own = Message.objects.filter(unit=orders[0].unit, way="portal")
        assert own.count() == 1
        assert "4" in own.get().text

    def test_a_single_case_is_named_and_linked(self, city):
        order = dispatched(city, 1, now=NOON)[0]
        run(Clock.objects.get(kind="sign").yellow_at)
        tell_escalations(now=NOON)
        message = Message.objects.get(unit=order.unit, way="portal")
        assert order.case.number in message.text
        assert message.link == f"/dispatch/cases/{order.case.number}/"

    def test_who_missed_the_warning_reads_only_that_it_is_overdue(self, city):
        order = dispatched(city, 1, now=NOON)[0]
        run(Clock.objects.get(kind="sign").due_at)
        tell_escalations(now=NOON)
        about_signing = Message.objects.filter(unit=order.unit, way="portal", template__key__startswith="clock_")
        assert [one.template.key for one in about_signing] == ["clock_red"]

    def test_the_sweep_does_all_of_it(self, city):
        dispatched(city, 1, now=datetime.now(SHANGHAI) - timedelta(days=20))
        assert sweep() > 0
        assert Message.objects.exists()
        assert not Escalation.objects.filter(told_at=None).exists()


class TestRulesAsData:
    def test_loading_twice_adds_nothing(self, city):
        out = StringIO()
        call_command("load_escalation_rules", stdout=out)
        assert "0 added, 13 unchanged" in out.getvalue()

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            ("sing,red,0,holder,message,2018-01-01,x", "clock"),
            (",orange,0,holder,message,2018-01-01,x", "stage"),
            (",yellow,1,holder,message,2018-01-01,x", "days"),
            (",red,²,holder,message,2018-01-01,x", "days"),
            (",red,0,mayor,message,2018-01-01,x", "whom"),
            (",red,0,holder,call,2018-01-01,x", "what"),
            (",red,0,holder,message,soon,x", "effective_from"),
            (",red,0,holder,message,2018-01-01,", "source"),
        ],
    )
    def test_a_bad_row_is_named_and_nothing_is_taken_over(self, tmp_path, row, column):
        path = tmp_path / "rules.csv"
        path.write_text(f"{HEADER}\nruling,red,0,holder,message,2018-01-01,x\n{row}\n", encoding="utf-8")
        with pytest.raises(CommandError, match=f"3.*{column}"):
            call_command("load_escalation_rules", path)
        assert not EscalationRule.objects.exists()

    def test_a_rule_that_ended_is_followed_no_more(self, city):
        EscalationRule.objects.update(effective_until="2026-11-01")
        forget_all()
        dispatched(city, 1, now=NOON)
        assert run(at("12-04", "12:00")) == 0


class TestAdministering:
    def post(self, city, model, **given):
        client = client_of(city.staff["administrator"])
        return client.post(reverse(f"admin:dispatch_{model}_add"), given)

    def test_a_time_limit_is_entered_from_today_on_and_never_changed(self, city):
        given = {"kind": "sign", "amount": 2, "unit": "workhour", "source": "[P] 试行", "effective_from": "2018-01-01"}
        assert self.post(city, "clockrule", **given).status_code == 200  # a day that has passed
        today = timezone.localdate().isoformat()
        assert self.post(city, "clockrule", **given | {"effective_from": today, "level": 4}).status_code == 302
        rule = ClockRule.objects.get(level=4)
        assert AuditEntry.objects.filter(action="clock_rule.added", object_id=rule.pk).exists()
        client = client_of(city.staff["administrator"])
        changed = client.post(reverse("admin:dispatch_clockrule_change", args=[rule.pk]), given)
        assert changed.status_code == 403

    def test_an_escalation_rule_is_ended_and_nothing_else_of_it_changes(self, city):
        rule = EscalationRule.objects.get(what="circular")
        client = client_of(city.staff["administrator"])
        address = reverse("admin:dispatch_escalationrule_change", args=[rule.pk])
        today = timezone.localdate().isoformat()
        assert client.post(address, {"effective_until": "2020-01-01"}).status_code == 200
        assert client.post(address, {"effective_until": today, "days": 1, "what": "message"}).status_code == 302
        rule.refresh_from_db()
        assert (str(rule.effective_until), rule.days, rule.what) == (today, 6, "circular")
