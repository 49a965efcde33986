"""Reading a file of an earlier system: encodings, columns, nulls, rows that are wrong."""

from datetime import date, datetime

import pytest

from dispatch.legacy import reader
from dispatch.legacy.mapping import PINGSHAN, load_mapping
from dispatch.legacy.reader import find_encoding, read_file
from shenzhen_gov.core.exceptions import BadInput
from shenzhen_gov.core.worktime import SHANGHAI

from .legacy_files import HEADER, NOW, as_text, row, write_file

MAPPING = load_mapping()


def read(path, **given):
    return read_file(path, MAPPING, now=NOW, **given)


def reject_of(tmp_path, **given):
    contents = read(write_file(tmp_path, [row(1), row(2, **given)]))
    assert [kept.external_id for kept in contents.rows] == ["1"]
    (reject,) = contents.rejects
    return reject


class TestEncoding:
    @pytest.mark.parametrize(
        ("written", "found"), [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030")]
    )
    def test_is_found_by_looking(self, tmp_path, written, found):
        contents = read(write_file(tmp_path, [row(1)], written))
        assert contents.encoding == found
        assert contents.rows[0].community == "六联社区"
        assert contents.rejects == []

    @pytest.mark.parametrize(
        "data", [b"\xff\xfe" + "社区,街道\n".encode("utf-16-le") * 40, b"\x89PNG\r\n\x1a\n" + b"\xff\xff\x00" * 99]
    )
    def test_that_is_another_one_is_refused(self, tmp_path, data):
        path = tmp_path / "other.csv"
        path.write_bytes(data)
        with pytest.raises(BadInput, match=r"other\.csv.*UTF-8.*GB18030"):
            read(path)

    def test_damage_in_one_row_of_utf_8_rejects_that_row_and_not_the_encoding(self, tmp_path):
        path = write_file(tmp_path, [row(number) for number in range(1, 40)])
        data = path.read_bytes().replace("六联社区".encode(), "六联社区".encode()[:-1], 1)
        path.write_bytes(data)
        contents = read(path)
        assert contents.encoding == "utf-8-sig"
        assert len(contents.rows) == 38
        assert [(reject.line, reject.column) for reject in contents.rejects] == [(2, "COMMUNITY_NAME")]

    def test_is_found_across_the_chunks_a_file_is_read_in(self, tmp_path, monkeypatch):
        monkeypatch.setattr(reader, "CHUNK", 7)
        assert find_encoding(write_file(tmp_path, [row(1)], "gb18030")) == "gb18030"
        assert find_encoding(write_file(tmp_path, [row(1)], "utf-8")) == "utf-8-sig"

    def test_of_a_file_that_is_not_there_is_a_clear_refusal(self, tmp_path):
        with pytest.raises(BadInput, match=r"absent\.csv"):
            read(tmp_path / "absent.csv")


class TestHeader:
    def test_lacking_columns_is_refused_naming_each(self, tmp_path):
        path = tmp_path / "short.csv"
        path.write_text(as_text([row(1)], [name for name in HEADER if name not in {"REC_ID", "STREET_NAME"}]))
        with pytest.raises(BadInput, match=r"REC_ID、STREET_NAME"):
            read(path)

    def test_with_a_column_twice_is_refused_naming_it(self, tmp_path):
        path = tmp_path / "twice.csv"
        path.write_text(as_text([row(1)]).replace("OCCUR_PLACE", "REC_ID"))
        with pytest.raises(BadInput, match="REC_ID"):
            read(path)

    @pytest.mark.parametrize("text", ["", "\n", ",,,\n"])
    def test_that_is_empty_is_refused(self, tmp_path, text):
        path = tmp_path / "empty.csv"
        path.write_text(text)
        with pytest.raises(BadInput):
            read(path)

    def test_alone_is_a_file_without_rows(self, tmp_path):
        contents = read(write_file(tmp_path, []))
        assert (contents.read, contents.rows, contents.rejects) == (0, [], [])


class TestRow:
    def test_is_taken_over_in_our_words(self, tmp_path):
        (kept,) = read(write_file(tmp_path, [row(7, EVENT_PROPERTY_NAME="求决")])).rows
        assert kept.registered_at == datetime(2018, 7, 4, 17, 24, 41, tzinfo=SHANGHAI)
        assert kept.day == date(2018, 7, 4)
        assert kept.request_type == "help"
        assert kept.path == ("市容环卫", "占道经营", "店外经营")
        assert kept.on_time is True

    def test_has_none_where_the_file_has_a_dash(self, tmp_path):
        given = dict.fromkeys(["STREET_NAME", "COMMUNITY_NAME", "DISPOSE_UNIT_ID", "DISPOSE_UNIT_NAME"], "-")
        flags = dict.fromkeys(["INTIME_ARCHIVE_NUM", "OVERTIME_ARCHIVE_NUM", "EVENT_PROPERTY_NAME"], "-")
        (kept,) = read(write_file(tmp_path, [row(1, **given, **flags)])).rows
        assert (kept.subdistrict, kept.community, kept.unit_id, kept.unit_name, kept.on_time) == (None,) * 5
        assert kept.request_type == "other"
        assert "OCCUR_PLACE" not in kept.words

    @pytest.mark.parametrize(("in_time", "overdue", "on_time"), [("0", "1", False), ("1", "0", True), ("0", "0", None)])
    def test_says_whether_it_ended_in_time(self, tmp_path, in_time, overdue, on_time):
        given = {"INTIME_ARCHIVE_NUM": in_time, "OVERTIME_ARCHIVE_NUM": overdue}
        assert read(write_file(tmp_path, [row(1, **given)])).rows[0].on_time is on_time

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("REC_ID", "-"),
            ("REC_ID", "9" * 41),
            ("CREATE_TIME", "-"),
            ("CREATE_TIME", "04/07/2018"),
            ("CREATE_TIME", "2018-02-30 10:00:00"),
            ("CREATE_TIME", "2017-12-31 23:59:59"),
            ("CREATE_TIME", "2026-11-18 10:00:01"),
            ("EVENT_SRC_NAME", ""),
            ("SUB_TYPE_NAME", "-"),
            ("SUB_TYPE_NAME", "长" * 121),
            ("SUB_TYPE_ID", "60 3"),
            ("DISPOSE_UNIT_ID", "八四八四"),
            ("INTIME_ARCHIVE_NUM", "yes"),
            ("OVERTIME_ARCHIVE_NUM", "1"),
            ("COMMUNITY_NAME", "六\x00联"),
        ],
    )
    def test_that_is_wrong_is_rejected_with_line_column_and_reason(self, tmp_path, column, value):
        reject = reject_of(tmp_path, **{column: value})
        assert (reject.line, reject.column) == (3, column)
        assert reject.reason
        assert value in reject.cells

    def test_with_too_few_cells_is_rejected(self, tmp_path):
        path = tmp_path / "few.csv"
        path.write_text(as_text([row(1)]) + "2,2018-07-04 17:24:41\n")
        (reject,) = read(path).rejects
        assert reject.line == 3
        assert "2" in reject.reason

    def test_that_stands_there_twice_is_counted_once(self, tmp_path):
        contents = read(write_file(tmp_path, [row(1), row(2), row(1)]))
        assert [kept.external_id for kept in contents.rows] == ["1", "2"]
        assert (contents.repeated, contents.rejects, contents.read) == (1, [], 3)

    def test_with_a_number_that_another_row_has_is_rejected_naming_that_line(self, tmp_path):
        contents = read(write_file(tmp_path, [row(1), row(1, STREET_NAME="马峦街道")]))
        assert contents.rows[0].subdistrict == "坪山街道"
        (reject,) = contents.rejects
        assert (reject.line, reject.column) == (3, "REC_ID")
        assert "2" in reject.reason

    def test_may_go_over_several_lines_and_empty_lines_do_not_count(self, tmp_path):
        path = tmp_path / "lines.csv"
        path.write_text(as_text([row(1, OCCUR_PLACE="一\n二"), row(2, CREATE_TIME="bad")]).replace("\n2,", "\n\n2,"))
        contents = read(path)
        assert contents.rows[0].words["OCCUR_PLACE"] == "一\n二"
        assert [reject.line for reject in contents.rejects] == [5]

    def test_with_an_open_quotation_mark_refuses_the_file_naming_the_line(self, tmp_path):
        path = tmp_path / "quote.csv"
        path.write_text(as_text([row(1)]) + '"2,' + "x" * 140_000)
        with pytest.raises(BadInput, match=r"quote\.csv"):
            read(path)

    def test_behind_the_limit_is_not_read(self, tmp_path):
        contents = read(write_file(tmp_path, [row(1, CREATE_TIME="bad"), row(2), row(3)]), limit=2)
        assert ([kept.external_id for kept in contents.rows], len(contents.rejects)) == (["2"], 1)


