"""Replay: figures against a hand-counted example, time order, and the same cases through the real decision code."""

import json
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from dispatch.legacy.backoff import BackOff
from dispatch.legacy.history import Past, Role
from dispatch.legacy.learned import learn_rows, write_rows
from dispatch.legacy.pipeline import through_pipeline
from dispatch.legacy.replay import Split, _updated, replay, split_cases, wilson_bound
from dispatch.models import Decision, DutyGap
from dutylist.models import Responsibility
from intake.models import Case
from shenzhen_gov.core.exceptions import BadInput, Refused
from shenzhen_gov.core.models import AuditEntry
from shenzhen_gov.core.worktime import SHANGHAI

from .legacy_files import BY, NOW, import_rows, make_pingshan, row, write_file

OCTOBER = date(2018, 10, 1)
SHOPS = {"SUB_TYPE_ID": "603", "SUB_TYPE_NAME": "店外经营"}
NOISE = {"SUB_TYPE_ID": "460", "SUB_TYPE_NAME": "噪声", "MAIN_TYPE_NAME": "噪声"}
LAMPS = {"SUB_TYPE_ID": "700", "SUB_TYPE_NAME": "路灯"}
IN_PINGSHAN = {"STREET_NAME": "坪山街道", "COMMUNITY_NAME": "六联社区"}
IN_MALUAN = {"STREET_NAME": "马峦街道", "COMMUNITY_NAME": "坪环社区"}
TEAM = {"DISPOSE_UNIT_ID": "8484", "DISPOSE_UNIT_NAME": "坪山街道综合执法队"}
RENAMED = {"DISPOSE_UNIT_ID": "8484", "DISPOSE_UNIT_NAME": "坪山街道综合执法队（坪山街道办事处）"}
OTHER_TEAM = {"DISPOSE_UNIT_ID": "8532", "DISPOSE_UNIT_NAME": "马峦办事处综合执法队"}
BUREAU = {"DISPOSE_UNIT_ID": "1583", "DISPOSE_UNIT_NAME": "城市管理局"}


def on(day: str) -> dict[str, str]:
    return {"CREATE_TIME": f"2018-{day}"}


def earlier() -> list[dict[str, str]]:
    """Ten cases about shops in Pingshan at its own team, one about noise in Maluan at the team there."""
    shops = [row(n, **on(f"09-{n:02d} 10:00:00"), **SHOPS, **IN_PINGSHAN, **TEAM) for n in range(1, 11)]
    return [*shops, row(11, **on("09-30 23:59:59"), **NOISE, **IN_MALUAN, **OTHER_TEAM)]


def later() -> list[dict[str, str]]:
    """Four cases: rightly foretold, wrongly, rightly by the kind of unit, rightly though the item is new."""
    return [
        row(21, **on("10-01 00:00:00"), **SHOPS, **IN_PINGSHAN, **RENAMED),
        row(22, **on("10-02 10:00:00"), **SHOPS, **IN_PINGSHAN, **BUREAU),
        row(23, **on("10-03 10:00:00"), **SHOPS, **IN_MALUAN, **OTHER_TEAM),
        row(24, **on("10-04 10:00:00"), **LAMPS, **IN_PINGSHAN, **TEAM),
    ]


@pytest.fixture
def pingshan(db):
    return make_pingshan()


@pytest.fixture
def imported(pingshan, tmp_path):
    import_rows(tmp_path, [*later(), *earlier()[::-1]])  # the order of the file is not the order of time
    return pingshan


