from types import SimpleNamespace

import pytest

from grid.models import Area
from grid.tests.factories import make_area
from intake.location import bare_name, current_gazetteer, find_place, path_names


@pytest.fixture
def areas(db):
    """Real names, as many of them ambiguous as possible."""
    city = make_area(1, "深圳市")
    named = {}

    def add(level, name, parent):
        area = make_area(level, name, parent)
        named.setdefault(name, []).append(area)
        return area

    tree = {
        "龙华区": {
            "民治街道": ["北站社区", "民乐社区"],
            "龙华街道": ["老围社区", "景华社区"],
            "大浪街道": ["新围社区"],
        },
        "罗湖区": {"笋岗街道": ["北站社区", "田心社区"], "桂园街道": ["老围社区", "新围社区"], "东门街道": []},
        "福田区": {"福田街道": ["福安社区"], "莲花街道": ["景华社区"]},
        "光明区": {"光明街道": ["翠湖社区"], "凤凰街道": ["凤凰社区"]},
        "坪山区": {"坪山街道": ["和平社区", "坪山社区"], "马峦街道": []},
        "大鹏新区": {"葵涌街道": [], "大鹏街道": []},
        "深汕特别合作区": {"鹅埠镇": []},
        "盐田区": {"盐田街道": [], "海山街道": ["田心"]},
    }
    for district, streets in tree.items():
        parent = add(2, district, city)
        for street, communities in streets.items():
            below = add(3, street, parent)
            for community in communities:
                add(4, community, below)
    return SimpleNamespace(city=city, **named)


def found(text, address=""):
    place = find_place(address, text)
    return "›".join(path_names(place.area)) if place.area else None


class TestFindPlace:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("龙华区民治街道北站社区的路灯坏了", "龙华区›民治街道›北站社区"),
            ("我住北站社区，在龙华区，路灯坏了", "龙华区›民治街道›北站社区"),
            ("笋岗街道北站社区污水横流", "罗湖区›笋岗街道›北站社区"),
            ("龙华民治北站一带堵车", "龙华区›民治街道›北站社区"),
            ("民治街道民乐村旁边", "龙华区›民治街道›民乐社区"),
            ("龙华街道垃圾没人收", "龙华区›龙华街道"),
            ("龙华区龙华街道景华社区有人养鸡", "龙华区›龙华街道›景华社区"),
            ("龙华垃圾没人收", "龙华区"),
            ("坪山区坪山街道坪山社区", "坪山区›坪山街道›坪山社区"),
            ("坪山这边", "坪山区"),
            ("福田区福田街道福安社区", "福田区›福田街道›福安社区"),
            ("光明区凤凰街道凤凰社区", "光明区›凤凰街道›凤凰社区"),
            ("光明区凤凰，下水道堵了", "光明区›凤凰街道"),
            ("大鹏新区葵涌街道沙滩上", "大鹏新区›葵涌街道"),
            ("深汕合作区鹅埠镇的公交", "深汕特别合作区›鹅埠镇"),
            ("海山街道田心的水管爆了", "盐田区›海山街道›田心"),
            ("民治街道和大浪街道交界，都属龙华区", "龙华区"),
            ("民乐社区老围社区都在龙华区", "龙华区"),
        ],
    )
    def test_reads_names_in_one_line_of_the_tree(self, areas, text, expected):
        assert found(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "北站社区的路灯坏了",  # two districts have one
            "从龙华区到罗湖区的公交",
            "龙华区民治街道北站社区的房东住福田区",
            "孩子性格很光明，希望和平解决",
            "小区东门坏了",
            "龙华路上的井盖丢了",
            "民治大道堵车",
            "凤凰花园停电",
            "路灯坏了",
            "",
        ],
    )
    def test_leaves_what_is_not_certain_to_a_person(self, areas, text):
        assert found(text) is None

    def test_keeps_the_candidates_of_an_ambiguous_name(self, areas):
        place = find_place("", "北站社区的路灯坏了")
        assert set(place.candidates) == set(areas.北站社区)

    def test_keeps_the_candidates_of_a_contradiction(self, areas):
        place = find_place("", "从龙华区到罗湖区的公交")
        assert {area.name for area in place.candidates} == {"龙华区", "罗湖区"}

    def test_offers_a_bare_name_without_deciding(self, areas):
        place = find_place("", "民治那边的路灯坏了")
        assert place.area is None
        assert [area.name for area in place.candidates] == ["民治街道"]

    def test_does_not_take_an_ordinary_word_behind_another_district_for_a_place(self, areas):
        assert found("坪山区物业态度差，希望和平解决") == "坪山区"
        assert found("坪山区，光明的日子") == "坪山区"

    def test_says_by_which_words_and_where(self, areas):
        place = find_place("", "家住龙华区民治街道")
        assert [(word.word, word.start, word.end) for word in place.evidence] == [("龙华区", 2, 5), ("民治街道", 5, 9)]

    def test_lets_the_address_decide_against_the_content(self, areas):
        assert found("我在福田区上班", address="龙华区民治街道") == "龙华区›民治街道"

    def test_lets_the_content_make_the_address_more_specific(self, areas):
        assert found("北站社区楼下噪音", address="龙华区民治街道") == "龙华区›民治街道›北站社区"

    def test_reads_a_long_text_whole(self, areas):
        assert found("很长的话，" * 900 + "龙华区民治街道") == "龙华区›民治街道"

    def test_counts_a_name_once_however_often_it_is_said(self, areas):
        assert found("福田区，福田区，福田区！我说的是龙华区民治街道") is None

    def test_survives_an_empty_city(self, db):
        assert find_place("", "龙华区民治街道").area is None


class TestTheGazetteer:
    def test_is_kept_while_no_area_changes(self, areas):
        assert current_gazetteer() is current_gazetteer()

    def test_knows_a_renamed_area_at_once(self, areas):
        assert found("清湖区的路灯") is None
        Area.objects.filter(name="龙华区").update(name="清湖区", short_name="清湖区")
        assert found("清湖区的路灯") == "清湖区"

    def test_forgets_an_area_out_of_use(self, areas):
        assert found("大浪街道的路灯") == "龙华区›大浪街道"
        Area.objects.filter(name="大浪街道").update(is_active=False)
        assert found("大浪街道的路灯") is None

    @pytest.mark.parametrize(
        ("name", "bare"),
        [
            ("民治街道", "民治"),
            ("大鹏新区", "大鹏"),
            ("深汕特别合作区", "深汕"),
            ("北站社区", "北站"),
            ("西区", "西区"),
            ("田心", "田心"),
        ],
    )
    def test_knows_the_bare_form_of_a_name(self, name, bare):
        assert bare_name(name) == bare
