"""Finding texts by text."""

import pytest

from shenzhen_gov.core.text_index import TextIndex

LAMP = [("路灯不亮", 3), ("小区门口的路灯坏了，晚上很黑", 1)]
NOISE = [("夜间施工噪声", 3), ("工地半夜施工吵得睡不着", 1)]
WATER = [("自来水停水", 3), ("家里没有水", 1)]


def test_chinese_is_found_without_a_segmenter():
    index = TextIndex([LAMP, NOISE, WATER])
    assert index.rank("楼下工地晚上还在施工，太吵", 1)[0][0] == 1


def test_what_matches_nothing_is_not_returned():
    index = TextIndex([LAMP, NOISE])
    assert index.rank("xyz", 3) == []


def test_the_best_comes_first_and_no_more_than_asked_for():
    index = TextIndex([LAMP, NOISE, WATER])
    ranked = index.rank("晚上路灯不亮，没有水", 2)
    assert len(ranked) == 2
    assert ranked[0][1] >= ranked[1][1] > 0


def test_a_text_of_more_weight_counts_more():
    index = TextIndex([[("路灯", 1), ("公园里的长椅和草地", 1)], [("路灯", 4), ("公园里的长椅和草地", 1)]])
    assert index.rank("路灯", 1)[0][0] == 1


def test_among_equals_the_earlier_one_comes_first():
    assert [position for position, _ in TextIndex([LAMP, LAMP]).rank("路灯", 2)] == [0, 1]


def test_with_longer_grams_a_single_character_is_no_match():
    assert TextIndex([LAMP, WATER], grams=(2, 3)).rank("坏水管", 2) == []
    assert TextIndex([[("灯", 1)], LAMP], grams=(2, 3)).rank("路灯", 2)[0][0] == 1


@pytest.mark.parametrize("profiles", [[], [[]], [[("", 3)], [("  ", 1)]]])
def test_an_index_without_text_finds_nothing(profiles):
    assert TextIndex(profiles).rank("路灯", 3) == []
    assert len(TextIndex(profiles).scores("路灯")) == len(profiles)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\ud800", "路" * 100_000, "\u202e灯"])
def test_hostile_queries_are_answered(text):
    assert isinstance(TextIndex([LAMP, NOISE]).rank(text, 3), list)