class TestMappingFile:
    def changed(self, tmp_path, before, after):
        text = PINGSHAN.read_text(encoding="utf-8")
        assert before in text
        path = tmp_path / "mapping.toml"
        path.write_text(text.replace(before, after), encoding="utf-8")
        return path

    @pytest.mark.parametrize(
        ("before", "after", "key"),
        [
            ('external_id = "REC_ID"\n', "", "external_id"),
            ('external_id = "REC_ID"', 'external_id = "REC_ID"\nshoe_size = "X"', "shoe_size"),
            ('"投诉" = "complaint"', '"投诉" = "anger"', "投诉"),
            ('origin = "PS"', 'origin = "P1S"', "origin"),
            ("in_force_from = 2018-01-01", 'in_force_from = "2018"', "in_force_from"),
            ('kind = "company"', 'kind = "club"', "unit_functions"),
            ('code = "p18-12345", ', "", "12345"),
        ],
    )
    def test_that_is_wrong_is_refused_naming_the_key(self, tmp_path, before, after, key):
        with pytest.raises(BadInput, match=key):
            load_mapping(self.changed(tmp_path, before, after))

    @pytest.mark.parametrize("text", ["not toml", None])
    def test_that_cannot_be_read_is_refused(self, tmp_path, text):
        path = tmp_path / "broken.toml"
        if text:
            path.write_text(text)
        with pytest.raises(BadInput, match=r"broken\.toml"):
            load_mapping(path)

    def test_may_say_that_two_ids_are_one_unit(self, tmp_path):
        mapping = load_mapping(self.changed(tmp_path, "[same_as] ", '[same_as]\n"9"="8484" '))
        contents = read_file(write_file(tmp_path, [row(1, DISPOSE_UNIT_ID="9")]), mapping, now=NOW)
        assert contents.rows[0].unit_id == "8484"
