"""Names of places: found in texts, loaded from files all or none, changed by administrators."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from grid.models import Area
from grid.tests.factories import make_area, small_city
from intake.location import current_gazetteer, find_place
from intake.models import HintWord, PlaceName
from intake.services.place_names import PlaceNameRow, load_place_names, save_place_name
from intake.suggestion.hints import find_hints
from intake.tests.factories import SYSTEM
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.kept import forget_all
from shenzhen_gov.core.models import AuditEntry


@pytest.fixture
def city(db):
    return small_city()


def named(name, *areas, kind="estate"):
    rows = [PlaceNameRow(name, kind, area.pk, "test") for area in areas]
    load_place_names(rows, by=SYSTEM, now=timezone.now())


def found(text, address=""):
    return find_place(address, text).area


class TestAPlaceName:
    def test_tells_where_it_lies(self, city):
        named("翠景花苑", city.communities[0][0][1])
        place = find_place("", "翠景花苑三栋的电梯坏了")
        assert place.area == city.communities[0][0][1]
        assert [(word.word, word.kind) for word in place.evidence] == [("翠景花苑", "estate")]

    def test_makes_a_wider_name_more_exact(self, city):
        named("翠景花苑", city.communities[0][0][1])
        assert found("龙华区民治街道翠景花苑停水") == city.communities[0][0][1]

    def test_hides_the_shorter_name_inside_it(self, city):
        named("民治新村北区", city.communities[0][1][0])
        assert found("民治新村北区没有路灯") == city.communities[0][1][0]

    def test_of_several_districts_needs_one_beside_it(self, city):
        named("万科城", city.communities[0][0][0], city.communities[1][0][0])
        place = find_place("", "万科城停电了")
        assert place.area is None
        assert set(place.candidates) == {city.communities[0][0][0], city.communities[1][0][0]}
        assert found("坪山区万科城停电了") == city.communities[1][0][0]

    def test_against_another_place_leaves_it_to_a_person(self, city):
        named("翠景花苑", city.communities[0][0][1])
        assert found("坪山区的翠景花苑停水") in (None, city.districts[1])
        assert found("家住翠景花苑，上班在坪山区马峦街道") is None

    def test_that_is_an_ordinary_word_counts_only_behind_its_area(self, city):
        named("东门", city.communities[0][0][0])
        assert found("小区东门坏了") is None
        assert found("龙华区民治街道东门坏了") == city.communities[0][0][0]

    def test_of_two_characters_is_no_part_of_a_longer_name(self, city):
        named("翠景", city.communities[0][0][0])
        assert found("翠景小学门口堵车") is None
        assert found("翠景停水") == city.communities[0][0][0]

    def test_is_known_at_once_and_forgotten_when_out_of_use(self, city):
        named("翠景花苑", city.communities[0][0][1])
        assert found("翠景花苑") == city.communities[0][0][1]
        PlaceName.objects.update(is_active=False)
        assert found("翠景花苑") is None

    def test_in_an_area_out_of_use_is_none(self, city):
        named("翠景花苑", city.communities[0][0][1])
        Area.objects.filter(pk=city.communities[0][0][1].pk).update(is_active=False)
        assert found("翠景花苑") is None

    def test_is_looked_for_without_building_again(self, city):
        named("翠景花苑", city.communities[0][0][1])
        assert current_gazetteer() is current_gazetteer()


class TestARoad:
    def test_through_several_communities_tells_the_area_that_holds_them(self, city):
        named("梅观路", *city.communities[0][0], kind="road")
        assert found("梅观路堵车") == city.streets[0][0]

    def test_through_several_subdistricts_tells_the_district(self, city):
        named("梅观路", city.communities[0][0][0], city.communities[0][1][0], kind="road")
        assert found("梅观路堵车") == city.districts[0]
        assert found("民治街道梅观路堵车") == city.streets[0][0]

    def test_through_several_districts_needs_one_beside_it(self, city):
        named("深南大道", city.districts[0], city.districts[1], kind="road")
        assert found("深南大道堵车") is None
        assert found("坪山区深南大道堵车") == city.districts[1]


class TestLoading:
    @pytest.fixture
    def file(self, tmp_path):
        def write(*lines):
            path = tmp_path / "places.csv"
            path.write_text("\n".join(["name,kind,area,source", *lines]), encoding="utf-8")
            return str(path)

        return write

    def load(self, path, *options):
        out = StringIO()
        call_command("load_place_names", path, *options, stdout=out)
        return out.getvalue()

    def test_takes_codes_and_names_of_areas(self, city, file):
        code = city.communities[0][0][0].code
        self.load(file(f"翠景花苑,estate,{code},test", "梅观路,road,龙华区/民治街道,test"))
        assert set(PlaceName.objects.values_list("name", "area")) == {
            ("翠景花苑", city.communities[0][0][0].pk),
            ("梅观路", city.streets[0][0].pk),
        }
        assert AuditEntry.objects.get(action="place_names.loaded").changes == {"added": 2, "changed": 0}

    def test_again_adds_nothing_and_keeps_what_was_edited(self, city, file):
        path = file("翠景花苑,estate,龙华区,test")
        self.load(path)
        PlaceName.objects.update(kind="building", is_active=False)
        self.load(path)
        assert PlaceName.objects.get().kind == "building"
        self.load(path, "--overwrite")
        place = PlaceName.objects.get()
        assert (place.kind, place.is_active) == ("estate", False)

    @pytest.mark.parametrize(
        ("line", "column"),
        [
            ("翠,estate,龙华区,test", "name"),
            ("12345,estate,龙华区,test", "name"),
            ("翠景花苑,castle,龙华区,test", "kind"),
            ("翠景花苑,estate,火星区,test", "area"),
            ("翠景花苑,estate,440300,test", "area"),
            ("梅观路,road,龙华区,test", "name"),  # twice
            (f"{'长' * 61},estate,龙华区,test", "name"),
            ("a\u202eb,estate,龙华区,test", "name"),
        ],
    )
    def test_names_row_and_column_and_writes_nothing(self, city, file, line, column):
        with pytest.raises(CommandError, match=f"Row 3, column {column}"):
            self.load(file("梅观路,road,龙华区,test", line))
        assert not PlaceName.objects.exists()

    def test_of_the_sample_fits_the_areas_that_are_shipped(self, db):
        call_command("load_areas", stdout=StringIO())
        call_command("load_place_names", stdout=StringIO())
        assert found("深圳北站东广场").name == "民治街道"
        assert found("福田区深南大道").name == "福田区"
        assert not PlaceName.objects.exclude(source__contains="sample").exists()


class TestSaving:
    def test_is_for_who_administers_the_area(self, city):
        row = PlaceNameRow("翠景花苑", "estate", city.districts[0].pk, "P")
        with pytest.raises(NotAllowed):
            save_place_name(row, by=Actor.staff(city.staff["agent"]), now=timezone.now())
        place = save_place_name(row, by=Actor.staff(city.staff["administrator"]), now=timezone.now())
        assert AuditEntry.objects.filter(action="place_name.changed", object_id=str(place.pk)).exists()

    def test_refuses_a_grid_cell_and_a_doubled_name(self, city):
        cell = make_area(5, "网格", city.communities[0][0][0])
        with pytest.raises(BadInput):
            save_place_name(PlaceNameRow("翠景花苑", "estate", cell.pk, "P"), by=SYSTEM, now=timezone.now())
        row = PlaceNameRow("翠景花苑", "estate", city.districts[0].pk, "P")
        save_place_name(row, by=SYSTEM, now=timezone.now())
        with pytest.raises(BadInput):
            save_place_name(row, by=SYSTEM, now=timezone.now())

    def test_on_the_admin_page(self, city, client):
        client.force_login(city.staff["administrator"])
        given = {"name": "翠景花苑", "kind": "estate", "area": city.districts[0].pk, "source": "P", "is_active": "on"}
        assert client.post(reverse("admin:intake_placename_add"), given).status_code == 302
        assert client.get(reverse("admin:intake_placename_changelist"), {"q": "翠景"}).status_code == 200
        address = reverse("admin:intake_placename_change", args=[PlaceName.objects.get().pk])
        assert client.post(address, given | {"name": "x"}).status_code == 200
        assert client.post(address, given | {"kind": "building"}).status_code == 302
        assert PlaceName.objects.get().kind == "building"


class TestHints:
    @pytest.fixture(autouse=True)
    def words(self, db):
        call_command("load_hint_words", stdout=StringIO())
        forget_all()

    @pytest.mark.parametrize(
        ("text", "kind", "value"),
        [
            ("有人触电了，快来", "urgency", "emergency"),
            ("楼下燃气泄漏", "urgency", "emergency"),
            ("小区停水两天了", "urgency", "urgent"),
            ("居住证怎么办理", "request_type", "consult"),
            ("我要投诉物业乱收费", "request_type", "complaint"),
            ("举报有人赌博", "request_type", "report"),
        ],
    )
    def test_say_what_the_words_speak_for_and_by_which(self, text, kind, value):
        hint = find_hints(text)[kind]
        assert hint.value == value
        assert all(word in text for word in hint.words)

    @pytest.mark.parametrize("text", ["", "二楼堆满纸箱，担心失火", "路灯不亮，感谢", "没有人受伤", "\x00\ud800"])
    def test_say_nothing_without_enough(self, text):
        assert find_hints(text) == {}

    def test_are_changed_in_the_admin_and_hold_at_once(self, client):
        city = small_city()
        client.force_login(city.staff["administrator"])
        given = {
            "word": "天塌了",
            "kind": "urgency",
            "value": "emergency",
            "weight": 10,
            "source": "P",
            "is_active": "on",
        }
        assert client.post(reverse("admin:intake_hintword_add"), given).status_code == 302
        assert find_hints("天塌了")["urgency"].value == "emergency"
        wrong = client.post(reverse("admin:intake_hintword_add"), given | {"word": "地陷", "value": "praise"})
        assert wrong.status_code == 200
        assert not HintWord.objects.filter(word="地陷").exists()

    @pytest.mark.parametrize(
        "line",
        ["触,urgency,urgent,1,P", "触电啊,urgency,soon,1,P", "触电啊,x,urgent,1,P", "触电啊,urgency,urgent,-1,P"],
    )
    def test_of_a_file_are_refused_by_row(self, tmp_path, line):
        path = tmp_path / "hints.csv"
        path.write_text(f"word,kind,value,weight,source\n{line}\n", encoding="utf-8")
        with pytest.raises(CommandError, match="Row 2"):
            call_command("load_hint_words", str(path), stdout=StringIO())
