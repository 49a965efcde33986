"""A request about several matters becomes several cases: clocks, files, links, what the citizen is told."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from dispatch.models import CaseSplit, Clock, StageFact, WorkOrder
from dispatch.selectors import cut_apart
from dispatch.services import ClaimedByOther, anonymise_texts, claim_next, dispatch_awaiting, split_case
from dispatch.tests.desks import PNG, client_of, page_of
from dispatch.tests.test_claims import dispatcher, waiting
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from intake.models import Case, CaseLink, Confirmation
from intake.services import Part, add_attachment, link_cases
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused, StalePage
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db
TWO = "一是楼道堆满纸箱；二是楼下路灯不亮。"
LATER = NOON + timedelta(hours=3)
PARTS = [Part("一是楼道堆满纸箱", item="T01"), Part("二是楼下路灯不亮", title="路灯不亮", item="T02")]


@pytest.fixture
def city():
    return make_world()


@pytest.fixture
def by(city):
    return Actor.staff(city.staff["district_dispatcher"])


@pytest.fixture
def case(city):
    return waiting(city, content=TWO)[0]


class TestSplitting:
    def test_leaves_the_first_part_with_the_case_and_makes_a_case_of_the_other(self, city, case, by):
        first, second = split_case(case.pk, PARTS, key="k1", by=by, now=LATER)
        first.refresh_from_db()
        assert (first.number, first.content, first.title) == (case.number, "一是楼道堆满纸箱", "一是楼道堆满纸箱")
        assert (first.item.code, first.state, first.awaits_person) == ("T01", "awaiting_dispatch", True)
        second.refresh_from_db()
        assert (second.title, second.content, second.item.code) == ("路灯不亮", "二是楼下路灯不亮", "T02")
        for name in ("citizen_id", "channel_id", "request_type", "area_id", "holder_id", "registered_at"):
            assert getattr(second, name) == getattr(case, name), name

    def test_buys_no_time(self, city, case, by):
        _first, second = split_case(case.pk, PARTS, key="k1", by=by, now=LATER)
        assert second.accepted_at == case.accepted_at
        dispatch_awaiting(by=SYSTEM, now=LATER)
        overall = Clock.objects.filter(case=second, kind__in=("overall", "dispatch"))
        assert {clock.started_at for clock in overall} == {case.accepted_at}
        fact = StageFact.objects.filter(case=second).order_by("id").first()
        assert fact is None or fact.started_at == case.registered_at

    def test_keeps_the_words_and_records_both(self, city, case, by):
        first, second = split_case(case.pk, PARTS, key="k1", by=by, now=LATER)
        kept = CaseSplit.objects.get()
        assert (kept.case_id, kept.content, kept.split_by) == (case.pk, TWO, by.name)
        assert {row.pk for row in kept.cases.all()} == {first.pk, second.pk}
        entries = dict(AuditEntry.objects.filter(action__startswith="case.split").values_list("action", "changes"))
        assert entries["case.split"] == {"parts": [first.number, second.number]}
        assert entries["case.split_off"]["original"] == first.number
        assert "楼道" not in str(entries)

    def test_links_the_parts_unless_the_case_follows_another_one(self, city, case, by):
        _first, second = split_case(case.pk, PARTS, key="k1", by=by, now=LATER)
        assert CaseLink.objects.get().kind == "split"
        assert CaseLink.objects.get().secondary_id == second.pk
        other, main = waiting(city, content=TWO)[0], new_case(city)
        link_cases(main.pk, other.pk, by=by, now=NOON)
        split_case(other.pk, PARTS, key="k2", by=by, now=LATER)
        assert CaseLink.objects.filter(kind="split").count() == 1

    def test_gives_every_part_the_files_of_the_citizen(self, city, case, by):
        add_attachment(
            case.pk, "evidence", SimpleUploadedFile("a.png", PNG), by=Actor.staff(city.staff["agent"]), now=NOON
        )
        _first, second = split_case(case.pk, PARTS, key="k1", by=by, now=LATER)
        assert second.attachments.get().file.name == case.attachments.get().file.name

    def test_learns_the_items_a_person_chose(self, city, case, by):
        cases = split_case(case.pk, PARTS, key="k1", by=by, now=LATER)
        learned = dict(Confirmation.objects.filter(case__in=cases).values_list("case", "item__code"))
        assert learned == {cases[0].pk: "T01", cases[1].pk: "T02"}

    def test_can_put_a_part_elsewhere(self, city, case, by):
        there = city.communities[0][1][0]
        parts = [PARTS[0], Part("那边也堆满了", area=there.code)]
        assert split_case(case.pk, parts, key="k1", by=by, now=LATER)[1].area == there

    def test_twice_with_one_key_is_one_split(self, city, case, by):
        one = split_case(case.pk, PARTS, key="k1", by=by, now=LATER)
        again = split_case(case.pk, PARTS, key="k1", by=by, now=LATER + timedelta(minutes=1))
        assert [row.pk for row in again] == [row.pk for row in one]
        assert Case.objects.count() == 2
        other = waiting(city, content=TWO)[0]
        with pytest.raises(Refused):
            split_case(other.pk, PARTS, key="k1", by=by, now=LATER)

    @pytest.mark.parametrize(
        ("parts", "field"),
        [
            (PARTS[:1], None),
            ([*PARTS, *PARTS, *PARTS], None),
            ([PARTS[0], Part(" ")], "part-2-content"),
            ([PARTS[0], Part("灯\x00不亮")], "part-2-content"),
            ([Part("好" * 10_001), PARTS[1]], "part-1-content"),
            ([PARTS[0], Part("灯不亮", item="T99")], "part-2-item"),
            ([Part("灯不亮", area="000"), PARTS[1]], "part-1-area"),
        ],
    )
    def test_refuses_what_is_no_part_and_writes_nothing(self, city, case, by, parts, field):
        with pytest.raises(BadInput) as refused:
            split_case(case.pk, parts, key="k1", by=by, now=LATER)
        assert refused.value.field == field
        assert (Case.objects.count(), CaseSplit.objects.count()) == (1, 0)

    def test_refuses_a_part_in_another_district(self, city, case, by):
        away = Part("那边路灯不亮", area=city.communities[1][0][0].code)
        with pytest.raises(BadInput) as refused:
            split_case(case.pk, [PARTS[0], away], key="k1", by=by, now=LATER)
        assert refused.value.field == "part-2-area"

    def test_is_for_dispatchers_of_the_place_while_the_case_waits(self, city, case, by):
        with pytest.raises(NotAllowed):
            split_case(case.pk, PARTS, key="k", by=Actor.staff(city.staff["community_secretary"]), now=LATER)
        stranger = dispatcher(city, "别区", unit=city.centres[1])
        with pytest.raises(OutOfSight):
            split_case(case.pk, PARTS, key="k", by=stranger, now=LATER)
        with pytest.raises(StalePage):
            split_case(case.pk, PARTS, key="k", by=by, now=LATER, row_version=99)
        gone = new_case(city)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        Case.objects.filter(pk=gone.pk).update(state="in_handling")
        with pytest.raises(IllegalMove):
            split_case(gone.pk, PARTS, key="k", by=by, now=LATER)

    def test_is_refused_while_somebody_else_looks_at_the_case(self, city, case, by):
        claim_next(by=dispatcher(city, "二号"), now=NOON)
        with pytest.raises(ClaimedByOther, match="二号"):
            split_case(case.pk, PARTS, key="k1", by=by, now=NOON)

    def test_keeps_no_name_when_the_citizen_is_anonymised(self, city, case, by):
        parts = [Part("陈某电话13800138000说纸箱多"), PARTS[1]]
        Case.objects.filter(pk=case.pk).update(content="陈某电话13800138000说纸箱多，路灯不亮")
        split_case(case.pk, parts, key="k1", by=by, now=LATER)
        anonymise_texts([case.pk], {case.pk: "陈某"})
        assert "13800138000" not in CaseSplit.objects.get().content
        assert "陈某" not in CaseSplit.objects.get().content


class TestThePage:
    def given(self, page, *parts):
        given = {"key": page.context["key"], "part-TOTAL_FORMS": 5, "part-INITIAL_FORMS": 0}
        for place, part in enumerate(parts):
            given |= {f"part-{place}-{name}": value for name, value in part.items()}
        return given

    def test_proposes_the_matters_the_text_counts_with_their_items(self, city, case):
        forms = page_of(city.staff["district_dispatcher"], "split", case.pk).context["forms"]
        assert forms[0]["content"].value() == "一是楼道堆满纸箱"
        assert forms[1]["content"].value() == "二是楼下路灯不亮。"
        assert forms[1]["item"].value() == "T02"
        assert forms[2]["content"].value() in (None, "")

    def test_splits_and_shows_the_first_part_at_the_desk(self, city, case):
        user = city.staff["district_dispatcher"]
        page = page_of(user, "split", case.pk)
        given = self.given(page, {"content": "楼道堆满纸箱", "item": ""}, {"content": "路灯不亮", "item": "T02"})
        response = client_of(user).post(reverse("dispatch:split", args=[case.pk]), given)
        assert response.url.endswith(f"?case={case.number}")
        assert Case.objects.count() == 2
        client_of(user).post(reverse("dispatch:split", args=[case.pk]), given)
        assert Case.objects.count() == 2

    def test_asks_for_a_second_matter_and_keeps_what_was_typed(self, city, case):
        user = city.staff["district_dispatcher"]
        page = page_of(user, "split", case.pk)
        response = client_of(user, "en").post(
            reverse("dispatch:split", args=[case.pk]), self.given(page, {"content": "只有一件事"})
        )
        assert response.status_code == 422
        assert "at least two matters" in response.content.decode()
        assert "只有一件事" in response.content.decode()
        assert Case.objects.count() == 1

    def test_names_the_part_that_is_wrong(self, city, case):
        user = city.staff["district_dispatcher"]
        page = page_of(user, "split", case.pk)
        given = self.given(page, {"content": "楼道堆满纸箱"}, {"content": "。"})
        response = client_of(user).post(reverse("dispatch:split", args=[case.pk]), given)
        assert response.status_code == 400
        assert "content" in response.context["forms"][1].errors

    def test_of_the_case_names_the_other_parts(self, city, case, by):
        first, second = split_case(case.pk, PARTS, key="k1", by=by, now=timezone.now())
        for one, other in ((first, second), (second, first)):
            text = page_of(by.user, "case_more", one.number).content.decode()
            assert other.number in text
            assert TWO in text

    def test_of_the_citizen_names_the_other_numbers(self, city, case, by):
        first, second = split_case(case.pk, PARTS, key="k1", by=by, now=timezone.now())
        client = client_of(None)
        for one, other in ((first, second), (second, first)):
            client.post(reverse("public:track"), {"number": one.number, "digits": "8000"})
            text = client.get(reverse("tracking:case", args=[one.number])).content.decode()
            assert other.number in text
            assert not WorkOrder.objects.filter(case=one).exists()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("路灯不亮", ["路灯不亮"]),
        (TWO, ["一是楼道堆满纸箱", "二是楼下路灯不亮。"]),
        ("请解决以下问题：1、噪音大；2、油烟大；3、停车乱", ["1、噪音大", "2、油烟大", "3、停车乱"]),
        ("噪音大，请处理。另外路灯也不亮。", ["噪音大，请处理。", "另外路灯也不亮。"]),
        ("", [""]),
        ("①甲②乙①丙②丁①戊②己", None),
    ],
)
def test_a_text_is_cut_where_it_counts_its_matters(text, pieces):
    found = cut_apart(text)
    assert len(found) <= 5
    assert pieces is None or found == pieces
