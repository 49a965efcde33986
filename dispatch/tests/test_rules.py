"""The life of a dispatch rule: written, checked, replayed, published by a second person, failing, taken out of use."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dispatch.choices import DecisionMode, ReplayState, RuleProblem
from dispatch.models import Decision, Rule, RuleAlarm, RuleHit, RuleReplay, RuleVersion, WorkOrder
from dispatch.rules.checking import check_version
from dispatch.rules.conditions import RowError
from dispatch.rules.engine import forget, match_many, published_versions
from dispatch.rules.replaying import replay_rule, why_not_publish
from dispatch.services.assigning import dispatch_awaiting
from dispatch.services.rule_editing import RuleText, create_rule, edit_rule, start_rule_change
from dispatch.services.rule_moves import move_rule, retire_rules
from dispatch.services.rule_replays import ask_rule_replay, run_rule_replay
from dispatch.services.rule_runs import clear_rule_alarm, fold_rule_hits, note_matches
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dispatch.workflow import DONE
from grid.models import Unit
from grid.tests.factories import grant, make_staff
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused, StalePage
from shenzhen_gov.core.models import AuditEntry, JobRun

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
_phones = iter(range(10_000))


@pytest.fixture
def city():
    found = make_world()
    people = (
        ("editor", "rule_editor", found.centre),
        ("publisher", "dispatch_manager", found.centre),
        ("district_editor", "rule_editor", found.centres[0]),
        ("other_publisher", "dispatch_manager", found.centres[1]),
    )
    for name, role, unit in people:
        found.staff[name] = grant(make_staff(name, unit), role, unit)
    return found


def by(city, name):
    return Actor.staff(city.staff[name])


def leaf(field, op, value):
    return {"field": field, "op": op, "value": value}


def contains(*words):
    return {"all": [leaf("text", "contains_any", list(words))]}


def text(condition=None, outcome=None, **given):
    values = {"name": "路灯", "priority": 50, "valid_from": TODAY} | given
    return RuleText(condition=condition or contains("路灯"), outcome=outcome or {"person": "先看一看"}, **values)


def draft(city, *args, area=None, who="editor", code="", **given):
    return create_rule(text(*args, **given), area_id=(area or city.city).pk, code=code, by=by(city, who), now=NOON)


def published(city, *args, now=NOON, **given):
    version = draft(city, *args, **given)
    move_rule(version.pk, "submit", by=by(city, "editor"), now=now)
    run_rule_replay(by=SYSTEM, now=now)
    return move_rule(version.pk, "publish", by=by(city, "publisher"), now=now)


def closed(city, count=1, unit=None, **given):
    """Dispatch and close cases, at `unit` where it is given, else where the list sends them."""
    for _n in range(count):
        case = new_case(city, phone=f"1390000{next(_phones):04d}", **given)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        order = WorkOrder.objects.filter(case=case.pk)
        if not order.exists():
            WorkOrder.objects.create(case_id=case.pk, seq=1, unit=unit, area=case.area, assigned_at=NOON)
        order.update(state=DONE, ended_at=NOON, **({"unit": unit} if unit else {}))
        Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOON)


class TestWriting:
    def test_a_draft_is_kept_with_who_wrote_it(self, city):
        version = draft(city, note="依据…")
        assert (version.state, version.number, version.edited_by_id) == ("draft", 1, city.staff["editor"].pk)
        assert AuditEntry.objects.filter(action="rule.drafted", object_id=version.pk).exists()

    def test_what_makes_no_sense_is_refused_at_its_row_or_field(self, city):
        condition = {"all": [leaf("text", "contains_any", ["x"]), leaf("area", "in_area", ["nowhere"])]}
        with pytest.raises(RowError) as refused:
            draft(city, condition)
        assert refused.value.row == 1
        for given, field in (
            ({"priority": 0}, "priority"),
            ({"name": " "}, "name"),
            ({"name": "长" * 81}, "name"),
            ({"valid_to": TODAY - timedelta(days=1)}, "valid_to"),
            ({"note": "长" * 301}, "note"),
            ({"outcome": {"colour": 1}}, None),
        ):
            with pytest.raises(BadInput) as wrong:
                draft(city, **given)
            assert wrong.value.field == field
        assert not Rule.objects.exists()

    def test_who_has_no_act_there_may_not(self, city):
        with pytest.raises(NotAllowed):
            draft(city, who="city_dispatcher")
        with pytest.raises(OutOfSight):
            draft(city, who="district_editor", area=city.districts[1])
        with pytest.raises(OutOfSight):
            draft(city, who="district_editor")
        assert draft(city, who="district_editor", area=city.districts[0])

    def test_the_second_of_two_editors_is_told(self, city):
        version = draft(city)
        edit_rule(version.pk, text(priority=7), row_version=1, by=by(city, "editor"), now=NOON)
        with pytest.raises(StalePage):
            edit_rule(version.pk, text(priority=8), row_version=1, by=by(city, "publisher"), now=NOON)
        version.refresh_from_db()
        assert version.priority == 7

    def test_a_change_begins_as_the_newest_version_and_there_is_one_at_a_time(self, city):
        version = published(city)
        change = start_rule_change(version.rule_id, by=by(city, "editor"), now=NOON)
        assert (change.number, change.condition, change.state) == (2, version.condition, "draft")
        with pytest.raises(IllegalMove):
            start_rule_change(version.rule_id, by=by(city, "editor"), now=NOON)


class TestPublishing:
    def test_submitting_asks_for_the_replay_and_a_second_person_publishes(self, city):
        version = published(city)
        assert (version.state, version.published_by_id) == ("published", city.staff["publisher"].pk)
        assert RuleReplay.objects.get(version=version).state == ReplayState.DONE
        assert [one.pk for one in published_versions()] == [version.pk]

    def test_who_wrote_it_does_not_publish_it_even_with_the_role(self, city):
        version = draft(city, who="publisher")
        edit_rule(version.pk, text(priority=3), by=by(city, "editor"), now=NOON)
        move_rule(version.pk, "submit", by=by(city, "editor"), now=NOON)
        run_rule_replay(by=SYSTEM, now=NOON)
        with pytest.raises(IllegalMove, match="wrote this yourself|自己"):
            move_rule(version.pk, "publish", by=by(city, "publisher"), now=NOON)

    def test_the_database_refuses_one_person_twice(self, city):
        version = draft(city)
        with pytest.raises(Exception, match="rule_published_by_another"), transaction.atomic():
            RuleVersion.objects.filter(pk=version.pk).update(published_by_id=version.edited_by_id)

    def test_without_a_replay_nothing_is_published(self, city):
        version = draft(city)
        move_rule(version.pk, "submit", by=by(city, "editor"), now=NOON)
        with pytest.raises(IllegalMove):
            move_rule(version.pk, "publish", by=by(city, "publisher"), now=NOON)

    def test_an_older_replay_does_not_count_when_other_rules_changed(self, city):
        version = draft(city)
        move_rule(version.pk, "submit", by=by(city, "editor"), now=NOON)
        run_rule_replay(by=SYSTEM, now=NOON)
        published(city, contains("水管"), now=NOON + timedelta(minutes=1))
        with pytest.raises(IllegalMove):
            move_rule(version.pk, "publish", by=by(city, "publisher"), now=NOON + timedelta(minutes=2))
        ask_rule_replay(version.pk, days=30, by=by(city, "publisher"), now=NOON + timedelta(minutes=3))
        run_rule_replay(by=SYSTEM, now=NOON + timedelta(minutes=3))
        assert move_rule(version.pk, "publish", by=by(city, "publisher"), now=NOON + timedelta(minutes=4))

    def test_a_rule_with_an_error_is_not_submitted(self, city):
        clash = {"all": [leaf("urgency", "eq", "normal"), leaf("urgency", "eq", "urgent")]}
        version = draft(city, clash)
        with pytest.raises(IllegalMove):
            move_rule(version.pk, "submit", by=by(city, "editor"), now=NOON)

    def test_what_was_published_never_changes_in_the_database(self, city):
        version = published(city)
        for change in ({"priority": 1}, {"condition": {}}, {"outcome": {}}, {"valid_to": TODAY}):
            with pytest.raises(DatabaseError), transaction.atomic():
                RuleVersion.objects.filter(pk=version.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM dispatch_ruleversion")

    def test_sending_back_and_taking_out_of_use_need_a_reason(self, city):
        version = draft(city)
        move_rule(version.pk, "submit", by=by(city, "editor"), now=NOON)
        with pytest.raises(BadInput) as refused:
            move_rule(version.pk, "send_back", by=by(city, "publisher"), now=NOON)
        assert refused.value.field == "opinion"
        sent = move_rule(version.pk, "send_back", opinion="太宽", by=by(city, "publisher"), now=NOON)
        assert (sent.state, sent.opinion) == ("draft", "太宽")

    def test_of_two_who_publish_the_second_is_told(self, city):
        version = draft(city)
        move_rule(version.pk, "submit", by=by(city, "editor"), now=NOON)
        run_rule_replay(by=SYSTEM, now=NOON)
        move_rule(version.pk, "publish", by=by(city, "publisher"), now=NOON)
        with pytest.raises(IllegalMove):
            move_rule(version.pk, "publish", by=by(city, "publisher"), now=NOON)

    def test_people_of_another_district_do_not_see_it(self, city):
        version = draft(city, area=city.districts[0])
        with pytest.raises(OutOfSight):
            move_rule(version.pk, "submit", by=by(city, "other_publisher"), now=NOON)
        with pytest.raises(NotAllowed):
            move_rule(version.pk, "publish", by=by(city, "district_editor"), now=NOON)
        with pytest.raises(OutOfSight):
            move_rule(0, "publish", by=by(city, "publisher"), now=NOON)

    def test_a_new_version_replaces_the_old_one(self, city):
        first = published(city)
        second = start_rule_change(first.rule_id, by=by(city, "editor"), now=NOON)
        edit_rule(second.pk, text(priority=9), by=by(city, "editor"), now=NOON)
        move_rule(second.pk, "submit", by=by(city, "editor"), now=NOON)
        run_rule_replay(by=SYSTEM, now=NOON)
        move_rule(second.pk, "publish", by=by(city, "publisher"), now=NOON)
        first.refresh_from_db()
        assert (first.state, [one.pk for one in published_versions()]) == ("replaced", [second.pk])

    def test_one_published_ahead_leaves_the_old_one_until_its_day(self, city):
        first = published(city)
        second = start_rule_change(first.rule_id, by=by(city, "editor"), now=NOON)
        ahead = text(outcome={"urgency": "urgent"}, valid_from=TODAY + timedelta(days=3))
        edit_rule(second.pk, ahead, by=by(city, "editor"), now=NOON)
        move_rule(second.pk, "submit", by=by(city, "editor"), now=NOON)
        run_rule_replay(by=SYSTEM, now=NOON)
        move_rule(second.pk, "publish", by=by(city, "publisher"), now=NOON)
        case = new_case(city, content="路灯不亮")
        assert match_many([case], NOON)[case.pk].force_person
        assert retire_rules(by=SYSTEM, now=NOON) == 0
        later = NOON + timedelta(days=3)
        assert match_many([case], later)[case.pk].urgency == "urgent"
        assert not match_many([case], later)[case.pk].force_person
        assert retire_rules(by=SYSTEM, now=later) == 1
        first.refresh_from_db()
        assert first.state == "replaced"

    def test_a_rule_ends_with_its_last_day(self, city):
        published(city, valid_to=TODAY + timedelta(days=1))
        case = new_case(city, content="路灯不亮")
        assert match_many([case], NOON + timedelta(days=1))[case.pk].force_person
        assert not match_many([case], NOON + timedelta(days=2))[case.pk].force_person


class TestFindings:
    def kinds(self, version):
        return [(one.kind, one.is_error) for one in check_version(version, published_versions(), TODAY)]

    def test_a_rule_that_another_takes_over_is_dead(self, city):
        published(city, contains("路灯", "灯杆"), {"item": "T02"}, priority=10)
        version = draft(city, contains("路灯不亮"), {"item": "T01"}, priority=20)
        assert self.kinds(version) == [("shadowed", True)]

    def test_urgency_beside_it_still_has_a_say(self, city):
        published(city, contains("路灯"), {"item": "T02"}, priority=10)
        version = draft(city, contains("路灯不亮"), {"item": "T01", "urgency": "urgent"}, priority=20)
        assert self.kinds(version) == []

    def test_a_rule_of_a_district_does_not_take_over_one_of_the_city(self, city):
        published(city, contains("路灯"), {"item": "T02"}, priority=10, area=city.districts[0])
        version = draft(city, contains("路灯"), {"item": "T01"}, priority=20)
        assert self.kinds(version) == []

    def test_the_same_priority_and_another_item_contradict(self, city):
        other = published(city, contains("路灯"), {"item": "T02"})
        version = draft(city, contains("水"), {"item": "T01"})
        found = check_version(version, published_versions(), TODAY)
        assert [(one.kind, one.other.pk) for one in found] == [("contradicts", other.pk)]

    def test_what_cannot_meet_or_says_the_same_does_not_contradict(self, city):
        published(city, {"all": [leaf("item", "eq", "T01")]}, {"item": "T02"})
        assert self.kinds(draft(city, {"all": [leaf("item", "eq", "T02")]}, {"item": "T01"})) == []
        assert self.kinds(draft(city, contains("水"), {"item": "T02"})) == []

    def test_one_that_makes_another_dead_is_a_warning(self, city):
        published(city, contains("路灯不亮"), {"item": "T02"}, priority=20)
        assert self.kinds(draft(city, contains("路灯"), {"item": "T01"}, priority=10)) == [("shadows", False)]

    def test_what_it_names_must_be_there(self, city):
        closed_unit = city.bureaus[0]["water"]
        Unit.objects.filter(pk=closed_unit.pk).update(closed_on=date(2020, 1, 1))
        assert self.kinds(draft(city, outcome={"item": "T99"})) == [("unknown", True)]
        assert self.kinds(draft(city, outcome={"unit": closed_unit.code})) == [("unknown", True)]
        foreign = {"unit": city.bureaus[1]["water"].code}
        assert self.kinds(draft(city, outcome=foreign, area=city.districts[0])) == [("unknown", True)]

    def test_too_many_combinations_are_not_taken_on_trust(self, city):
        group = {"any": [leaf("text", "contains_any", [word]) for word in "甲乙丙丁戊己"]}
        assert self.kinds(draft(city, {"all": [group, group, group, group]})) == [("too_wide", True)]


class TestReplay:
    def figures(self, city, version, days=30):
        return replay_rule(version, days=days, limit=100, now=NOON, progress=lambda done, total: None)

    def test_a_rule_that_sends_cases_elsewhere_is_held_against_who_closed_them(self, city):
        closed(city, 3, content="楼道堆物", item="T01")
        closed(city, 1, content="楼道堆物", item="T01", unit=city.bureaus[0]["urban_management"])
        version = draft(city, contains("楼道"), {"unit": city.bureaus[0]["urban_management"].code})
        found = self.figures(city, version)
        assert (found["cases"], found["agreed_before"], found["agreed_after"]) == (4, 3, 1)
        assert (found["moved"], found["better"], found["worse"], found["matched"]) == (4, 1, 3, 4)
        assert found["samples"][0]["real"] == str(city.stations[0][0][0])
        assert why_not_publish(found)

    def test_publishing_is_refused_when_agreement_falls(self, city):
        closed(city, 2, content="楼道堆物", item="T01")
        version = draft(city, contains("楼道"), {"unit": city.bureaus[0]["urban_management"].code})
        move_rule(version.pk, "submit", by=by(city, "editor"), now=NOON)
        run_rule_replay(by=SYSTEM, now=NOON)
        with pytest.raises(IllegalMove, match="0.*2|2.*0"):
            move_rule(version.pk, "publish", by=by(city, "publisher"), now=NOON)

    def test_cases_without_an_item_that_find_their_unit_speak_for_it(self, city):
        lamp = city.bureaus[0]["urban_management"]
        closed(city, 3, content="杆子黑漆漆", item=None, unit=lamp)
        found = self.figures(city, draft(city, contains("杆子"), {"item": "T02"}))
        assert (found["agreed_before"], found["agreed_after"], found["new_right"]) == (0, 3, 3)
        assert why_not_publish(found) is None

    def test_what_it_newly_sends_must_be_right_more_often_than_wrong(self, city):
        closed(city, 2, content="杆子黑漆漆", item=None, unit=city.bureaus[0]["water"])
        found = self.figures(city, draft(city, contains("杆子"), {"item": "T02"}))
        assert found["new_wrong"] == 2
        assert why_not_publish(found)

    def test_what_was_suggested_then_is_held_against_what_the_rule_says(self, city):
        closed(city, 2, content="路灯不亮", item=None, unit=city.stations[0][0][0])
        assert Decision.objects.exclude(candidates=[]).exists()
        found = self.figures(city, draft(city, contains("路灯"), {"item": "T01"}))
        assert (found["agreed_before"], found["agreed_after"], found["better"]) == (0, 2, 2)

    def test_an_item_that_somebody_chose_stands_whatever_the_rule_says(self, city):
        closed(city, 2, content="楼道堆物", item="T01")
        found = self.figures(city, draft(city, contains("楼道"), {"item": "T02"}))
        assert (found["matched"], found["moved"], found["agreed_after"]) == (2, 0, 2)

    def test_handing_cases_to_a_person_lowers_no_agreement(self, city):
        closed(city, 2, content="楼道堆物", item="T01")
        found = self.figures(city, draft(city, contains("楼道")))
        assert (found["to_person"], found["compared"], found["agreement_after"]) == (2, 0, None)
        assert why_not_publish(found) is None

    def test_without_past_cases_nothing_was_measured_and_publishing_is_free(self, city):
        found = self.figures(city, draft(city))
        assert (found["cases"], why_not_publish(found)) == (0, None)

    def test_open_cases_count_where_a_dispatcher_chose(self, city):
        case = new_case(city, content="楼道堆物", item="T01")
        dispatch_awaiting(by=SYSTEM, now=NOON)
        version = draft(city, contains("楼道"))
        assert self.figures(city, version)["cases"] == 0
        Decision.objects.filter(case=case.pk).update(mode=DecisionMode.MANUAL)
        assert self.figures(city, version)["cases"] == 1

    def test_a_district_replays_its_own_cases(self, city):
        closed(city, 1, content="楼道", item="T01")
        closed(city, 1, content="楼道", item="T01", area=city.communities[1][0][0].code)
        assert self.figures(city, draft(city, area=city.districts[0]))["cases"] == 1

    def test_older_cases_and_more_than_the_limit_are_left_out(self, city):
        closed(city, 3, content="楼道", item="T01")
        version = draft(city)
        found = replay_rule(version, days=30, limit=2, now=NOON, progress=lambda done, total: None)
        assert (found["cases"], found["capped"]) == (2, True)
        later = NOON + timedelta(days=31)
        assert replay_rule(version, days=30, limit=9, now=later, progress=lambda d, t: None)["cases"] == 0

    def test_a_rule_that_begins_later_is_replayed_as_if_it_held(self, city):
        closed(city, 1, content="楼道", item="T01")
        version = draft(city, contains("楼道"), valid_from=TODAY + timedelta(days=9))
        assert self.figures(city, version)["to_person"] == 1

    def test_one_that_fails_says_why_and_a_killed_one_is_found_again(self, city, monkeypatch):
        version = draft(city)
        ask_rule_replay(version.pk, days=30, by=by(city, "editor"), now=NOON)
        with monkeypatch.context() as patch:
            patch.setattr("dispatch.services.rule_replays.replay_rule", _killed)
            with pytest.raises(KeyboardInterrupt):
                run_rule_replay(by=SYSTEM, now=NOON)
            patch.setattr("dispatch.services.rule_replays.replay_rule", _broken)
            with pytest.raises(RuntimeError):
                run_rule_replay(by=SYSTEM, now=NOON)
        assert RuleReplay.objects.get(version=version).state == ReplayState.FAILED
        assert not run_rule_replay(by=SYSTEM, now=NOON)
        assert JobRun.objects.filter(job=f"replay {version.rule.code} v1", state="failed").exists()

    def test_a_change_of_the_draft_drops_the_replay(self, city):
        version = draft(city)
        ask_rule_replay(version.pk, days=30, by=by(city, "editor"), now=NOON)
        edit_rule(version.pk, text(priority=2), by=by(city, "editor"), now=NOON)
        assert not RuleReplay.objects.exists()

    def test_who_may_neither_edit_nor_publish_may_not_ask(self, city):
        version = draft(city)
        with pytest.raises(NotAllowed):
            ask_rule_replay(version.pk, days=30, by=by(city, "city_dispatcher"), now=NOON)
        with pytest.raises(BadInput):
            ask_rule_replay(version.pk, days=31, by=by(city, "editor"), now=NOON)
        with pytest.raises(Refused):
            ask_rule_replay(published(city).pk, days=30, by=by(city, "editor"), now=NOON)


class TestRunning:
    def test_the_rules_in_force_speak_and_the_codes_are_resolved(self, city):
        lamp = city.bureaus[0]["urban_management"]
        version = published(city, contains("路灯"), {"item": "T02", "unit": lamp.code, "urgency": "urgent"})
        case, other = new_case(city, content="路灯不亮"), new_case(city, content="水管漏水", phone="13900009999")
        found = match_many([case, other], NOON)
        matched = found[case.pk]
        assert (matched.item_id, matched.unit_id, matched.urgency) == (
            version_item("T02"),
            lamp.pk,
            "urgent",
        )
        assert matched.rule.pk == version.pk
        assert found[other.pk].rule is None

    def test_a_rule_taken_out_of_use_is_silent_at_once(self, city):
        version = published(city)
        case = new_case(city, content="路灯不亮")
        assert match_many([case], NOON)[case.pk].force_person
        move_rule(version.pk, "withdraw", opinion="误伤太多", by=by(city, "publisher"), now=NOON)
        assert not match_many([case], NOON)[case.pk].force_person

    def test_a_unit_that_closes_makes_the_rule_fail_with_an_alarm(self, city):
        lamp = city.bureaus[0]["urban_management"]
        version = published(city, outcome={"unit": lamp.code})
        Unit.objects.filter(pk=lamp.pk).update(closed_on=date(2026, 1, 1))
        forget()
        case, again = new_case(city, content="路灯不亮"), new_case(city, content="路灯", phone="13900008888")
        for one in (case, again):
            note_matches(match_many([one], NOON), by=SYSTEM, now=NOON)
        alarm = RuleAlarm.objects.get()
        assert (alarm.version_id, alarm.problem, alarm.cases) == (version.pk, RuleProblem.UNIT_CLOSED, 2)
        assert alarm.last_case_id == again.pk
        assert AuditEntry.objects.filter(action="rule.failed").count() == 1

    def test_an_alarm_is_seen_to_by_who_publishes_and_comes_back(self, city):
        lamp = city.bureaus[0]["urban_management"]
        published(city, outcome={"unit": lamp.code})
        Unit.objects.filter(pk=lamp.pk).update(closed_on=date(2026, 1, 1))
        forget()
        case = new_case(city, content="路灯不亮")
        note_matches(match_many([case], NOON), by=SYSTEM, now=NOON)
        alarm = RuleAlarm.objects.get()
        with pytest.raises(NotAllowed):
            clear_rule_alarm(alarm.pk, by=by(city, "editor"), now=NOON)
        clear_rule_alarm(alarm.pk, by=by(city, "publisher"), now=NOON)
        with pytest.raises(IllegalMove):
            clear_rule_alarm(alarm.pk, by=by(city, "publisher"), now=NOON)
        note_matches(match_many([case], NOON), by=SYSTEM, now=NOON)
        assert RuleAlarm.objects.filter(cleared_at=None).count() == 1

    def test_hits_are_counted_and_folded(self, city):
        version = published(city)
        case = new_case(city, content="路灯不亮")
        for _n in range(3):
            note_matches(match_many([case], NOON), by=SYSTEM, now=NOON)
        assert RuleHit.objects.count() == 3
        fold_rule_hits(now=NOON)
        note_matches(match_many([case], NOON), by=SYSTEM, now=NOON)
        fold_rule_hits(now=NOON)
        row = RuleHit.objects.get()
        assert (row.rule_id, row.day, row.cases) == (version.rule_id, TODAY, 4)
        fold_rule_hits(now=timezone.now() + timedelta(days=800))
        assert not RuleHit.objects.exists()

    def test_where_no_rule_speaks_nothing_is_written(self, city, django_assert_num_queries):
        case = new_case(city, content="水管")
        matches = match_many([case], NOON)
        with django_assert_num_queries(2):  # the savepoint
            note_matches(matches, by=SYSTEM, now=NOON)

    def test_many_cases_cost_no_more_queries_than_one(self, city, django_assert_num_queries):
        published(city)
        cases = [new_case(city, content="路灯不亮", phone=f"1391111{n:04d}") for n in range(5)]
        cases = list(Case.objects.filter(pk__in=[case.pk for case in cases]).select_related("area"))
        match_many(cases, NOON)
        with django_assert_num_queries(0):
            match_many(cases, NOON)


def version_item(code):
    from dutylist.models import Item

    return Item.objects.get(code=code).pk


def _broken(*_args, **_given):
    raise RuntimeError("no space")


def _killed(*_args, **_given):
    raise KeyboardInterrupt
