from datetime import timedelta

import pytest
from django.utils import timezone

from intake.models import Case, Channel, Supplement
from intake.services import add_supplement, move_case, withdraw_case
from intake.workflow import AWAITING_DISPATCH, IN_HANDLING, VOID
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry

from .factories import SYSTEM, city_with_channels, make_case

NOW = timezone.now()
CITIZEN = Actor.citizen("track")
UNSTORABLE = ["a\x00b", "半个\ud800字"]


@pytest.fixture
def city(db):
    return city_with_channels()


def add(case, text="还有一盏也不亮", by=CITIZEN, now=NOW, **given):
    return add_supplement(case.pk, text, via="track", by=by, now=now, **given)


def last_entry(case):
    return AuditEntry.objects.filter(object_type="intake.case", object_id=case.pk).latest("seq")


def ended(case):
    withdraw_case(case.pk, reason="已经好了", via="track", by=CITIZEN, now=NOW)
    return case


class TestAnAddition:
    def test_is_kept_with_its_way_in_and_its_moment(self, city):
        case = make_case()
        found = add(case, " 还有一盏也不亮 ")
        stored = Supplement.objects.get(pk=found.pk)
        assert (stored.text, stored.kind, stored.via, stored.added_at) == ("还有一盏也不亮", "added", "track", NOW)
        assert (stored.added_by, last_entry(case).action) == ("citizen:track", "case.supplemented")

    def test_moves_neither_the_case_nor_its_end(self, city):
        case = make_case()
        add(case)
        stored = Case.objects.get(pk=case.pk)
        assert (stored.state, stored.due_at, stored.row_version) == (case.state, case.due_at, case.row_version)

    @pytest.mark.parametrize("text", ["", " ", "短", "长" * 1001, *UNSTORABLE])
    def test_is_refused_when_empty_too_long_or_unstorable(self, city, text):
        with pytest.raises(BadInput) as refusal:
            add(make_case(), text)
        assert refusal.value.field == "text"
        assert not Supplement.objects.exists()

    def test_is_refused_for_a_kind_or_a_way_that_does_not_exist(self, city):
        case = make_case()
        with pytest.raises(BadInput):
            add(case, kind="withdrawn")
        with pytest.raises(BadInput):
            add_supplement(case.pk, "还有一盏", via="pigeon", by=CITIZEN, now=NOW)

    def test_is_refused_once_the_case_has_ended(self, city):
        with pytest.raises(IllegalMove):
            add(ended(make_case()))

    def test_of_a_case_has_a_limit(self, city, monkeypatch):
        monkeypatch.setattr("intake.services.supplements.get_parameter", lambda key, on: 1)
        case = make_case()
        add(case)
        with pytest.raises(Refused, match="At most 1"):
            add(case)

    def test_is_made_by_an_agent_and_by_the_channel_of_the_case_only(self, city):
        case = make_case()
        add(case, by=Actor.staff(city.staff["agent"]))
        add(case, by=Actor.channel(case.channel))
        with pytest.raises(OutOfSight):
            add(case, by=Actor.channel(Channel.objects.get(code="wechat")))
        with pytest.raises(NotAllowed):
            add(make_case(area=city.communities[0][0][0].code), by=Actor.staff(city.staff["reviewer"]))


class TestAskingWhereACaseStands:
    def test_needs_no_words_and_is_possible_once_a_day(self, city):
        case = make_case()
        add(case, "", kind="urged")
        assert last_entry(case).action == "case.urged_by_citizen"
        with pytest.raises(Refused, match="again after"):
            add(case, "", kind="urged", now=NOW + timedelta(hours=23))
        add(case, "", kind="urged", now=NOW + timedelta(hours=25))
        assert case.supplements.count() == 2


class TestWithdrawing:
    def test_ends_a_case_that_was_not_dispatched(self, city):
        case = make_case()
        withdraw_case(case.pk, reason="路灯修好了", via="track", by=CITIZEN, now=NOW)
        stored = Case.objects.get(pk=case.pk)
        assert (stored.state, stored.closed_at) == (VOID, NOW)
        assert (last_entry(case).action, last_entry(case).note) == ("case.withdrawn", "路灯修好了")

    def test_of_a_dispatched_case_is_a_wish_the_unit_decides_about(self, city):
        case = make_case()
        assert case.state == AWAITING_DISPATCH
        move_case(case, "dispatch", action="case.imported", by=SYSTEM, now=NOW)
        withdraw_case(case.pk, reason="不用了", via="track", by=CITIZEN, now=NOW)
        assert Case.objects.get(pk=case.pk).state == IN_HANDLING
        assert case.supplements.get().kind == "withdrawn"
        with pytest.raises(Refused, match="said already"):
            withdraw_case(case.pk, reason="不用了", via="track", by=CITIZEN, now=NOW)

    @pytest.mark.parametrize("reason", ["", "短", "长" * 301, *UNSTORABLE])
    def test_needs_a_reason(self, city, reason):
        with pytest.raises(BadInput) as refusal:
            withdraw_case(make_case().pk, reason=reason, via="track", by=CITIZEN, now=NOW)
        assert refusal.value.field == "reason"

    def test_is_not_possible_twice(self, city):
        with pytest.raises(IllegalMove):
            ended(ended(make_case()))

    def test_needs_a_way_that_exists(self, city):
        with pytest.raises(BadInput):
            withdraw_case(make_case().pk, reason="不用了", via="pigeon", by=CITIZEN, now=NOW)