class TestFigures:
    def test_are_those_counted_by_hand(self, imported):
        report = replay(OCTOBER)
        figures = {(one.method, one.names): one for one in report.figures}
        assert (report.learned, report.tested) == (11, 4)
        assert (report.unseen_community, report.unseen_subdistrict) == (0.5, 0.5)
        assert (figures["majority", "unified"].top1, figures["majority", "unified"].top3) == (0.25, 0.25)
        assert (figures["back-off", "unified"].top1, figures["back-off", "unified"].top3) == (0.75, 0.75)
        assert figures["updated", "unified"].top1 == 0.75
        assert figures["ceiling", "unified"].top1 == 0.75

    def test_of_raw_names_show_what_a_rename_costs(self, imported):
        figures = {(one.method, one.names): one for one in replay(OCTOBER).figures}
        assert (figures["majority", "raw"].top1, figures["back-off", "raw"].top1) == (0, 0.25)
        assert figures["back-off", "raw"].top3 == 0.5

    def test_of_the_gates_count_only_cells_with_a_record(self, imported):
        figures = {(one.method, one.names): one for one in replay(OCTOBER).figures}
        share, bound = figures["gate-share", "unified"], figures["gate-wilson", "unified"]
        assert (share.automatic, share.precision) == (0.75, pytest.approx(2 / 3))
        assert (bound.automatic, bound.precision) == (0, None)  # 10 of 10 prove no more than 79 %

    def test_stand_beside_the_published_ones(self, imported):
        published = {(one.method, one.names): one for one in replay(OCTOBER).reference}
        assert published["back-off", "unified"].top1 == 0.675
        assert all(one.source for one in published.values())

    def test_leave_out_cases_whose_unit_is_not_known(self, imported, tmp_path):
        import_rows(tmp_path, [row(31, **on("10-05 10:00:00"), DISPOSE_UNIT_ID="-", DISPOSE_UNIT_NAME="-")])
        assert replay(OCTOBER).tested == 4


@pytest.mark.parametrize(("hits", "cases", "bound"), [(10, 10, 0.787), (18, 20, 0.738), (50, 50, 0.949), (0, 0, 0)])
def test_the_wilson_bound_is_the_textbook_one(hits, cases, bound):
    assert wilson_bound(hits, cases) == pytest.approx(bound, abs=0.001)


class TestTimeOrder:
    def test_is_that_of_the_cases_and_not_of_the_file(self, imported):
        split = split_cases(OCTOBER, OCTOBER)
        assert [case.at for case in split.learned] == sorted(case.at for case in split.learned)
        assert max(case.at for case in split.learned) == datetime(2018, 9, 30, 23, 59, 59, tzinfo=SHANGHAI)
        assert min(case.at for case in split.tested) == datetime(2018, 10, 1, tzinfo=SHANGHAI)

    def test_between_learning_and_test_is_learned_only_by_what_goes_on_learning(self, pingshan, tmp_path):
        between = [row(n, **on("10-05 10:00:00"), **LAMPS, **IN_MALUAN, **BUREAU) for n in range(30, 34)]
        tested = row(40, **on("10-10 10:00:00"), **LAMPS, **IN_MALUAN, **BUREAU)
        import_rows(tmp_path, [*earlier(), *between, tested])
        figures = {(one.method, one.names): one for one in replay(OCTOBER, date(2018, 10, 10)).figures}
        assert (figures["back-off", "unified"].top1, figures["updated", "unified"].top1) == (0, 1)

    def test_is_kept_when_learning_goes_on(self):
        """The first of two equal new cases cannot be known from the second."""
        moment = datetime(2018, 10, 1, tzinfo=SHANGHAI)
        known = Past(1, moment, 1, "main", "top", 5, 6, 100, "known")
        new = [Past(n, moment + timedelta(days=n), 2, "main", "top", 5, 6, 200, "new") for n in (2, 3)]
        split = Split([known], [], new)
        figures = _updated(split, BackOff(lambda case: case.unit), lambda case: case.unit, "unified")
        assert figures.top1 == 0.5

    def test_cannot_test_before_the_learning_ends(self, imported):
        with pytest.raises(BadInput) as refusal:
            replay(OCTOBER, date(2018, 9, 30))
        assert refusal.value.field == "test_from"

    @pytest.mark.parametrize(("until", "field"), [(date(2018, 1, 1), "learn_until"), (date(2019, 1, 1), "test_from")])
    def test_needs_cases_on_both_sides(self, imported, until, field):
        with pytest.raises(BadInput) as refusal:
            replay(until)
        assert refusal.value.field == field


