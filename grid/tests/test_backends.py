"""Who asks for a page, and what they hold."""

import pytest

from grid import access
from grid.backends import StaffBackend
from grid.tests.factories import small_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return small_city()


class TestWhoAsks:
    @pytest.mark.parametrize("name", ["agent", "handler", "community_secretary", "root"])
    def test_is_read_together_with_what_they_hold(self, city, name, django_assert_num_queries):
        known = city.staff[name]
        with django_assert_num_queries(1):
            found = StaffBackend().get_user(known.pk)
            held = access.grants_of(found)
        fresh = type(known).objects.get(pk=known.pk)
        assert {**vars(found), "_state": 0, "_grants": 0} == {**vars(fresh), "_state": 0, "_grants": 0}
        key = str
        assert sorted(map(key, held.rows)) == sorted(map(key, access.grants_of(fresh).rows))

    def test_is_nobody_once_the_account_is_closed_or_was_never_there(self, city):
        agent = city.staff["agent"]
        type(agent).objects.filter(pk=agent.pk).update(is_active=False)
        assert (StaffBackend().get_user(agent.pk), StaffBackend().get_user(0)) == (None, None)

    def test_still_signs_in_with_the_password(self, city, rf):
        agent = city.staff["agent"]
        agent.set_password("right-2026-words")
        agent.save()
        assert StaffBackend().authenticate(rf.get("/"), agent.username, "right-2026-words") == agent
        assert StaffBackend().authenticate(rf.get("/"), agent.username, "wrong") is None
