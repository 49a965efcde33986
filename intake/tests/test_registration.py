from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from dutylist.models import ItemVersion
from grid.models import Area
from grid.selectors import centre_for
from grid.tests.factories import make_area, make_unit
from intake.models import Case, Channel, Citizen, IdempotencyKey
from intake.services import KeyReused, register_case, register_once
from intake.services.lookups import read_references
from intake.signals import case_accepted
from intake.workflow import AWAITING_DISPATCH, REGISTERED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, OutOfSight, Refused
from shenzhen_gov.core.models import AuditEntry

from .factories import city_with_channels, make_channel, make_item, new_case

NOW = datetime(2026, 11, 20, 9, 42, 18, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


def actions(case):
    entries = AuditEntry.objects.filter(object_type="intake.case", object_id=case.pk)
    return list(entries.order_by("seq").values_list("action", flat=True))


class TestAComplete:
    def test_request_becomes_a_case_that_awaits_dispatch(self, city, agent):
        case = register_case(new_case(item=city.item.item.code, phone="139 1234 5678", name="陈立"), by=agent, now=NOW)
        stored = Case.objects.get(pk=case.pk)
        assert stored.state == AWAITING_DISPATCH
        assert stored.accepted_at == stored.registered_at == NOW
        assert stored.item_version == city.item
        assert stored.registered_by == agent.name
        assert actions(stored) == ["case.registered", "case.accepted"]

    def test_case_has_a_number_of_origin_time_and_four_digits(self, city, agent):
        number = register_case(new_case(), by=agent, now=NOW).number
        assert number.startswith("SZRX20261120094218")
        assert len(number) == 22
        assert number[-4:].isdigit()

    def test_case_without_acceptance_stays_registered(self, city, agent):
        case = register_case(new_case(accept=False), by=agent, now=NOW)
        assert (case.state, case.accepted_at) == (REGISTERED, None)
        assert actions(case) == ["case.registered"]

    def test_case_takes_the_urgency_of_its_channel_unless_told(self, city, agent):
        assert register_case(new_case(channel="instruction"), by=agent, now=NOW).urgency == "urgent"
        assert register_case(new_case(channel="instruction", urgency="normal"), by=agent, now=NOW).urgency == "normal"

    def test_case_gets_a_title_from_its_first_sentence(self, city, agent):
        case = register_case(new_case(content="路灯坏了。昨天就报过。"), by=agent, now=NOW)
        assert case.title == "路灯坏了"
        long = register_case(new_case(content="很" * 300), by=agent, now=NOW)
        assert len(long.title) == 40

    def test_remembers_who_wants_a_call_afterwards(self, city, agent):
        assert register_case(new_case(needs_callback=True), by=agent, now=NOW).needs_callback
        assert not register_case(new_case(), by=agent, now=NOW).needs_callback

    def test_secret_item_makes_a_secret_case(self, city, agent):
        secret = make_item(city.city, "举报干部", is_secret=True)
        assert register_case(new_case(item=secret.item.code), by=agent, now=NOW).is_secret

    def test_case_tells_its_listeners_after_commit_only(self, city, agent, django_capture_on_commit_callbacks):
        told = []

        def listen(sender, case_ids, **given):
            told.append(case_ids)

        case_accepted.connect(listen)
        try:
            with django_capture_on_commit_callbacks() as callbacks:
                case = register_case(new_case(), by=agent, now=NOW)
            assert told == []
            for callback in callbacks:
                callback()
            assert told == [[case.pk]]
        finally:
            case_accepted.disconnect(listen)

    def test_failing_listener_does_not_fail_the_request(self, city, agent, django_capture_on_commit_callbacks):
        def fail(sender, **given):
            raise RuntimeError("broker down")

        case_accepted.connect(fail)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                case = register_case(new_case(), by=agent, now=NOW)
        finally:
            case_accepted.disconnect(fail)
        assert Case.objects.filter(pk=case.pk).exists()

    def test_registration_costs_at_most_eleven_statements(self, city, agent, django_assert_max_num_queries):
        data = new_case(item=city.item.item.code, phone="13912345678", name="陈立")
        with django_assert_max_num_queries(13):  # with the savepoint around it, which in production is the transaction
            register_once(data, by=Actor.channel(Channel.objects.get(code="hotline")), now=NOW, idempotency_key="one")


class TestTheAccountableUnit:
    def test_is_the_district_centre_of_the_place(self, city, agent):
        case = register_case(new_case(area=city.communities[1][0][0].code), by=agent, now=NOW)
        assert case.holder == city.centres[1]

    def test_is_the_city_centre_without_a_place(self, city, agent):
        assert register_case(new_case(content="想问一下怎么办理"), by=agent, now=NOW).holder == city.centre

    def test_is_the_own_centre_of_a_district_that_does_not_know_the_place(self, city):
        from grid.tests.factories import grant, make_staff

        person = grant(make_staff("window", city.offices[1][0]), "agent", city.centres[1])
        case = register_case(new_case(content="想问一下怎么办理"), by=Actor.staff(person), now=NOW)
        assert case.holder == city.centres[1]

    def test_is_missed_with_a_reason_when_there_is_no_centre(self, db):
        make_channel()
        with pytest.raises(Refused, match="accountable"):
            register_case(new_case(), by=Actor.system("test"), now=NOW)

    def test_is_never_a_closed_centre(self, city, agent):
        city.centres[0].__class__.objects.filter(pk=city.centres[0].pk).update(closed_on=date(2026, 1, 1))
        assert register_case(new_case(area=city.districts[0].code), by=agent, now=NOW).holder == city.centre


class TestThePlace:
    def test_chosen_by_the_agent_is_taken(self, city, agent):
        case = register_case(new_case(area=city.communities[0][1][0].code), by=agent, now=NOW)
        assert (case.area, case.place_source) == (city.communities[0][1][0], "chosen")

    def test_comes_from_the_house_code(self, city, agent):
        community = city.communities[0][0][0]
        code = f"{community.code}04" + "A0003" + "000003"
        case = register_case(new_case(house_code=code, content="投诉噪音扰民"), by=agent, now=NOW)
        assert (case.area, case.place_source, case.house_code) == (community, "house_code", code)

    def test_comes_from_the_names_in_the_text(self, city, agent):
        case = register_case(new_case(content="坪山区坪山街道坪山甲社区的路灯坏了"), by=agent, now=NOW)
        assert (case.area, case.place_source) == (city.communities[1][0][0], "text")
        words = AuditEntry.objects.get(object_id=case.pk, action="case.registered").changes["place"]["words"]
        assert words == ["坪山区", "坪山街道", "坪山甲社区"]

    def test_stays_open_when_the_text_contradicts_itself(self, city, agent):
        case = register_case(new_case(content="从坪山区坐车到龙华区的公交"), by=agent, now=NOW)
        assert (case.area, case.place_source) == (None, "unknown")

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"house_code": "4403070030030400042000"}, "house_code"),
            ({"house_code": "440307003003040004200000"}, "house_code"),
            ({"area": "no-such-area"}, "area"),
            ({"item": "no-such-item"}, "item"),
            ({"channel": "no-such-channel"}, "channel"),
            ({"content": ""}, "content"),
            ({"content": " \n \t"}, "content"),
            ({"content": "很" * 70_000}, "content"),
            ({"content": "路灯\x00坏了"}, "content"),
            ({"title": "长" * 121}, "title"),
            ({"address": "长" * 301}, "address"),
            ({"wish": "长" * 301}, "wish"),
            ({"name": "长" * 61}, "name"),
            ({"phone": "12"}, "phone"),
            ({"phone": "abc"}, "phone"),
            ({"request_type": "shout"}, "request_type"),
            ({"urgency": "now"}, "urgency"),
            ({"reply_way": "pigeon"}, "reply_way"),
            ({"longitude": float("nan"), "latitude": 22.5}, "longitude"),
            ({"longitude": 114.0}, "longitude"),
            ({"longitude": 114.0, "latitude": 91.0}, "latitude"),
        ],
    )
    def test_and_everything_else_that_is_wrong_is_refused_by_its_field(self, city, agent, given, field):
        with pytest.raises(BadInput) as refusal:
            register_case(new_case(**given), by=agent, now=NOW)
        assert refusal.value.field == field
        assert not Case.objects.exists()
        assert not Citizen.objects.exists()
        assert not AuditEntry.objects.filter(action="case.registered").exists()

    def test_of_a_house_code_must_lie_in_the_chosen_area(self, city, agent):
        code = f"{city.communities[0][0][0].code}0400001000003"
        with pytest.raises(BadInput, match=city.districts[1].name):
            register_case(new_case(house_code=code, area=city.districts[1].code), by=agent, now=NOW)

    def test_is_not_an_area_out_of_use(self, city, agent):
        gone = make_area(4, "旧社区", city.streets[0][0], is_active=False)
        with pytest.raises(BadInput):
            register_case(new_case(area=gone.code), by=agent, now=NOW)


