"""Excel into a batch: what goes out comes back unchanged, what differs becomes a line."""

from __future__ import annotations

import pytest
from django.utils import translation

from dutylist.excel.columns import ITEM_COLUMNS, ITEMS, ROWS
from dutylist.models import Batch, BatchLine
from dutylist.services import NewLine
from dutylist.tests.duty_people import open_draft, publish
from dutylist.tests.world import NOON
from grid.models import Unit, UnitName
from shenzhen_gov.core.exceptions import IllegalMove, NotAllowed, OutOfSight

from .sheets import TODAY, Excel, put, read, records, sheet_file


class WhatGoesOutComesBack(Excel):
    def test_the_list_as_it_stands_changes_nothing(self):
        done = self.take(self.list_file())
        assert (done.added, done.changed, done.equal, done.emptied) == (0, 0, 2, 0)
        assert not self.batch.lines.exists()

    def test_a_file_made_in_english_is_read_where_chinese_is_spoken(self):
        with translation.override("en"):
            data = self.list_file()
        assert "Code" in next(iter(read(data).values()))[0]
        with translation.override("zh-hans"):
            assert self.take(data).equal == 2

    def test_what_no_cell_can_hold_is_still_no_change(self):
        odd = {"keywords": ["一;二", " 三"], "examples": ["第一行\n第二行"], "criteria": "  =1+1\r\n@x  "}
        publish(self.city, self.people, NewLine(kind="change", code="T01", changes=odd))
        assert self.take(self.list_file()).equal == 2

    def test_rows_of_a_unit_that_was_closed_since_are_no_change(self):
        Unit.objects.filter(pk=self.city.bureaus[0]["urban_management"].pk).update(
            closed_on=TODAY, successor=self.city.bureaus[0]["water"]
        )
        assert self.take(self.list_file()).equal == 2

    def test_a_changed_cell_becomes_one_change(self):
        data = self.edited(lambda tables: put(tables[0], "T01", limit_normal=7, criteria="能说明地点"))
        done = self.take(data)
        line = self.batch.lines.get()
        assert (done.added, done.equal) == (1, 1)
        assert (line.kind, line.code, line.source) == ("change", "T01", "excel")
        assert (line.after["limit_normal"], line.after["criteria"], line.after["rows"]) == (7, "能说明地点", None)
        assert line.after["limit_urgent"] == 1

    def test_an_emptied_cell_empties_the_field_and_is_counted(self):
        done = self.take(self.edited(lambda tables: put(tables[0], "T01", keywords="")))
        assert done.emptied == 1
        assert self.batch.lines.get().after["keywords"] == []

    def test_a_column_that_is_not_there_leaves_its_field_alone(self):
        self.take(sheet_file({"x": [["code", "limit_normal"], ["T01", 9]]}))
        line = self.batch.lines.get()
        assert line.after["limit_normal"] == 9
        assert line.after["keywords"] == ["楼道堆物"]

    def test_another_lead_unit_is_a_transfer(self):
        water = self.city.bureaus[0]["water"]

        def change(tables):
            table = tables[1]
            row = next(row for row in table if row[0] == "T02" and row[1] == "龙华区")
            row[table[1].index("lead")] = water.name

        self.take(self.edited(change))
        line = self.batch.lines.get()
        assert (line.kind, line.code) == ("transfer", "T02")
        assert {(row["area"], row["lead"]) for row in line.after["rows"]} == {
            (self.city.districts[0].pk, water.pk),
            (self.city.districts[1].pk, self.city.bureaus[1]["urban_management"].pk),
        }

    def test_a_unit_is_found_by_a_name_it_had_and_a_closed_one_by_its_successor(self):
        old, new = self.city.bureaus[1]["water"], self.city.bureaus[0]["water"]
        UnitName.objects.create(unit=new, name="原 水务（局）", valid_from=NOON.date())
        Unit.objects.filter(pk=old.pk).update(closed_on=TODAY, successor=new)
        rows = [["code", "area", "lead", "co"], ["T02", "440309", "原水务(局)", ""], ["T02", "坪山区", old.name, ""]]
        self.take(sheet_file({"rows": rows}))
        assert {row["lead"] for row in self.batch.lines.get().after["rows"]} == {new.pk}

    def test_a_function_becomes_a_row_for_every_unit_that_has_it(self):
        rows = [
            ["code", "level1", "level2", "name", "lead_function", "co_functions"],
            ["N1", "水务", "排水", "井盖异响", "water", "urban_management"],
        ]
        self.take(sheet_file({"x": rows}), "add")
        assert [(row["area"], row["lead"], row["co"]) for row in self.batch.lines.get().after["rows"]] == [
            (area.pk, self.city.bureaus[d]["water"].pk, [self.city.bureaus[d]["urban_management"].pk])
            for d, area in enumerate(self.city.districts)
        ]

    def test_every_kind_of_line_comes_from_one_file(self):
        heads = {one.name: str(one.label) for one in ITEM_COLUMNS}
        names = ["kind", "code", "level1", "level2", "name", "successors", "policy", "note"]
        rows = [
            [heads[name] for name in names],
            ["新增", "N1", "市容环卫", "环境", "楼道堆物（甲）", "", "", ""],
            ["", "N2", "市容环卫", "环境", "楼道堆物（乙）", "", "", "新业态"],
            ["拆分", "T01", "", "", "", "N1；N2", "redispatch", ""],
            ["retire", "T02", "", "", "", "", "", ""],
        ]
        self.take(sheet_file({"x": rows}))
        lines = {line.code: line for line in self.batch.lines.all()}
        assert {code: line.kind for code, line in lines.items()} == {
            "N1": "add", "N2": "add", "T01": "split", "T02": "retire",
        }  # fmt: skip
        assert lines["T01"].after == {"successors": ["N1", "N2"]}
        assert (lines["T01"].policy, lines["N2"].note) == ("redispatch", "新业态")

    def test_the_same_file_again_changes_nothing_more(self):
        data = self.edited(lambda tables: put(tables[0], "T01", limit_normal=7))
        self.take(data)
        before = Batch.objects.get(pk=self.batch.pk).content_number
        assert self.take(data).unchanged == 1
        assert Batch.objects.get(pk=self.batch.pk).content_number == before

    def test_numbers_are_understood_however_they_were_typed(self):
        rows = [["code", "limit_normal", "limit_urgent", "contact_hours"], [" Ｔ０１\u3000", "１２", "5.0", 24.0]]
        self.take(sheet_file({"x": rows}))
        after = self.batch.lines.get().after
        assert (after["limit_normal"], after["limit_urgent"], after["contact_hours"]) == (12, 5, 24)

    def test_csv_in_either_encoding_carries_the_items(self):
        text = "code,criteria\nT01,能说明地点和时段，附照片\n"
        for encoding in ("utf-8-sig", "gb18030"):
            BatchLine.objects.all().delete()
            self.take(text.encode(encoding), name="list.csv")
            assert self.batch.lines.get().after["criteria"] == "能说明地点和时段，附照片"


