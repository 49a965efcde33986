"""Cases are found by number, its end, outside number, phone, words and place, newest first, as far as one sees."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from dispatch.tests.world import NOON, make_world, new_case
from grid.tests.factories import grant, make_staff
from intake.models import Case, CaseText
from intake.selectors import find_cases, search_streams
from intake.services import index_texts
from intake.text_keys import keys_of

PHONE = "13800138000"


@pytest.fixture
def city(db):
    return make_world()


def make(city, content, *, minutes=0, **given):
    return new_case(city, content=content, now=NOON + timedelta(minutes=minutes), **given)


def index():
    while index_texts():
        pass


def index_as_blocks():
    """Write the keys anew, after the size of a block was changed."""
    for text in CaseText.objects.select_related("case"):
        CaseText.objects.filter(pk=text.pk).update(keys=keys_of(text.pk, [text.case.title, text.case.content]))


def found(city, text, who="agent", **given):
    return [row.case for row in find_cases(city.staff[who], text, **given).rows]


def by(city, text, who="agent", **given):
    return [row.by for row in find_cases(city.staff[who], text, **given).rows]


class TestWords:
    @pytest.mark.parametrize("indexed", [True, False])
    def test_two_characters_find_title_content_and_address(self, city, indexed):
        one = make(city, "路灯不亮。整条街都黑了")
        two = make(city, "请尽快修理。整条街的路灯都不亮")
        three = make(city, "请来看看", address="路灯管理所旁")
        make(city, "楼道堆满纸箱")
        if indexed:
            index()
        assert found(city, "路灯") == [three, two, one]

    def test_every_word_must_stand_there(self, city):
        one = make(city, "路灯不亮，井盖也坏了")
        make(city, "路灯不亮")
        index()
        assert found(city, "井盖 路灯") == [one]

    def test_letters_count_the_same_in_any_width_and_case(self, city):
        case = make(city, "ｗｉｆｉ信号不好，ETC也刷不了")
        index()
        assert found(city, "WiFi") == found(city, "etc") == [case]

    def test_pairs_that_only_share_a_number_are_not_shown(self, city, monkeypatch):
        monkeypatch.setattr("shenzhen_gov.core.pairs._number", lambda one, two: 7)
        make(city, "楼道堆满纸箱")
        index()
        assert found(city, "路灯") == []

    def test_what_is_registered_after_the_last_sweep_is_found_as_well(self, city):
        one = make(city, "路灯不亮")
        index()
        two = make(city, "路灯又不亮")
        assert found(city, "路灯") == [two, one]

    def test_a_low_id_that_appears_late_is_indexed_too(self, city):
        make(city, "路灯不亮")
        late = make(city, "路灯又不亮")
        index()
        CaseText.objects.filter(pk=Case.objects.order_by("pk").first().pk).delete()
        assert index_texts() == 1
        assert CaseText.objects.count() == 2
        assert late in found(city, "路灯")

    def test_pages_go_on_where_the_last_one_ended(self, city):
        cases = [make(city, "路灯不亮", minutes=n) for n in range(7)]
        index()
        cases += [make(city, "路灯又不亮", minutes=10 + n) for n in range(2)]
        seen, before = [], None
        while True:
            page = find_cases(city.staff["agent"], "路灯", 3, before=before)
            seen += [row.case for row in page.rows]
            if (before := page.before) is None:
                break
        assert seen == cases[::-1]

    def test_a_search_that_stops_early_says_where_it_goes_on(self, city, monkeypatch):
        cases = [make(city, "路灯不亮", minutes=n) for n in range(4)]
        index()
        monkeypatch.setattr(search_streams, "CANDIDATES", 2)
        monkeypatch.setattr("intake.text_keys.BLOCK_BITS", 1)
        index_as_blocks()
        seen, before, pages = [], None, 0
        while pages < 50:
            page = find_cases(city.staff["agent"], "路灯", 10, before=before)
            seen, before, pages = seen + [row.case for row in page.rows], page.before, pages + 1
            if before is None:
                break
        assert seen == cases[::-1]
        assert pages > 1

    def test_a_page_looks_through_so_many_blocks_and_says_how_far(self, city, monkeypatch):
        oldest = make(city, "路灯不亮")
        newest = [make(city, "井盖丢了", minutes=n) for n in range(1, 7)][-1]
        index()
        monkeypatch.setattr(search_streams, "FIRST_BLOCKS", 2)
        monkeypatch.setattr(search_streams, "MORE_BLOCKS", 3)
        monkeypatch.setattr("intake.text_keys.BLOCK_BITS", 0)
        index_as_blocks()
        page = find_cases(city.staff["agent"], "路灯", 10)
        assert (page.rows, page.before) == ([], newest.pk - 1)
        assert page.back_to == Case.objects.get(pk=newest.pk - 1).registered_at
        answer = client_of(city, "agent").post(reverse("dispatch:search"), {"q": "路灯"}, follow=True).content.decode()
        assert f"已查到 {NOON:%Y-%m-%d} 为止" in answer
        assert f"before={page.before}" in answer
        pages = 1
        while page.before is not None and not page.rows:
            page, pages = find_cases(city.staff["agent"], "路灯", 10, before=page.before), pages + 1
        assert ([row.case for row in page.rows], pages) == ([oldest], 3)


class TestNumbers:
    def test_the_end_of_a_number_finds_it_before_and_after_the_sweep(self, city):
        case = make(city, "路灯不亮")
        assert found(city, case.number[-6:]) == [case]
        index()
        assert found(city, case.number[-6:].lower()) == [case]
        assert by(city, case.number[-6:]) == [("tail",)]

    def test_an_outside_number_is_found(self, city):
        case = make(city, "路灯不亮", external_id="OUT-77")
        assert by(city, "OUT-77") == [("outside",)]
        assert found(city, "OUT-77") == [case]

    def test_a_work_order_number_leads_to_its_case(self, city):
        case = make(city, "路灯不亮")
        response = client_of(city, "agent").post(reverse("dispatch:search"), {"q": f"{case.number}-01"})
        assert response.url == reverse("dispatch:case", args=[case.number])


class TestPhones:
    def test_are_looked_up_for_who_registers(self, city):
        case = make(city, "路灯不亮", phone=PHONE)
        make(city, "路灯不亮", phone="13800138001")
        assert found(city, "138 0013 8000") == [case]
        assert by(city, PHONE) == [("phone",)]

    def test_find_nothing_for_anybody_else(self, city):
        make(city, "路灯不亮", phone=PHONE)
        assert found(city, PHONE, who="community_secretary") == []

    def test_in_an_address_are_not_looked_up(self, city):
        case = make(city, "路灯不亮", phone=PHONE)
        response = client_of(city, "agent").get(reverse("dispatch:search"), {"q": PHONE})
        assert case.number not in response.content.decode()
        assert response.context["found"].is_phone

    def test_stand_in_no_address(self, city):
        case = make(city, "路灯不亮", phone=PHONE)
        client = client_of(city, "agent")
        response = client.post(reverse("dispatch:search"), {"q": PHONE})
        assert response.status_code == 302
        assert PHONE not in response.url
        page = client.get(response.url).content.decode()
        assert case.number in page
        assert page.count(PHONE) == 3  # what was typed: in the two boxes and over the list


class TestPlaces:
    def test_a_community_finds_its_cases_and_a_street_those_of_all_its_communities(self, city):
        area, beside = city.communities[0][0]
        one, two = make(city, "请来看看", area=area.code), make(city, "请来看看", area=beside.code)
        make(city, "请来看看", area=city.communities[1][0][0].code)
        assert found(city, area.name) == [one]
        assert found(city, city.streets[0][0].name) == [two, one]
        assert by(city, area.name) == [("place",)]

    def test_what_lies_there_and_what_names_it_stand_together(self, city):
        area = city.communities[0][0][0]
        make(city, "请来看看", area=area.code)
        make(city, f"{area.name}门口很吵", area=city.communities[1][0][0].code)
        assert by(city, area.name) == [("words",), ("place",)]


class TestTerritory:
    @pytest.mark.parametrize("indexed", [True, False])
    def test_nobody_finds_what_lies_elsewhere(self, city, indexed):
        case = make(city, "路灯不亮", external_id="OUT-77")
        far = make(city, "路灯不亮", area=city.communities[1][0][0].code, external_id="OUT-78")
        if indexed:
            index()
        elsewhere = grant(make_staff("elsewhere", city.centres[1]), "district_dispatcher", city.centres[1])
        city.staff["elsewhere"] = elsewhere
        area = city.communities[0][0][0].name
        for text in ("路灯", case.number, case.number[-8:], "OUT-77", area):
            assert case not in found(city, text, who="elsewhere"), text
            assert found(city, text, who="nobody") == []
        assert found(city, "路灯", who="elsewhere") == [far]


def client_of(city, who):
    client = Client()
    client.force_login(city.staff[who])
    return client


@pytest.mark.parametrize(
    "text", ["", " ", "路", "\x00", "\ud800灯", "%' OR 1=1 --", "9" * 5000, "🙂🙂", "\u202e路灯", "-" * 30, "SZ"]
)
def test_no_text_is_too_odd_for_the_page(city, text):
    make(city, "路灯不亮")
    client, address = client_of(city, "agent"), reverse("dispatch:search")
    sent = f"q={quote(text.encode('utf-8', 'surrogatepass'))}"
    assert client.get(f"{address}?{sent}").status_code == 200
    form = "application/x-www-form-urlencoded"
    assert client.post(address, sent, content_type=form, follow=True).status_code == 200


@pytest.mark.parametrize(
    "query", ["t=x", "t=AAAA", "t=%F0%9F%99%82", "q=路灯&before=x", "q=路灯&before=99999999999999999999"]
)
def test_an_altered_address_is_no_error(city, query):
    assert client_of(city, "agent").get(f"{reverse('dispatch:search')}?{query}").status_code == 200


def test_the_page_marks_the_words_and_shows_nothing_of_the_citizen(city):
    make(city, "路灯<b>不亮</b>", name="陈某某", phone=PHONE)
    page = client_of(city, "agent").post(reverse("dispatch:search"), {"q": "路灯"}, follow=True).content.decode()
    assert "<mark>路灯</mark>&lt;b&gt;" in page
    assert "陈某某" not in page
    assert PHONE not in page


def test_texts_are_indexed_once_and_by_nobody_in_particular(city):
    make(city, "路灯不亮")
    assert index_texts() == 1
    assert index_texts() == 0
    assert index_texts(everything=True) == 0
