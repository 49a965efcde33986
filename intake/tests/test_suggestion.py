"""Suggestions: by the list's words, by its examples, and by what people confirmed, learned at once and everywhere."""

from datetime import date

import pytest
from django.utils import timezone

from grid.tests.factories import grant, make_staff, small_city
from intake.choices import ConfirmedBy
from intake.models import Confirmation
from intake.selectors import suggest_items
from intake.services import confirm_item, reclassify_case
from intake.suggestion import ranking
from intake.suggestion.ranking import Memory, Ranker, most_per_item
from intake.suggestion.vectors import rarity
from intake.tests.factories import SYSTEM, make_case, make_channel, make_item, make_parameters
from shenzhen_gov.core.actor import Actor

TODAY = date(2026, 3, 2)
HOWLING = "楼下的狗半夜一直叫，吵得睡不着"


@pytest.fixture
def city(db):
    city = small_city()
    make_channel()
    make_parameters()
    city.lamp = make_item(city.city, "路灯不亮", keywords=["路灯", "不亮"])
    city.noise = make_item(city.city, "邻里噪声扰民", keywords=["噪声"], examples=["隔壁天天装修电钻响个不停"])
    city.dogs = make_item(city.city, "养犬不文明", keywords=["犬只"])
    return city


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


def codes(text, **given):
    return [found.code for found in suggest_items(text, on=TODAY, **given)]


def first(text):
    return suggest_items(text, on=TODAY)[0]


class TestWords:
    def test_of_the_list_find_the_item_and_are_named(self, city):
        found = first("小区门口的路灯不亮")
        assert (found.code, found.matched, found.score) == (city.lamp.item.code, ("路灯", "不亮"), 1.0)

    def test_of_the_name_are_a_reason_where_no_keyword_is(self, city):
        assert first("旁边有人养犬，很不文明").matched == ("养犬", "不文明")

    def test_of_an_example_find_the_item_and_it_is_said(self, city):
        found = first("隔壁天天装修电钻响")
        assert (found.code, found.like_example) == (city.noise.item.code, True)

    def test_that_are_a_code_find_just_that_item(self, city):
        assert codes(f" {city.dogs.item.code.lower()} ") == [city.dogs.item.code]

    @pytest.mark.parametrize("text", ["", "   ", "\n", "xyz", "\ud800", "\x00", "￿" * 9, "م" * 5000])
    def test_that_say_nothing_find_nothing_and_break_nothing(self, city, text):
        assert codes(text) == []

    def test_find_nothing_in_an_empty_list(self, db):
        assert codes("路灯不亮") == []


