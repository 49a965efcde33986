"""A page asks the database as often for 30 rows as for 3, and not more often than its committed budget."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from analytics.models import EarlyWarning, Report, ReportSubscription, SpecialTheme
from analytics.services import refresh_radar
from analytics.tests.ledger_world import ask_for, load_ledger
from dispatch import services
from dispatch.choices import FollowState
from dispatch.models import (
    CallBack,
    ClosureCheck,
    Docket,
    FollowUp,
    GateCell,
    Rule,
    RuleAlarm,
    RuleHit,
    RuleVersion,
    WorkOrder,
)
from dispatch.tests.changes import open_batch as change_of_list
from dispatch.tests.changes import transfer
from dispatch.tests.desks import dispatched, reported
from dispatch.tests.world import NOON, SYSTEM, item_row, make_world, new_case
from dutylist.models import ItemVersion
from dutylist.services import NewBatch, enter_catalogue, open_batch
from dutylist.tests.changes import make_objection, plan_renamings
from grid.models import Unit
from grid.services import party
from grid.tests.factories import grant, make_staff
from intake.files import read_refusal_reasons
from intake.services import propose_refusal
from intake.services.refusal_reasons import load_refusal_reasons
from intake.tests.articles import make_article, make_draft
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.jobs import run_job

BUDGETS = json.loads(Path(__file__).with_name("query_budgets.json").read_text())


def add_rows(city, count, *, since):
    """`count` work orders to sign, as many under review, cases for a dispatcher, job runs, and duty items."""
    since = NOON + timedelta(hours=since)
    dispatched(city, count, now=since)
    for order in dispatched(city, count, now=since + timedelta(hours=1), content="楼道灯坏了", phone="13800138002"):
        reported(city, order, now=since + timedelta(hours=2))
    ask_above(city, count, now=since + timedelta(hours=1))
    order_to_spot(city, count, now=since + timedelta(hours=1))
    dispatched(city, count, now=since + timedelta(hours=1), content="不知道归谁管", item=None, phone="13800138003")
    for _n in range(count):
        with run_job("test", now=since):
            pass
    rows = [item_row(f"B{since:%H}{n:02d}", f"事项{since:%H}{n:02d}") for n in range(count)]
    enter_catalogue(
        rows, source="sample", owner_area_id=city.city.pk, effective_from=date(2018, 1, 1), by=SYSTEM, now=NOON
    )
    for n in range(count):
        make_objection(city, f"异议{since:%H}{n:02d}")
    plan_renamings(city, count)
    for n in range(count):
        data = NewBatch(title=f"批次{since:%H}{n:02d}", owner_area_id=city.city.pk)
        open_batch(data, by=Actor.staff(city.staff["duty_manager"]), now=NOON)
    ask_about_cases(city, count)
    doubt_and_call(city, count)
    add_knowledge(city, count)
    add_rules(city, count)
    add_cells(count)
    add_exclusions(city, count)
    add_reports_and_themes(city, count)
    add_warnings(city, count)
    add_community_tasks(city, count)
    refresh_radar(by=SYSTEM, now=since)


def add_exclusions(city, count):
    """`count` requests of the first community to be left out of the assessment."""
    if "assessor" not in city.staff:
        load_ledger()
        city.staff["assessor"] = grant(make_staff("assessor", city.centre), "assessor", city.centre)
    ask_for(city, dispatched(city, count, now=NOON, content="楼道杂物", phone="13800138006"))


def add_reports_and_themes(city, count):
    """`count` reports, subscriptions of the leader, and special themes of the city."""
    area, leader = city.centre.home_area, city.staff["leader"]
    days = [NOON.date() - timedelta(days=Report.objects.count() + number + 1) for number in range(count)]
    about = {"kind": "daily", "area": area}
    Report.objects.bulk_create([Report(**about, first=day, last=day, content={}, made_at=NOON) for day in days])
    units = Unit.objects.exclude(pk__in=ReportSubscription.objects.values("unit"))[:count]
    ReportSubscription.objects.bulk_create(
        [ReportSubscription(**about, unit=one, user=leader, language="en", created_at=NOON) for one in units]
    )
    given = {"area": area, "owner": city.centre, "lead": leader, "target": "fewer", "target_value": 20}
    given |= {"started_on": NOON.date(), "target_on": NOON.date() + timedelta(days=60), "opened_at": NOON}
    SpecialTheme.objects.bulk_create([SpecialTheme(title=f"专项{number}", **given) for number in range(count)])


def add_community_tasks(city, count):
    """`count` tasks of the first community that somebody who reported there may claim, and one claimed."""
    at, given = {"area_id": city.communities[0][0][0].pk}, {"by": SYSTEM, "now": timezone.now()}
    if "party_member" not in city.staff:
        member = city.staff["party_member"] = make_staff("party_member", city.centre)
        who = {"kind": "member", "name": "邱某", "organisation": "党支部", "reported_on": NOON.date()}
        party.keep_reporter(None, party.ReporterData(**at, **who, staff_id=member.pk), **given)
    when = {"starts_at": given["now"] + timedelta(hours=1), "ends_at": given["now"] + timedelta(hours=2)}
    data = party.TaskData(**at, **when, title="清扫", place="三栋", wanted=2)
    tasks = [party.keep_task(None, data, **given) for _number in range(count)]
    party.claim_own_task(tasks[0].pk, by=Actor.staff(city.staff["party_member"]), now=given["now"])


def add_warnings(city, count):
    """`count` early warnings that wait for a verdict, and an analyst."""
    if "analyst" not in city.staff:
        city.staff["analyst"] = grant(make_staff("analyst", city.centre), "analyst", city.centre)
    given = {"kind": "closure", "name": "虚假办结", "count": 3, "score": 2.0, "area": city.districts[0]}
    given |= {"period": NOON.date(), "first_day": NOON.date(), "last_day": NOON.date(), "found_at": NOON}
    given |= {"last_found_at": NOON, "evidence": {"cases": [], "facts": {"closed": 9, "confirmed": 1, "days": 30}}}
    first = EarlyWarning.objects.count()
    EarlyWarning.objects.bulk_create([EarlyWarning(subject=f"x{first + n}", **given) for n in range(count)])


def order_to_spot(city, count, *, now):
    """`count` departments ordered to the spot by the first community."""
    by, unit = Actor.staff(city.staff["community_secretary"]), city.enforcement[0][0]
    for order in dispatched(city, count, now=now, content="电线垂落", phone="13800138005"):
        services.order_to_spot(order.pk, unit_ids=[unit.pk], task="查看", place="路口", by=by, now=now)


def ask_above(city, count, *, now):
    """`count` requests to return a work order."""
    secretary = Actor.staff(city.staff["community_secretary"])
    for order in dispatched(city, count, now=now, content="门口积水", phone="13800138004"):
        services.ask(
            order.pk, kind="return", reason="不归我们管", value={"unit": "龙华区水务局"}, by=secretary, now=now
        )


def add_rules(city, count):
    """`count` published dispatch rules with hits and an alarm each."""
    case = new_case(city)
    if "rule_editor" not in city.staff:
        city.staff["rule_editor"] = grant(make_staff("rule_editor", city.centre), "rule_editor", city.centre)
    for _n in range(count):
        rule = Rule.objects.create(code=f"R{Rule.objects.count()}", area=city.city, created_at=NOON)
        content = {"condition": {"all": []}, "priority": 1, "valid_from": NOON.date(), "edited_at": NOON}
        version = RuleVersion.objects.create(rule=rule, number=1, state="published", name="x", **content)
        RuleHit.objects.create(rule=rule, day=NOON.date(), cases=3)
        seen = {"first_seen_at": NOON, "last_seen_at": NOON, "last_case_id": case.pk}
        RuleAlarm.objects.create(version=version, problem="broken", **seen)


def add_cells(count):
    """`count` cells of the gate, and figures of as many weeks."""
    fresh = ItemVersion.objects.exclude(item__in=GateCell.objects.values("item"))
    for version in fresh[:count]:
        given = {"version": version, "changed_at": NOON, "last_at": NOON, "basis": "suggested"}
        GateCell.objects.create(item=version.item, **given)
    services.make_weeks(NOON.date() - timedelta(days=7 * count), NOON.date(), now=NOON)


def add_knowledge(city, count):
    """`count` articles online, as many drafts, and as many proposals not to accept a case."""
    load_refusal_reasons(read_refusal_reasons(), by=SYSTEM, now=NOON)
    for n in range(count):
        make_article(city.centre, title=f"知识{n}")
        make_draft(city.centre, title=f"草稿{n}")
        case = new_case(city, accept=False)
        propose_refusal(case.pk, reason="court", by=Actor.staff(city.staff["agent"]), now=NOON)


def ask_about_cases(city, count):
    """Put the newest `count` cases in handling before a dispatcher, as a change of the duty list does."""
    line = change_of_list(city, transfer(city, "ask")).lines.get()
    for order in WorkOrder.objects.filter(case__follow_ups=None).order_by("-pk")[:count]:
        FollowUp.objects.create(case=order.case, line=line, area=order.area, policy="ask", state=FollowState.ASKED)


def doubt_and_call(city, count):
    """Put the newest `count` cases on the list of calls, and doubt their closing."""
    agent = city.staff["callback_agent"]
    if "adjudicator" not in city.staff:
        city.staff["adjudicator"] = grant(make_staff("adjudicator", city.centre), "adjudicator", city.centre)
    for order in WorkOrder.objects.filter(case__call_backs=None).select_related("case").order_by("-pk")[:count]:
        case, office = order.case, city.offices[0][0]
        place = {"case": case, "round": 1, "area": case.area, "unit": order.unit}
        until = NOON + timedelta(days=3650)
        call = CallBack(**place, why="unrated", ready_at=NOON, due_at=NOON, claimed_by=agent, claimed_until=until)
        call.save()
        reason = {"kind": "same_matter", "facts": {"case": case.number, "score": 0.5}}
        ClosureCheck(**place, deciding_unit=office, reasons=[reason], opened_at=NOON, due_at=NOON).save()
        at = {"opened_at": NOON, "argue_until": NOON, "due_at": NOON, "reason": "x", "origin": "dispatcher"}
        Docket(case=case, round=1, area=case.area, interim_unit=order.unit, **at).save()


def ask(client, name, spec, number):
    address = reverse(name, args=[number] if name == "dispatch:case" else spec.get("args"))
    if spec.get("uncached"):
        cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, {"q": spec["query"]} if "query" in spec else {})
    assert response.status_code == 200
    return [query["sql"] for query in queries]


def measure(city):
    """Return {page: [statements at 3 rows, statements at 30 rows]}."""
    found = {}
    add_rows(city, 3, since=0)
    number = WorkOrder.objects.order_by("pk").first().case.number
    for rows in (3, 30):
        for name, spec in BUDGETS.items():
            client = Client()
            client.force_login(city.staff[spec["who"]])
            ask(client, name, spec, number)  # what is read once a process
            found.setdefault(name, []).append(ask(client, name, spec, number))
        if rows == 3:
            add_rows(city, 27, since=5)
    return found


@pytest.mark.django_db
def test_every_page_keeps_its_budget_whatever_the_number_of_rows():
    wrong = []
    for name, (few, many) in measure(make_world()).items():
        budget = BUDGETS[name]["budget"]
        if len(few) != len(many):
            more = [sql for sql in many if sql not in few][:3]
            wrong.append(f"{name}: {len(few)} statements at 3 rows, {len(many)} at 30; e.g. {more}")
        if len(many) > budget:
            wrong.append(f"{name}: {len(many)} statements, budget {budget}")
        if len(many) < budget:
            wrong.append(f"{name}: {len(many)} statements; write the better figure into query_budgets.json")
    assert not wrong, "\n".join(wrong)