class WhoMayImport(Excel):
    def test_only_into_a_draft_and_with_the_act_for_its_list(self):
        data = self.edited(lambda tables: put(tables[0], "T01", limit_normal=7))
        for by, refusal in (
            (self.people.near_editor, OutOfSight),
            (self.people.reviewer, NotAllowed),
        ):
            with pytest.raises(refusal):
                self.take(data, by=by)
        Batch.objects.filter(pk=self.batch.pk).update(state="review")
        with pytest.raises(IllegalMove):
            self.take(data)
        assert not self.batch.lines.exists()

    def test_a_district_sees_and_changes_its_own_list_only(self):
        own = NewLine(kind="add", code="LH1", changes={"level1": "本区", "level2": "环境", "name": "区内事项"})
        publish(self.city, self.people, own, prefix="near_")
        batch = open_draft(self.city, self.people, prefix="near_")
        codes = [record["code"] for record in records(self.list_file(rows=False, batch=batch), ITEMS)]
        assert codes == ["LH1"]
        rows = [["code", "criteria"], ["T01", "改了"], ["LH1", "改了"]]
        found = self.refused(sheet_file({"x": rows}), batch=batch, by=self.people.near_editor)
        assert {(sheet, row) for sheet, row, _column in found} == {(ITEMS, 2)}
        far = open_draft(self.city, self.people, prefix="far_")
        assert self.refused(sheet_file({"x": rows[:1] + rows[2:]}), batch=far, by=self.people.far_editor)

    def test_rows_outside_the_district_are_refused_by_their_cell(self):
        batch = open_draft(self.city, self.people, prefix="near_")
        sheets = {
            "x": [["code", "narrows", "limit_normal", "limit_urgent"], ["T02-LH", "T02", 3, 1]],
            "y": [["code", "area", "lead"], ["T02-LH", "坪山区", "龙华区水务局"]],
        }
        assert self.refused(sheet_file(sheets), batch=batch, by=self.people.near_editor) == [(ROWS, 2, "area")]
        sheets["y"][1][1] = "龙华区/民治街道"
        self.take(sheet_file(sheets), batch=batch, by=self.people.near_editor)
        line = batch.lines.get()
        assert (line.kind, line.narrows.code, line.after["limit_normal"]) == ("add", "T02", 3)
