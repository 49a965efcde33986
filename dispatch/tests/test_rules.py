"""The life of a dispatch rule: written, checked, replayed, published by a second person, failing, taken out of use."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dispatch.choices import ReplayState
from dispatch.models import Rule, RuleReplay, RuleVersion
from dispatch.rules.checking import check_version
from dispatch.rules.conditions import RowError
from dispatch.rules.engine import match_many, published_versions
from dispatch.services.rule_editing import edit_rule, start_rule_change
from dispatch.services.rule_moves import move_rule, retire_rules
from dispatch.services.rule_replays import ask_rule_replay, run_rule_replay
from dispatch.tests.rules import TODAY, by, contains, draft, leaf, make_rule_city, published, text
from dispatch.tests.world import NOON, SYSTEM, new_case
from grid.models import Unit
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_rule_city()


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
