"""Importing: what becomes of a row, what is set up on the way, and that it can be done again."""

from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from dispatch.legacy import importer
from dispatch.models import Clock, Decision, Round, WorkOrder
from dutylist.models import Item, ItemVersion
from dutylist.selectors import version_in_force
from grid.models import Unit, UnitChange
from grid.selectors import find_units, unit_name_on
from grid.services import close_unit
from grid.tests.factories import make_unit
from intake.models import Case, Channel
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.models import AuditEntry, JobRun
from shenzhen_gov.core.worktime import SHANGHAI

from .legacy_files import BY, NOW, import_rows, make_pingshan, row, write_file

LATE = {"CREATE_TIME": "2018-10-20 09:00:00"}


@pytest.fixture
def pingshan(db):
    return make_pingshan()


class TestCase:
    def test_is_archived_with_its_number_place_item_and_unit(self, pingshan, tmp_path):
        summary = import_rows(tmp_path, [row(72687)])
        case = Case.objects.get()
        assert summary.imported == 1
        assert case.number == "SZPS201807041724412687"
        assert (case.external_id, case.state, case.request_type, case.round) == ("72687", "archived", "complaint", 1)
        assert case.registered_at == datetime(2018, 7, 4, 17, 24, 41, tzinfo=SHANGHAI)
        assert (case.area, case.place_source, case.title) == (pingshan.liulian, "imported", "店外经营")
        assert case.item_version.path_text == "市容环卫 / 占道经营 / 店外经营"
        assert case.holder.home_area == pingshan.district
        order = case.work_orders.get()
        assert (order.state, order.role, order.unit.name, order.area) == (
            "done",
            "lead",
            "坪山街道综合执法队",
            case.area,
        )

    def test_keeps_the_decision_with_the_name_the_unit_had_then(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1)])
        decision = Decision.objects.get()
        assert (decision.mode, decision.outcome) == ("imported", "dispatched")
        assert decision.unit.name in str(decision.reasons)
        assert decision.made_at == Case.objects.get().registered_at

    def test_is_on_the_audit_log_and_chained(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1)])
        entry = AuditEntry.objects.get(object_type="intake.case", object_id=Case.objects.get().pk)
        assert (entry.action, entry.seq, entry.changes["external_id"]) == ("case.imported", 1, "1")
        assert entry.hash

    @pytest.mark.parametrize(("overdue", "on_time"), [("0", True), ("1", False)])
    def test_keeps_its_result_and_invents_no_time(self, pingshan, tmp_path, overdue, on_time):
        given = {"INTIME_ARCHIVE_NUM": str(1 - int(overdue)), "OVERTIME_ARCHIVE_NUM": overdue}
        import_rows(tmp_path, [row(1, **given)])
        case = Case.objects.get()
        assert case.legacy["on_time"] is on_time
        assert case.legacy["row"]["OVERTIME_ARCHIVE_NUM"] == overdue
        assert (case.closed_at, case.due_at, case.work_orders.get().ended_at) == (None, None, None)
        assert Round.objects.get().closed_at is None
        assert Clock.objects.count() == 0

    def test_without_a_unit_has_no_work_order_and_says_so(self, pingshan, tmp_path):
        summary = import_rows(tmp_path, [row(1, DISPOSE_UNIT_ID="-", DISPOSE_UNIT_NAME="-")])
        case = Case.objects.get()
        assert (WorkOrder.objects.count(), Decision.objects.count(), Round.objects.count()) == (0, 0, 0)
        assert len(case.legacy["notes"]) == 1
        assert sum(summary.notes.values()) == 1

    @pytest.mark.parametrize(
        ("subdistrict", "community", "area", "source", "notes"),
        [
            ("坪山街道办事处", "六联社区居委会", "liulian", "imported", 0),
            ("-", "六联社区", "liulian", "imported", 0),
            ("坪山街道", "-", "pingshan", "imported", 0),
            ("坪山街道", "天边社区", "pingshan", "imported", 1),
            ("坪山街道", "坪环社区", "pingshan", "imported", 1),
            ("天边街道", "-", "district", "unknown", 1),
            ("-", "-", "district", "unknown", 1),
        ],
    )
    def test_lies_where_its_names_agree(self, pingshan, tmp_path, subdistrict, community, area, source, notes):
        import_rows(tmp_path, [row(1, STREET_NAME=subdistrict, COMMUNITY_NAME=community)])
        case = Case.objects.get()
        assert (case.area, case.place_source) == (getattr(pingshan, area), source)
        assert len(case.legacy["notes"]) == notes

    def test_of_the_same_second_and_last_digits_gets_the_next_free_number(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(10001), row(20001), row(10002)])
        numbers = Case.objects.order_by("id").values_list("number", flat=True)
        assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]

    def test_of_an_unknown_channel_or_kind_is_imported_and_noted(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1, EVENT_SRC_NAME="书记茶话会", EVENT_PROPERTY_NAME="求证")])
        case = Case.objects.select_related("channel").get()
        assert (case.request_type, len(case.legacy["notes"])) == ("other", 2)
        assert (case.channel.name, case.channel.origin) == ("书记茶话会（坪山2018）", "PS")
        assert not case.channel.is_active


