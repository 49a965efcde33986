import pytest

from intake import throttling
from intake.models import Case, ChannelUsage
from intake.services.quota import lease_calls
from intake.throttling import Meter

from .api_client import CASES, ChannelClient
from .factories import city_with_channels, make_channel

MINUTE = 29_000_000


@pytest.fixture(autouse=True)
def known_nothing():
    throttling.meter.forget()
    yield
    throttling.meter.forget()


@pytest.fixture(autouse=True)
def one_minute(monkeypatch):
    """Stand still in the middle of a minute."""
    monkeypatch.setattr("intake.throttling.time.time", lambda: MINUTE * 60 + 20.0)


class TestALease:
    def test_never_grants_more_than_the_quota_however_many_ask(self, db):
        channel = make_channel("wechat")
        granted = [lease_calls(channel.pk, calls=4, quota=10, minute=MINUTE) for _ in range(6)]
        assert granted == [4, 4, 2, 0, 0, 0]

    def test_begins_anew_with_the_minute(self, db):
        channel = make_channel("wechat")
        lease_calls(channel.pk, calls=10, quota=10, minute=MINUTE)
        assert lease_calls(channel.pk, calls=4, quota=10, minute=MINUTE + 1) == 4

    def test_by_a_clock_that_is_behind_does_not_set_the_count_back(self, db):
        channel = make_channel("wechat")
        lease_calls(channel.pk, calls=9, quota=10, minute=MINUTE + 1)
        assert lease_calls(channel.pk, calls=9, quota=10, minute=MINUTE) == 1
        assert ChannelUsage.objects.get(channel=channel).minute == MINUTE + 1


class TestAQuota:
    def test_holds_over_all_processes(self, db):
        city_with_channels()
        client = ChannelClient(quota=10)
        client.channel.refresh_from_db()
        client.token.channel = client.channel
        processes = [Meter(), Meter(), Meter()]
        taken = [processes[turn % 3].take(client.token, 10) for turn in range(30)]
        assert sum(taken) == 10

    def test_of_the_channel_comes_before_the_parameter_and_answers_429_with_retry_after(self, db):
        city_with_channels()
        client = ChannelClient(quota=2)
        answers = [client.register() for _ in range(4)]
        assert [answer.status_code for answer in answers] == [201, 201, 429, 429]
        assert answers[3].json()["code"] == "throttled"
        assert answers[3]["Retry-After"] == "40"
        assert Case.objects.count() == 2

    def test_that_is_used_up_is_refused_without_a_statement_and_without_reading(
        self, db, django_assert_num_queries, monkeypatch
    ):
        city_with_channels()
        client = ChannelClient(quota=1)
        for _ in range(2):
            client.register()
        monkeypatch.setattr("rest_framework.parsers.JSONParser.parse", None)
        with django_assert_num_queries(0):
            assert {client.register().status_code for _ in range(50)} == {429}

    def test_is_the_channels_own_and_leaves_others_alone(self, db):
        city_with_channels()
        flood, other = ChannelClient("wechat", quota=1), ChannelClient("ishenzhen")
        assert [flood.register().status_code for _ in range(3)] == [201, 429, 429]
        assert other.register().status_code == 201

    def test_is_shared_by_the_keys_of_a_channel(self, db):
        city_with_channels()
        one, two = ChannelClient(quota=2), ChannelClient(quota=2)
        assert [one.register().status_code, two.register().status_code] == [201, 201]
        assert [one.register().status_code, two.register().status_code] == [429, 429]

    def test_costs_no_statement_while_a_lease_lasts(self, db, django_assert_num_queries):
        city_with_channels()
        client = ChannelClient(quota=5_000)
        client.get(CASES)
        with django_assert_num_queries(2):  # the key, the cases
            client.get(CASES)

    def test_begins_anew_with_the_next_minute(self, db, monkeypatch):
        city_with_channels()
        client = ChannelClient(quota=1)
        assert [client.register().status_code for _ in range(2)] == [201, 429]
        monkeypatch.setattr("intake.throttling.time.time", lambda: (MINUTE + 1) * 60.0)
        assert client.register().status_code == 201
