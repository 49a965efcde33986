"""Dispatch rules held against past cases, and in the pipeline: what they say, what is counted, what fails."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from dispatch.choices import DecisionMode, NeedsPerson, ReplayState, RuleProblem
from dispatch.models import Decision, RuleAlarm, RuleHit, RuleReplay
from dispatch.rules.engine import forget, match_many
from dispatch.rules.replaying import replay_rule, why_not_publish
from dispatch.services.assigning import dispatch_awaiting
from dispatch.services.rule_editing import edit_rule
from dispatch.services.rule_moves import move_rule
from dispatch.services.rule_replays import ask_rule_replay, run_rule_replay
from dispatch.services.rule_runs import clear_rule_alarm, fold_rule_hits, note_matches
from dispatch.tests.rules import TODAY, by, closed, contains, draft, make_rule_city, published, text
from dispatch.tests.world import NOON, SYSTEM, new_case
from grid.models import Message, Unit
from intake.models import Case
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, Refused
from shenzhen_gov.core.models import AuditEntry, JobRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_rule_city()


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
        Decision.objects.update(candidates=[])  # nothing was suggested
        found = self.figures(city, draft(city, contains("杆子"), {"item": "T02"}))
        assert (found["agreed_before"], found["agreed_after"], found["new_right"]) == (0, 3, 3)
        assert why_not_publish(found) is None

    def test_what_it_newly_sends_must_be_right_more_often_than_wrong(self, city):
        closed(city, 2, content="杆子黑漆漆", item=None, unit=city.bureaus[0]["water"])
        Decision.objects.update(candidates=[])
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

    def test_in_the_pipeline_a_failing_rule_sends_the_case_to_a_person(self, city):
        lamp = city.bureaus[0]["urban_management"]
        version = published(city, contains("纸箱"), {"unit": lamp.code})
        Unit.objects.filter(pk=lamp.pk).update(closed_on=date(2026, 1, 1))
        forget()
        case = new_case(city)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        decision = Decision.objects.get(case=case.pk)
        assert (decision.needs_person, decision.unit) == (NeedsPerson.RULE_FAILED, None)
        assert version.rule.code in " ".join(one["text"] for one in decision.explained)
        assert RuleAlarm.objects.get().last_case_id == case.pk

    def test_in_the_pipeline_a_rule_has_its_say_and_is_named_with_its_words(self, city):
        version = published(city, contains("纸箱", "箱子"), {"urgency": "urgent", "person": "先看一看"})
        case = new_case(city)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        decision = Decision.objects.get(case=case.pk)
        assert decision.needs_person == NeedsPerson.RULE
        words = " ".join(one["text"] for one in decision.explained)
        assert version.name in words
        assert "纸箱" in words
        assert "箱子" not in words.replace("纸箱", "")
        assert Case.objects.get(pk=case.pk).urgency == "urgent"
        fold_rule_hits(now=NOON)
        assert RuleHit.objects.get().cases == 1

    def test_publishers_are_told_of_what_waits_and_fails_and_editors_of_what_became_of_it(self, city):
        call_command("load_message_templates", stdout=StringIO())
        version = published(city, outcome={"unit": city.company.code})
        Unit.objects.filter(pk=city.company.pk).update(closed_on=date(2026, 1, 1))
        forget()
        note_matches(match_many([new_case(city, content="路灯")], NOON), by=SYSTEM, now=NOON)
        told = Message.objects.filter(about=version.rule.code, way="portal").values_list("template__key", flat=True)
        assert sorted(told) == ["rule_failed", "rule_publish", "rule_submitted"]

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
