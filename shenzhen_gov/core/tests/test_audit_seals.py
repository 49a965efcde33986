"""Seals of the audit log, and that every kind of tampering shows."""

import threading
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from shenzhen_gov.core import audit, sealing
from shenzhen_gov.core.models import AuditSeal
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


@pytest.fixture
def sealed(transactional_db, years, monkeypatch):
    """Three entries on each of three objects, in three sealed minutes."""
    monkeypatch.setattr(sealing, "finished_below", _finished_in_this_database)
    for n in range(3):
        write(*years, note=f"Nr. {n}, 第{n}次 “quoted” \t \x1f")
        sealing.seal(NOW)
    return years


def _finished_in_this_database():
    """The server's own answer waits for every database on it; here nobody else writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return cursor.fetchone()[0]


@contextmanager
def tampering():
    """What somebody with all rights over the database can do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


def texts(findings):
    return " | ".join(findings.broken)


class TestSeal:
    def test_covers_what_ended_and_nothing_twice(self, sealed):
        assert list(AuditSeal.objects.order_by("id").values_list("entries", flat=True)) == [3, 3, 3]
        assert sealing.seal(NOW) == []
        findings = verify(every=True)
        assert (findings.faults, findings.entries, findings.recomputed) == (0, 9, 9)
        assert (findings.seals, findings.unsealed) == (3, 0)

    def test_an_empty_minute_writes_nothing(self, transactional_db):
        assert sealing.seal(NOW) == []
        assert not AuditSeal.objects.exists()

    def test_each_seal_holds_the_root_before_it(self, sealed):
        first, second, third = AuditSeal.objects.order_by("id")
        assert (first.previous_root, second.previous_root, third.previous_root) == ("", first.root, second.root)
        assert second.from_transaction == first.to_transaction

    def test_leaves_out_what_is_still_under_way(self, transactional_db, years):
        written, end = threading.Event(), threading.Event()

        def slow():
            try:
                with transaction.atomic():
                    audit.record("test.done", years[0], by=BY, now=NOW)
                    written.set()
                    end.wait()
            finally:
                connection.close()

        thread = threading.Thread(target=slow)
        thread.start()
        written.wait()
        try:
            write(years[1])
            sealing.seal(NOW)
            assert not AuditSeal.objects.exists()  # the later entry waits with the earlier one
        finally:
            end.set()
            thread.join()
        assert verify(every=True).faults == 0

    def test_a_second_sealer_goes_away(self, transactional_db, years, monkeypatch):
        monkeypatch.setattr(sealing, "finished_below", _finished_in_this_database)
        write(years[0])
        found = []

        def other():
            try:
                found.append(sealing.seal(NOW))
            finally:
                connection.close()

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sealing.LOCK)
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
        assert found == [[]]
        assert len(sealing.seal(NOW)) == 1

    def test_a_long_backlog_is_sealed_in_pieces(self, transactional_db, years, monkeypatch):
        monkeypatch.setattr(sealing, "finished_below", _finished_in_this_database)
        monkeypatch.setattr(sealing, "MOST", 4)
        for _n in range(4):
            write(*years)
        assert [new.entries for new in sealing.seal(NOW)] == [3, 3, 3, 3]
        assert verify().faults == 0

    def test_a_seal_cannot_be_changed_or_removed(self, sealed):
        for attempt in (lambda: AuditSeal.objects.update(entries=1), AuditSeal.objects.all().delete):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                attempt()

    def test_goes_on_where_a_restored_server_counts_anew(self, sealed):
        with tampering() as cursor:  # as after a restore: the seals know higher numbers than the server
            cursor.execute("UPDATE core_auditentry SET transaction = transaction + 4000000000")
            cursor.execute("UPDATE core_auditentry SET hash = core_audit_hash(core_auditentry) WHERE seq = 1")
            for seq in (2, 3):
                cursor.execute(
                    "UPDATE core_auditentry e SET previous_hash = p.hash FROM core_auditentry p"
                    " WHERE p.object_id = e.object_id AND e.seq = %s AND p.seq = %s",
                    [seq, seq - 1],
                )
                cursor.execute(
                    "UPDATE core_auditentry SET hash = core_audit_hash(core_auditentry) WHERE seq = %s", [seq]
                )
            cursor.execute("DELETE FROM core_auditseal WHERE id > (SELECT min(id) FROM core_auditseal)")
            cursor.execute("UPDATE core_auditseal SET to_transaction = to_transaction + 4000000000")
            cursor.execute("UPDATE core_auditseal SET root = core_audit_root('', from_transaction, to_transaction, 0)")
        before = AuditSeal.objects.get()
        write(*sealed)
        write(*sealed)
        restart = AuditSeal.objects.first()
        assert (restart.entries, restart.previous_root) == (6, before.root)
        assert restart.shift > 0
        sealing.seal(NOW)
        findings = verify(every=True)
        assert (findings.faults, findings.entries, findings.seals, findings.unsealed) == (0, 15, 3, 0), findings