class TestTheLookUpInOneStatement:
    @pytest.fixture
    def cases(self, city):
        """Return areas and items with everything that the rules tell apart."""
        item = city.item.item
        ItemVersion.objects.create(item=item, number=2, effective_from=date(2026, 1, 1), name="二", source="sample")
        ItemVersion.objects.create(item=item, number=3, effective_from=date(2027, 1, 1), name="三", source="sample")
        retired = make_item(city.city, "旧事项")
        ItemVersion.objects.create(
            item=retired.item, number=2, effective_from=date(2026, 1, 1), name="废", source="sample", is_retired=True
        )
        make_unit("centre", "centre", home_area=city.communities[0][0][0], closed_on=date(2026, 1, 1))
        make_area(4, "旧社区", city.streets[0][0], is_active=False)
        future = make_item(city.city, effective_from=date(2028, 1, 1))
        return list(Area.objects.all()), [item, retired.item, future.item]

    def test_answers_like_the_rules_of_grid_and_duty_list(self, cases):
        areas, items = cases
        for area in areas:
            for on in (date(2025, 6, 1), date(2026, 1, 1), date(2027, 6, 1)):
                for item in items:
                    found = read_references(channel="hotline", area=area.code, item=item.code, on=on)
                    version = ItemVersion.objects.in_force(on).filter(item=item).first()
                    assert found.version == version
                    assert (found.version.item if found.version else item) == item
                    assert found.area == (area if area.is_active else None)
                    assert found.centre == (centre_for(area) if area.is_active else None)

    def test_reads_further_columns_when_they_are_asked_for(self, city):
        found = read_references(channel="hotline", area=city.districts[0].code, item=city.item.item.code, on=NOW.date())
        assert found.version.name == city.item.name
        assert found.centre.function == "centre"
        assert found.area.parent == city.city


