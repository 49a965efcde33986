"""The duty list over the API: as of a day, one item in time, the feed, and who is told what."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from dutylist.services import NewLine

from .duty_people import make_people, publish, roll_back
from .lines import row
from .world import NOON, make_list

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
LEVELS = {"level1": "市容环卫", "level2": "环境"}
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    """Make today the day of the world."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_given, **_named: TODAY)


@pytest.fixture
def city():
    return make_list()


@pytest.fixture
def people(city):
    return make_people(city)


@pytest.fixture
def key():
    """Some other system that got in with a key; how it did is not this app's business."""
    return SimpleNamespace(is_authenticated=True, is_active=True, pk="system")


def ask(path, *, user=None, key=None, status=200, **query):
    client = APIClient()
    if user or key:
        client.force_authenticate(user or key)
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == status, response.content
    return response.json()


def codes(answer):
    return [one["code"] for one in answer["results"]]


def change(limit, code="T01"):
    return NewLine("change", code, {"limit_normal": limit})


class TestWho:
    def test_holds_no_role_is_refused(self, city):
        assert ask("duty-items", user=city.staff["nobody"], status=403)["code"] == "permission_denied"

    def test_works_here_or_has_a_key_is_answered(self, city, key):
        assert codes(ask("duty-items", user=city.staff["agent"])) == ["T01", "T02"]
        assert codes(ask("duty-items", key=key)) == ["T01", "T02"]

    def test_is_of_another_district_is_told_nothing_of_an_overlay(self, city, people, key):
        line = NewLine("add", "T01-far", LEVELS | {"name": "楼道堆物", "rows": []}, narrows="T01")
        batch = publish(city, people, line, prefix="far_")
        handler, leader = city.staff["handler"], city.staff["leader"]
        for caller in ({"user": handler}, {"key": key}):
            assert "T01-far" not in codes(ask("duty-items", **caller))
            ask("duty-items/T01-far", status=404, **caller)
            ask("duty-items/T01-far/versions", status=404, **caller)
            assert codes(ask("duty-changes", **caller)) == []
            assert ask("duty-changes", since=batch.number, status=400, **caller)["field"] == "since"
        assert "T01-far" in codes(ask("duty-items", user=leader))
        assert ask("duty-items/T01-far", user=leader)["narrows"] == "T01"
        assert codes(ask("duty-changes", user=leader)) == ["T01-far"]

    def test_has_only_a_key_is_told_nothing_secret(self, city, people, key):
        publish(city, people, NewLine("change", "T02", {"is_secret": True}))
        assert codes(ask("duty-items", key=key)) == ["T01"]
        assert codes(ask("duty-changes", key=key)) == []
        ask("duty-items/T02", key=key, status=404)
        assert ask("duty-items/T02", user=city.staff["handler"])["content"]["is_secret"]


class TestTheList:
    def test_reads_as_of_any_day(self, city, people):
        publish(city, people, change(3), NewLine("retire", "T02"))
        agent = city.staff["agent"]
        now, before = ask("duty-items", user=agent), ask("duty-items", user=agent, as_of=YESTERDAY)
        assert [(one["code"], one["content"]["limit_normal"]) for one in now["results"]] == [("T01", 3)]
        assert [(one["code"], one["content"]["limit_normal"]) for one in before["results"]] == [("T01", 5), ("T02", 5)]
        assert (now["as_of"], before["as_of"]) == (TODAY.isoformat(), YESTERDAY.isoformat())
        assert now["results"][0]["batch"] == "2026-01"
        assert now["results"][0]["path"] == ["市容环卫", "环境", "楼道堆物"]

    def test_comes_in_pages_without_gap_or_repetition(self, city, people):
        lines = [NewLine("add", f"N{n:02d}", LEVELS | {"name": f"事项{n}", "rows": [row(city.city, city.centre)]})
                 for n in range(5)]  # fmt: skip
        publish(city, people, *lines)
        found, query = [], {"limit": 2}
        while True:
            answer = ask("duty-items", user=city.staff["agent"], **query)
            found += codes(answer)
            if answer["next"] is None:
                break
            query["cursor"] = answer["next"]
        assert found == [*(f"N{n:02d}" for n in range(5)), "T01", "T02"]

    def test_can_be_narrowed(self, city, people):
        publish(city, people, change(3))
        batch = publish(city, people, change(2, "T02"), now=LATER)
        agent = city.staff["agent"]
        assert codes(ask("duty-items", user=agent, q="路灯")) == ["T02"]
        assert codes(ask("duty-items", user=agent, code="T01")) == ["T01"]
        assert codes(ask("duty-items", user=agent, list=city.districts[0].code)) == []
        assert codes(ask("duty-items", user=agent, updated_since_batch="2026-01")) == ["T02"]
        assert codes(ask("duty-items", user=agent, updated_since_batch=batch.number)) == []

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"as_of": "2026-13-45"}, "as_of"),
            ({"limit": "201"}, "limit"),
            ({"limit": "x"}, "limit"),
            ({"cursor": "x"}, "cursor"),
            ({"code": "a b"}, "code"),
            ({"updated_since_batch": "2026-99"}, "updated_since_batch"),
        ],
    )
    def test_names_the_parameter_that_is_wrong(self, city, query, field):
        assert ask("duty-items", user=city.staff["agent"], status=400, **query)["field"] == field

    def test_costs_the_same_for_few_and_many_items(self, city, people):
        agent, counts = city.staff["agent"], []
        ask("duty-items", user=agent)  # the grants are read once a request; here one person asks thrice
        for _round in range(2):
            with CaptureQueriesContext(connection) as queries:
                ask("duty-items", user=agent, rows="true")
            counts.append(len(queries))
            lines = [NewLine("add", f"N{n}", LEVELS | {"name": f"事项{n}", "rows": [row(city.city, city.centre)]})
                     for n in range(20)]  # fmt: skip
            if _round == 0:
                publish(city, people, *lines)
        assert counts[0] == counts[1]


