"""What becomes of a request at the desk, in one step with its registration."""

import pytest
from django.utils import timezone

from intake.files import read_refusal_reasons
from intake.forms.outcomes import OutcomeForm
from intake.models import ArticleUse, Case, EmergencyHandoff, Refusal
from intake.services import (
    KeyReused,
    Outcome,
    Upload,
    answer_case,
    hand_over,
    register_screened,
    register_with_outcome,
)
from intake.services.knowledge import move_article
from intake.services.refusal_reasons import load_refusal_reasons
from intake.workflow import ANSWERED, AWAITING_DISPATCH, REGISTERED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed
from shenzhen_gov.core.models import AuditEntry

from .articles import LAMP_BODY, SYSTEM, make_article, make_draft
from .factories import city_with_channels, make_case, new_case
from .test_attachments import notes_with_place, picture, stored_files, upload

NOW = timezone.now()


@pytest.fixture
def city(db):
    load_refusal_reasons(read_refusal_reasons(), by=SYSTEM, now=NOW)
    return city_with_channels()


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


@pytest.fixture
def live(city):
    return make_article(city.centre)


def end(agent, key=None, **given):
    return register_with_outcome(new_case(), Outcome(**given), by=agent, now=NOW, idempotency_key=key)


def timeline(case):
    entries = AuditEntry.objects.filter(object_type="intake.case", object_id=case.pk)
    return list(entries.order_by("seq").values_list("action", "note"))


class TestTheOutcome:
    def test_is_dispatch_unless_told_otherwise(self, agent):
        assert end(agent).case.state == AWAITING_DISPATCH

    def test_answer_from_an_article_keeps_the_version_and_its_text(self, agent, live):
        case = end(agent, kind="answer", article=live.pk).case
        assert (case.state, case.closed_at) == (ANSWERED, NOW)
        assert ArticleUse.objects.get(case=case).version == live
        assert timeline(case)[-1] == ("case.answered", LAMP_BODY)

    def test_answer_in_own_words_needs_no_article(self, agent):
        case = end(agent, kind="answer", answer=" 工作日 9 点到 17 点。 ").case
        assert timeline(case)[-1] == ("case.answered", "工作日 9 点到 17 点。")
        assert not ArticleUse.objects.exists()

    def test_refusal_waits_for_the_shift_leader(self, agent):
        case = end(agent, kind="refuse", reason="court", told_way="sms").case
        assert case.state == REGISTERED
        assert Refusal.objects.get(case=case).is_confirmed is None

    def test_emergency_is_registered_and_answered_by_the_hand_over(self, agent):
        case = end(agent, kind="handoff", service="119", reference="F-1", note="三方通话").case
        handoff = EmergencyHandoff.objects.get(case=case)
        assert case.state == ANSWERED
        assert (handoff.service, handoff.reference, handoff.handed_at) == ("119", "F-1", NOW)
        assert timeline(case)[-1] == ("case.answered", "Handed over to: Fire service 119")

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("answer", {"kind": "answer"}),
            ("answer", {"kind": "answer", "answer": "长" * 3001}),
            ("article", {"kind": "answer", "article": 0}),
            ("reason", {"kind": "refuse"}),
            ("told_way", {"kind": "refuse", "reason": "court", "told_way": "drum"}),
            ("service", {"kind": "handoff", "service": "911"}),
            ("reference", {"kind": "handoff", "service": "110", "reference": "9" * 61}),
            ("outcome", {"kind": "explode"}),
        ],
    )
    def test_that_is_wrong_names_its_field_and_leaves_no_case(self, agent, field, given):
        with pytest.raises(BadInput) as refusal:
            end(agent, **given)
        assert refusal.value.field == field
        assert not Case.objects.exists()

    def test_cannot_cite_what_is_not_online(self, city, agent, live):
        draft = make_draft(city.centre)
        move_article(live.pk, "take_off", by=SYSTEM, now=NOW)
        for version in (draft, live):
            with pytest.raises(BadInput, match="no longer online"):
                end(agent, kind="answer", article=version.pk)

    def test_is_not_chosen_by_somebody_who_registers_no_cases(self, city):
        with pytest.raises(NotAllowed):
            end(Actor.staff(city.staff["supervisor"]), kind="answer", answer="已答复")


