"""Loading areas and roles: idempotent, all or nothing, and errors that name row and column."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from grid.choices import AreaKind, Level
from grid.files import read_areas, read_roles
from grid.models import Area, Role
from grid.services import load_areas, load_roles
from grid.tests.factories import grant, make_staff, make_unit, small_city
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
HEADER = "code,name,short_name,level,kind,parent,source\n"
CITY = "1,市,市,1,ordinary,,t\n"


def load(tmp_path, text: str, command: str = "load_areas") -> str:
    path, out = tmp_path / "given.csv", StringIO()
    path.write_text(text, encoding="utf-8")
    call_command(command, str(path), stdout=out)
    return out.getvalue()


class TestTheShippedAreas:
    @pytest.fixture(autouse=True)
    def _loaded(self):
        self.changes = load_areas(read_areas(), by=SYSTEM, now=timezone.now())

    def test_hold_the_city_its_11_districts_and_74_subdistricts(self):
        subdistricts = Area.objects.filter(level=Level.SUBDISTRICT)
        assert Area.objects.filter(level=Level.CITY).count() == 1
        assert Area.objects.filter(level=Level.DISTRICT).count() == 11
        assert subdistricts.filter(kind=AreaKind.ORDINARY).count() == 74
        assert subdistricts.filter(kind=AreaKind.SPECIAL_ZONE).count() == 5
        assert subdistricts.filter(kind=AreaKind.TOWN).count() == 3
        assert Area.objects.filter(level=Level.COMMUNITY).count() == 819

    def test_put_every_area_below_its_parent_by_path(self):
        for area in Area.objects.select_related("parent").exclude(level=Level.CITY):
            assert area.path == f"{area.parent.path}{area.pk}/"

    def test_know_a_community_by_the_name_people_write(self):
        area = Area.objects.get(code="440309002021")
        assert (area.short_name, area.parent.short_name) == ("北站社区", "民治街道")
        assert list(Area.objects.containing(area).values_list("short_name", flat=True)) == [
            "深圳市",
            "龙华区",
            "民治街道",
            "北站社区",
        ]

    def test_bear_short_names_that_are_unique_within_the_subdistrict(self):
        pairs = list(Area.objects.values_list("parent", "short_name"))
        assert len(pairs) == len(set(pairs))

    def test_change_nothing_the_second_time(self):
        assert len(self.changes) == 913
        assert load_areas(read_areas(), by=SYSTEM, now=timezone.now()) == []


class TestLoadingAreas:
    def test_tells_what_was_added_changed_and_taken_out_of_use(self, tmp_path):
        load(tmp_path, HEADER + CITY + "2,甲区,甲区,2,ordinary,1,t\n3,乙区,乙区,2,ordinary,1,t\n")
        told = load(tmp_path, HEADER + CITY + "2,甲新区,甲新区,2,ordinary,1,t\n4,丙区,丙区,2,ordinary,1,t\n")
        assert "+ 4 丙区" in told
        assert "~ 2 甲新区 (name: 甲区 → 甲新区" in told
        assert "- 3 乙区" in told
        assert Area.objects.get(code="3").is_active is False

    def test_brings_an_area_back_into_use(self, tmp_path):
        whole = HEADER + CITY + "2,甲区,甲区,2,ordinary,1,t\n"
        load(tmp_path, whole)
        load(tmp_path, HEADER + CITY)
        load(tmp_path, whole)
        assert Area.objects.get(code="2").is_active is True

    def test_takes_everything_below_a_moved_area_along(self, tmp_path):
        two = HEADER + CITY + "2,甲区,甲区,2,ordinary,1,t\n3,乙区,乙区,2,ordinary,1,t\n"
        load(tmp_path, two + "21,街,街,3,ordinary,2,t\n211,社,社,4,ordinary,21,t\n")
        load(tmp_path, two + "21,街,街,3,ordinary,3,t\n211,社,社,4,ordinary,21,t\n")
        below = Area.objects.below(Area.objects.get(code="3"))
        assert set(below.values_list("code", flat=True)) == {"3", "21", "211"}

    def test_leaves_grid_cells_alone_when_the_file_has_none(self, tmp_path):
        rows = HEADER + CITY + "2,区,区,2,ordinary,1,t\n3,街,街,3,ordinary,2,t\n4,社,社,4,ordinary,3,t\n"
        load(tmp_path, rows + "5,格,格,5,ordinary,4,t\n")
        load(tmp_path, rows)
        assert Area.objects.get(code="5").is_active is True

    def test_leaves_an_audit_entry_for_each_area(self, tmp_path):
        load(tmp_path, HEADER + CITY)
        entry = AuditEntry.objects.get(object_type="grid.area")
        assert (entry.action, entry.actor_name) == ("area.added", "system:load_areas")

    @pytest.mark.parametrize(
        ("row", "named"),
        [
            ("2,甲区,甲区,9,ordinary,1,t", "Row 3, column level"),
            ("2,甲区,甲区,2,strange,1,t", "Row 3, column kind"),
            ("2,甲区,,2,ordinary,1,t", "Row 3, column short_name"),
            ("1,甲区,甲区,2,ordinary,1,t", "Row 3, column code"),
            ("2,甲区,甲区,2,ordinary,77,t", "Row 3, column parent"),
            ("2,甲街,甲街,3,ordinary,1,t", "Row 3, column parent"),
            ("2,甲市,甲市,1,ordinary,1,t", "Row 3, column parent"),
        ],
    )
    def test_refuses_a_bad_row_by_row_and_column_and_writes_nothing(self, tmp_path, row, named, settings):
        settings.LANGUAGE_CODE = "en"
        with pytest.raises(CommandError, match=named):
            load(tmp_path, HEADER + CITY + row + "\n")
        assert not Area.objects.exists()

    def test_refuses_a_file_of_another_encoding_or_with_other_columns(self, tmp_path):
        path = tmp_path / "given.csv"
        path.write_bytes("code,name\n1,深圳市\n".encode("gb18030"))
        with pytest.raises(BadInput):
            read_areas(path)
        path.write_text("code,name\n1,深圳市\n", encoding="utf-8")
        with pytest.raises(BadInput, match="short_name"):
            read_areas(path)
        with pytest.raises(BadInput):
            read_areas(tmp_path / "absent.csv")

    def test_is_refused_to_a_district_administrator(self):
        city = small_city()
        person = grant(make_staff(), ["manage_system"], city.centres[0])
        with pytest.raises(NotAllowed):
            load_areas(read_areas(), by=Actor.staff(person), now=timezone.now())


class TestLoadingRoles:
    @pytest.fixture(autouse=True)
    def no_roles(self, db):
        Role.objects.all().delete()

    def test_loads_every_role_and_changes_nothing_the_second_time(self):
        assert len(load_roles(read_roles(), by=SYSTEM, now=timezone.now())) == 27
        assert load_roles(read_roles(), by=SYSTEM, now=timezone.now()) == []
        secretary = Role.objects.get(code="community_secretary")
        held = set(secretary.acts.values_list("codename", flat=True))
        assert {"view_case", "handle_case", "hand_down", "order_department"} <= held
        assert secretary.start_page == "dispatch:community"

    def test_reaches_everybody_who_holds_a_changed_role(self, tmp_path):
        unit = make_unit()
        person = grant(make_staff(unit=unit), "knowledge_editor", unit)
        told = load(
            tmp_path,
            "code,name,name_en,order,start_page,acts\n"
            "knowledge_editor,知识库编辑,Knowledge editor,140,,edit_knowledge\n",
            "load_roles",
        )
        assert "knowledge_editor" in told
        held = person.staffunitpermission_set.values_list("permission__codename", flat=True)
        assert list(held) == ["edit_knowledge"]

    @pytest.mark.parametrize(
        ("row", "named"),
        [("a,甲,A,1,,fly", "acts"), ("a,甲,A,x,,view_case", "order"), (",甲,A,1,,view_case", "code")],
    )
    def test_refuses_a_bad_row_by_column(self, tmp_path, row, named):
        with pytest.raises(CommandError, match=named):
            load(tmp_path, f"code,name,name_en,order,start_page,acts\n{row}\n", "load_roles")
        assert not Role.objects.exists()
