"""考核台账: a month counted by hand, frozen, reprinted as it was, corrected only in the open."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction

from analytics.models import AssessmentMonth, Correction, FrozenPosting, FrozenResult, FrozenScore, Indicator
from analytics.selectors.ledger.frozen import (
    digest_of,
    frozen_bases,
    get_month,
    hash_postings,
    is_untouched,
    read_ranking,
)
from analytics.selectors.ledger.live import bases_for, count_ranking
from analytics.services.figures import post
from analytics.services.indicators import publish_version
from analytics.services.ledger import (
    NewCorrection,
    NewExclusion,
    add_scheme,
    ask_exclusion,
    ask_freeze,
    correct,
    decide_exclusion,
    freeze,
    freeze_due,
    load_schemes,
    move_month,
    withdraw_exclusion,
)
from analytics.tests.ledger_world import AFTER, MONTH, NEXT, keeper, make_ledger, scheme
from dispatch.tests.world import NOON, SYSTEM
from grid.models import Message, Unit, UnitName
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return make_ledger()


def live(code="communities"):
    """Return name → score of a scheme, counted now."""
    basis = next(one for one in bases_for(MONTH) if one.code == code)
    return {score.place.name: score for score in count_ranking(basis, MONTH).scores}


def propose_and_freeze(city):
    move_month(MONTH, "propose", by=keeper(city), now=AFTER)
    return freeze(MONTH, by=keeper(city), now=AFTER)


def asking(city, order=None, **given):
    order = order or city.first[0]
    facts = {
        "unit_id": order.unit_id, "month": MONTH, "case_number": order.case.number, "indicator": "contact",
        "ground": "force_majeure", "reason": "台风停工",
    }  # fmt: skip
    return NewExclusion(**(facts | given))


def ask(city, order=None, now=AFTER, **given):
    by = Actor.staff(city.staff["community_secretary"])
    return ask_exclusion(asking(city, order, **given), by=by, now=now)


class TestCountedByHand:
    def test_rates_totals_and_ranks_are_those_of_the_cases(self, city):
        scores = live()
        first, second = (scores[area.name] for area in city.communities[0][0])
        contact, signing = first.results["contact"], first.results["signing"]
        assert (contact.numerator, contact.denominator, contact.value) == (3, 4, Decimal("75.00"))
        assert (signing.numerator, signing.denominator, signing.value) == (4, 4, Decimal("100.00"))
        assert first.total == Decimal("85.00")  # (60 × 75 + 40 × 100) / 100
        assert (first.rank, first.cases) == (1, 4)
        assert (second.total, second.cases) == (Decimal("0.00"), 2)

    def test_who_has_too_few_cases_is_listed_and_not_ranked(self, city):
        score = live()[city.communities[0][0][1].name]
        assert score.rank is None
        assert score.results["contact"].rank is None
        assert score.results["contact"].denominator == 2

    def test_who_has_nothing_to_divide_has_no_rank(self, db):
        city = make_ledger(scheme(minimum=0, weights={"signing": 1}, level=3))
        del city
        ranks = [score.rank for score in live().values()]
        assert ranks == [1, None, None, None]

    def test_ranks_leave_out_what_is_shared(self):
        from analytics.selectors.ledger.tables import Basis, Column, Place, Result, Score, put_in_order

        column = Column("a", "a", "a", 1, 1, ["x"], ["y"], False, "higher", "", "", "", "")
        basis = Basis("s", "s", "s", "area", 4, "", "y", 0, "", True, (column,))
        given = [("A", 90), ("B", 95), ("C", 90), ("D", 80)]
        scores = [
            Score(Place(n, code, code, "/"), 9, Decimal(v), None, {"a": Result()}) for n, (code, v) in enumerate(given)
        ]
        assert [(one.place.code, one.rank) for one in put_in_order(basis, scores)] == [
            ("B", 1), ("A", 2), ("C", 2), ("D", 4),
        ]  # fmt: skip

    def test_units_are_ranked_with_what_lies_below_them(self, db):
        make_ledger(scheme("offices", place="unit", level=3, unit_kind="subdistrict"))
        scores = live("offices")
        assert scores["民治街道分中心"].results["contact"].denominator == 6


class TestFreezing:
    def test_not_before_the_month_is_over(self, city):
        with pytest.raises(IllegalMove, match="not over|尚未"):
            move_month(MONTH, "propose", by=keeper(city), now=NOON)

    def test_not_before_the_window_has_passed(self, city):
        early = AFTER.replace(day=5)
        move_month(MONTH, "propose", by=keeper(city), now=early)
        with pytest.raises(IllegalMove):
            freeze(MONTH, by=keeper(city), now=early)
        assert not FrozenPosting.objects.exists()

    def test_not_without_a_proposal_and_not_twice(self, city):
        with pytest.raises(IllegalMove):
            freeze(MONTH, by=keeper(city), now=AFTER)
        propose_and_freeze(city)
        with pytest.raises(IllegalMove):
            freeze(MONTH, by=keeper(city), now=AFTER)
        with pytest.raises(IllegalMove):
            move_month(MONTH, "reopen", by=keeper(city), now=AFTER)

    def test_not_while_a_request_is_undecided(self, city):
        ask(city)
        with pytest.raises(IllegalMove, match="1"):
            propose_and_freeze(city)

    def test_only_by_who_keeps_the_ledger_of_the_whole_city(self, city):
        for name in ("assessor_district", "leader", "community_secretary"):
            with pytest.raises(NotAllowed):
                move_month(MONTH, "propose", by=keeper(city, name), now=AFTER)

    def test_a_month_to_come_is_none(self, city):
        with pytest.raises(BadInput):
            move_month(NEXT.replace(year=NEXT.year + 1), "propose", by=keeper(city), now=AFTER)

    def test_what_counted_is_copied_with_only_the_keys_of_the_month(self, city):
        month = propose_and_freeze(city)
        rows = {row.number: row for row in FrozenPosting.objects.all()}
        assert set(rows) == {order.case.number for order in [*city.first, *city.second]}
        assert month.posting_count == 6
        assert FrozenScore.objects.filter(rank=1).get().place_name == city.communities[0][0][0].name

    def test_the_results_are_what_the_frozen_postings_add_up_to(self, city):
        month = propose_and_freeze(city)
        from analytics.parts import read_key

        due = sum(
            amount
            for row in FrozenPosting.objects.filter(month=month, area=city.communities[0][0][0])
            for key, amount in zip(row.keys, row.amounts, strict=True)
            if read_key(key)[0].code == "contact_due"
        )
        found = FrozenResult.objects.get(score__rank=1, indicator="contact")
        assert (found.numerator, found.denominator) == (3, due)

    def test_a_failure_half_way_leaves_nothing(self, city, monkeypatch):
        move_month(MONTH, "propose", by=keeper(city), now=AFTER)
        monkeypatch.setattr("analytics.services.ledger.months._seal", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            freeze(MONTH, by=keeper(city), now=AFTER)
        assert not FrozenPosting.objects.exists()
        assert not FrozenScore.objects.exists()
        assert get_month(MONTH).state == "proposed"

    def test_asked_for_it_is_frozen_by_the_sweep_in_the_name_of_who_asked(self, city):
        move_month(MONTH, "propose", by=keeper(city), now=AFTER)
        ask_freeze(MONTH, by=keeper(city), now=AFTER)
        with pytest.raises(IllegalMove):
            move_month(MONTH, "reopen", by=keeper(city), now=AFTER)
        assert freeze_due(by=SYSTEM, now=AFTER) == 1
        assert freeze_due(by=SYSTEM, now=AFTER) == 0
        assert get_month(MONTH).frozen_by == "assessor"

    def test_what_cannot_be_frozen_says_why(self, city):
        move_month(MONTH, "propose", by=keeper(city), now=AFTER)
        ask_freeze(MONTH, by=keeper(city), now=AFTER)
        ask(city)
        assert freeze_due(by=SYSTEM, now=AFTER) == 0
        month = get_month(MONTH)
        assert month.freeze_asked_at is None
        assert "1" in month.freeze_failed

    @pytest.mark.parametrize("model", [AssessmentMonth, FrozenScore, FrozenResult, FrozenPosting])
    def test_the_database_refuses_to_change_or_delete_it(self, city, model):
        propose_and_freeze(city)
        name = next(field.name for field in model._meta.fields if not field.primary_key)
        for attempt in (
            lambda: model.objects.update(**{name: model.objects.values_list(name, flat=True)[:1][0]}),
            lambda: model.objects.all()._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()


class TestReprint:
    def test_whatever_happens_later_it_reads_as_it_was_published(self, city):
        month = propose_and_freeze(city)
        before = read_ranking(month, frozen_bases(month)[0])
        self.change_everything(city)
        month = get_month(MONTH)
        after = read_ranking(month, frozen_bases(month)[0])
        assert after == before
        assert live()[city.communities[0][0][0].name].results["contact"].denominator == 3
        assert hash_postings(month) == (month.posting_count, month.postings_digest)
        assert is_untouched(month)

    def change_everything(self, city):
        case = city.first[1].case
        Case.objects.filter(pk=case.pk).update(area=city.communities[1][0][0])
        post([case.pk])
        old = Indicator.objects.get(code="contact").versions.get()
        from analytics.services.indicators import Definition

        names = ("formula", "formula_en", "source", "measure", "denominator", "better", "target")
        given = {name: getattr(old, name) for name in names} | {"numerator": ["contact_due"]}
        day = (NEXT + timedelta(days=31)).replace(day=1)
        root = Actor.staff(city.staff["root"])
        publish_version(old.indicator_id, Definition(**given), effective_from=day, by=root, now=AFTER)
        area = city.communities[0][0][0]
        type(area).objects.filter(pk=area.pk).update(name="改了名的社区")
        area.name = "改了名的社区"
        Unit.objects.filter(pk=city.stations[0][0][0].pk).update(name="改了名的单位")
        UnitName.objects.create(unit=city.stations[0][0][0], name="改了名的单位", valid_from=AFTER.date())

    def test_a_row_put_in_from_outside_shows_in_the_digest(self, city):
        month = propose_and_freeze(city)
        FrozenScore.objects.create(
            month=month, scheme="communities", area=city.city, place_name="x", place_code="x", cases=1, line=99
        )
        assert not is_untouched(month)
        assert digest_of(month, "other") != month.digest
        with pytest.raises(CommandError, match=str(month)):
            call_command("check_ledger", stdout=StringIO())

    def test_the_command_reads_every_posting(self, city):
        month, said = propose_and_freeze(city), StringIO()
        call_command("check_ledger", stdout=said)
        assert month.digest in said.getvalue()
        row = FrozenPosting.objects.first()
        row.pk, row.case_id, row.number = None, row.case_id + 999, "x"
        row.save(force_insert=True)
        with pytest.raises(CommandError):
            call_command("check_ledger", stdout=StringIO())


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