class TestItems:
    def test_come_from_the_paths_labelled_as_legacy(self, pingshan, tmp_path):
        summary = import_rows(tmp_path, [row(1), row(2, SUB_TYPE_NAME="乱摆卖", SUB_TYPE_ID="604"), row(3)])
        assert summary.added.items == 2
        item = Item.objects.get(code="P18-603")
        version = version_in_force(item.pk, date(2018, 7, 4))
        assert (version.source, version.is_sample, version.effective_from) == ("legacy", True, date(2018, 1, 1))
        assert item.owner_area == pingshan.district

    def test_of_one_number_and_two_paths_are_two(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1), row(2, MAIN_TYPE_NAME="其他")])
        assert set(Item.objects.values_list("code", flat=True)) == {"P18-603", "P18-603-2"}
        assert len({case.item_id for case in Case.objects.all()}) == 2

    def test_stay_the_same_in_a_second_file(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1)])
        summary = import_rows(tmp_path, [row(2), row(3, MAIN_TYPE_NAME="其他")])
        assert summary.added.items == 1
        assert ItemVersion.objects.count() == 2


class TestUnits:
    def test_hang_below_the_centre_of_the_district(self, pingshan, tmp_path):
        city = make_unit("centre", "centre", home_area=pingshan.city, code="c1")
        centre = make_unit("centre", "centre", parent=city, home_area=pingshan.district, code="c2")
        import_rows(tmp_path, [row(1)])
        unit = Unit.objects.get(code="p18-8484")
        assert unit.path.startswith(centre.path)
        assert Case.objects.get().holder == centre

    def test_get_the_least_of_a_tree_where_there_is_none(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1)])
        centres = Unit.objects.filter(kind="centre").order_by("level")
        assert [unit.home_area for unit in centres] == [pingshan.city, pingshan.district]
        assert import_rows(tmp_path, [row(2)]).added.units == 0

    def test_know_what_they_do_and_where_by_their_names(self, pingshan, tmp_path):
        rows = [
            row(1),
            row(2, DISPOSE_UNIT_ID="1755", DISPOSE_UNIT_NAME="六联社区"),
            row(3, DISPOSE_UNIT_ID="1843", DISPOSE_UNIT_NAME="市政服务中心（马峦街道办事处）"),
            row(4, DISPOSE_UNIT_ID="1889", DISPOSE_UNIT_NAME="坪山交通运输局"),
        ]
        import_rows(tmp_path, rows)
        units = {unit.code: unit for unit in Unit.objects.select_related("home_area")}
        assert (units["p18-8484"].function, units["p18-8484"].home_area) == ("p18-enforcement", pingshan.pingshan)
        assert (units["p18-1755"].function, units["p18-1755"].home_area) == ("p18-community", pingshan.liulian)
        assert units["p18-1843"].home_area == pingshan.maluan
        assert (units["p18-1889"].function, units["p18-1889"].home_area) == ("p18-1889", pingshan.district)

    def test_never_answer_for_a_territory(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1, DISPOSE_UNIT_ID="1755", DISPOSE_UNIT_NAME="六联社区")])
        assert not Unit.objects.get(code="p18-1755").is_territorial

    def test_that_were_renamed_have_dated_names(self, pingshan, tmp_path):
        new = {"DISPOSE_UNIT_NAME": "坪山街道综合执法队（坪山街道办事处）"}
        import_rows(tmp_path, [row(1), row(2), row(3, **LATE, **new), row(4, **LATE, **new)])
        (unit,) = find_units("坪山街道综合执法队")
        assert find_units("坪山街道综合执法队（坪山街道办事处）") == [unit]
        assert unit_name_on(unit, date(2018, 10, 19)) == "坪山街道综合执法队"
        assert unit_name_on(unit, date(2018, 10, 20)) == unit.name == "坪山街道综合执法队（坪山街道办事处）"
        assert UnitChange.objects.get(unit=unit, kind="rename").effective_on == date(2018, 10, 20)
        assert set(WorkOrder.objects.values_list("unit", flat=True)) == {unit.pk}

    def test_are_renamed_by_a_later_file_too(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1)])
        summary = import_rows(tmp_path, [row(2, **LATE, DISPOSE_UNIT_NAME="坪山街道执法队")])
        assert (summary.added.units, summary.added.names) == (0, 1)
        assert unit_name_on(Unit.objects.get(code="p18-8484"), date(2018, 10, 20)) == "坪山街道执法队"

    def test_keep_a_name_used_side_by_side_as_an_alias(self, pingshan, tmp_path):
        odd = {"DISPOSE_UNIT_NAME": "坪山执法队", "CREATE_TIME": "2018-08-01 09:00:00"}
        import_rows(tmp_path, [row(1), row(2, **odd), row(3, **LATE)])
        (unit,) = find_units("坪山执法队")
        assert unit.name == "坪山街道综合执法队"
        import_rows(tmp_path, [row(4), row(5, **odd | {"DISPOSE_UNIT_NAME": "坪山城管队"}), row(6, **LATE)])
        assert find_units("坪山城管队") == [unit]
        assert UnitChange.objects.filter(kind="rename").count() == 0

    def test_written_with_other_brackets_or_spaces_have_the_same_name(self, pingshan, tmp_path):
        spellings = ["坪山执法队（街道办）", "坪山执法队(街道办)", "坪山 执法队（街道办）"]
        import_rows(tmp_path, [row(n, **LATE, DISPOSE_UNIT_NAME=name) for n, name in enumerate(spellings)])
        summary = import_rows(tmp_path, [row(n + 10, DISPOSE_UNIT_NAME=name) for n, name in enumerate(spellings)])
        assert summary.added.names == 0
        assert Unit.objects.get(code="p18-8484").names.count() == 1

    def test_renamed_to_what_another_is_called_get_an_alias(self, pingshan, tmp_path):
        other = {"DISPOSE_UNIT_ID": "9", "DISPOSE_UNIT_NAME": "城管队"}
        import_rows(tmp_path, [row(1), row(2, **other), row(3, **LATE, DISPOSE_UNIT_NAME="城管队")])
        assert {unit.code for unit in find_units("城管队")} == {"p18-8484", "p18-9"}
        assert Unit.objects.get(code="p18-8484").name == "坪山街道综合执法队"

    def test_that_were_closed_here_meanwhile_keep_their_history(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1), row(2, DISPOSE_UNIT_ID="9", DISPOSE_UNIT_NAME="城管队")])
        old, new = Unit.objects.get(code="p18-8484"), Unit.objects.get(code="p18-9")
        close_unit(old.pk, new.pk, date(2018, 9, 1), by=BY, now=NOW)
        import_rows(tmp_path, [row(3, **LATE, DISPOSE_UNIT_NAME="坪山执法大队")])
        assert old.names.count() == 1
        assert WorkOrder.objects.latest("id").unit == old

    def test_of_one_name_and_two_ids_are_two_told_apart_by_their_place(self, pingshan, tmp_path):
        rows = [
            row(1, DISPOSE_UNIT_ID="9444", DISPOSE_UNIT_NAME="城建办"),
            row(2, DISPOSE_UNIT_ID="9466", DISPOSE_UNIT_NAME="城建办"),
            row(3, DISPOSE_UNIT_ID="9466", DISPOSE_UNIT_NAME="城建办（马峦街道办事处）"),
            row(4, DISPOSE_UNIT_ID="9466", DISPOSE_UNIT_NAME="城建办"),
        ]
        import_rows(tmp_path, rows)
        assert {unit.code for unit in find_units("城建办")} == {"p18-9444", "p18-9466"}
        assert len(set(Unit.objects.values_list("parent", "name"))) == Unit.objects.count()


