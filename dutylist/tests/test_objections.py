"""Objections: the five-step route, who may say what where, and the way of an agreed one into a batch; rulings."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dutylist.models import BatchLine, Item, ItemVersion, Objection
from dutylist.selectors.objections import DECIDE, RAISED, get_objection_page, list_objections
from dutylist.services import (
    NewBatch,
    NewLine,
    NewObjection,
    decide_objection,
    discard,
    draft_line_from_ruling,
    open_batch,
    raise_objection,
    set_lines,
    take_into_batch,
)
from dutylist.tests.objections import make_offices, objection_to, say, walk
from dutylist.tests.world import NOON
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, Refused, StalePage
from shenzhen_gov.core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_offices()


class TestRaising:
    def test_a_unit_of_a_district_enters_at_the_districts_review(self, city):
        objection = objection_to(city)
        assert (objection.state, objection.at_area) == ("district_review", city.districts[0])
        assert objection.raising_unit == city.bureaus[0]["urban_management"]
        assert objection.version_id == city.items["T01"]
        assert AuditEntry.objects.filter(action="objection.raised", object_id=objection.pk).exists()

    def test_a_unit_of_the_city_enters_at_the_citys_review(self, city):
        assert objection_to(city, who="city_unit").state == "city_review"

    def test_what_is_on_a_districts_list_is_reviewed_there_whoever_objects(self, city):
        objection = objection_to(city, "T03", who="city_editor")
        assert (objection.state, objection.at_area) == ("district_review", city.districts[0])

    def test_an_item_of_another_districts_list_does_not_exist(self, city):
        other = grant(make_staff("o", city.bureaus[1]["water"]), "duty_editor", city.bureaus[1]["water"])
        with pytest.raises(OutOfSight):
            raise_objection(
                NewObjection(title="x", content="y", item_code="T03"), by=Actor.staff(other), now=NOON
            )  # fmt: skip

    @pytest.mark.parametrize("who", ["duty_reviewer", "reviewer", "nobody", "root"])
    def test_is_for_units_that_enter_changes_or_handle_cases(self, city, who):
        with pytest.raises((NotAllowed, OutOfSight)):
            objection_to(city, who=who)
        assert not Objection.objects.exists()

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"title": ""}, "title"),
            ({"title": "长" * 121}, "title"),
            ({"content": " "}, "content"),
            ({"area_id": 0}, "area"),
            ({"handling_unit_id": 0}, "handling_unit"),
        ],
    )
    def test_bad_input_is_refused_by_its_field(self, city, given, field):
        with pytest.raises(BadInput) as refusal:
            objection_to(city, **given)
        assert refusal.value.field == field

    def test_takes_three_files_and_not_a_fourth(self, city):
        files = [SimpleUploadedFile(f"{n}.pdf", b"%%PDF-1.4 %d" % n) for n in range(4)]
        with pytest.raises(BadInput, match="3") as refusal:
            objection_to(city, files=files)
        assert refusal.value.field == "files"
        assert not Objection.objects.exists()
        for file in files:
            file.seek(0)
        assert objection_to(city, files=files[:3]).documents.count() == 3


class TestTheRoute:
    def test_of_a_city_item_has_five_steps_each_with_unit_person_time_and_opinion(self, city):
        objection = walk(city, objection_to(city))
        assert (objection.state, objection.ended_at) == ("agreed", NOON)
        steps = list(objection.steps.values_list("stage", "verdict", "unit_name", "person_name", "opinion", "at"))
        assert [step[:2] for step in steps] == [
            ("unit", "raised"), ("district_review", "agree"), ("district_manage", "agree"),
            ("city_review", "agree"), ("city_manage", "agree"),
        ]  # fmt: skip
        assert all(unit and person and opinion and at == NOON for _s, _v, unit, person, opinion, at in steps)
        assert AuditEntry.objects.filter(action="objection.decided", object_id=objection.pk).count() == 4

    def test_of_a_districts_item_ends_in_the_district(self, city):
        objection = say(city, objection_to(city, "T03"), "duty_reviewer", "support")
        with pytest.raises(IllegalMove):
            say(city, objection, "district_manager", "pass_on")
        assert say(city, objection, "district_manager", "agree").state == "agreed"

    def test_of_a_city_item_is_not_settled_in_the_district(self, city):
        objection = say(city, objection_to(city), "duty_reviewer", "support")
        with pytest.raises(IllegalMove):
            say(city, objection, "district_manager", "agree")

    @pytest.mark.parametrize(("move", "state"), [("oppose", "refused"), ("return_early", "returned")])
    def test_ends_at_the_review_that_does_not_support_it(self, city, move, state):
        objection = objection_to(city)
        with pytest.raises(BadInput) as refusal:
            say(city, objection, "duty_reviewer", move, opinion=" ")
        assert refusal.value.field == "opinion"
        assert say(city, objection, "duty_reviewer", move, "理由不足").state == state
        with pytest.raises(IllegalMove):
            say(city, objection, "district_manager", "refuse", "迟了")

    @pytest.mark.parametrize(("who", "refusal"), [
        ("other_reviewer", OutOfSight),
        ("other_manager", OutOfSight),
        ("nobody", OutOfSight),
        ("handler", NotAllowed),
        ("root", NotAllowed),
    ])  # fmt: skip
    def test_is_decided_by_nobody_without_the_role_there(self, city, who, refusal):
        objection = objection_to(city)
        with pytest.raises(refusal):
            say(city, objection, who, "support")
        objection.refresh_from_db()
        assert objection.state == "district_review"

    def test_leaves_the_reviewer_of_the_district_out_once_it_is_at_the_city(self, city):
        objection = objection_to(city)
        for who, move in (("duty_reviewer", "support"), ("district_manager", "pass_on")):
            objection = say(city, objection, who, move)
        with pytest.raises(NotAllowed):
            say(city, objection, "duty_reviewer", "support_at_city")

    def test_is_not_decided_by_who_raised_it(self, city):
        city.by["duty_editor"] = Actor.staff(
            grant(city.people["duty_editor"], "duty_reviewer", city.centres[0])
        )  # fmt: skip
        objection = objection_to(city)
        with pytest.raises(NotAllowed):
            say(city, objection, "duty_editor", "support")

    def test_is_not_decided_twice_by_one_person(self, city):
        objection = say(city, objection_to(city), "duty_manager", "support")
        with pytest.raises(NotAllowed):
            say(city, objection, "duty_manager", "pass_on")

    def test_is_not_decided_on_a_stale_page(self, city):
        objection = objection_to(city)
        say(city, objection, "duty_reviewer", "support")
        with pytest.raises(StalePage):
            decide_objection(objection.pk, "pass_on", row_version=1, by=city.by["district_manager"], now=NOON)

    @pytest.mark.parametrize("move", ["take_into_batch", "nonsense", ""])
    def test_knows_no_other_verdicts(self, city, move):
        with pytest.raises(Refused):
            say(city, objection_to(city), "duty_manager", move)

    def test_shows_whose_turn_it_is(self, city):
        objection = say(city, objection_to(city), "duty_reviewer", "support")
        page = get_objection_page(objection, city.people["district_manager"])
        assert [(step.stage.value, step.said is not None, step.is_current) for step in page.route] == [
            ("unit", True, False), ("district_review", True, False), ("district_manage", False, True),
            ("city_review", False, False), ("city_manage", False, False),
        ]  # fmt: skip
        assert [offer.move.name for offer in page.offers if offer.allowed] == ["pass_on", "refuse", "return"]


class TestWhoSees:
    def test_those_who_decide_find_it_until_they_did(self, city):
        objection = objection_to(city)
        waiting = {
            name for name, user in city.people.items() if list_objections(user, DECIDE).filter(pk=objection.pk).exists()
        }
        assert waiting == {"duty_reviewer", "district_manager", "duty_manager", "city_reviewer"}
        say(city, objection, "duty_reviewer", "support")
        assert not list_objections(city.people["duty_reviewer"], DECIDE).exists()

    def test_its_unit_finds_what_it_raised_and_another_district_nothing(self, city):
        objection = objection_to(city)
        assert list(list_objections(city.people["handler"], RAISED)) == [objection]
        assert not list_objections(city.people["other_manager"]).exists()
        assert not list_objections(city.people["community_secretary"]).exists()


class TestTakingIntoABatch:
    @pytest.fixture
    def agreed(self, city):
        unit = city.bureaus[0]["water"]
        area = city.communities[0][0][0]
        return walk(city, objection_to(city, area_id=area.pk, handling_unit_id=unit.pk))

    def test_drafts_the_transfer_it_proposed_in_a_new_batch(self, city, agreed):
        batch = take_into_batch(agreed.pk, by=city.by["city_editor"], now=NOON)
        line = batch.lines.get()
        assert (line.kind, line.code, line.source) == ("transfer", "T01", "objection")
        leads = {row["area"]: row["lead"] for row in line.after["rows"]}
        before = ItemVersion.objects.get(pk=city.items["T01"]).responsibilities.values_list("area", "lead_unit")
        assert leads == dict(before) | {agreed.area_id: agreed.handling_unit_id}
        assert (batch.owner_area, batch.state) == (city.city, "draft")
        agreed.refresh_from_db()
        assert agreed.batch == batch

    def test_keeps_what_a_draft_says_of_the_item_already(self, city, agreed):
        by = city.by["city_editor"]
        batch = open_batch(NewBatch(title="调整", owner_area_id=city.city.pk), by=by, now=NOON)
        set_lines(batch.pk, [NewLine("change", "T01", {"limit_normal": 9})], by=by, now=NOON)
        take_into_batch(agreed.pk, batch.pk, by=by, now=NOON)
        line = BatchLine.objects.get(batch=batch)
        assert line.after["limit_normal"] == 9
        assert agreed.handling_unit_id in {row["lead"] for row in line.after["rows"]}

    def test_without_a_unit_notes_the_batch_alone(self, city):
        agreed = walk(city, objection_to(city))
        batch = take_into_batch(agreed.pk, by=city.by["city_editor"], now=NOON)
        assert not batch.lines.exists()

    def test_takes_the_unit_named_when_it_is_taken(self, city):
        agreed = walk(city, objection_to(city))
        area, unit = city.communities[0][0][0], city.bureaus[0]["water"]
        batch = take_into_batch(agreed.pk, area_id=area.pk, unit_id=unit.pk, by=city.by["city_editor"], now=NOON)
        assert batch.lines.get().kind == "transfer"

    def test_happens_once_unless_the_batch_is_discarded(self, city, agreed):
        by = city.by["city_editor"]
        batch = take_into_batch(agreed.pk, by=by, now=NOON)
        with pytest.raises(IllegalMove):
            take_into_batch(agreed.pk, by=by, now=NOON)
        discard(batch.pk, by=by, now=NOON)
        assert take_into_batch(agreed.pk, by=by, now=NOON) != batch

    def test_is_not_for_the_district_where_the_list_is_the_citys(self, city, agreed):
        with pytest.raises(NotAllowed):
            take_into_batch(agreed.pk, by=city.by["district_manager"], now=NOON)
        with pytest.raises(OutOfSight):
            take_into_batch(agreed.pk, by=city.by["other_manager"], now=NOON)

    def test_is_not_for_an_objection_that_was_not_agreed(self, city):
        with pytest.raises(IllegalMove):
            take_into_batch(objection_to(city).pk, by=city.by["city_editor"], now=NOON)

    def test_refuses_a_batch_of_another_list(self, city, agreed):
        batch = open_batch(
            NewBatch(title="区", owner_area_id=city.districts[0].pk), by=city.by["district_manager"], now=NOON
        )  # fmt: skip
        with pytest.raises(BadInput) as refusal:
            take_into_batch(agreed.pk, batch.pk, by=city.by["city_editor"], now=NOON)
        assert refusal.value.field == "batch"


class TestARuling:
    def rule(self, city, who="duty_manager", batch=None, code="T02", **given):
        rule = SimpleNamespace(area=city.districts[0].pk, lead=city.bureaus[0]["water"].pk, fallback=None)
        rule.__dict__.update(given)
        return draft_line_from_ruling(
            batch, code, rule.area, rule.lead, rule.fallback, "裁决〔2026〕7号", by=city.by[who], now=NOON
        )  # fmt: skip

    def test_is_a_line_of_a_new_batch(self, city):
        fallback = city.offices[0][0].pk
        batch = self.rule(city, fallback=fallback)
        line = batch.lines.get()
        assert (line.kind, line.source, line.note, batch.document) == (
            "transfer", "ruling", "裁决〔2026〕7号", "裁决〔2026〕7号",
        )  # fmt: skip
        row = next(row for row in line.after["rows"] if row["area"] == city.districts[0].pk)
        assert (row["lead"], row["fallback"]) == (city.bureaus[0]["water"].pk, fallback)

    def test_joins_another_in_one_batch(self, city):
        batch = self.rule(city)
        self.rule(city, batch=batch.pk, area=city.districts[1].pk, lead=city.bureaus[1]["water"].pk)
        line = batch.lines.get()
        assert {row["lead"] for row in line.after["rows"]} >= {
            city.bureaus[0]["water"].pk, city.bureaus[1]["water"].pk,
        }  # fmt: skip

    def test_is_refused_where_the_batch_ends_the_item(self, city):
        by = city.by["duty_manager"]
        batch = open_batch(NewBatch(title="废置", owner_area_id=city.city.pk), by=by, now=NOON)
        set_lines(batch.pk, [NewLine("retire", "T02")], by=by, now=NOON)
        with pytest.raises(Refused, match="T02"):
            self.rule(city, batch=batch.pk)

    @pytest.mark.parametrize("given", [{"code": "T99"}, {"area": 0}, {"lead": 0}])
    def test_names_what_does_not_exist(self, city, given):
        with pytest.raises(BadInput):
            self.rule(city, **given)
        assert not BatchLine.objects.exists()

    def test_is_not_for_another_list(self, city):
        with pytest.raises((NotAllowed, OutOfSight)):
            self.rule(city, who="district_manager")


def test_an_item_keeps_its_objections_apart_from_its_versions(city):
    objection_to(city)
    assert Item.objects.get(code="T01").objections.count() == 1