class TestBackOff:
    def model(self, *cases: tuple[int, int, int]) -> BackOff:
        """Learn (item, subdistrict, unit); units 10 and 20 do the same in subdistricts 1 and 2, 30 works everywhere."""
        roles = {10: Role("team", 1), 20: Role("team", 2), 30: Role("bureau", None)}
        model = BackOff(lambda case: case.unit, roles)
        for item, subdistrict, unit in cases:
            model.learn(self.case(item, subdistrict, unit))
        return model

    def case(self, item: int, subdistrict: int, unit: int = 0) -> Past:
        return Past(1, datetime(2018, 9, 1, tzinfo=SHANGHAI), item, "main", "top", subdistrict, None, unit, "")

    def test_knows_nothing_before_it_learned(self):
        assert self.model().rank(self.case(1, 1)) == []

    def test_gives_probabilities(self):
        ranked = self.model((1, 1, 10), (1, 1, 30), (2, 2, 20)).rank(self.case(1, 1))
        assert sum(share for _unit, share in ranked) == pytest.approx(1)

    def test_carries_the_kind_of_unit_to_another_place(self):
        model = self.model((1, 1, 10), (1, 1, 10), (2, 2, 20))
        assert model.rank(self.case(1, 2))[0][0] == 20

    def test_does_not_foretell_a_unit_that_was_never_seen(self):
        assert [unit for unit, _share in self.model((1, 1, 10)).rank(self.case(1, 2))] == []

    def test_believes_the_narrow_cell_when_it_is_clear(self):
        model = self.model(*[(1, 1, 10)] * 9, *[(1, 2, 30)] * 3, (2, 2, 20))
        assert model.rank(self.case(1, 2))[0][0] == 30

    def test_cell_backs_off_to_the_district_under_the_least_number(self):
        model = self.model(*[(1, 1, 10)] * 9, (1, 2, 30), (2, 2, 20))
        assert (model.cell(self.case(1, 2), 2).cases, model.cell(self.case(1, 2), 2).label) == (10, 20)
        assert (model.cell(self.case(1, 2), 1).cases, model.cell(self.case(1, 2), 1).label) == (1, 30)


class TestLearnedRows:
    def learn(self, pingshan, **given):
        return {
            (row.item, row.area): row.unit
            for row in learn_rows(split_cases(OCTOBER, OCTOBER).learned, pingshan.district, **given)
        }

    def test_stand_where_one_unit_does_it_all(self, imported):
        rows = self.learn(imported)
        shops = Case.objects.get(external_id="1")
        team = shops.work_orders.get().unit_id
        assert rows[shops.item_id, imported.pingshan.pk] == team
        assert rows[shops.item_id, imported.maluan.pk] != team
        assert (shops.item_id, imported.district.pk) not in rows

    def test_stand_at_the_district_when_all_subdistricts_agree(self, pingshan, tmp_path):
        import_rows(tmp_path, [row(1, **BUREAU), row(2, **on("10-02 10:00:00"), **BUREAU)])
        assert list(self.learn(pingshan)) == [(Case.objects.first().item_id, pingshan.district.pk)]

    def test_stand_at_the_communities_when_each_has_its_own(self, pingshan, tmp_path):
        stations = {"六联社区": "1755", "六和社区": "1754"}
        rows = [
            row(f"{unit}{n}", COMMUNITY_NAME=name, DISPOSE_UNIT_ID=unit, DISPOSE_UNIT_NAME=name)
            for name, unit in stations.items() for n in range(3)
        ]  # fmt: skip
        import_rows(tmp_path, [*rows, row(9, **on("10-02 10:00:00"))])
        learned = self.learn(pingshan)
        assert {area for _item, area in learned} == {pingshan.liulian.pk, pingshan.liuhe.pk}
        assert len(set(learned.values())) == 2

    def test_do_not_stand_where_only_like_items_say_something(self, pingshan, tmp_path):
        shops = [row(n, **SHOPS, **IN_PINGSHAN, **TEAM) for n in range(3)]
        station = row(9, **LAMPS, COMMUNITY_NAME="六和社区", DISPOSE_UNIT_ID="1754", DISPOSE_UNIT_NAME="六和社区")
        import_rows(tmp_path, [*shops, station, row(10, **on("10-02 10:00:00"))])
        lamps = Case.objects.get(external_id="9").item_id
        assert [area for item, area in self.learn(pingshan) if item == lamps] == [pingshan.liuhe.pk]

    def test_are_fewer_when_they_must_be_earned(self, imported):
        earned = self.learn(imported, earned_only=True)
        assert set(earned.items()) < set(self.learn(imported).items())
        assert {item for item, _area in earned} == {Case.objects.get(external_id="1").item_id}

    def test_are_written_labelled_and_audited_once(self, imported):
        rows = learn_rows(split_cases(OCTOBER, OCTOBER).learned, imported.district)
        given = {"until": OCTOBER, "source": "坪山2018", "by": BY, "now": NOW}
        assert write_rows(rows, **given) == len(rows) == Responsibility.objects.count()
        assert all("坪山2018" in note for note in Responsibility.objects.values_list("note", flat=True))
        assert AuditEntry.objects.filter(action="item.responsibility_set").count() == 2
        assert write_rows(rows, **given) == 0
        assert Responsibility.objects.count() == len(rows)

    def test_that_contradict_the_list_are_refused(self, imported):
        rows = learn_rows(split_cases(OCTOBER, OCTOBER).learned, imported.district)
        given = {"source": "坪山2018", "by": BY, "now": NOW}
        write_rows(rows, until=OCTOBER, **given)
        with pytest.raises(Refused):
            write_rows(rows[1:], until=OCTOBER, **given)