class TestRunAgain:
    def test_imports_nothing_and_changes_nothing(self, pingshan, tmp_path):
        rows = [row(number) for number in range(1, 6)]
        import_rows(tmp_path, rows)
        before = list(Case.objects.order_by("id").values())
        entries = AuditEntry.objects.count()
        summary = import_rows(tmp_path, rows)
        assert (summary.imported, summary.skipped) == (0, 5)
        assert vars(summary.added) == {"items": 0, "units": 0, "names": 0, "channels": 0}
        assert list(Case.objects.order_by("id").values()) == before
        assert AuditEntry.objects.count() == entries

    def test_does_not_double_a_row_whose_channel_was_corrected(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1)])
        assert import_rows(tmp_path, [row(1, EVENT_SRC_NAME="12319")]).skipped == 1
        assert Case.objects.count() == 1

    def test_goes_on_where_a_killed_run_stopped(self, pingshan, tmp_path, monkeypatch):
        monkeypatch.setattr(importer, "BATCH", 2)
        rows = [row(number) for number in range(1, 6)]

        def killed(done, total):
            if done == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            import_rows(tmp_path, rows, progress=killed)
        assert Case.objects.count() == WorkOrder.objects.count() == 4
        assert JobRun.objects.get().state == "failed"
        assert import_rows(tmp_path, rows).imported == 1
        assert Case.objects.count() == WorkOrder.objects.count() == AuditEntry.objects.filter(
            action="case.imported"
        ).count() == 5  # fmt: skip

    def test_after_a_batch_failed_finds_nothing_half_written(self, pingshan, tmp_path, monkeypatch):
        monkeypatch.setattr(importer, "BATCH", 2)
        real, calls = importer.copy_in, []

        def failing(model, rows):
            calls.append(model)
            if calls.count(WorkOrder) == 2 and model is WorkOrder:
                raise RuntimeError("the disk is full")
            return real(model, rows)

        monkeypatch.setattr(importer, "copy_in", failing)
        with pytest.raises(RuntimeError):
            import_rows(tmp_path, [row(number) for number in range(1, 6)])
        assert Case.objects.count() == Decision.objects.count() == WorkOrder.objects.count() == 2

    def test_leaves_a_job_run_that_tells_what_was_done(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1), row(2), row(3, CREATE_TIME="bad")])
        run = JobRun.objects.get(job="import_legacy")
        assert (run.state, run.done, run.total) == ("done", 2, 2)
        assert (run.result["imported"], run.result["rejected"]) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_a_time_are_refused(tmp_path):
    make_pingshan()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [importer.LOCK])
        with pytest.raises(Refused):
            import_rows(tmp_path, [row(1)])
        assert Case.objects.count() == Unit.objects.count() == 0
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [importer.LOCK])
    finally:
        other.close()
    assert import_rows(tmp_path, [row(1)]).imported == 1