class TestWhoMayRegister:
    def test_handler_may_not_in_the_own_district(self, city):
        reviewer = Actor.staff(city.staff["district_reviewer"])
        with pytest.raises(NotAllowed, match="Register cases"):
            register_case(new_case(area=city.districts[0].code), by=reviewer, now=NOW)

    def test_district_agent_does_not_reach_another_district(self, city):
        from grid.tests.factories import grant, make_staff

        person = grant(make_staff("window", city.centres[1]), "agent", city.centres[1])
        with pytest.raises(OutOfSight):
            register_case(new_case(area=city.districts[0].code), by=Actor.staff(person), now=NOW)

    def test_superuser_holds_no_role_and_may_not(self, city):
        with pytest.raises(NotAllowed, match="superuser"):
            register_case(new_case(), by=Actor.staff(city.staff["root"]), now=NOW)

    def test_channel_registers_for_itself_only(self, city):
        other = Actor.channel(Channel.objects.get(code="wechat"))
        with pytest.raises(NotAllowed):
            register_case(new_case(), by=other, now=NOW)

    def test_citizen_is_no_registrar(self, city):
        with pytest.raises(NotAllowed):
            register_case(new_case(), by=Actor("citizen", "somebody"), now=NOW)


class TestTheOutsideNumber:
    def test_is_taken_once_per_channel(self, city, agent):
        first = register_case(new_case(external_id="HX-1"), by=agent, now=NOW)
        with pytest.raises(Refused, match=first.number) as refusal:
            register_case(new_case(external_id="HX-1"), by=agent, now=NOW)
        assert refusal.value.field == "external_id"
        register_case(new_case(external_id="HX-1", channel="wechat"), by=agent, now=NOW)
        assert Case.objects.count() == 2

    def test_may_be_missing_many_times(self, city, agent):
        register_case(new_case(), by=agent, now=NOW)
        register_case(new_case(), by=agent, now=NOW)
        assert Case.objects.filter(external_id=None).count() == 2


