"""The list as of any day, who is responsible where, and the catalogue file."""

from datetime import date

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError

from dutylist.catalogue_file import read_catalogue
from dutylist.models import ItemVersion
from dutylist.selectors import list_in_force, responsible_for, search_items, version_in_force
from dutylist.services import NewResponsibility, assign_by_function, enter_catalogue, set_responsibilities
from grid.tests.factories import small_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
HEADER = "code,level1,level2,name,criteria,keywords,limit_normal,limit_urgent,limit_unit,lead,co,component"
LITTER = "T01,市容环卫,环境,楼道堆物,楼道内堆放杂物,楼道;杂物,5,1,workday,community,,no"
LAMP = "T02,市政设施,照明,路灯不亮,公共路灯不亮或损坏,路灯;不亮,3,1,workday,urban_management,,yes"


@pytest.fixture
def city():
    return small_city()


@pytest.fixture
def write(tmp_path):
    def write_file(*rows, header=HEADER, encoding="utf-8", name="list.csv"):
        path = tmp_path / name
        path.write_bytes("\n".join([header, *rows]).encode(encoding))
        return path

    return write_file


def enter(city, path, day, now):
    return enter_catalogue(
        read_catalogue(path), source="sample", owner_area_id=city.city.pk, effective_from=day, by=BY, now=now
    )


@pytest.fixture
def now():
    from django.utils import timezone

    return timezone.now()


def test_each_day_reads_the_version_that_was_in_force_then(city, write, now):
    enter(city, write(LITTER), date(2024, 1, 1), now)
    enter(city, write(LITTER.replace(",5,1,", ",3,1,")), date(2025, 7, 1), now)
    item_id = ItemVersion.objects.first().item_id
    assert version_in_force(item_id, date(2023, 12, 31)) is None
    assert version_in_force(item_id, date(2025, 6, 30)).limit_normal == 5
    assert version_in_force(item_id, date(2025, 7, 1)).limit_normal == 3
    assert [version.number for version in list_in_force(date(2026, 1, 1))] == [2]


def test_a_renamed_item_keeps_its_code_and_gets_a_version(city, write, now):
    enter(city, write(LITTER), date(2024, 1, 1), now)
    second = enter(city, write(LITTER.replace("楼道堆物", "楼道堆物与占用")), date(2025, 1, 1), now)
    names = list(ItemVersion.objects.order_by("number").values_list("item__code", "name"))
    assert (second.changed, names) == (1, [("T01", "楼道堆物"), ("T01", "楼道堆物与占用")])


def test_a_name_that_stands_for_another_item_is_refused_by_its_row(city, write, now):
    enter(city, write(LITTER), date(2024, 1, 1), now)
    with pytest.raises(BadInput, match="2.*T01"):
        enter(city, write(LITTER.replace("T01", "T77")), date(2025, 1, 1), now)


def test_a_retired_item_is_no_longer_in_force(city, write, now):
    enter(city, write(LITTER), date(2024, 1, 1), now)
    last = ItemVersion.objects.get()
    ItemVersion.objects.create(
        item=last.item,
        number=2,
        effective_from=date(2025, 1, 1),
        is_retired=True,
        name=last.name,
        path_text=last.path_text,
        source="sample",
    )
    assert version_in_force(last.item_id, date(2025, 1, 1)) is None
    assert version_in_force(last.item_id, date(2024, 12, 31)) == last
    assert not list_in_force(date(2025, 1, 1)).exists()


def test_loading_the_same_file_again_changes_nothing(city, write, now):
    path = write(LITTER, LAMP)
    first = enter(city, path, date(2024, 1, 1), now)
    second = enter(city, path, date(2024, 1, 1), now)
    assert (first.added, second.added, second.changed, second.unchanged) == (2, 0, 0, 2)


def test_a_changed_row_of_the_same_day_is_refused_and_named(city, write, now):
    enter(city, write(LITTER), date(2024, 1, 1), now)
    with pytest.raises(Refused, match="2"):
        enter(city, write(LITTER.replace(",5,1,", ",3,1,")), date(2024, 1, 1), now)
    assert ItemVersion.objects.get().limit_normal == 5