class TestDryRun:
    def test_writes_nothing_and_tells_the_same(self, pingshan, tmp_path):
        rows = [row(1), row(2, CREATE_TIME="bad"), row(3, STREET_NAME="天边街道", COMMUNITY_NAME="-")]
        dry = import_rows(tmp_path, rows, dry_run=True)
        for model in (Case, Item, Unit, Channel, WorkOrder, AuditEntry, JobRun):
            assert model.objects.count() == 0
        wet = import_rows(tmp_path, rows)
        assert dry.facts() == wet.facts()
        assert dry.added == wet.added


class TestCommand:
    def run(self, *arguments):
        out, errors = StringIO(), StringIO()
        call_command("import_legacy", *arguments, stdout=out, stderr=errors)
        return out.getvalue(), errors.getvalue()

    def test_tells_what_it_did_and_draws_a_bar(self, pingshan, tmp_path):
        out, errors = self.run(str(write_file(tmp_path, [row(1), row(2)], "gb18030")))
        assert "GB18030" in out
        assert "2/2" in errors
        assert Case.objects.count() == 2

    def test_writes_rejects_with_line_column_reason_and_the_row(self, pingshan, tmp_path):
        rejects = tmp_path / "rejects.csv"
        self.run(str(write_file(tmp_path, [row(1), row(2, CREATE_TIME="gestern")])), "--rejects", str(rejects))
        header, line = rejects.read_text(encoding="utf-8-sig").splitlines()
        assert header.startswith("reject_line,reject_column,reject_reason,REC_ID")
        assert line.startswith("3,CREATE_TIME,")
        assert "gestern" in line

    def test_can_import_the_mended_rejects_file(self, pingshan, tmp_path):
        rejects = tmp_path / "rejects.csv"
        self.run(str(write_file(tmp_path, [row(2, CREATE_TIME="gestern")])), "--rejects", str(rejects))
        mended = rejects.read_text(encoding="utf-8-sig").replace(",gestern,", ",2018-08-01 10:00:00,")
        rejects.write_text(mended, encoding="utf-8-sig")
        self.run(str(rejects))
        assert Case.objects.get().external_id == "2"

    def test_without_a_rejects_file_names_the_first_rows(self, pingshan, tmp_path):
        _out, errors = self.run(str(write_file(tmp_path, [row(n, CREATE_TIME="bad") for n in range(12)])))
        assert errors.count("CREATE_TIME") == 10
        assert "2" in errors.splitlines()[-1]

    def test_dry_run_says_so(self, pingshan, tmp_path):
        self.run(str(write_file(tmp_path, [row(1)])), "--dry-run")
        assert Case.objects.count() == 0

    @pytest.mark.parametrize("limit", ["0", "-1"])
    def test_refuses_a_limit_below_one(self, pingshan, tmp_path, limit):
        with pytest.raises(CommandError, match="--limit"):
            self.run(str(write_file(tmp_path, [row(1)])), "--limit", limit)

    def test_refuses_a_file_it_cannot_use_and_writes_nothing(self, pingshan, tmp_path):
        path = tmp_path / "short.csv"
        path.write_text("a,b\n1,2\n")
        with pytest.raises(CommandError, match="REC_ID"):
            self.run(str(path))
        assert JobRun.objects.count() == Unit.objects.count() == 0

    def test_refuses_when_the_territory_is_not_loaded(self, db, tmp_path):
        with pytest.raises(CommandError, match=r"440310.*load_areas"):
            self.run(str(write_file(tmp_path, [row(1)])))
        assert Case.objects.count() == Unit.objects.count() == Channel.objects.count() == 0


def test_more_cases_in_a_second_than_numbers_are_refused(pingshan, tmp_path, monkeypatch):
    monkeypatch.setattr("intake.bulk.SERIALS", 2)
    with pytest.raises(BadInput, match="2"):
        import_rows(tmp_path, [row(1), row(2), row(3)])
    assert Case.objects.count() == 0


def test_the_number_of_statements_does_not_grow_with_the_rows(pingshan, tmp_path, django_assert_max_num_queries):
    import_rows(tmp_path, [row(1)])
    with django_assert_max_num_queries(60) as few:
        import_rows(tmp_path, [row(number) for number in range(100, 103)])
    with django_assert_max_num_queries(60) as many:
        import_rows(tmp_path, [row(number) for number in range(200, 300)])
    assert len(few) == len(many)
