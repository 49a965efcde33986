"""考核台账: a month counted by hand, frozen, reprinted as it was, corrected only in the open."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from analytics.models import AssessmentMonth, FrozenPosting, FrozenResult, FrozenScore, Indicator
from analytics.selectors import figures
from analytics.selectors.ledger.frozen import (
    digest_of,
    frozen_bases,
    get_month,
    hash_postings,
    is_untouched,
    read_ranking,
)
from analytics.services.figures import post
from analytics.services.indicators import publish_version
from analytics.services.ledger import (
    ask_freeze,
    freeze,
    freeze_due,
    move_month,
)
from analytics.tests.ledger_world import AFTER, MONTH, NEXT, ask, keeper, live, make_ledger, propose_and_freeze, scheme
from dispatch.tests.world import NOON, SYSTEM
from grid.models import Unit, UnitName
from intake.models import Case
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return make_ledger()


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


def test_what_is_written_is_never_read_from_a_replica_that_may_lag(db, monkeypatch):
    outside = SimpleNamespace(in_atomic_block=False)
    for around, expected in ((connection, "default"), (outside, "replica")):
        monkeypatch.setattr(figures, "connections", {"default": around, "replica": None})
        assert figures.reading() == expected
