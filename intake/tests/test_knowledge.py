"""Articles: written by one, put online by another, found by text, reported as wrong, counted, expired."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from grid.tests.factories import grant, make_staff
from intake import article_index
from intake.models import Article, ArticleUse, ArticleVersion
from intake.selectors import search_articles
from intake.selectors.knowledge import snippet_of
from intake.services import answer_case
from intake.services.article_care import answer_correction, count_uses, expire_articles, raise_correction
from intake.services.knowledge import create_article, edit_draft, move_article, start_draft
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage
from shenzhen_gov.core.models import AuditEntry

from .articles import LAMP, LAMP_BODY, SYSTEM, article_text, make_article, make_draft
from .factories import city_with_channels, make_case, make_item

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


@pytest.fixture
def city(db):
    city = city_with_channels()
    for name, role in (("editor", "knowledge_editor"), ("reviewer", "knowledge_reviewer")):
        city.staff[name] = grant(make_staff(unit=city.centre), role, city.centre)
    return city


@pytest.fixture
def editor(city):
    return Actor.staff(city.staff["editor"])


@pytest.fixture
def reviewer(city):
    return Actor.staff(city.staff["reviewer"])


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


@pytest.fixture
def draft(city, editor):
    return make_draft(city.centre, by=editor)


@pytest.fixture
def live(city):
    return make_article(city.centre)


def titles(found):
    return [one.version.title for one in found]


class TestADraft:
    def test_is_begun_by_an_editor_of_the_unit_under_a_code_of_its_own(self, city, editor):
        version = make_draft(city.centre, by=editor, questions=("路灯坏了", " 路灯坏了 ", ""))
        assert (version.state, version.number, version.questions) == ("draft", 1, ["路灯坏了"])
        assert version.article.code.startswith("ZS")
        assert version.article.live is None

    def test_is_not_begun_by_an_agent(self, city, agent):
        with pytest.raises(NotAllowed):
            make_draft(city.centre, by=agent)

    def test_is_not_begun_for_another_units_territory(self, city):
        far = grant(make_staff(unit=city.centres[1]), "knowledge_editor", city.centres[1])
        with pytest.raises(OutOfSight):
            make_draft(city.centres[0], by=Actor.staff(far))

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", " "),
            ("title", "长" * 121),
            ("body", ""),
            ("body", "长" * 3001),
            ("body", "a\x00b"),
            ("body", "a\ud800b"),
            ("basis", "长" * 301),
            ("expires_on", date(2025, 12, 31)),
            ("questions", ("长" * 121,)),
            ("questions", tuple(f"问法{n}" for n in range(21))),
            ("area", "no-such"),
            ("area", "\x00"),
            ("items", ("no-such",)),
            ("items", tuple(f"I{n}" for n in range(51))),
        ],
    )
    def test_is_refused_naming_the_field_and_nothing_is_written(self, city, editor, field, value):
        with pytest.raises(BadInput) as refusal:
            make_draft(city.centre, by=editor, **{field: value})
        assert refusal.value.field == field
        assert not Article.objects.exists()

    def test_needs_a_unit_that_exists(self, editor, city):
        with pytest.raises(BadInput) as refusal:
            create_article(article_text(), unit_id=0, by=editor, now=NOW)
        assert refusal.value.field == "unit"

    def test_is_edited_until_it_is_submitted(self, city, draft, editor):
        given = article_text(title="路灯报修", area=city.districts[0].code, items=(city.item.item.code,))
        edited = edit_draft(draft.pk, given, row_version=draft.row_version, by=editor, now=NOW)
        assert (edited.title, edited.area, list(edited.items.all())) == (
            "路灯报修",
            city.districts[0],
            [city.item.item],
        )
        move_article(draft.pk, "submit", by=editor, now=NOW)
        with pytest.raises(IllegalMove, match="Only a draft"):
            edit_draft(draft.pk, given, by=editor, now=NOW)

    def test_is_not_overwritten_from_a_stale_page(self, draft, editor):
        edit_draft(draft.pk, article_text(), row_version=draft.row_version, by=editor, now=NOW)
        with pytest.raises(StalePage):
            edit_draft(draft.pk, article_text(), row_version=draft.row_version, by=editor, now=NOW)

    def test_is_discarded(self, draft, editor):
        assert move_article(draft.pk, "discard", by=editor, now=NOW).state == "dropped"


class TestGoingOnline:
    def test_takes_somebody_else_than_the_writer(self, city, draft, editor, reviewer):
        move_article(draft.pk, "submit", by=editor, now=NOW)
        version = move_article(draft.pk, "publish", by=reviewer, now=NOW)
        assert (version.state, version.reviewed_by, version.reviewed_at) == ("live", reviewer.name, NOW)
        assert Article.objects.get().live == version

    def test_is_refused_to_whoever_ever_wrote_on_it(self, city, editor):
        both = grant(make_staff(unit=city.centre), ["edit_knowledge", "review_knowledge"], city.centre)
        version = make_draft(city.centre, by=Actor.staff(both))
        edit_draft(version.pk, article_text(), by=editor, now=NOW)
        move_article(version.pk, "submit", by=editor, now=NOW)
        with pytest.raises(NotAllowed, match="wrote this yourself"):
            move_article(version.pk, "publish", by=Actor.staff(both), now=NOW)

    def test_is_refused_to_the_editor(self, draft, editor):
        move_article(draft.pk, "submit", by=editor, now=NOW)
        with pytest.raises(NotAllowed):
            move_article(draft.pk, "publish", by=editor, now=NOW)

    @pytest.mark.parametrize(
        "days", [{"valid_from": TODAY + timedelta(1)}, {"expires_on": TODAY - timedelta(1)}], ids=["early", "late"]
    )
    def test_is_refused_outside_its_days(self, city, reviewer, days):
        version = make_draft(city.centre, **days)
        move_article(version.pk, "submit", by=SYSTEM, now=NOW)
        with pytest.raises(NotAllowed, match="valid"):
            move_article(version.pk, "publish", by=reviewer, now=NOW)

    def test_is_refused_with_the_state_for_a_draft(self, draft, reviewer):
        with pytest.raises(IllegalMove, match="Draft"):
            move_article(draft.pk, "publish", by=reviewer, now=NOW)

    def test_sending_back_needs_a_reason(self, draft, editor, reviewer):
        move_article(draft.pk, "submit", by=editor, now=NOW)
        with pytest.raises(BadInput) as refusal:
            move_article(draft.pk, "return", by=reviewer, now=NOW)
        assert refusal.value.field == "opinion"
        assert move_article(draft.pk, "return", opinion="缺少依据", by=reviewer, now=NOW).state == "draft"

    @pytest.mark.parametrize("move", ["expire", "replace", "no-such", ""])
    def test_steps_of_the_machine_are_not_offered(self, draft, reviewer, move):
        with pytest.raises(BadInput):
            move_article(draft.pk, move, by=reviewer, now=NOW)


class TestAChange:
    def test_leaves_the_article_online_until_it_is_replaced(self, live, editor, reviewer):
        change = start_draft(live.article_id, by=editor, now=NOW)
        assert (change.number, change.title) == (2, live.title)
        edit_draft(change.pk, article_text(body="新的答复内容。"), by=editor, now=NOW)
        assert Article.objects.get().live == live
        move_article(change.pk, "submit", by=editor, now=NOW)
        move_article(change.pk, "publish", by=reviewer, now=NOW)
        live.refresh_from_db()
        assert (live.state, live.body) == ("replaced", LAMP_BODY)
        assert Article.objects.get().live.body == "新的答复内容。"

    def test_keeps_area_and_items_of_what_it_changes(self, city, editor):
        live = make_article(city.centre, area=city.districts[0].code, items=(city.item.item.code,))
        change = start_draft(live.article_id, by=editor, now=NOW)
        assert (change.area, list(change.items.all())) == (city.districts[0], [city.item.item])

    def test_is_begun_once(self, live, editor):
        start_draft(live.article_id, by=editor, now=NOW)
        with pytest.raises(IllegalMove, match="under way"):
            start_draft(live.article_id, by=editor, now=NOW)

    def test_of_an_unknown_article_is_not_found(self, editor):
        with pytest.raises(OutOfSight):
            start_draft(0, by=editor, now=NOW)


class TestGoingOffline:
    def test_by_hand_leaves_nothing_to_answer_from(self, live, reviewer):
        move_article(live.pk, "take_off", by=reviewer, now=NOW)
        assert Article.objects.get().live is None
        assert search_articles(LAMP, on=TODAY) == []

    def test_happens_by_itself_on_the_day_after_the_last(self, city):
        live = make_article(city.centre, now=NOW, expires_on=TODAY)
        assert expire_articles(by=SYSTEM, now=NOW) == 0
        assert expire_articles(by=SYSTEM, now=NOW + timedelta(days=1)) == 1
        live.refresh_from_db()
        assert live.state == "expired"
        assert Article.objects.get().live is None
        assert expire_articles(by=SYSTEM, now=NOW + timedelta(days=1)) == 0

    def test_is_audited(self, live, reviewer):
        move_article(live.pk, "take_off", by=reviewer, now=NOW)
        entry = AuditEntry.objects.filter(object_type="intake.articleversion").latest("id")
        assert (entry.action, entry.changes["state"]) == ("article.take_off", ["live", "off"])


class TestSearch:
    @pytest.fixture(autouse=True)
    def several(self, city, live):
        make_article(
            city.centre, title="工单办到哪里了怎么查", body="凭工单编号和手机号后四位查询进展。", questions=("查进度",)
        )
        make_article(city.centre, title="停水了怎么办", body="先看水务集团的停水通知，再拨打热线登记。")

    def test_finds_by_chinese_words_without_a_segmenter(self):
        assert titles(search_articles("小区门口的路灯整夜不亮", on=TODAY))[0] == LAMP

    def test_finds_by_another_wording(self):
        assert titles(search_articles("我想查进度", on=TODAY))[0] == "工单办到哪里了怎么查"

    def test_finds_nothing_where_nothing_fits(self):
        assert search_articles("爱好摄影", on=TODAY) == []

    @pytest.mark.parametrize("text", ["邻居家的狗整夜叫怎么办", "凭什么停车要交费，查一下"])
    def test_finds_nothing_that_answers_something_else(self, text):
        assert search_articles(text, on=TODAY) == []

    @pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "灯", "路" * 50_000, "\u202e灯路"])
    def test_answers_any_text(self, text):
        assert isinstance(search_articles(text, on=TODAY), list)

    def test_shows_drafts_to_nobody(self, city):
        make_draft(city.centre, title="路灯不亮路灯不亮")
        assert titles(search_articles("路灯不亮", on=TODAY)) == [LAMP]

    def test_brings_up_articles_of_the_chosen_item(self, city):
        make_article(city.centre, title="照明设施由谁养护", items=(city.item.item.code,))
        assert titles(search_articles("查进度", item_id=city.item.item_id, on=TODAY))[-1] == "照明设施由谁养护"
        assert titles(search_articles("", item_id=city.item.item_id, on=TODAY)) == ["照明设施由谁养护"]
        assert search_articles("", item_id=make_item(city.city).item_id, on=TODAY) == []

    def test_leaves_out_what_holds_in_another_district(self, city):
        make_article(city.centre, title="路灯不亮（坪山）", area=city.districts[1].code)
        here = search_articles("路灯不亮", area=city.communities[0][0][0], on=TODAY)
        there = search_articles("路灯不亮", area=city.communities[1][0][0], on=TODAY)
        assert titles(here) == [LAMP]
        assert titles(there)[0] == "路灯不亮（坪山）"

    def test_leaves_out_what_is_over_before_the_job_takes_it_off(self, city):
        make_article(city.centre, now=NOW, title="路灯节活动安排", expires_on=TODAY)
        assert "路灯节活动安排" in titles(search_articles("路灯节活动", on=TODAY))
        assert "路灯节活动安排" not in titles(search_articles("路灯节活动", on=TODAY + timedelta(1)))

    def test_shows_the_place_in_the_article_that_fits(self):
        found = search_articles("工单编号和手机号后四位", on=TODAY)
        assert found[0].score == 1
        assert "手机号后四位" in found[0].snippet

    def test_costs_one_statement_once_the_index_is_there(self, django_assert_num_queries):
        search_articles("路灯不亮", on=TODAY)
        with django_assert_num_queries(1):
            search_articles("路灯不亮", on=TODAY)

    def test_goes_on_with_the_old_index_while_a_large_one_is_built(self, city, monkeypatch):
        search_articles("路灯不亮", on=TODAY)
        monkeypatch.setattr(article_index, "AT_ONCE", 0)
        built = []
        monkeypatch.setattr(
            article_index, "_replace", lambda *given: (built.append(given), article_index._building.release())
        )
        make_article(city.centre, title="路灯太亮影响休息")
        assert titles(search_articles("路灯不亮", on=TODAY)) == [LAMP]
        article_index._building.acquire(timeout=10)  # the thread has come to its end
        article_index._building.release()
        state, rows, _items = built[0]
        assert "路灯太亮影响休息" in {row["title"] for row in rows}
        assert state == article_index.live_state()


class TestSnippet:
    def test_begins_a_little_before_the_words(self):
        body = "甲" * 100 + "路灯不亮" + "乙" * 100
        assert snippet_of(body, "路灯不亮") == "…" + "甲" * 10 + "路灯不亮" + "乙" * 46 + "…"

    def test_is_the_beginning_where_nothing_fits(self):
        assert snippet_of("甲" * 100, "xyz") == "甲" * 60 + "…"
        assert snippet_of("短", "") == "短"


class TestACorrection:
    def test_is_reported_by_any_agent_and_taken_up_as_a_draft(self, live, agent, editor):
        correction = raise_correction(live.pk, "电话号码已更换", by=agent, now=NOW)
        draft = answer_correction(correction.pk, is_taken=True, by=editor, now=NOW)
        correction.refresh_from_db()
        assert (draft.number, draft.state) == (2, "draft")
        assert (correction.is_taken, correction.answered_by) == (True, editor.name)

    def test_joins_the_draft_that_is_under_way(self, live, agent, editor):
        correction = raise_correction(live.pk, "电话号码已更换", by=agent, now=NOW)
        draft = start_draft(live.article_id, by=editor, now=NOW)
        assert answer_correction(correction.pk, is_taken=True, by=editor, now=NOW) == draft

    def test_is_answered_where_it_is_not_taken_up(self, live, agent, editor):
        correction = raise_correction(live.pk, "电话号码已更换", by=agent, now=NOW)
        with pytest.raises(BadInput):
            answer_correction(correction.pk, is_taken=False, by=editor, now=NOW)
        assert answer_correction(correction.pk, is_taken=False, answer="号码没有变", by=editor, now=NOW) is None
        with pytest.raises(IllegalMove, match="answered this"):
            answer_correction(correction.pk, is_taken=True, by=editor, now=NOW)
        assert ArticleVersion.objects.count() == 1

    @pytest.mark.parametrize("text", ["", "错", "长" * 501, "错错错错\x00"])
    def test_says_what_is_wrong(self, live, agent, text):
        with pytest.raises(BadInput) as refusal:
            raise_correction(live.pk, text, by=agent, now=NOW)
        assert refusal.value.field == "text"

    def test_is_not_answered_by_an_agent_nor_from_elsewhere(self, city, live, agent):
        correction = raise_correction(live.pk, "电话号码已更换", by=agent, now=NOW)
        far = grant(make_staff(unit=city.centres[1]), "knowledge_editor", city.centres[1])
        with pytest.raises(NotAllowed):
            answer_correction(correction.pk, is_taken=True, by=agent, now=NOW)
        with pytest.raises(OutOfSight):
            answer_correction(correction.pk, is_taken=True, by=Actor.staff(far), now=NOW)

    def test_is_not_reported_by_somebody_without_a_role_nor_for_a_draft(self, city, live, draft, agent):
        with pytest.raises(NotAllowed):
            raise_correction(live.pk, "电话号码已更换", by=Actor.staff(city.staff["nobody"]), now=NOW)
        with pytest.raises(OutOfSight):
            raise_correction(draft.pk, "电话号码已更换", by=agent, now=NOW)


class TestUses:
    def test_are_counted_once(self, live, agent):
        for _ in range(3):
            answer_case(make_case(accept=False).pk, article=live.pk, by=agent, now=NOW)
        assert count_uses(limit=2) == 2
        assert count_uses() == 1
        assert count_uses() == 0
        article = Article.objects.get()
        assert (article.uses, article.used_at) == (3, NOW)
        assert ArticleUse.objects.filter(is_counted=True).count() == 3