class TestAnItem:
    def test_comes_with_the_units_that_answer_where_the_caller_works(self, city, key):
        everywhere = ask("duty-items/T02", key=key)["rows"]
        assert [one["area"] for one in everywhere] == [area.code for area in city.districts]
        (own,) = ask("duty-items/T02", user=city.staff["handler"])["rows"]
        bureau = city.bureaus[0]["urban_management"]
        assert own == {"area": "440309", "lead": bureau.code, "co": [], "fallback": None, "note": ""}

    def test_that_has_ended_says_so_and_by_what_it_was_followed(self, city, people):
        publish(city, people, NewLine("merge", "T02", successors=("T01",)))
        agent = city.staff["agent"]
        ended = ask("duty-items/T02", user=agent)
        assert (ended["state"], ended["successors"]) == ("ended", ["T01"])
        assert ask("duty-items/T02", user=agent, as_of=YESTERDAY)["state"] == "in_force"
        ask("duty-items/T02", user=agent, as_of="2017-01-01", status=404)

    def test_tells_what_each_version_changed(self, city, people):
        publish(city, people, change(3))
        versions = ask("duty-items/T01/versions", user=city.staff["agent"])
        assert [(one["version"], one["batch"], one["changed_fields"]) for one in versions] == [
            (2, "2026-01", ["limit_normal"]),
            (1, None, []),
        ]
        ask("duty-items/T99/versions", user=city.staff["agent"], status=404)


class TestTheFeed:
    def test_follows_the_list_without_gap(self, city, people, key):
        start = ask("duty-items", key=key)["cursor"]
        first = publish(city, people, change(3), NewLine("merge", "T02", successors=("T01",)))
        second = publish(city, people, change(2), now=LATER)
        answer = ask("duty-changes", key=key, since=start, limit=2)
        assert answer["more"]
        rest = ask("duty-changes", key=key, since=answer["cursor"], limit=2)
        seen = [(one["batch"], one["code"], one["kind"], one["before"], one["after"], one["changed_fields"])
                for one in answer["results"] + rest["results"]]  # fmt: skip
        assert seen == [
            (first.number, "T01", "change", 1, 2, ["limit_normal"]),
            (first.number, "T02", "merge", 1, 2, []),
            (second.number, "T01", "change", 2, 3, ["limit_normal"]),
        ]
        assert not rest["more"]
        assert ask("duty-changes", key=key, since=rest["cursor"]) == {
            "cursor": rest["cursor"], "more": False, "results": [],
        }  # fmt: skip
        assert [one["batch"] for one in ask("duty-changes", key=key, since=first.number)["results"]] == [second.number]

    def test_tells_of_a_rollback_like_of_any_other_change(self, city, people, key):
        batch = publish(city, people, change(3))
        inverse = roll_back(batch, people, now=LATER)
        (back,) = ask("duty-changes", key=key, since=batch.number)["results"]
        assert (back["batch"], back["after"], back["changed_fields"]) == (inverse.number, 3, ["limit_normal"])

    def test_names_a_batch_that_is_none(self, city, people, key):
        assert ask("duty-changes", key=key, since="2026-77", status=400)["field"] == "since"