class TestTheSameCommandTwice:
    def test_gives_the_same_case(self, city, agent):
        first = register_once(new_case(), by=agent, now=NOW, idempotency_key="k")
        again = register_once(new_case(), by=agent, now=timezone.now(), idempotency_key="k")
        assert (first.created, again.created) == (True, False)
        assert first.case == again.case
        assert Case.objects.count() == 1

    def test_but_with_another_body_is_refused_and_names_the_case(self, city, agent):
        first = register_case(new_case(), by=agent, now=NOW, idempotency_key="k")
        with pytest.raises(KeyReused, match=first.number):
            register_case(new_case(content="别的事情"), by=agent, now=NOW, idempotency_key="k")
        assert Case.objects.count() == 1

    def test_by_two_people_is_two_commands(self, city, agent):
        register_case(new_case(), by=agent, now=NOW, idempotency_key="k")
        register_case(new_case(), by=Actor.staff(city.staff["shift_leader"]), now=NOW, idempotency_key="k")
        assert Case.objects.count() == 2

    def test_gives_the_same_case_although_its_item_was_retired_since(self, city, agent):
        data = new_case(item=city.item.item.code)
        first = register_case(data, by=agent, now=NOW, idempotency_key="k")
        later = NOW + timedelta(days=30)
        ItemVersion.objects.create(
            item=city.item.item, number=2, effective_from=later.date(), name="废", source="sample", is_retired=True
        )
        assert register_case(data, by=agent, now=later, idempotency_key="k") == first

    def test_about_an_ended_item_is_told_what_took_its_place(self, city, agent):
        ItemVersion.objects.create(
            item=city.item.item,
            number=2,
            effective_from=NOW.date(),
            name="废",
            source="sample",
            is_retired=True,
            successors=["T77", "T78"],
        )
        with pytest.raises(BadInput, match="T77, T78"):
            register_case(new_case(item=city.item.item.code), by=agent, now=NOW)

    def test_after_a_refused_first_one_is_new(self, city, agent):
        with pytest.raises(BadInput):
            register_case(new_case(item="no-such"), by=agent, now=NOW, idempotency_key="k")
        assert not IdempotencyKey.objects.exists()
        assert register_once(new_case(), by=agent, now=NOW, idempotency_key="k").created

    @pytest.mark.parametrize("key", ["", "x" * 101, "ключ", "a\nb"])
    def test_needs_a_readable_key(self, city, agent, key):
        with pytest.raises(BadInput) as refusal:
            register_case(new_case(), by=agent, now=NOW, idempotency_key=key)
        assert refusal.value.field == "Idempotency-Key"
