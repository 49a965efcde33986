"""The address register: tables come in whole or not at all, and buildings are found by words and codes."""

import io

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.utils import timezone

from grid.choices import ImportState
from grid.faults import fault_text
from grid.models import Area, Building, Room
from grid.models.places import PlaceImport
from grid.selectors import find_buildings
from grid.services.buildings import index_buildings
from grid.services.place_imports import ask_import, import_places, run_imports
from grid.tests.factories import grant, make_staff
from grid.tests.registers import as_csv, building_code, coded_city, import_rows, make_buildings
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return coded_city()


@pytest.fixture
def cell(city):
    return city.cells[0]


def faults_of(done):
    return [(fault["row"], fault["column"], fault["code"]) for fault in done.faults]


def names(text, user):
    return [row.name for row in find_buildings(text, user).rows]


def test_a_building_lies_in_the_smallest_area_its_code_begins_with(city, cell):
    community = city.communities[0][0][0]
    done = import_rows(
        [
            {"building_code": building_code(cell, 1), "name": "翠竹苑1栋"},
            {"building_code": f"{community.code}99A0001", "name": "翠竹苑2栋"},
        ]
    )
    assert (done.state, done.added, done.changed) == (ImportState.DONE, 2, 0)
    assert dict(Building.objects.values_list("name", "area")) == {"翠竹苑1栋": cell.pk, "翠竹苑2栋": community.pk}


def test_the_same_table_again_changes_nothing_and_another_name_is_one_change(cell):
    make_buildings(cell, "甲楼", "乙楼")
    again = make_buildings(cell, "甲楼", "乙楼")
    other = make_buildings(cell, "甲楼", "丙楼")
    assert (again.added, again.changed) == (0, 0)
    assert (other.added, other.changed) == (0, 1)
    assert set(Building.objects.values_list("name", flat=True)) == {"甲楼", "丙楼"}


def test_an_import_leaves_one_audit_entry_with_its_counts(cell):
    done = make_buildings(cell, "甲楼", "乙楼")
    entry = AuditEntry.objects.get(action="places.imported")
    assert entry.object_id == done.pk
    assert entry.changes["added"] == 2


def good(cell, **given):
    return {"building_code": building_code(cell, 1), "name": "甲楼", "address": "", "use": "", "floors": ""} | given


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"building_code": "12345"}, ("code", "length")),
        ({"building_code": "44030900101X0100001"}, ("code", "code")),
        ({"building_code": "1101010010010100001"}, ("code", "other_city")),
        ({"building_code": "4403999990010100001"}, ("code", "no_area")),
        ({"building_code": "4" * 5000}, ("code", "length")),
        ({"name": ""}, ("name", "missing")),
        ({"name": "楼" * 121}, ("name", "long")),
        ({"name": "甲\x00楼"}, ("name", "characters")),
        ({"address": "路" * 301}, ("address", "long")),
        ({"use": "城堡"}, ("use", "use")),
        ({"floors": "很多"}, ("floors", "number")),
        ({"floors": "99999999999999999999"}, ("floors", "number")),
        ({"longitude": "22.6", "latitude": "114.0"}, ("longitude", "point")),
        ({"longitude": "nan", "latitude": "22.6"}, ("longitude", "point")),
        ({"longitude": "114.0", "latitude": ""}, ("longitude", "half")),
    ],
)
def test_a_fault_is_named_by_row_and_column_and_nothing_is_written(cell, given, fault):
    rows = [good(cell, building_code=building_code(cell, 7), longitude="", latitude=""), good(cell) | given]
    rows[1] = {"longitude": "", "latitude": ""} | rows[1]
    done = import_rows([{name: row[name] for name in rows[0]} for row in rows])
    assert done.state == ImportState.REFUSED
    assert faults_of(done)[0] == (3, *fault)
    assert all(fault_text(one["code"], one["facts"]) for one in done.faults)
    assert not Building.objects.exists()