class TestLearning:
    def test_ranks_what_an_agent_chose_first_at_the_next_question(self, city, agent):
        assert codes(HOWLING)[:1] != [city.dogs.item.code]
        make_case(by=agent, content=HOWLING, item=city.dogs.item.code, area=city.communities[0][0][0].code)
        found = first("邻居家的狗半夜一直叫，吵得全家睡不着")
        assert (found.code, found.like_cases) == (city.dogs.item.code, 1)

    def test_is_seen_by_another_process_at_its_next_question(self, city, agent):
        one, other = self.process(), self.process()
        case = make_case(by=agent, content=HOWLING, item=city.noise.item.code)
        assert self.best(one) == self.best(other) == city.noise.item.code
        confirm_item(
            case, city.dogs.item_id, suggested_id=None, confirmed_by=ConfirmedBy.DISPATCHER, now=timezone.now()
        )
        assert self.best(one) == self.best(other) == city.dogs.item.code
        assert self.best(self.process()) == city.dogs.item.code

    def test_takes_back_what_was_corrected(self, city, agent):
        suggest_items(HOWLING, on=TODAY)
        case = make_case(by=agent, content=HOWLING, item=city.noise.item.code)
        assert first(HOWLING).like_cases == 1
        reclassify_case(case.pk, item_code=city.dogs.item.code, by=agent, now=timezone.now())
        found = {item.code: item.like_cases for item in suggest_items(HOWLING, on=TODAY)}
        assert found[city.dogs.item.code] == 1
        assert not found.get(city.noise.item.code)

    def test_never_comes_from_what_no_person_confirmed(self, city):
        make_case(by=SYSTEM, content=HOWLING, item=city.dogs.item.code)
        assert not Confirmation.objects.exists()
        assert first(HOWLING).like_cases == 0

    def test_reads_at_the_start_only_the_newest_of_an_item(self, city, agent, monkeypatch):
        monkeypatch.setattr(ranking, "most_per_item", lambda on: 2)
        for number in range(4):
            make_case(by=agent, content=f"{HOWLING}{number}", item=city.dogs.item.code)
        assert first(HOWLING).like_cases == 2

    def test_goes_on_over_many_additions(self, city, agent):
        suggest_items(HOWLING, on=TODAY)
        for number in range(70):  # more than are kept apart from the large matrix
            make_case(by=agent, content=f"{HOWLING}，第{number}天了", item=city.dogs.item.code)
        found = first(HOWLING)
        assert (found.code, found.like_cases) == (city.dogs.item.code, 70)

    def test_finds_a_confirmation_committed_after_a_later_one(self, city, agent):
        process = self.process()
        case = make_case(by=agent, content=HOWLING, item=city.noise.item.code)
        late = Confirmation.objects.get(case=case)
        Confirmation.objects.filter(pk=late.pk).update(revision=late.revision + 5)
        self.best(process)
        early = make_case(by=agent, content=HOWLING, item=city.dogs.item.code)
        Confirmation.objects.filter(case=early).update(revision=late.revision + 1)
        process[1].follow()
        assert process[1].centroids.counts.sum() == 2

    @staticmethod
    def correct(case, item_id):
        confirm_item(case, item_id, suggested_id=None, confirmed_by=ConfirmedBy.DISPATCHER, now=timezone.now())

    @staticmethod
    def process():
        """What another process would have in memory."""
        ranker = Ranker(ranking.item_index(TODAY))
        return ranker, Memory(rarity(["狗叫", "路灯"]), most_per_item(TODAY))

    @staticmethod
    def best(process):
        ranker, memory = process
        return ranker.rank(HOWLING, "", 5, memory)[0].code


class TestConfirming:
    def test_keeps_what_was_suggested_and_who_chose(self, city, agent):
        case = make_case(by=agent, item=city.dogs.item.code, suggested=city.noise.item.code)
        kept = Confirmation.objects.get(case=case)
        assert (kept.item, kept.suggested, kept.confirmed_by) == (city.dogs.item, city.noise.item, ConfirmedBy.AGENT)

    def test_takes_an_unknown_suggestion_for_none(self, city, agent):
        case = make_case(by=agent, item=city.dogs.item.code, suggested="no such")
        assert Confirmation.objects.get(case=case).suggested is None

    def test_needs_an_item(self, city, agent):
        make_case(by=agent)
        assert not Confirmation.objects.exists()

    def test_by_a_dispatcher_replaces_the_agents(self, city, agent):
        case = make_case(by=agent, item=city.dogs.item.code)
        dispatcher = grant(make_staff(unit=city.centre), "city_dispatcher", city.centre)
        reclassify_case(case.pk, item_code=city.noise.item.code, by=Actor.staff(dispatcher), now=timezone.now())
        kept = Confirmation.objects.get(case=case)
        assert (kept.item, kept.confirmed_by) == (city.noise.item, ConfirmedBy.DISPATCHER)

    def test_of_the_same_item_again_is_no_news(self, city, agent):
        case = make_case(by=agent, item=city.dogs.item.code)
        before = Confirmation.objects.get(case=case).revision
        confirm_item(case, city.dogs.item_id, suggested_id=None, confirmed_by=ConfirmedBy.AGENT, now=timezone.now())
        assert Confirmation.objects.get(case=case).revision == before
