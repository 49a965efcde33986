"""Detectors find what was planted and keep quiet otherwise; on plain rows, without a database."""

import random

from analytics.detectors import (
    BurstSettings,
    CaseAtPlace,
    Counts,
    RiskHit,
    Text,
    find_bursts,
    find_clusters,
    find_doubtful_pairs,
    find_repeats,
    gather_risks,
)
from analytics.detectors.phrases import shared_phrases

SETTINGS = BurstSettings()
ITEMS, PLACES, WEEKS = range(1, 31), range(100, 120), 8
AROUND = {place: 1000 + place % 4 for place in PLACES}
DISTRICT = {place: 1 for place in [*PLACES, *set(AROUND.values())]}


def quiet_counts(seed: int = 1) -> Counts:
    """Return nine weeks of chance: each series at its own low rate, weekends at half."""
    chance = random.Random(seed)  # noqa: S311 - made-up counts
    rates = {(item, place): chance.choice((0.01, 0.05, 0.2)) for item in ITEMS for place in PLACES}
    window, before, daily = {}, {}, [0] * (WEEKS * 7 + 7)
    for series, rate in rates.items():
        days = [sum(chance.random() < rate * (0.5 if day % 7 > 4 else 1) / 5 for _ in range(5)) for day in range(63)]
        daily = [one + more for one, more in zip(daily, days, strict=True)]
        before[series] = sum(days[:56]), sum(day * day for day in days[:56])
        window[series] = days[56:]
    return Counts(window, before, daily, AROUND, DISTRICT)


def planted(size: int, series=(7, 103)) -> list:
    counts = quiet_counts()
    counts.window[series] = [*counts.window[series][:6], counts.window[series][6] + size]
    return find_bursts(counts, SETTINGS)


class TestBursts:
    """Item × place."""

    def test_chance_alone_raises_none(self):
        assert [len(find_bursts(quiet_counts(seed), SETTINGS)) for seed in range(10)].count(0) >= 8

    def test_a_planted_burst_is_found_the_same_day_and_first(self):
        for size in (8, 12):
            (first, *_others) = planted(size)
            assert (first.item, first.place, first.days) == (7, 103, 1)
            assert first.count >= size
            assert first.expected < 1

    def test_it_is_told_once_not_for_the_subdistrict_too(self):
        assert [burst.place for burst in planted(12) if burst.item == 7] == [103]

    def test_a_bigger_one_is_more_surprising(self):
        assert planted(12)[0].score > planted(8)[0].score

    def test_a_rise_of_everything_is_no_burst(self):
        counts = quiet_counts()
        calm = len(find_bursts(counts, SETTINGS))
        counts.window = {series: [2 * day for day in week] for series, week in counts.window.items()}
        assert len(find_bursts(counts, SETTINGS)) <= calm + 1

    def test_fewer_cases_than_the_parameter_are_none(self):
        assert not [burst for burst in planted(2, (9, 105)) if burst.item == 9 and burst.days == 1]

    def test_nothing_at_all_is_nothing(self):
        assert find_bursts(Counts({}, {}, [0] * 63, {}, {}), SETTINGS) == []


SAYINGS = (
    "丽景城小区附近的搅拌站每天夜里轰鸣，噪音太大，全家睡不着，请管一管",
    "我是丽景城业主，门口搅拌站噪音扰民，粉尘也大，希望尽快搬走",
    "丽景城旁边混凝土搅拌站通宵作业噪音吵死人，投诉多次没人管",
    "投诉丽景城附近搅拌站污染环境，噪音和粉尘影响孩子上学",
    "搅拌站离丽景城小区不到一百米，噪音粉尘严重，请环保部门查处",
    "丽景城居民反映搅拌站噪音严重扰民，要求停工整治",
)
OTHERS = (
    "路灯不亮已经三天，晚上出行不便", "公交车站台太远，老人走不动", "社保卡办理需要带什么材料", "楼下烧烤摊油烟很大",
    "电梯经常坏，物业不修", "医院挂号系统打不开", "想咨询入学积分怎么算", "共享单车乱停放堵住人行道",
    "停车场乱收费没有发票", "水管爆裂马路积水", "树枝折断压到电线", "井盖松动车辆经过很响",
)  # fmt: skip