class TestPipeline:
    def run(self, **given):
        return through_pipeline(
            OCTOBER, district_code="440310", source="坪山2018", by=BY, now=NOW, **given
        )  # fmt: skip

    def test_decides_as_the_hand_count_says(self, imported):
        outcome = self.run()
        assert (outcome.tested, outcome.automatic, outcome.agreed) == (4, 3, 2)
        assert list(outcome.needs_person.values()) == [1]  # the new item has no row
        assert (outcome.share, outcome.precision) == (0.75, pytest.approx(2 / 3))

    def test_writes_nothing(self, imported):
        before = (Decision.objects.count(), AuditEntry.objects.count())
        self.run()
        assert (Decision.objects.count(), AuditEntry.objects.count()) == before
        assert Responsibility.objects.count() == DutyGap.objects.count() == 0

    def test_keeps_the_rows_when_asked_to(self, imported):
        outcome = self.run(keep_rows=True)
        assert Responsibility.objects.count() == outcome.rows > 0
        assert self.run().agreed == outcome.agreed

    def test_sends_a_case_whose_place_is_too_wide_to_a_person(self, imported, tmp_path):
        import_rows(tmp_path, [row(41, **on("10-06 10:00:00"), **SHOPS, STREET_NAME="-", COMMUNITY_NAME="-", **TEAM)])
        assert sum(self.run().needs_person.values()) == 2


class TestCommand:
    def run(self, *arguments):
        out = StringIO()
        call_command("replay_dispatch", "--learn-until", "2018-10-01", *arguments, stdout=out)
        return out.getvalue()

    def test_prints_a_table_with_the_published_figures(self, imported):
        out = self.run()
        assert "0.750" in out
        assert "0.675" in out

    def test_prints_json(self, imported):
        told = json.loads(self.run("--json", "--through-pipeline"))
        assert (told["learned"], told["tested"], told["learn_until"]) == (11, 4, "2018-10-01")
        assert told["pipeline"]["all rows"]["automatic"] == 3
        assert told["rows_written"] is None

    def test_writes_responsibilities_when_asked_to(self, imported):
        self.run("--write-responsibilities")
        assert Responsibility.objects.count() == 4  # two items in two subdistricts

    def test_replays_a_file_and_keeps_nothing_of_it(self, pingshan, tmp_path):
        path = write_file(tmp_path, [*earlier(), *later()])
        assert json.loads(self.run("--json", "--path", str(path)))["tested"] == 4
        assert Case.objects.count() == AuditEntry.objects.count() == 0

    def test_replays_of_a_file_only_the_file_whatever_is_imported(self, imported, tmp_path):
        import_rows(tmp_path, [row(50, **on("09-20 10:00:00")), row(51, **on("10-20 10:00:00"))])
        path = write_file(tmp_path, [*earlier(), *later()])
        told = json.loads(self.run("--json", "--path", str(path), "--through-pipeline"))
        assert (told["learned"], told["tested"]) == (11, 4)
        assert told["pipeline"]["all rows"]["tested"] == 4
        assert Case.objects.count() == 17

    def test_does_not_write_what_a_file_taught(self, pingshan, tmp_path):
        with pytest.raises(CommandError, match="--path"):
            self.run("--path", str(write_file(tmp_path, earlier())), "--write-responsibilities")

    @pytest.mark.parametrize("arguments", [["--test-from", "2018-09-01"], ["--mapping", "absent.toml"]])
    def test_says_what_is_wrong(self, imported, arguments):
        with pytest.raises(CommandError):
            self.run(*arguments)

    def test_refuses_what_is_no_day(self, imported):
        with pytest.raises(CommandError, match="learn-until"):
            call_command("replay_dispatch", "--learn-until", "October")

    def test_without_imported_cases_says_so(self, db):
        with pytest.raises(CommandError, match="2018-10-01"):
            self.run()