class TestTampering:
    """Each as somebody with all rights over the database would do it."""

    def test_a_changed_note_shows(self, sealed):
        with tampering() as cursor:
            cursor.execute("UPDATE core_auditentry SET note = 'never happened' WHERE object_id = 2101 AND seq = 2")
        findings = verify()
        assert findings.faults == 1
        assert "core.calendaryear:2101 seq 2" in texts(findings)

    def test_a_deleted_last_entry_shows(self, sealed):
        with tampering() as cursor:
            cursor.execute("DELETE FROM core_auditentry WHERE object_id = 2101 AND seq = 3")
        findings = verify()
        assert findings.faults == 1
        assert "covers 3 entries, 2 are there" in texts(findings)

    def test_a_deleted_middle_entry_shows(self, sealed):
        with tampering() as cursor:
            cursor.execute("DELETE FROM core_auditentry WHERE object_id = 2101 AND seq = 2")
        findings = verify()
        assert "core.calendaryear:2101 seq 3: the entry before it is missing" in texts(findings)
        assert "covers 3 entries, 2 are there" in texts(findings)

    def test_a_forged_entry_in_a_sealed_minute_shows(self, sealed):
        with tampering() as cursor:
            cursor.execute(
                "INSERT INTO core_auditentry (at, action, object_type, object_id, object_text, actor_kind, actor_name,"
                " changes, note, seq, previous_hash, hash, transaction)"
                " SELECT at, action, object_type, object_id, object_text, actor_kind, 'somebody else', changes, note,"
                " 4, hash, '', transaction FROM core_auditentry WHERE object_id = 2101 AND seq = 3"
            )
            cursor.execute("UPDATE core_auditentry SET hash = core_audit_hash(core_auditentry) WHERE seq = 4")
        findings = verify()
        assert findings.faults == 1
        assert "covers 3 entries, 4 are there" in texts(findings)

    def test_a_chain_hashed_anew_after_the_seal_shows(self, sealed):
        with tampering() as cursor:
            cursor.execute("UPDATE core_auditentry SET note = 'never happened' WHERE object_id = 2101 AND seq = 3")
            cursor.execute(
                "UPDATE core_auditentry SET hash = core_audit_hash(core_auditentry) WHERE object_id = 2101 AND seq = 3"
            )
        findings = verify()
        assert findings.faults == 1
        assert "its entries are not those that were sealed" in texts(findings)

    def test_a_removed_seal_shows(self, sealed):
        with tampering() as cursor:
            cursor.execute("DELETE FROM core_auditseal WHERE id = (SELECT min(id) + 1 FROM core_auditseal)")
        assert "a seal is missing" in texts(verify())

    def test_a_cut_off_end_shows_by_a_root_noted_elsewhere(self, sealed):
        root = AuditSeal.objects.first().root
        with tampering() as cursor:
            cursor.execute("DELETE FROM core_auditseal WHERE root = %s", [root])
            cursor.execute("DELETE FROM core_auditentry WHERE seq = 3")
        assert verify().faults == 0
        findings = verify(noted_root=root)
        assert findings.faults == 1
        assert root in texts(findings)

    def test_a_changed_hash_function_shows(self, sealed):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef('core_audit_hash'::regproc)")
            definition = cursor.fetchone()[0]
            cursor.execute(definition.replace("e.note", "''::text"))
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE core_auditentry SET hash = core_audit_hash(core_auditentry) WHERE seq = 3")
            assert "hash function was changed" in texts(verify(every=True))
            transaction.set_rollback(True)

    def test_a_trigger_switched_off_shows(self, sealed):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER core_audit_keep")
            assert "core_audit_keep on core_auditentry" in texts(verify())
            transaction.set_rollback(True)

    def test_quick_looks_at_the_newest_seals_and_the_rest(self, sealed, monkeypatch):
        monkeypatch.setattr("shenzhen_gov.core.verification.QUICK_SEALS", 1)
        write(sealed[0])
        findings = verify(quick=True)
        assert (findings.faults, findings.seals, findings.entries, findings.unsealed) == (0, 1, 4, 1)
        with tampering() as cursor:
            cursor.execute("DELETE FROM core_auditentry WHERE object_id = 2100 AND seq = 3")
        assert verify(quick=True).faults == 2

    def test_one_object_is_verified_alone(self, sealed):
        with tampering() as cursor:
            cursor.execute("UPDATE core_auditentry SET action = 'x' WHERE object_id = 2101 AND seq = 2")
        assert verify_object("core.calendaryear", 2100).faults == 0
        assert verify_object("core.calendaryear", 2101).faults == 1


class TestCommands:
    def run(self, *args):
        out = StringIO()
        call_command(*args, stdout=out)
        return out.getvalue()

    def test_a_sound_log_is_reported_as_such(self, sealed):
        out = self.run("verify_audit", "--python")
        assert "Entries: 9" in out
        assert "The audit log is sound." in out

    def test_a_broken_log_ends_with_an_error_that_names_the_row(self, sealed):
        with tampering() as cursor:
            cursor.execute("UPDATE core_auditentry SET note = 'x' WHERE object_id = 2102 AND seq = 1")
        out = StringIO()
        with pytest.raises(CommandError, match="1"):
            call_command("verify_audit", stdout=out)
        assert "core.calendaryear:2102 seq 1" in out.getvalue()

    def test_an_object_is_given_as_type_and_id(self, sealed):
        assert "sound" in self.run("verify_audit", "--object", "core.CalendarYear:2100")
        for text in ("nonsense", "core.calendaryear:x", "core.calendaryear:1"):
            with pytest.raises(CommandError, match=text):
                self.run("verify_audit", "--object", text)

    def test_sealing_by_hand_tells_the_root(self, sealed):
        assert "Nothing to seal." in self.run("seal_audit")
        write(sealed[0])
        assert AuditSeal.objects.count() == 3
        out = self.run("seal_audit")
        assert AuditSeal.objects.first().root in out