class TestClusters:
    """Texts of several citizens."""

    def texts(self, sayings=SAYINGS, same_citizen=False):
        told = [Text(place, 7 if same_citizen else place, text) for place, text in enumerate(sayings)]
        return [*told, *(Text(100 + place, 100 + place, text) for place, text in enumerate(OTHERS))]

    def find(self, texts):
        return find_clusters(texts, citizens=5, likeness=0.18)

    def test_a_planted_matter_in_words_of_their_own_is_found_and_nothing_else(self):
        (found,) = self.find(self.texts())
        assert {text.case for text in found.texts} == set(range(6))
        assert found.citizens == 6

    def test_copies_with_edits_are_found(self):
        copies = [f"{SAYINGS[0][:place]}{'呀' * place}{SAYINGS[0][place + 2 :]} {place}号楼" for place in range(1, 7)]
        (found,) = self.find(self.texts(copies))
        assert {text.case for text in found.texts} == set(range(6))

    def test_one_citizen_who_writes_often_is_no_cluster(self):
        assert self.find(self.texts(same_citizen=True)) == []

    def test_texts_about_different_matters_are_none(self):
        assert self.find(self.texts(sayings=())) == []

    def test_texts_without_letters_do_no_harm(self):
        assert self.find([Text(place, place, "！！ 123") for place in range(9)]) == []

    def test_its_name_is_what_most_of_them_say_without_numbers(self):
        numbered = [f"{text} 13800138000" for text in SAYINGS]
        words = shared_phrases(numbered[0], numbered)
        assert "丽景城" in "".join(words)
        assert not any(sign.isdecimal() for word in words for sign in word)


class TestOthers:
    """Risk words, places, closings."""

    def test_a_topic_in_an_area_is_one_risk_whatever_the_words(self):
        hits = [RiskHit(1, 5, 9, "gas", ("燃气泄漏",)), RiskHit(2, 6, 9, "gas", ("煤气泄漏", "燃气泄漏"))]
        (risk,) = gather_risks(hits)
        assert (risk.cases, risk.citizens, risk.words) == ((1, 2), (5, 6), ("燃气泄漏", "煤气泄漏"))
        assert (
            len(gather_risks([*hits, RiskHit(3, 5, 9, "fire", ("起火",)), RiskHit(4, 5, 8, "gas", ("燃气泄漏",))])) == 3
        )

    def test_a_building_is_one_place_whatever_the_room(self):
        rows = [CaseAtPlace(one, one, 9, 4, house_code=f"4403070030030400042{one:06d}") for one in range(8)]
        (found,) = find_repeats(rows, cases=8, citizens=5)
        assert found.place == ("building", "4403070030030400042")
        assert (found.citizens, found.item, len(found.cases)) == (8, 4, 8)

    def test_the_same_address_however_it_is_written_and_near_points_are_one_place(self):
        rows = [CaseAtPlace(one, one, 9, 4, address="民治大道 12 号" if one % 2 else "民治大道12号楼".replace("楼", ""))
                for one in range(8)]  # fmt: skip
        assert find_repeats(rows, cases=8, citizens=5) == []  # too short for an address: a street
        rows = [CaseAtPlace(one, one, 9, 4, longitude=114.05001 + one * 1e-6, latitude=22.6) for one in range(8)]
        assert len(find_repeats(rows, cases=8, citizens=5)) == 1

    def test_one_citizen_makes_no_repeat_place(self):
        rows = [CaseAtPlace(one, 1, 9, 4, house_code="4403070030030400042000003") for one in range(20)]
        assert find_repeats(rows, cases=8, citizens=5) == []

    def test_a_unit_with_many_doubted_closings_of_an_item_stands_out(self):
        doubts = [(1, 2, case, case == 9) for case in range(9, 15)]
        (pair,) = find_doubtful_pairs(doubts, {(1, 2): 20}, least=3, share=0.1)
        assert (pair.unit, pair.item, pair.confirmed, pair.closed) == (1, 2, 1, 20)
        assert find_doubtful_pairs(doubts, {(1, 2): 400}, least=3, share=0.1) == []
        assert find_doubtful_pairs(doubts[:2], {(1, 2): 2}, least=3, share=0.1) == []