def test_the_same_code_twice_is_named_with_the_earlier_row(cell):
    done = import_rows([good(cell), good(cell, name="乙楼")])
    assert done.faults == [
        {"row": 3, "column": "code", "code": "twice", "facts": {"value": building_code(cell, 1), "row": 2}}
    ]
    assert not Building.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02",
        "\u5730\u5740,\u697c\n1,2\n".encode(),
        b"building_code,building_code\n1,2\n",
        b"building_code,address\n1,2\n",
        b"building_code,name\n",
        b"PK\x03\x04 no archive",
        b"building_code,name\n" + b"\xff\xff\xff\n",
        b"building_code,name\n" + b'"' + b"x" * 200_000,
    ],
)
def test_what_is_no_table_is_refused_as_a_file(cell, content):
    with pytest.raises(BadInput) as refusal:
        import_places("x.csv", io.BytesIO(content), source="", by=Actor.system("test"), now=timezone.now())
    assert refusal.value.field == "file"
    assert not Building.objects.exists()


def test_chinese_titles_gb18030_and_excel_are_read(cell):
    code = building_code(cell, 1)
    table = f"楼栋编码,名称,用途\n{code},甲楼,出租\n".encode("gb18030")
    english = f"Building code,Name,Use\n{code},甲楼,Rented out\n".encode()
    book_file = io.BytesIO()
    book = xlsxwriter.Workbook(book_file)
    sheet = book.add_worksheet()
    for place, line in enumerate([["Building code", "Name", "Floors"], [building_code(cell, 2), "乙楼", 7]]):
        sheet.write_row(place, 0, line)
    book.close()
    book_file.seek(0)
    for name, file in (("a.csv", io.BytesIO(table)), ("b.csv", io.BytesIO(english)), ("c.xlsx", book_file)):
        done = import_places(name, file, source="", by=Actor.system("test"), now=timezone.now())
        assert done.state == ImportState.DONE, done.faults
    assert list(Building.objects.values_list("name", "use", "floors")) == [
        ("甲楼", "rented", None),
        ("乙楼", "housing", 7),
    ]


def test_rooms_belong_to_the_building_of_their_code(cell):
    make_buildings(cell, "甲楼")
    code = f"{building_code(cell, 1)}000101"
    done = import_rows([{"room_code": code, "name": "101", "floor": "1"}])
    assert (done.table, done.added) == ("rooms", 1)
    assert Room.objects.get().building.name == "甲楼"
    lost = import_rows([{"room_code": f"{building_code(cell, 9)}000101", "name": "101", "floor": "1"}])
    assert faults_of(lost) == [(2, "code", "no_building")]


def test_a_secretary_imports_into_the_own_community_only(city, cell):
    secretary, other = (Actor.staff(city.staff[name]) for name in ("community_secretary", "other_secretary"))
    assert make_buildings(cell, "甲楼", by=secretary).state == ImportState.DONE
    refused = make_buildings(cell, "乙楼", by=other)
    assert faults_of(refused) == [(2, "code", "outside")]
    rooms = import_rows([{"room_code": f"{building_code(cell, 1)}000101", "name": "101"}], by=other)
    assert faults_of(rooms) == [(2, "code", "outside")]
    assert Building.objects.get().name == "甲楼"
    with pytest.raises(NotAllowed):
        make_buildings(cell, "丙楼", by=Actor.staff(city.staff["grid_officer"]))


def test_a_building_given_to_another_area_stays_there(city, cell):
    make_buildings(cell, "甲楼")
    other = city.cells[1]
    Building.objects.update(area=other)
    assert make_buildings(cell, "乙楼").changed == 1
    assert Building.objects.get().area == other