@pytest.mark.parametrize(
    "statement", ["UPDATE dutylist_itemversion SET name = 'x'", "DELETE FROM dutylist_itemversion"]
)
def test_the_database_refuses_to_touch_a_version(city, write, now, statement):
    enter(city, write(LITTER), date(2024, 1, 1), now)
    with pytest.raises((InternalError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_most_specific_area_answers(city, write, now):
    version_id = enter(city, write(LITTER), date(2024, 1, 1), now).version_ids["T01"]
    district, community = city.districts[0], city.communities[0][0][0]
    set_responsibilities(
        [
            NewResponsibility(version_id, district.pk, city.centres[0].pk),
            NewResponsibility(version_id, community.pk, city.stations[0][0][0].pk),
        ],
        by=BY,
        now=now,
    )
    version = ItemVersion.objects.get(pk=version_id)
    assert responsible_for(version, community).lead_unit == city.stations[0][0][0]
    assert responsible_for(version, city.communities[0][0][1]).lead_unit == city.centres[0]
    assert responsible_for(version, city.districts[1]) is None


def test_two_rows_for_one_version_and_area_are_refused_by_name(city, write, now):
    version_id = enter(city, write(LITTER), date(2024, 1, 1), now).version_ids["T01"]
    row = NewResponsibility(version_id, city.districts[0].pk, city.centres[0].pk)
    with pytest.raises(BadInput, match="龙华区"):
        set_responsibilities([row, row], by=BY, now=now)
    set_responsibilities([row], by=BY, now=now)
    with pytest.raises(BadInput, match="龙华区"):
        set_responsibilities([row], by=BY, now=now)


def test_a_function_is_laid_over_every_area_that_has_a_unit_for_it(city, write, now):
    path = write(LITTER, LAMP)
    loaded = enter(city, path, date(2024, 1, 1), now)
    written = assign_by_function(read_catalogue(path), loaded.version_ids, on=now.date(), by=BY, now=now)
    stations = sum(len(office) for district in city.stations for office in district)
    assert written == stations + 1 + len(city.districts)  # the city's own bureau answers where a district has none
    assert assign_by_function(read_catalogue(path), loaded.version_ids, on=now.date(), by=BY, now=now) == 0


def test_a_function_that_no_unit_has_names_the_row(city, write, now):
    path = write(LAMP.replace("urban_management", "archery"))
    loaded = enter(city, path, date(2024, 1, 1), now)
    with pytest.raises(BadInput, match="archery"):
        assign_by_function(read_catalogue(path), loaded.version_ids, on=now.date(), by=BY, now=now)


def test_gb18030_and_a_byte_order_mark_are_read(write):
    assert read_catalogue(write(LITTER, encoding="gb18030"))[0].name == "楼道堆物"
    assert read_catalogue(write(LITTER, encoding="utf-8-sig"))[0].code == "T01"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (LITTER.replace("T01", ""), "code"),
        (LITTER.replace("workday", "fortnight"), "limit_unit"),
        (LITTER.replace(",5,1,", ",five,1,"), "limit_normal"),
        (LITTER.replace(",5,1,", ",,1,"), "limit_urgent"),
        (LITTER.replace(",no", ",maybe"), "component"),
        (LITTER.replace("community", ""), "lead"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(write, row, column):
    with pytest.raises(BadInput, match=f"3.*{column}"):
        read_catalogue(write(LAMP, row))


def test_doubled_codes_and_missing_columns_are_named(write, tmp_path):
    with pytest.raises(BadInput, match="code"):
        read_catalogue(write(LITTER, LITTER))
    with pytest.raises(BadInput, match="limit_unit、lead"):
        read_catalogue(write("T01,a,b,c", header="code,level1,level2,name"))
    with pytest.raises(BadInput):
        read_catalogue(tmp_path / "nothing.csv")


def test_an_excel_file_reads_like_the_csv(tmp_path):
    import xlsxwriter

    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for column, name in enumerate(HEADER.split(",")):
            sheet.write(0, column, name)
        for column, value in enumerate(LITTER.split(",")):
            sheet.write(1, column, int(value) if value.isdigit() else value)
    row = read_catalogue(path)[0]
    assert (row.code, row.limit_normal, row.keywords) == ("T01", 5, ("楼道", "杂物"))


def test_a_text_finds_the_item_it_is_about_with_the_words_that_matched(city, write, now):
    enter(city, write(LITTER, LAMP), date(2024, 1, 1), now)
    found = search_items("小区门口的路灯整夜不亮", on=now.date())
    assert (found[0].code, found[0].matched) == ("T02", ("路灯", "不亮"))
    assert search_items("T01", on=now.date())[0].code == "T01"
    assert search_items("   ", on=now.date()) == []


def test_a_new_version_is_found_at_once(city, write, now):
    enter(city, write(LITTER), date(2024, 1, 1), now)
    assert search_items("路灯", on=now.date()) == []
    enter(city, write(LAMP), date(2024, 1, 1), now)
    assert search_items("路灯", on=now.date())[0].code == "T02"
