"""What is ruled about the ledger: exclusions, corrections, schemes."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from analytics.models import AssessmentScheme, Correction, FrozenPosting, FrozenResult
from analytics.selectors.ledger.frozen import (
    frozen_bases,
    get_month,
    is_untouched,
    read_ranking,
)
from analytics.selectors.ledger.live import bases_for
from analytics.services.ledger import (
    NewCorrection,
    add_scheme,
    correct,
    decide_exclusion,
    load_schemes,
    withdraw_exclusion,
)
from analytics.tests.ledger_world import AFTER, MONTH, NEXT, ask, keeper, live, make_ledger, propose_and_freeze, scheme
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, SYSTEM
from grid.models import Message
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return make_ledger()


class TestExclusions:
    def test_undecided_it_counts_agreed_it_does_not(self, city):
        name = city.communities[0][0][0].name
        request = ask(city)
        assert live()[name].results["contact"].denominator == 4
        decide_exclusion(request.pk, agreed=True, opinion="属实", by=keeper(city, "assessor_district"), now=AFTER)
        contact = live()[name].results["contact"]
        assert (contact.numerator, contact.denominator, contact.value) == (3, 3, Decimal("100.00"))
        assert live()[name].results["signing"].denominator == 4

    def test_who_decides_and_who_asked_are_told(self, city):
        call_command("load_message_templates", stdout=StringIO())
        request = ask(city)
        asked = Message.objects.get(template__key="exclusion_asked")
        assert asked.unit_id == city.centres[0].pk
        decide_exclusion(request.pk, agreed=False, opinion="证据不足", by=keeper(city), now=AFTER)
        told = Message.objects.get(template__key="exclusion_decided")
        assert told.user == city.staff["community_secretary"]
        assert "证据不足" in told.text

    def test_refused_or_withdrawn_it_counts(self, city):
        refused, withdrawn = ask(city), ask(city, city.first[1])
        decide_exclusion(refused.pk, agreed=False, opinion="证据不足", by=keeper(city), now=AFTER)
        withdraw_exclusion(withdrawn.pk, by=Actor.staff(city.staff["community_secretary"]), now=AFTER)
        assert live()[city.communities[0][0][0].name].results["contact"].denominator == 4
        assert ask(city).pk

    def test_what_was_taken_out_is_frozen_with_the_posting(self, city):
        request = ask(city)
        decide_exclusion(request.pk, agreed=True, opinion="属实", by=keeper(city), now=AFTER)
        propose_and_freeze(city)
        row = FrozenPosting.objects.get(number=city.first[0].case.number)
        assert row.left_out == [f"contact@{city.first[0].unit_id}"]
        assert FrozenResult.objects.get(score__rank=1, indicator="contact").denominator == 3

    def test_after_the_freeze_it_becomes_a_correction(self, city):
        month = propose_and_freeze(city)
        request = ask(city)
        decided = decide_exclusion(request.pk, agreed=True, opinion="属实", by=keeper(city), now=AFTER)
        made = decided.correction
        assert (made.numerator, made.denominator, made.case_number) == (0, -1, city.first[0].case.number)
        assert read_ranking(month, frozen_bases(month)[0]).scores[0].results["contact"].denominator == 4

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"case_number": "SZ不存在"}, "indicator"),
            ({"case_number": "a\x00b"}, "case_number"),
            ({"indicator": "satisfaction"}, "indicator"),
            ({"indicator": "x" * 999}, "indicator"),
            ({"ground": "none"}, "ground"),
            ({"reason": " "}, "reason"),
            ({"reason": "\ud800"}, "reason"),
        ],
    )
    def test_what_is_wrong_is_named_by_its_field(self, city, given, field):
        with pytest.raises(BadInput) as refusal:
            ask(city, **given)
        assert refusal.value.field == field

    def test_the_same_is_not_asked_twice(self, city):
        ask(city)
        with pytest.raises(Refused):
            ask(city)

    def test_a_unit_asks_only_for_itself(self, city):
        with pytest.raises(OutOfSight):
            ask(city, city.second[0], unit_id=city.stations[1][0][0].pk)

    def test_it_is_decided_above_and_not_by_who_asked(self, city):
        request = ask(city)
        with pytest.raises(OutOfSight):
            decide_exclusion(request.pk, agreed=True, opinion="x", by=keeper(city, "other_assessor"), now=AFTER)
        with pytest.raises(NotAllowed):
            decide_exclusion(request.pk, agreed=True, opinion="x", by=keeper(city, "leader"), now=AFTER)
        with pytest.raises(BadInput):
            decide_exclusion(request.pk, agreed=True, opinion=" ", by=keeper(city), now=AFTER)
        decide_exclusion(request.pk, agreed=True, opinion="x", by=keeper(city), now=AFTER)
        with pytest.raises(IllegalMove):
            decide_exclusion(request.pk, agreed=False, opinion="x", by=keeper(city), now=AFTER)


class TestCorrections:
    def given(self, city, **facts):
        values = {"indicator": "contact", "numerator": 1, "denominator": 0, "reason": "漏记"}
        return NewCorrection(**(values | {"unit_id": city.stations[0][0][0].pk} | facts))

    def test_only_of_a_frozen_month_and_what_was_published_stays(self, city):
        with pytest.raises(IllegalMove):
            correct(MONTH, self.given(city), by=keeper(city), now=AFTER)
        month = propose_and_freeze(city)
        correct(MONTH, self.given(city), by=keeper(city), now=AFTER)
        assert Correction.objects.get().made_by == "assessor"
        assert is_untouched(get_month(MONTH))
        assert read_ranking(month, frozen_bases(month)[0]).scores[0].results["contact"].numerator == 3

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"indicator": "returns"}, "indicator"),
            ({"numerator": 0}, "numerator"),
            ({"denominator": 10**9}, "denominator"),
            ({"reason": ""}, "reason"),
            ({"unit_id": None}, "unit_id"),
        ],
    )
    def test_what_is_wrong_is_named_by_its_field(self, city, facts, field):
        propose_and_freeze(city)
        with pytest.raises(BadInput) as refusal:
            correct(MONTH, self.given(city, **facts), by=keeper(city), now=AFTER)
        assert refusal.value.field == field

    def test_not_by_a_district(self, city):
        propose_and_freeze(city)
        with pytest.raises(NotAllowed):
            correct(MONTH, self.given(city), by=keeper(city, "assessor_district"), now=AFTER)


class TestSchemes:
    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"weights": {"satisfaction": 1}}, "weights"),
            ({"weights": {"accepted": 1}}, "weights"),
            ({"weights": {"three_rates": 1}}, "weights"),
            ({"weights": {"contact": 0}}, "weights"),
            ({"weights": {"contact": -1}}, "weights"),
            ({"weights": {}}, "weights"),
            ({"weights": []}, "weights"),
            ({"counted_by": "nothing"}, "counted_by"),
            ({"unit_kind": "bureau"}, "unit_kind"),
            ({"level": 9}, "place"),
            ({"name": ""}, "name"),
            ({"effective_from": MONTH.replace(day=2)}, "effective_from"),
        ],
    )
    def test_what_cannot_be_ranked_is_named_by_its_field(self, city, given, field):
        with pytest.raises(BadInput) as refusal:
            load_schemes([scheme("other", **given)], by=SYSTEM, now=NOON)
        assert refusal.value.field == field

    def test_a_new_meaning_begins_with_a_month_that_has_not_begun(self, city):
        root = Actor.staff(city.staff["root"])
        with pytest.raises(BadInput):
            add_scheme(scheme(effective_from=MONTH), by=root, now=NOON)
        add_scheme(scheme(effective_from=NEXT, minimum=0), by=root, now=NOON)
        assert bases_for(MONTH)[0].minimum == 3
        assert bases_for(NEXT)[0].minimum == 0
        with pytest.raises(NotAllowed):
            add_scheme(scheme("x", effective_from=NEXT), by=keeper(city), now=NOON)

    def test_the_shipped_files_load_twice(self, city, capsys):
        for command in ("load_assessment_schemes", "load_exclusion_grounds"):
            call_command(command)
            call_command(command)
        assert bases_for(MONTH)[0].columns
        assert {basis.code for basis in bases_for(MONTH)} >= {"districts", "communities", "district_departments"}

    def test_administrators_enter_them_in_the_admin(self, city):
        client, address = client_of(city.staff["root"], "en"), reverse("admin:analytics_assessmentscheme_add")
        later = (NEXT + timedelta(days=4000)).replace(day=1)
        data = {
            "code": "mine", "name": "办法", "name_en": "Mine", "place": "area", "level": 3, "unit_kind": "",
            "weights": '{"satisfaction": 1}', "counted_by": "case_due", "minimum": 1, "order": 1,
            "effective_from": later, "source": "test",
        }  # fmt: skip
        assert "is always shown with" in client.post(address, data).content.decode()
        data["weights"] = '{"satisfaction": 1, "evaluated": 0}'
        assert client.post(address, data).status_code == 302
        assert AssessmentScheme.objects.get(code="mine").weights == {"satisfaction": 1, "evaluated": 0}
