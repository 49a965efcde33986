"""Early warnings from the case to the verdict: found the same day, kept once, judged by who may, precise or not."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from analytics import services
from analytics.choices import WarningKind
from analytics.models import DetectorRun, EarlyWarning
from analytics.selectors import warnings as selectors
from analytics.services.detecting import slot_of
from analytics.services.figures import post
from dispatch.tests.desks import client_of
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from grid.models import Message
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight, StalePage

EVENING = NOON + timedelta(hours=6)
SAYINGS = (
    "丽景城小区附近的搅拌站每天夜里轰鸣，噪音太大，全家睡不着，请管一管",
    "我是丽景城业主，门口搅拌站噪音扰民，粉尘也大，希望尽快搬走",
    "丽景城旁边混凝土搅拌站通宵作业噪音吵死人，投诉多次没人管",
    "投诉丽景城附近搅拌站污染环境，噪音和粉尘影响孩子上学",
    "搅拌站离丽景城小区不到一百米，噪音粉尘严重，请环保部门查处",
    "丽景城居民反映搅拌站噪音严重扰民，要求停工整治",
)


@pytest.fixture
def world(db):
    world = make_world()
    call_command("load_parameters", verbosity=0)
    call_command("load_hint_words", verbosity=0)
    call_command("load_message_templates", verbosity=0)
    world.staff["analyst"] = grant(make_staff("an_analyst", unit=world.centre), "analyst", world.centre)
    district = world.centres[1]
    world.staff["other_analyst"] = grant(make_staff("other_analyst", unit=district), "analyst", district)
    return world


def register(world, contents, **given) -> list:
    cases = [
        new_case(world, content=content, phone=f"139{number:08d}", **given)
        for number, content in enumerate(contents, 1)
    ]
    post(case.pk for case in cases)
    return cases


def burst(world, size=9) -> EarlyWarning:
    register(world, [f"第{number}处垃圾没人清运" for number in range(size)])
    services.detect_due(by=SYSTEM, now=EVENING)
    return EarlyWarning.objects.get(kind=WarningKind.BURST)


def by(world, name="analyst") -> Actor:
    return Actor.staff(world.staff[name])


class TestFinding:
    """What the detectors make of cases."""

    def test_a_planted_burst_is_found_the_same_day_with_its_evidence(self, world):
        warning = burst(world)
        assert (warning.count, warning.citizens, warning.area) == (9, 9, world.communities[0][0][0])
        assert warning.last_day == timezone.localdate(NOON)
        assert len(warning.case_ids) == 9
        assert warning.evidence["days"][-1][1] == 9
        assert warning.expected < 3

    def test_a_planted_hot_topic_is_found_the_same_day(self, world):
        register(world, SAYINGS)
        services.detect_due(by=SYSTEM, now=EVENING)
        warning = EarlyWarning.objects.get(kind=WarningKind.CLUSTER)
        assert (warning.count, warning.citizens) == (6, 6)
        assert "搅拌站" in warning.name

    def test_a_quiet_day_raises_none(self, world):
        register(world, ["路灯不亮", "垃圾没人清运", "水管爆裂马路积水"])
        assert services.detect_due(by=SYSTEM, now=EVENING) == 0
        assert DetectorRun.objects.count() == 4

    def test_a_look_that_was_made_is_not_made_again(self, world):
        burst(world)
        assert services.detect_due(by=SYSTEM, now=EVENING + timedelta(minutes=1)) == 0
        assert DetectorRun.objects.filter(kind=WarningKind.BURST).count() == 1

    def test_found_again_the_same_warning_is_brought_up_to_date(self, world):
        warning = burst(world)
        register(world, ["垃圾又堆起来了"] * 3, now=NOON + timedelta(hours=7))
        services.detect_due(by=SYSTEM, now=EVENING + timedelta(hours=4))
        again = EarlyWarning.objects.get(kind=WarningKind.BURST)
        assert again.pk == warning.pk
        assert (again.count, again.times_found) == (12, 2)
        assert again.row_version > warning.row_version

    def test_a_false_alarm_stays_one_until_it_grows(self, world):
        warning = burst(world)
        services.reject_warning(warning.pk, reason="集中清运日", by=by(world), now=EVENING)
        register(world, ["又一处垃圾"], now=NOON + timedelta(hours=7))
        services.detect_due(by=SYSTEM, now=EVENING + timedelta(hours=4))
        warning.refresh_from_db()
        assert (warning.state, warning.count) == ("false_alarm", 10)
        register(world, ["再一处垃圾"] * 6, now=NOON + timedelta(hours=8))
        services.detect_due(by=SYSTEM, now=EVENING + timedelta(hours=14))
        warning.refresh_from_db()
        assert (warning.state, warning.count) == ("open", 16)

    def test_the_first_look_after_midnight_is_at_the_day_before(self, world):
        midnight = timezone.localtime(NOON).replace(hour=1, minute=10)
        assert slot_of(midnight)[1] == timezone.localdate(NOON) - timedelta(days=1)
        assert slot_of(NOON)[1] == timezone.localdate(NOON)

    def test_evidence_names_no_citizen_and_no_address(self, world):
        given = {"address": "民治大道甲小区12栋3单元"}
        register(world, [f"张三电话13800138000 第{number}次" for number in range(9)], **given)
        services.detect_due(by=SYSTEM, now=EVENING)
        warnings = EarlyWarning.objects.all()
        assert {warning.kind for warning in warnings} >= {WarningKind.BURST, WarningKind.PLACE}
        for warning in warnings:
            assert "138" not in f"{warning.name}{warning.evidence['facts']}"
            assert "12栋" not in f"{warning.name}{warning.evidence}{warning.subject}"


class TestRisks:
    """Risk words."""

    def test_they_are_known_a_minute_later_and_told_once(self, world):
        services.watch_risks(by=SYSTEM, now=NOON)
        case = new_case(world, content="楼下燃气泄漏，闻到煤气味很重", now=NOON + timedelta(seconds=10))
        services.watch_risks(by=SYSTEM, now=NOON + timedelta(minutes=1))
        warning = EarlyWarning.objects.get()
        assert (warning.kind, warning.count, warning.case_ids) == (WarningKind.RISK, 1, [case.pk])
        assert warning.evidence["facts"]["topic"] == "gas"
        assert Message.objects.filter(template__key="warning_risk").count() >= 1
        assert services.watch_risks(by=SYSTEM, now=NOON + timedelta(minutes=2)) == 0

    def test_another_case_of_the_place_joins_the_warning(self, world):
        services.watch_risks(by=SYSTEM, now=NOON)
        for minute, content in ((1, "小区燃气泄漏"), (3, "闻到煤气味，怕燃气爆炸")):
            new_case(world, content=content, now=NOON + timedelta(minutes=minute), phone=f"1380000000{minute}")
            services.watch_risks(by=SYSTEM, now=NOON + timedelta(minutes=minute + 1))
        assert EarlyWarning.objects.get().count == 2

    def test_a_word_of_every_day_is_none(self, world):
        services.watch_risks(by=SYSTEM, now=NOON)
        new_case(world, content="社区要组织火灾演习吗？疫情防控宣传栏旧了", now=NOON)
        assert services.watch_risks(by=SYSTEM, now=NOON + timedelta(minutes=1)) == 0


class TestVerdicts:
    """What people say."""

    def test_true_names_an_owner_who_is_told_and_acts(self, world):
        warning, owner = burst(world), world.offices[0][0]
        services.accept_warning(warning.pk, reason="连续三天", owner_unit_id=owner.pk, by=by(world), now=EVENING)
        assert Message.objects.filter(template__key="warning_owner", unit=owner).exists()
        services.take_on_warning(warning.pk, by=by(world), now=EVENING)
        services.record_action(warning.pk, action="已增派清运车", by=by(world), now=EVENING)
        closed = services.close_warning(warning.pk, by=by(world), now=EVENING)
        assert (closed.state, closed.owner, closed.owner_unit) == ("closed", world.staff["analyst"], owner)

    def test_a_verdict_needs_a_reason_and_an_owner_of_the_place(self, world):
        warning = burst(world)
        for given, field in (
            ({"reason": " ", "owner_unit_id": world.centre.pk}, "reason"),
            ({"reason": "x", "owner_unit_id": None}, "owner_unit_id"),
            ({"reason": "x", "owner_unit_id": world.centres[1].pk}, "owner_unit_id"),
            ({"reason": "坏\x00字", "owner_unit_id": world.centre.pk}, "reason"),
        ):
            with pytest.raises(BadInput) as refusal:
                services.accept_warning(warning.pk, **given, by=by(world), now=EVENING)
            assert refusal.value.field == field
        warning.refresh_from_db()
        assert warning.state == "open"

    def test_only_who_may_judge_there_judges_and_only_once(self, world):
        warning = burst(world)
        with pytest.raises(OutOfSight):
            services.reject_warning(warning.pk, reason="x", by=by(world, "other_analyst"), now=EVENING)
        with pytest.raises(NotAllowed):
            services.reject_warning(warning.pk, reason="x", by=by(world, "leader"), now=EVENING)
        with pytest.raises(StalePage):
            services.reject_warning(warning.pk, reason="x", by=by(world), now=EVENING, row_version=9)
        services.reject_warning(warning.pk, reason="x", by=by(world), now=EVENING)
        with pytest.raises(IllegalMove):
            services.reject_warning(warning.pk, reason="x", by=by(world), now=EVENING)

    def test_precision_is_the_share_of_true_ones_among_the_judged(self, world):
        warning = burst(world)
        found = {one.kind: one for one in selectors.count_precision(world.staff["analyst"], EVENING)}
        assert (found[WarningKind.BURST].waiting, found[WarningKind.BURST].share) == (1, None)
        services.reject_warning(warning.pk, reason="x", by=by(world), now=EVENING)
        other = EarlyWarning.objects.get(pk=warning.pk)
        other.pk, other.subject = None, "another"
        other.state = "acted"
        other.save()
        found = {one.kind: one for one in selectors.count_precision(world.staff["analyst"], EVENING)}
        assert (found[WarningKind.BURST].true, found[WarningKind.BURST].judged, found[WarningKind.BURST].share) == (
            1,
            2,
            50,
        )
        (old,) = [one for one in selectors.count_precision(world.staff["analyst"], EVENING + timedelta(days=91))
                  if one.kind == WarningKind.BURST]  # fmt: skip
        assert old.judged == 0


class TestPages:
    """The list and one warning."""

    def test_the_list_shows_what_is_in_sight_and_how_precise_detectors_are(self, world):
        burst(world)
        page = client_of(world.staff["analyst"]).get(reverse("analytics:warnings"))
        assert page.status_code == 200
        assert b"small-trend" in page.content
        assert "9 件" in page.content.decode() or "9 cases" in page.content.decode()
        other = client_of(world.staff["other_analyst"]).get(reverse("analytics:warnings"))
        assert b"small-trend" not in other.content
        assert client_of(world.staff["handler"]).get(reverse("analytics:warnings")).status_code == 403

    @pytest.mark.parametrize(
        "asked", ["kind=x", "area=999999999999", "state=%00", "q=%00", "cursor=x", "kind=burst&state=any"]
    )
    def test_odd_filters_do_no_harm(self, world, asked):
        response = client_of(world.staff["analyst"]).get(f"{reverse('analytics:warnings')}?{asked}")
        assert response.status_code < 500

    def test_a_warning_is_judged_on_its_page_and_what_was_typed_is_kept(self, world):
        warning = burst(world)
        client, address = client_of(world.staff["analyst"]), reverse("analytics:warning", args=[warning.pk])
        assert world.communities[0][0][0].short_name in client.get(address).content.decode()
        step = reverse("analytics:warning_step", args=[warning.pk, "accept"])
        sent = {"accept-reason": "确有堆积", "accept-row_version": warning.row_version, "accept-owner_unit_id": "77777"}
        refused = client.post(step, sent)
        assert refused.status_code == 400
        assert "确有堆积" in refused.content.decode()
        assert client.post(step, sent | {"accept-owner_unit_id": world.centre.pk}).status_code == 302
        warning.refresh_from_db()
        assert (warning.state, warning.owner_unit) == ("accepted", world.centre)

    def test_a_foreign_territory_does_not_find_it(self, world):
        warning = burst(world)
        client = client_of(world.staff["other_analyst"])
        assert client.get(reverse("analytics:warning", args=[warning.pk])).status_code == 404
        assert client.post(reverse("analytics:warning_step", args=[warning.pk, "close"])).status_code == 404

    def test_the_owner_opens_it_and_records_what_was_done(self, world):
        warning, handler = burst(world), world.staff["handler"]
        client = client_of(handler)
        address = reverse("analytics:warning", args=[warning.pk])
        assert client.get(address).status_code in (403, 404)
        owner = world.bureaus[0]["urban_management"]
        services.accept_warning(warning.pk, reason="x", owner_unit_id=owner.pk, by=by(world), now=EVENING)
        assert client.get(address).status_code == 200
        warning.refresh_from_db()
        sent = {"act-action": "已清运", "act-row_version": warning.row_version}
        assert client.post(reverse("analytics:warning_step", args=[warning.pk, "act"]), sent).status_code == 302
        warning.refresh_from_db()
        assert (warning.state, warning.action) == ("acted", "已清运")
