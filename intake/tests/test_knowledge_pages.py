"""Pages of the knowledge base and of the refusals."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from grid.tests.factories import grant, make_staff
from intake.files import read_articles, read_refusal_reasons
from intake.models import Article, ArticleCorrection, ArticleVersion, Case, EmergencyHandoff
from intake.selectors.articles import differences
from intake.services import answer_case, propose_refusal
from intake.services.article_care import raise_correction
from intake.services.article_loading import load_articles
from intake.services.knowledge import move_article, start_draft
from intake.services.refusal_reasons import load_refusal_reasons
from intake.tasks import keep_articles
from intake.workflow import AWAITING_DISPATCH, NOT_ACCEPTED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, Refused

from .articles import LAMP, LAMP_BODY, SYSTEM, make_article, make_draft
from .factories import city_with_channels, make_case

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
HOSTILE = ["", "\x00", "\ud800", "<script>alert(1)</script>", "=1+1", "路" * 9000, "\u202e", "1e999", "[]"]


@pytest.fixture
def city(db):
    city = city_with_channels()
    city.staff["reviewer"] = grant(make_staff(unit=city.centre), "knowledge_reviewer", city.centre)
    city.staff["far"] = grant(make_staff(unit=city.centres[1]), "knowledge_editor", city.centres[1])
    return city


@pytest.fixture
def live(city):
    return make_article(city.centre)


@pytest.fixture
def sign_in(client, city):
    def enter(who):
        client.force_login(city.staff[who])
        client.cookies["django_language"] = "en"
        return client

    return enter


def at(name, version, *more):
    return reverse(f"intake:{name}", args=[version.article.code, *more])


def text_of(response):
    return response.content.decode()


class TestTheReader:
    def test_finds_what_the_words_fit(self, sign_in, live):
        page = text_of(sign_in("agent").get(reverse("intake:reader"), {"q": "路灯坏了"}))
        assert LAMP in page
        assert LAMP_BODY[:10] in page

    def test_shows_what_is_used_most_before_anything_is_typed(self, sign_in, live):
        assert LAMP in text_of(sign_in("nobody").get(reverse("intake:reader")))

    def test_sends_only_the_list_to_the_page_that_is_open(self, sign_in, live):
        part = text_of(sign_in("agent").get(reverse("intake:reader"), {"q": "路灯"}, headers={"HX-Request": "true"}))
        assert LAMP in part
        assert "<html" not in part

    def test_says_what_to_do_where_nothing_fits(self, sign_in, live):
        assert "No article fits" in text_of(sign_in("agent").get(reverse("intake:reader"), {"q": "爱好摄影"}))

    @pytest.mark.parametrize("text", HOSTILE)
    def test_answers_any_text_and_runs_none_of_it(self, sign_in, live, text):
        response = sign_in("agent").get(reverse("intake:reader"), {"q": text.encode("utf-8", "replace")})
        assert response.status_code == 200
        assert "<script>alert" not in text_of(response)


class TestAnArticle:
    def test_is_read_by_everybody_signed_in_without_its_drafts(self, sign_in, live):
        start_draft(live.article_id, by=SYSTEM, now=NOW)
        response = sign_in("nobody").get(at("article", live))
        assert LAMP_BODY in text_of(response)
        assert "Next step" not in text_of(response)
        assert sign_in("nobody").get(at("article", live), {"version": 2}).status_code == 404

    def test_that_is_a_draft_is_seen_by_its_editors_alone(self, city, sign_in):
        draft = make_draft(city.centre)
        assert sign_in("knowledge_editor").get(at("article", draft)).status_code == 200
        assert sign_in("agent").get(at("article", draft)).status_code == 404
        assert sign_in("far").get(at("article", draft)).status_code == 404

    def test_that_was_replaced_is_still_read_as_it_was(self, live, sign_in):
        draft = start_draft(live.article_id, by=SYSTEM, now=NOW)
        for move in ("submit", "publish"):
            move_article(draft.pk, move, by=SYSTEM, now=NOW)
        response = sign_in("agent").get(at("article", live), {"version": 1})
        assert "Replaced" in text_of(response)

    @pytest.mark.parametrize("number", ["9", "x", "-1", "9" * 30])
    def test_has_no_other_versions(self, live, sign_in, number):
        expected = 404 if number == "9" else 200
        assert sign_in("agent").get(at("article", live), {"version": number}).status_code == expected

    def test_shows_what_a_change_changes(self, city, live):
        draft = start_draft(live.article_id, by=SYSTEM, now=NOW)
        draft.body, draft.area, draft.questions = LAMP_BODY + "请拍照。", city.districts[0], ["路灯"]
        found = {one.label: one.marks for one in differences(live, draft)}
        assert found["Answer"][-1] == ("ins", "请拍照。")
        assert set(found) == {"Answer", "Holds in", "Asked as"}


class TestWriting:
    FORM = {
        "title": "怎样报修路灯",
        "body": "请打热线。\r\n说明编号。",
        "valid_from": "2026-01-01",
        "questions": "路灯坏了\n灯不亮",
    }

    def test_goes_from_the_form_to_the_reader_through_two_pairs_of_eyes(self, city, sign_in):
        editor = sign_in("knowledge_editor")
        made = editor.post(reverse("intake:article_new"), self.FORM | {"unit": city.centre.pk})
        draft = ArticleVersion.objects.get()
        assert made.url == at("article", draft)
        assert (draft.questions, draft.body) == (["路灯坏了", "灯不亮"], "请打热线。\n说明编号。")
        editor.post(at("article_step", draft), {"version": 1, "move": "submit"})
        sign_in("reviewer").post(at("article_step", draft), {"version": 1, "move": "publish"})
        assert "怎样报修路灯" in text_of(sign_in("agent").get(reverse("intake:reader"), {"q": "路灯坏了"}))

    def test_keeps_what_was_typed_and_names_the_field(self, city, sign_in):
        sent = self.FORM | {"unit": city.centre.pk, "items": "no-such", "title": "保留的标题"}
        response = sign_in("knowledge_editor").post(reverse("intake:article_new"), sent)
        assert response.status_code == 422
        assert "保留的标题" in text_of(response)
        assert list(response.context["form"].errors) == ["items"]
        assert not Article.objects.exists()

    def test_changes_what_is_online_through_a_draft(self, live, sign_in):
        editor = sign_in("knowledge_editor")
        assert editor.post(at("article_change", live)).url == at("article_edit", live)
        assert LAMP_BODY in text_of(editor.get(at("article_edit", live)))
        draft = ArticleVersion.objects.get(number=2)
        assert editor.post(at("article_edit", live), self.FORM | {"row_version": draft.row_version}).status_code == 302
        stale = editor.post(at("article_edit", live), self.FORM | {"row_version": draft.row_version})
        assert "Somebody else changed this article" in text_of(stale)

    def test_without_a_draft_leads_back_to_the_article(self, live, sign_in):
        assert sign_in("knowledge_editor").get(at("article_edit", live)).url == at("article", live)

    def test_says_beside_a_button_why_it_is_off(self, city, sign_in):
        draft = make_draft(city.centre)
        move_article(draft.pk, "submit", by=SYSTEM, now=NOW)
        assert "Your roles here do not include" in text_of(sign_in("knowledge_editor").get(at("article", draft)))

    def test_sends_back_with_a_reason_only(self, city, sign_in):
        draft = make_draft(city.centre)
        move_article(draft.pk, "submit", by=SYSTEM, now=NOW)
        sent = {"version": 1, "move": "return"}
        response = sign_in("reviewer").post(at("article_step", draft), sent)
        assert (response.status_code, list(response.context["opinion"].errors)) == (422, ["opinion"])
        assert sign_in("reviewer").post(at("article_step", draft), sent | {"opinion": "缺少依据"}).status_code == 302
        assert "缺少依据" in text_of(sign_in("knowledge_editor").get(at("article", draft)))

    @pytest.mark.parametrize("text", HOSTILE)
    def test_takes_any_text_without_an_error_of_ours(self, city, live, sign_in, text):
        text = text.encode("utf-8", "replace")
        editor = sign_in("knowledge_editor")
        names = (
            "title",
            "body",
            "questions",
            "basis",
            "area",
            "items",
            "valid_from",
            "expires_on",
            "unit",
            "row_version",
        )
        for name in names:
            assert (
                editor.post(reverse("intake:article_new"), self.FORM | {"unit": city.centre.pk, name: text}).status_code
                < 500
            )
        assert editor.post(at("article_step", live), {"version": text, "move": text, "opinion": text}).status_code < 500
        assert editor.post(at("article_correct", live), {"text": text}).status_code < 500
        assert "<script>alert" not in text_of(editor.get(reverse("intake:articles"), {"tab": "work"}))


class TestTheEditorsList:
    def test_opens_with_what_waits_for_the_reviewer(self, city, sign_in):
        draft = make_draft(city.centre, title="等待审核的知识")
        move_article(draft.pk, "submit", by=SYSTEM, now=NOW)
        assert "等待审核的知识" in text_of(sign_in("reviewer").get(reverse("intake:articles")))

    def test_has_what_ends_soon_and_what_was_reported_as_wrong(self, city, sign_in):
        make_article(city.centre, now=NOW, title="快到期的知识", expires_on=TODAY + timedelta(days=3))
        wrong = make_article(city.centre, title="有错误的知识")
        raise_correction(wrong.pk, "电话号码错了", by=Actor.staff(city.staff["agent"]), now=NOW)
        for tab, title in (("expiring", "快到期的知识"), ("wrong", "有错误的知识")):
            page = text_of(sign_in("knowledge_editor").get(reverse("intake:articles"), {"tab": tab}))
            assert page.count("?version=1") == 1
            assert title in page

    def test_of_another_district_is_empty(self, live, sign_in):
        assert LAMP not in text_of(sign_in("far").get(reverse("intake:articles"), {"tab": "online"}))

    def test_is_exported(self, live, sign_in):
        response = sign_in("knowledge_editor").get(reverse("intake:articles"), {"tab": "online", "export": "xlsx"})
        assert response.status_code == 200
        assert "articles" in response["Content-Disposition"]


class TestACorrection:
    def test_goes_from_an_agent_to_the_owner_and_into_a_draft(self, live, sign_in):
        sign_in("agent").post(at("article_correct", live), {"text": "电话号码错了"})
        correction = ArticleCorrection.objects.get()
        assert "电话号码错了" not in text_of(sign_in("agent").get(at("article", live)))
        assert "电话号码错了" in text_of(sign_in("knowledge_editor").get(at("article", live)))
        taken = sign_in("knowledge_editor").post(at("correction_answer", live, correction.pk), {"is_taken": "1"})
        assert taken.url == at("article_edit", live)

    @pytest.mark.parametrize(
        "sent", [{}, {"is_taken": "maybe"}, {"is_taken": "0"}, {"is_taken": "0", "answer": "长" * 301}]
    )
    def test_is_not_answered_with_nonsense(self, city, live, sign_in, sent):
        wrong = raise_correction(live.pk, "电话号码错了", by=Actor.staff(city.staff["agent"]), now=NOW)
        response = sign_in("knowledge_editor").post(at("correction_answer", live, wrong.pk), sent)
        assert response.status_code == 400
        wrong.refresh_from_db()
        assert wrong.answered_at is None


class TestTheQueueOfRefusals:
    @pytest.fixture
    def proposal(self, city):
        load_refusal_reasons(read_refusal_reasons(), by=SYSTEM, now=NOW)
        case = make_case(accept=False, content="判决之后要求改判")
        return propose_refusal(case.pk, reason="court", by=Actor.staff(city.staff["agent"]), now=NOW)

    def test_shows_the_case_and_what_the_citizen_is_told(self, proposal, sign_in):
        page = text_of(sign_in("shift_leader").get(reverse("intake:refusals")))
        assert "判决之后要求改判" in page
        assert proposal.reason.told in page

    def test_is_decided_with_one_press(self, proposal, sign_in):
        address = reverse("intake:refusal", args=[proposal.pk])
        response = sign_in("shift_leader").post(address, {"verdict": "confirm", "from": "queue"})
        assert response.url == reverse("intake:refusals")
        assert Case.objects.get(pk=proposal.case_id).state == NOT_ACCEPTED
        assert "判决之后要求改判" not in text_of(sign_in("shift_leader").get(reverse("intake:refusals")))

    def test_says_why_the_own_proposal_is_not_confirmed(self, city, proposal, sign_in):
        case = make_case(accept=False)
        propose_refusal(case.pk, reason="court", by=Actor.staff(city.staff["shift_leader"]), now=NOW)
        assert "You proposed this yourself" in text_of(sign_in("shift_leader").get(reverse("intake:refusals")))

    def test_lets_the_agent_take_the_own_proposal_back_on_the_case(self, proposal, sign_in):
        agent, number = sign_in("agent"), proposal.case.number
        assert "Take it back" in text_of(agent.get(reverse("intake:case_more", args=[number])))
        agent.post(reverse("intake:refusal", args=[proposal.pk]), {"verdict": "decline"})
        assert Case.objects.get(pk=proposal.case_id).state == AWAITING_DISPATCH

    @pytest.mark.parametrize("text", HOSTILE)
    def test_takes_any_text_without_an_error_of_ours(self, proposal, sign_in, text):
        text = text.encode("utf-8", "replace")
        address = reverse("intake:refusal", args=[proposal.pk])
        assert sign_in("shift_leader").post(address, {"verdict": text}).status_code == 400
        assert sign_in("shift_leader").post(address, {"verdict": "decline", "opinion": text}).status_code < 500


class TestTheCasesPage:
    def test_shows_the_article_the_case_was_answered_from(self, city, live, sign_in):
        case = make_case(accept=False)
        answer_case(case.pk, article=live.pk, by=Actor.staff(city.staff["agent"]), now=NOW)
        page = text_of(sign_in("agent").get(reverse("intake:case_more", args=[case.number])))
        assert f"{at('article', live)}?version=1" in page

    def test_records_a_hand_over_and_shows_it(self, sign_in):
        case = make_case()
        sent = {"service": "120", "reference": "A-17"}
        response = sign_in("agent").post(reverse("intake:handoff", args=[case.number]), sent)
        assert response.status_code == 302
        assert EmergencyHandoff.objects.get().case == case
        assert "A-17" in text_of(sign_in("agent").get(reverse("intake:case_more", args=[case.number])))

    def test_records_no_hand_over_to_nobody(self, sign_in):
        case = make_case()
        response = sign_in("agent").post(reverse("intake:handoff", args=[case.number]), {"service": "911"})
        assert response.status_code == 400
        assert not EmergencyHandoff.objects.exists()


class TestSamples:
    def test_are_loaded_once_and_labelled(self, city):
        rows = read_articles(valid_from=TODAY)
        assert len(load_articles(rows, is_sample=True, by=SYSTEM, now=NOW)) == len(rows) > 20
        assert load_articles(rows, is_sample=True, by=SYSTEM, now=NOW) == []
        assert ArticleVersion.objects.filter(state="live", is_sample=True).count() == len(rows)

    def test_are_refused_outside_a_sample_set_up(self, settings):
        settings.SAMPLE_SETUP = False
        with pytest.raises(CommandError, match="refused"):
            call_command("load_articles")

    def test_need_a_centre_that_owns_them(self, db):
        with pytest.raises(Refused, match="centre"):
            load_articles([], is_sample=True, by=SYSTEM, now=NOW)

    @pytest.mark.parametrize(
        ("line", "named"),
        [("lamp,,,答复", "Row 2, column title"), ("a,标题,,答复\na,标题,,答复", "Row 3, column code")],
    )
    def test_name_the_row_that_is_wrong(self, db, tmp_path, line, named):
        path = tmp_path / "articles.csv"
        path.write_text(f"code,title,questions,body\n{line}\n", encoding="utf-8")
        with pytest.raises(BadInput, match=named):
            read_articles(path, valid_from=TODAY)


def test_the_sweep_expires_and_counts(city):
    live = make_article(city.centre, now=NOW, valid_from=TODAY - timedelta(9), expires_on=TODAY)
    case = make_case(accept=False)
    answer_case(case.pk, article=live.pk, by=Actor.staff(city.staff["agent"]), now=NOW)
    ArticleVersion.objects.update(expires_on=TODAY - timedelta(1))
    assert keep_articles() == 2
    assert Article.objects.get().uses == 1
    assert keep_articles() == 0