def test_a_worker_takes_up_what_was_asked_and_forgets_the_file(city, cell, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    file = ContentFile(as_csv([good(cell)]).getvalue())
    asked = ask_import("a.csv", file, source="", by=Actor.staff(city.staff["community_secretary"]), now=timezone.now())
    stored = asked.file.name
    assert run_imports(now=timezone.now()) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.added, asked.file.name) == (ImportState.DONE, 1, "")
    assert not asked.file.storage.exists(stored)
    assert run_imports(now=timezone.now()) == 0


def test_a_file_that_breaks_on_the_way_is_refused_with_the_reason(city, cell, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    content = as_csv([good(cell)]).getvalue() + b"a" * 70_000 + b"\n\xff\xff\xff\n"
    ask_import("a.csv", ContentFile(content), source="", by=Actor.system("test"), now=timezone.now())
    run_imports(now=timezone.now())
    done = PlaceImport.objects.get()
    assert (done.state, done.faults[0]["code"]) == (ImportState.REFUSED, "file")
    assert not Building.objects.exists()


def test_words_are_found_in_name_and_address_however_they_are_written(city, cell):
    import_rows(
        [
            good(cell, name="翠竹苑3栋", address="民治大道12号"),
            good(cell, building_code=building_code(cell, 2), name="翠 竹 园 ５ 栋", address="竹苑路"),
        ]
    )
    user = city.staff["administrator"]
    assert names("翠竹苑", user) == ["翠竹苑3栋"]
    assert names("翠竹园5栋", user) == ["翠 竹 园 ５ 栋"]
    assert names("民治大道 翠竹", user) == ["翠竹苑3栋"]
    assert names("竹", user) == names("", user) == names("\x00\ud800", user) == names("九龙城寨", user) == []


def test_a_code_is_found_by_its_beginning_and_a_room_by_its_building(city, cell):
    make_buildings(cell, "甲楼", "乙楼")
    code = building_code(cell, 1)
    import_rows([{"room_code": f"{code}000101", "name": "101"}])
    for user in (city.staff["administrator"], city.staff["community_secretary"]):
        assert names(cell.code[:6], user) == ["甲楼", "乙楼"]
        assert names(cell.code, user) == ["甲楼", "乙楼"]
        assert names(code, user) == names(f"{code}0001", user) == ["甲楼"]


def test_somebody_finds_what_lies_in_the_own_territory(city, cell):
    make_buildings(cell, "翠竹苑1栋")
    make_buildings(city.cells[1], "翠竹苑2栋")
    make_buildings(city.communities[1][0][0], "翠竹苑9栋")
    team = grant(make_staff("walker", None), "grid_officer", cell.units.get())
    sights = {"administrator": 3, "community_secretary": 2, "other_secretary": 1, "nobody": 0}
    for name, count in sights.items():
        assert len(names("翠竹苑", city.staff[name])) == count
    assert names("翠竹苑", team) == ["翠竹苑1栋"]
    assert names(cell.code[:12], team) == ["翠竹苑1栋"]
    assert names(cell.code[:6], team) == ["翠竹苑1栋"]


def test_a_building_that_was_moved_is_found_where_it_lies_now(city, cell):
    make_buildings(cell, "翠竹苑1栋")
    Building.objects.update(area=city.communities[1][0][0])
    assert index_buildings(Building.objects.values_list("pk", flat=True)) == 1
    assert names("翠竹苑", city.staff["other_secretary"]) == ["翠竹苑1栋"]
    assert names("翠竹苑", city.staff["community_secretary"]) == []


def test_more_than_fits_is_said(city, cell):
    make_buildings(cell, *(f"翠竹苑{number}栋" for number in range(1, 8)))
    found = find_buildings("翠竹苑", city.staff["administrator"], 5)
    assert len(found.rows) == 5
    assert found.is_cut
    assert not find_buildings("翠竹苑", city.staff["administrator"], 7).is_cut


def test_an_area_out_of_use_gets_no_buildings(city, cell):
    Area.objects.filter(pk=cell.pk).update(is_active=False)
    make_buildings(cell, "甲楼")
    assert Building.objects.get().area_id == cell.parent_id
