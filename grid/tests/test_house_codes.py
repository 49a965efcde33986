"""House codes: 19 or 25 characters, found by prefix, and refusals that name what is wrong."""

import pytest

from grid.selectors import area_by_house_code
from grid.tests.factories import make_area
from shenzhen_gov.core.exceptions import BadInput

pytestmark = pytest.mark.django_db
ROOM = "4403070030030400042000003"


@pytest.fixture
def community():
    city = make_area(1, "深圳市", code="440300")
    district = make_area(2, "龙岗区", city, code="440307")
    street = make_area(3, "平湖街道", district, code="440307003")
    return make_area(4, "平湖社区", street, code="440307003003")


@pytest.mark.parametrize(
    "code", [ROOM, ROOM[:19], f" {ROOM} ", "440307003003040A04B", "４４０３０７００３００３０４０００４２"]
)
def test_a_room_or_building_lies_in_the_community_of_its_prefix(community, code):
    assert area_by_house_code(code) == community


def test_a_loaded_grid_cell_wins_over_its_community(community):
    cell = make_area(5, "04网格", community, code="44030700300304")
    assert area_by_house_code(ROOM) == cell
    assert area_by_house_code("4403070030030500042") == community


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (ROOM[:24], "24"),
        ("", "0"),
        (ROOM + "1", "26"),
        ("4403A70030030400042", "5"),
        ("4403070030030400042A00003", "20"),
        ("440307003003040004-", "19"),
        ("4403079990030400042", "440307999003"),
    ],
)
def test_a_wrong_code_is_refused_at_its_field_with_what_is_wrong(community, code, said):
    with pytest.raises(BadInput, match=said) as refusal:
        area_by_house_code(code)
    assert refusal.value.field == "house_code"


def test_an_area_out_of_use_is_not_found(community):
    community.is_active = False
    community.save()
    with pytest.raises(BadInput):
        area_by_house_code(ROOM)
