import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from grid.tests.factories import grant, make_staff
from intake.models import Case, CaseDraft
from intake.services import discard_draft, expire_drafts, register_once, save_draft
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, Refused

from .factories import city_with_channels, new_case

NOW = timezone.now()


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


def saved(agent, key=None, revision=0, **fields):
    fields = fields or {"content": "民治街道路灯不亮"}
    return save_draft(key or uuid.uuid4().hex, fields, revision=revision, by=agent, now=NOW)


class TestSaving:
    def test_keeps_what_was_typed_encrypted(self, agent):
        draft = saved(agent, phone="13812342207", content="陈先生说路灯不亮").draft
        assert json.loads(CaseDraft.objects.get().fields)["phone"] == "13812342207"
        with connection.cursor() as cursor:
            cursor.execute("SELECT fields, label FROM intake_casedraft WHERE id = %s", [draft.pk])
            stored, label = cursor.fetchone()
        assert b"13812342207" not in bytes(stored)
        assert label == "138****2207"

    def test_again_counts_the_revision(self, agent):
        first = saved(agent).draft
        again = saved(agent, first.key, revision=1, content="民治街道路灯不亮了")
        assert (again.is_stale, again.draft.revision) == (False, 2)
        assert again.draft.label == "民治街道路灯不亮了"

    def test_an_older_text_returns_the_newer_one_and_writes_nothing(self, agent):
        first = saved(agent).draft
        saved(agent, first.key, revision=1, content="newer")
        told = saved(agent, first.key, revision=1, content="older")
        assert told.is_stale
        assert json.loads(told.draft.fields) == {"content": "newer"}
        assert json.loads(CaseDraft.objects.get().fields) == {"content": "newer"}

    def test_a_draft_of_somebody_else_does_not_exist(self, agent, city):
        other = Actor.staff(grant(make_staff("agent_b", city.centre), "agent", city.centre))
        key = saved(agent).draft.key
        with pytest.raises(OutOfSight):
            saved(other, key, revision=1)

    def test_a_draft_that_is_gone_says_so(self, agent):
        with pytest.raises(OutOfSight):
            saved(agent, revision=3)

    def test_needs_the_act(self, city):
        with pytest.raises(NotAllowed):
            saved(Actor.staff(city.staff["handler"]))

    @pytest.mark.parametrize("key", ["", "x" * 32, "a" * 33, "../../etc", "A" * 32, "\0"])
    def test_refuses_what_is_no_key(self, agent, key):
        with pytest.raises(BadInput) as refusal:
            save_draft(key, {}, revision=0, by=agent, now=NOW)
        assert refusal.value.field == "key"

    def test_refuses_a_text_that_is_too_long_naming_it(self, agent):
        with pytest.raises(BadInput) as refusal:
            saved(agent, content="字" * 5001)
        assert refusal.value.field == "content"

    def test_takes_no_more_than_the_parameter_says(self, agent):
        for _ in range(20):
            saved(agent)
        with pytest.raises(Refused, match="20 drafts"):
            saved(agent)

    def test_a_null_byte_harms_nothing(self, agent):
        assert saved(agent, content="\0路灯").draft.label == "路灯"


class TestTheEnd:
    def test_comes_with_the_case_in_one_transaction(self, agent):
        key = saved(agent).draft.key
        register_once(new_case(), by=agent, now=NOW, idempotency_key=key)
        assert (Case.objects.count(), CaseDraft.objects.count()) == (1, 0)

    def test_is_for_good_a_late_first_save_makes_no_new_draft(self, agent):
        key = uuid.uuid4().hex
        register_once(new_case(), by=agent, now=NOW, idempotency_key=key)
        with pytest.raises(OutOfSight):
            saved(agent, key)
        assert CaseDraft.objects.count() == 0

    def test_does_not_come_with_a_refused_case(self, agent):
        key = saved(agent).draft.key
        with pytest.raises(BadInput):
            register_once(new_case(area="000"), by=agent, now=NOW, idempotency_key=key)
        assert CaseDraft.objects.count() == 1

    def test_leaves_a_draft_of_somebody_else(self, agent, city):
        other = Actor.staff(grant(make_staff("agent_b", city.centre), "agent", city.centre))
        key = saved(agent).draft.key
        register_once(new_case(), by=other, now=NOW, idempotency_key=key)
        assert CaseDraft.objects.count() == 1

    def test_comes_by_discarding_and_twice_is_no_error(self, agent):
        key = saved(agent).draft.key
        for _ in range(2):
            discard_draft(key, by=agent, now=NOW)
        assert not CaseDraft.objects.exists()

    def test_comes_by_itself_after_the_days_of_the_parameter(self, agent):
        saved(agent)
        today = timezone.localdate(NOW)
        assert expire_drafts(today=today + timedelta(days=7)) == 0
        assert expire_drafts(today=today + timedelta(days=8)) == 1
