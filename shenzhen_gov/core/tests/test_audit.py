"""The audit log: what may be written, how it is chained, and that it cannot be changed."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from shenzhen_gov.core import audit
from shenzhen_gov.core.models import AuditEntry, CalendarYear, Parameter
from shenzhen_gov.core.verification import verify, verify_object

from .audit_log import BY, NOW, make_years, write


@pytest.fixture(autouse=True)
def _actions(monkeypatch):
    monkeypatch.setitem(audit.ACTIONS, "test.done", "Done")
    with translation.override("en"):
        yield


@pytest.fixture
def years(db):
    return make_years()


class TestRecord:
    def test_outside_a_transaction_is_refused(self, transactional_db, years):
        with pytest.raises(RuntimeError, match="transaction"):
            audit.record("test.done", years[0], by=BY, now=NOW)

    def test_an_unregistered_action_is_refused(self, years):
        with pytest.raises(ValueError, match=r"test\.unknown"):
            audit.record("test.unknown", years[0], by=BY, now=NOW)

    def test_an_action_is_registered_once(self):
        with pytest.raises(ValueError, match=r"test\.done"):
            audit.register({"test.done": "again"})

    def test_an_object_that_was_not_saved_is_refused(self, db):
        with pytest.raises(ValueError, match="not saved"):
            audit.record("test.done", Parameter(key="x"), by=BY, now=NOW)

    def test_keeps_the_name_of_who_did_it_as_text(self, years):
        write(years[0], note="because")
        entry = AuditEntry.objects.get()
        assert (entry.actor_kind, entry.actor_name, entry.note) == ("system", "system:test", "because")
        assert (entry.object_type, entry.object_id, entry.object_text) == ("core.calendaryear", 2100, "2100")
        assert entry.at == NOW

    def test_entries_of_one_object_in_one_statement_are_chained_in_the_order_given(self, years):
        with transaction.atomic():
            audit.record_many([audit.Record("test.done", years[n % 2], {}, f"{n}") for n in range(6)], by=BY, now=NOW)
        chain = list(AuditEntry.objects.filter(object_id=2100).order_by("seq"))
        assert [(entry.seq, entry.note) for entry in chain] == [(1, "0"), (2, "2"), (3, "4")]
        assert [entry.previous_hash for entry in chain] == ["", chain[0].hash, chain[1].hash]

    def test_rolls_back_with_the_change_it_describes(self, years):
        with transaction.atomic():
            audit.record("test.done", years[0], by=BY, now=NOW)
            transaction.set_rollback(True)
        assert not AuditEntry.objects.exists()

    def test_very_many_entries_in_one_transaction_do_not_fill_the_lock_table(self, db):
        records = [audit.Record("test.done", CalendarYear(year=n)) for n in range(1, 2001)]
        with transaction.atomic():
            audit.record_many(records, by=BY, now=NOW)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
                assert cursor.fetchone()[0] <= 1000
        assert AuditEntry.objects.filter(seq=1).count() == 2000

    @pytest.mark.parametrize("change", [{"note": "rewritten"}, {"at": NOW}])
    def test_a_row_cannot_be_changed(self, years, change):
        write(years[0])
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEntry.objects.update(**change)

    def test_a_row_cannot_be_deleted(self, years):
        write(years[0])
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEntry.objects.all().delete()

    def test_the_table_cannot_be_emptied_outside_tests(self, years):
        write(years[0])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL portal.allow_truncate = off")
            with pytest.raises(DatabaseError, match="append-only"):
                cursor.execute("TRUNCATE core_auditentry")
            transaction.set_rollback(True)

    def test_who_writes_the_hash_by_hand_is_overruled(self, years):
        write(years[0])
        forged = AuditEntry.objects.create(
            at=NOW,
            action="test.done",
            object_type="core.calendaryear",
            object_id=2100,
            actor_kind="staff",
            actor_name="x",
            hash="f" * 64,
            seq=99,
            transaction=1,
        )
        forged.refresh_from_db()
        assert forged.seq == 2
        assert forged.hash != "f" * 64
        assert verify_object("core.calendaryear", 2100).faults == 0

    def test_two_writers_on_one_object_get_one_chain(self, transactional_db, years):
        start = threading.Barrier(4)

        def writer():
            try:
                start.wait()
                for _n in range(10):
                    write(years[0], years[1])
            finally:
                connection.close()

        threads = [threading.Thread(target=writer) for _n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seqs = AuditEntry.objects.filter(object_id=2100).order_by("seq").values_list("seq", flat=True)
        assert list(seqs) == list(range(1, 41))
        assert verify(every=True).faults == 0

    def test_no_text_within_a_field_passes_for_the_border_between_two(self, years):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT core_audit_hash(row(1, now(), 'a', 't', 1, %s, %s, null, 'n', '{}', '', 1, '', '', 1)),"
                " core_audit_hash(row(1, now(), 'a', 't', 1, %s, %s, null, 'n', '{}', '', 1, '', '', 1))",
                ["x\x1fstaff", "y", "x", "staff\x1fy"],
            )
            one, other = cursor.fetchone()
        assert one != other
