"""The pages of places, cells and the map, as a secretary and strangers see them."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from grid.models import Area, AreaOutline, GridPost
from grid.models.places import PlaceImport
from grid.services.place_imports import run_imports
from grid.tests.registers import as_csv, building_code, coded_city, import_rows, make_buildings
from grid.tests.test_outlines import box, feature
from shenzhen_gov.core.models import Parameter

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Parameter.objects.create(key="outlines.tolerance", value=0.01, effective_from="2018-01-01", source="test")
    return coded_city()


@pytest.fixture
def as_(client, city):
    def log_in(name):
        client.force_login(city.staff[name], backend="grid.backends.StaffBackend")
        return client

    return log_in


def sent(*features, name="a.geojson"):
    data = json.dumps({"type": "FeatureCollection", "features": list(features)})
    return SimpleUploadedFile(name, data.encode())


def test_a_search_shows_buildings_with_area_and_rooms(city, as_):
    make_buildings(city.cells[0], "翠竹苑1栋")
    import_rows([{"room_code": f"{building_code(city.cells[0], 1)}000101", "name": "A101"}])
    page = as_("community_secretary").get(reverse("grid:places"), {"q": "翠竹苑"}).content.decode()
    assert "翠竹苑1栋" in page
    assert city.cells[0].short_name in page
    page = as_("community_secretary").get(reverse("grid:building", args=[building_code(city.cells[0], 1)]))
    assert "A101" in page.content.decode()


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800".encode("utf-8", "surrogatepass"), "%", "x" * 9999, "\u202e翠竹", "'; --"]
)
def test_no_text_breaks_the_search(as_, text):
    assert as_("community_secretary").get(reverse("grid:places"), {"q": text}).status_code == 200


def test_what_lies_elsewhere_is_not_found(city, as_):
    make_buildings(city.cells[0], "翠竹苑1栋")
    client, cell = as_("other_secretary"), city.cells[0]
    assert client.get(reverse("grid:building", args=[building_code(cell, 1)])).status_code == 404
    assert client.get(reverse("grid:cells_of", args=[cell.code])).status_code == 404
    assert client.post(reverse("grid:cell_new", args=[cell.code]), {"code": "1", "name": "x"}).status_code == 404
    assert client.post(reverse("grid:post_new", args=[cell.code]), {"title": "x"}).status_code == 404
    assert client.get(reverse("grid:outlines_file"), {"area": cell.code}).status_code == 404


def test_a_table_is_taken_and_its_page_says_what_became_of_it(city, as_):
    client = as_("community_secretary")
    row = {"building_code": building_code(city.cells[0], 1), "name": ""}
    file = SimpleUploadedFile("a.csv", as_csv([row]).getvalue())
    answer = client.post(reverse("grid:place_imports"), {"file": file, "source": "街道"})
    address = reverse("grid:place_import", args=[PlaceImport.objects.get().pk])
    assert answer.url == address
    assert "hx-get" in client.get(address).content.decode()
    run_imports(now=timezone.now())
    page = client.get(address).content.decode()
    assert "hx-get" not in page.partition('id="import"')[2]
    assert "必须填写" in page
    assert as_("other_secretary").get(address).status_code == 404


def test_a_file_that_is_no_table_stays_on_the_page_with_the_reason(city, as_):
    answer = as_("community_secretary").post(
        reverse("grid:place_imports"), {"file": SimpleUploadedFile("a.exe", b"MZ"), "source": "街道"}
    )
    assert answer.status_code == 422
    assert "街道" in answer.content.decode()
    assert not PlaceImport.objects.exists()


@pytest.mark.parametrize("table", ["buildings", "rooms"])
def test_a_template_can_be_imported_again(as_, table):
    answer = as_("community_secretary").get(reverse("grid:place_template", args=[table]))
    assert answer.headers["Content-Type"].startswith("text/csv")
    file = SimpleUploadedFile("t.csv", answer.content)
    assert as_("community_secretary").post(reverse("grid:place_imports"), {"file": file}).status_code == 302
    assert PlaceImport.objects.get().table == table


def test_a_secretary_sets_up_a_cell_and_fills_and_ends_a_post(city, as_):
    client, community = as_("community_secretary"), city.communities[0][0][0]
    form = client.get(reverse("grid:cell_new", args=[community.code])).content.decode()
    assert f"{community.code}03" in form
    client.post(reverse("grid:cell_new", args=[community.code]), {"code": f"{community.code}03", "name": "第三网格"})
    cell = Area.objects.get(code=f"{community.code}03")
    given = {"title": "楼栋长", "person": "陈某", "begins_on": "2026-01-01"}
    assert client.post(reverse("grid:post_new", args=[cell.code]), given).status_code == 302
    page = client.get(reverse("grid:cells")).content.decode()
    assert "第三网格" in page
    assert "陈某" in page
    post = GridPost.objects.get()
    end = reverse("grid:post_end", args=[post.pk])
    assert client.post(end, {"ends_on": "2025-01-01"}).status_code == 422
    assert client.post(end, {"ends_on": "2026-02-01"}).status_code == 302
    assert "陈某" not in client.get(reverse("grid:cells")).content.decode()
    assert client.post(end, {"ends_on": "2026-02-01"}).status_code == 422


@pytest.mark.parametrize(
    "given",
    [
        {"title": "", "person": "陈某", "begins_on": "2026-01-01"},
        {"title": "楼栋长", "begins_on": "2026-01-01"},
        {"title": "楼栋长", "person": "陈某", "begins_on": "x"},
        {"title": "楼栋长", "staff": "999999", "begins_on": "2026-01-01"},
        {"title": "楼\x00长", "person": "陈某", "begins_on": "2026-01-01"},
    ],
)
def test_a_post_that_lacks_something_is_refused(city, as_, given):
    answer = as_("community_secretary").post(reverse("grid:post_new", args=[city.cells[0].code]), given)
    assert answer.status_code == 422
    assert not GridPost.objects.exists()


def test_outlines_are_taken_and_come_back_as_they_were(city, as_):
    client, community = as_("community_secretary"), city.communities[0][0][0]
    answer = client.post(reverse("grid:outlines"), {"file": sent(feature(community.code), feature(city.cells[0].code))})
    address = reverse("grid:place_import", args=[PlaceImport.objects.get().pk])
    assert answer.url == address
    assert "hx-get" in client.get(address).content.decode().partition('id="import"')[2]
    run_imports(now=timezone.now())
    assert reverse("grid:map") in client.get(address).content.decode().partition('id="import"')[2]
    found = client.get(reverse("grid:outlines_file"), {"download": "1"})
    assert "attachment" in found.headers["Content-Disposition"]
    assert [one["properties"]["code"] for one in found.json()["features"]] == [community.code, city.cells[0].code]
    again = SimpleUploadedFile("again.geojson", found.content)
    assert client.post(reverse("grid:outlines"), {"file": again}).status_code == 302
    assert run_imports(now=timezone.now()) == 1
    assert PlaceImport.objects.first().state == "done"
    assert as_("other_secretary").get(address).status_code == 404
    assert as_("other_secretary").get(reverse("grid:outlines_file")).json()["features"] == []


def test_faults_are_shown_by_feature_in_the_words_of_the_reader(city, as_, settings):
    community, client = city.communities[0][0][0], as_("community_secretary")
    file = sent(feature(community.code, {"type": "Point"}), feature("440399999999"))
    answer = client.post(reverse("grid:outlines"), {"file": file, "source": "街道"})
    run_imports(now=timezone.now())
    page = client.get(answer.url).content.decode()
    assert "440399999999" in page
    assert "几何不是" in page
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "no Polygon" in client.get(answer.url).content.decode()
    assert not AreaOutline.objects.exists()


@pytest.mark.parametrize("data", [b"", b"MZ", b"[]", b"\x00"])
def test_what_is_no_outline_file_stays_on_the_page(as_, data):
    answer = as_("community_secretary").post(
        reverse("grid:outlines"), {"file": SimpleUploadedFile("a.geojson", data), "source": "街道"}
    )
    assert answer.status_code == 422
    assert "街道" in answer.content.decode()
    assert not PlaceImport.objects.exists()


@pytest.mark.parametrize("data", [b"{", b'{"type": "Feature"}', b'{"a": NaN}'])
def test_a_file_that_turns_out_to_be_none_is_refused_by_the_worker(as_, data):
    client = as_("community_secretary")
    answer = client.post(reverse("grid:outlines"), {"file": SimpleUploadedFile("a.geojson", data)})
    run_imports(now=timezone.now())
    assert PlaceImport.objects.get().state == "refused"
    assert "GeoJSON" in client.get(answer.url).content.decode().partition('id="import"')[2]


def test_the_map_names_the_area_of_a_point_to_who_sees_it(city, as_):
    community, cell = city.communities[0][0][0], city.cells[0]
    client = as_("community_secretary")
    client.post(
        reverse("grid:outlines"), {"file": sent(feature(community.code), feature(cell.code, box(0, 0, 0.5, 1)))}
    )
    run_imports(now=timezone.now())
    point = {"longitude": "114.001", "latitude": "22.601"}
    assert client.get(reverse("grid:map_point"), point).json()["area"]["code"] == cell.code
    assert as_("other_secretary").get(reverse("grid:map_point"), point).json()["area"] is None
    assert client.get(reverse("grid:map_point"), {"longitude": "nan", "latitude": "inf"}).json()["area"] is None
    assert client.get(reverse("grid:map_point"), {"longitude": "x"}).status_code == 400


def test_the_map_takes_nothing_from_outside(city, as_):
    page = as_("community_secretary").get(reverse("grid:map")).content.decode()
    assert "leaflet" in page
    assert "//" not in page.replace("http://www.w3.org", "").replace("https://testserver", "").partition("<body")[0]


def test_a_wider_territory_is_walked_down_to_its_communities(city, as_):
    client = as_("administrator")
    page = client.get(reverse("grid:cells")).content.decode()
    assert city.districts[0].name in page
    street = city.streets[0][0]
    assert city.communities[0][0][0].name in client.get(reverse("grid:cells_of", args=[street.code])).content.decode()