class TestTheSameCommandAgain:
    def test_answers_with_the_same_case_and_does_nothing_twice(self, agent, live):
        first = end(agent, key="k1", kind="answer", article=live.pk)
        again = end(agent, key="k1", kind="answer", article=live.pk)
        assert (first.created, again.created) == (True, False)
        assert again.case == first.case
        assert ArticleUse.objects.count() == 1

    def test_with_another_outcome_is_refused(self, agent):
        end(agent, key="k1", kind="answer", answer="已答复")
        with pytest.raises(KeyReused):
            end(agent, key="k1", kind="refuse", reason="court")


class TestAnOpenCase:
    def test_is_handed_over_and_goes_on(self, agent):
        case = make_case()
        hand_over(case.pk, service="120", by=agent, now=NOW)
        assert Case.objects.get(pk=case.pk).state == AWAITING_DISPATCH
        assert timeline(case)[-1][0] == "case.handed_over"

    def test_is_not_handed_over_once_it_ended(self, agent):
        case = make_case(accept=False)
        answer_case(case.pk, answer="已答复", by=agent, now=NOW)
        with pytest.raises(IllegalMove, match="Answered"):
            hand_over(case.pk, service="120", by=agent, now=NOW)

    def test_is_not_handed_over_by_somebody_who_registers_no_cases(self, city):
        with pytest.raises(NotAllowed):
            hand_over(make_case().pk, service="120", by=Actor.staff(city.staff["supervisor"]), now=NOW)


class TestTheForm:
    def test_takes_an_empty_dialog_as_dispatch(self, city):
        form = OutcomeForm({})
        assert form.is_valid()
        assert form.get_outcome() == Outcome(kind="dispatch")

    def test_reads_only_what_belongs_to_the_outcome(self, city):
        form = OutcomeForm(
            {"outcome": "answer", "answer": "已答复", "reason": "nonsense", "service": "911", "note": "x" * 999}
        )
        assert form.is_valid(), form.errors
        assert form.get_outcome() == Outcome(kind="answer", answer="已答复")

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            ("outcome", {"outcome": "explode"}),
            ("answer", {"outcome": "answer"}),
            ("article", {"outcome": "answer", "article": "x"}),
            ("reason", {"outcome": "refuse"}),
            ("reason", {"outcome": "refuse", "reason": "nonsense"}),
            ("service", {"outcome": "handoff"}),
            ("note", {"outcome": "handoff", "service": "110", "note": "长" * 301}),
        ],
    )
    def test_names_the_field(self, city, field, given):
        form = OutcomeForm(given)
        assert not form.is_valid()
        assert list(form.errors) == [field]

    def test_reads_the_reasons_only_when_they_are_needed(self, city, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert OutcomeForm({"outcome": "dispatch"}).is_valid()


class TestWhenAStepFails:
    """Files are stored before the last step is taken; they go with it."""

    def files(self):
        return [Upload(upload(picture(exif=notes_with_place())))]

    def test_an_outcome_refused_leaves_neither_case_nor_file(self, agent, live):
        before = stored_files()
        outcome = Outcome(kind="answer", answer="", article=live.pk + 1)
        with pytest.raises(BadInput, match="no longer online"):
            register_with_outcome(new_case(), outcome, by=agent, now=NOW, files=self.files())
        assert not Case.objects.exists()
        assert stored_files() == before

    def test_a_screening_that_fails_leaves_neither_case_nor_file(self, city, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError

        before, monkeypatched = stored_files(), "intake.services.screening.audit.record"
        monkeypatch.setattr(monkeypatched, fail)
        with pytest.raises(RuntimeError):
            register_screened(new_case(), is_suspect=True, by=SYSTEM, now=NOW, idempotency_key="k", files=self.files())
        assert not Case.objects.exists()
        assert stored_files() == before

    def test_an_outcome_that_succeeds_keeps_its_file(self, agent):
        outcome = Outcome(kind="answer", answer="已答复。")
        case = register_with_outcome(new_case(), outcome, by=agent, now=NOW, files=self.files()).case
        assert case.attachments.get().file.name in stored_files()
