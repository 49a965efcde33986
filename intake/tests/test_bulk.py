"""The service of imports: what it promises to whoever calls it."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from dutylist.models import ItemVersion
from dutylist.services import CatalogueRow, enter_catalogue
from grid.models import Staff
from grid.tests.factories import make_area, make_unit
from intake.bulk import ImportedCase, already_imported, import_cases
from intake.models import Case, Channel
from intake.services import ChannelRow, load_channels
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.bulk import copy_in, reserve_keys, update_objects
from shenzhen_gov.core.models import AuditEntry
from shenzhen_gov.core.worktime import SHANGHAI

MOMENT = datetime(2018, 7, 4, 17, 24, 41, tzinfo=SHANGHAI)
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)
BY = Actor.system("test")


@pytest.fixture
def known(db):
    """One imported case, whose channel, item and unit serve for others."""
    area = make_area(2, "坪山区", code="440310")
    unit = make_unit("centre", "centre", home_area=area)
    load_channels([ChannelRow("old", "旧系统", "Old system", "PS", "normal", 1, "test")], by=BY, now=NOW)
    item = CatalogueRow(
        line=1, code="P1", level1="一", level2="二", name="三", lead="", co=(), limit_normal=None, limit_urgent=None,
        limit_unit="workday", texts={}, keywords=(), examples=(), flags={},
    )  # fmt: skip
    enter_catalogue([item], source="legacy", owner_area_id=area.pk, effective_from=date(2018, 1, 1), by=BY, now=NOW)
    version = ItemVersion.objects.get()
    first = Case(
        channel_id=Channel.objects.get().pk, area_id=area.pk, item_id=version.item_id, item_version_id=version.pk,
        holder_id=unit.pk,
    )  # fmt: skip
    import_cases([another(first, "1")], by=BY, now=NOW)
    return Case.objects.get()


def another(known: Case, external_id: str, at: datetime = MOMENT) -> ImportedCase:
    return ImportedCase(
        origin="PS", external_id=external_id, channel_id=known.channel_id, request_type="other", title="x" * 200,
        registered_at=at, area_id=known.area_id, place_source="imported", item_id=known.item_id,
        item_version_id=known.item_version_id, holder_id=known.holder_id, legacy={"source": "test"},
    )  # fmt: skip


def test_cases_come_back_in_the_order_given(known):
    saved = import_cases([another(known, "30"), another(known, "20")], by=BY, now=NOW)
    assert [str(case) for case in saved] == ["SZPS201807041724410030", "SZPS201807041724410020"]
    assert [Case.objects.get(pk=case.pk).external_id for case in saved] == ["30", "20"]


def test_outside_numbers_need_not_be_digits(known):
    (saved,) = import_cases([another(known, "甲-7")], by=BY, now=NOW)
    assert saved.number[:-4] == "SZPS20180704172441"
    assert saved.number[-4:].isdigit()


def test_numbers_avoid_those_given_out_before(known):
    import_cases([another(known, "30001")], by=BY, now=NOW)
    assert sorted(Case.objects.values_list("number", flat=True))[-1] == "SZPS201807041724410002"


def test_a_number_moved_on_does_not_take_that_of_a_later_row(known):
    rows = [
        another(known, "5"),
        another(known, "10005"),
        another(known, "6"),
        another(known, "7", MOMENT + timedelta(1)),
    ]
    numbers = [case.number[-4:] for case in import_cases(rows, by=BY, now=NOW)]
    assert numbers == ["0005", "0006", "0007", "0007"]


def test_the_same_outside_number_again_is_refused_and_nothing_stays(known):
    with pytest.raises(IntegrityError), transaction.atomic():
        import_cases([another(known, "2"), another(known, "1")], by=BY, now=NOW)
    assert Case.objects.count() == 1
    assert AuditEntry.objects.filter(action="case.imported").count() == 1


def test_what_is_here_is_found_by_outside_number_and_origin(known):
    assert already_imported(["1", "2"], origin="PS") == {"1"}
    assert already_imported(["1", "2"], origin="RX") == set()


class TestCopyIn:
    def test_fills_in_what_a_row_leaves_out(self, known):
        saved = import_cases([another(known, "2")], by=BY, now=NOW)[0]
        case = Case.objects.get(pk=saved.pk)
        assert (case.row_version, case.wish, case.reply_way, case.citizen, case.awaits_person) == (
            1,
            "",
            "phone",
            None,
            False,
        )
        assert case.title == "x" * 120

    def test_refuses_an_attribute_that_the_model_does_not_have(self, known):
        with pytest.raises(KeyError, match="shoe_size"):
            copy_in(Case, [{"shoe_size": 43}])

    def test_of_nothing_writes_nothing(self, known):
        assert copy_in(Case, []) == 0

    def test_keys_that_are_reserved_are_not_given_out_again(self, known):
        keys = reserve_keys(Case, 3)
        assert len({*keys, *reserve_keys(Case, 3)}) == 6


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_copied_in():
    with pytest.raises(RuntimeError, match="transaction"):
        copy_in(Case, [{"number": "1"}])


@pytest.mark.django_db
def test_what_rows_point_at_is_written_with_one_statement():
    old, new = make_unit("a", "a"), make_unit("b", "b")
    one, other = (Staff.objects.create(username=name, unit=old) for name in "mn")
    one.unit, other.unit_id = new, None
    assert update_objects([one, other], ["unit"]) == 2
    assert list(Staff.objects.order_by("username").values_list("unit", flat=True)) == [new.pk, None]
