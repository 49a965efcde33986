"""Is the audit log as it was written? Recomputes every hash, every link and every seal, in one streaming pass.

The hash of an entry is computed by the database's own function and, independently of it, here; the root of a seal
here only (the database computed it when sealing). So neither a changed row nor a changed function goes unseen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext as _

from .models import AuditSeal

ENTRIES = """
SELECT e.id, e.transaction, e.object_type, e.object_id, e.seq, e.action, e.object_text, e.actor_kind, e.actor_id,
       e.actor_name, (extract(epoch from e.at) * 1000000)::bigint AS micros, e.changes::text AS changes, e.note,
       e.previous_hash, e.hash, core_audit_hash(e) AS computed, p.hash AS before
  FROM core_auditentry e
  LEFT JOIN core_auditentry p
    ON p.object_type = e.object_type AND p.object_id = e.object_id AND p.seq = e.seq - 1
"""
GUARDS = {
    "core_audit_chain": "core_auditentry",
    "core_audit_keep": "core_auditentry",
    "core_audit_keep_all": "core_auditentry",
    "core_seal_keep": "core_auditseal",
    "core_seal_keep_all": "core_auditseal",
}
SHOWN = 20
QUICK_SEALS = 1_440  # --quick looks at the last day of busy minutes
SAMPLE = 50  # one entry in so many is recomputed here too, unless all are


@dataclass
class Findings:
    """What a verification found. `broken` holds the first findings as texts, `faults` counts all of them."""

    entries: int = 0
    recomputed: int = 0
    seals: int = 0
    unsealed: int = 0
    faults: int = 0
    newest_root: str = ""
    root_seen: bool = False
    broken: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Note one fault."""
        self.faults += 1
        if len(self.broken) < SHOWN:
            self.broken.append(text)


@dataclass(frozen=True)
class Entry:
    """One row as the database shows it, the facts still as the database's own JSON text."""

    id: int
    transaction: int
    object_type: str
    object_id: int
    seq: int
    action: str
    object_text: str
    actor_kind: str
    actor_id: int | None
    actor_name: str
    micros: int
    changes: str
    note: str
    previous_hash: str
    hash: str
    computed: str
    before: str | None

    def __str__(self) -> str:
        return f"#{self.id} {self.object_type}:{self.object_id} seq {self.seq}"

    def recomputed(self) -> str:
        """Return the hash worked out here; its fields stand as in core_audit_hash (migration 0002_audit_chain)."""
        before = [
            self.previous_hash,
            self.object_type,
            self.object_id,
            self.seq,
            self.action,
            self.object_text,
            self.actor_kind,
            self.actor_id,
            self.actor_name,
            self.micros,
        ]
        texts = [json.dumps(value, ensure_ascii=False) for value in before]
        texts += [self.changes, json.dumps(self.note, ensure_ascii=False), str(self.transaction)]
        return hashlib.sha256(f"[{', '.join(texts)}]".encode()).hexdigest()


def verify(
    *, quick: bool = False, every: bool = False, noted_root: str = "", progress: Callable[[int], None] = lambda _n: None
) -> Findings:
    """Verify the log: all of it, or (quick) the last day's seals and what is not sealed yet.

    `every` recomputes each entry's hash here too, not one in 50. `noted_root` is a root copied down elsewhere, which
    must be among the seals. Streams, so memory stays constant.
    """
    findings = Findings(root_seen=not noted_root)
    with transaction.atomic():  # a server-side cursor needs one
        _check_guards(findings)
        start = _quick_start() if quick else 0
        seals = _Seals(findings, start, noted_root)
        for entry in _entries("WHERE e.transaction >= %s ORDER BY e.transaction, e.id", [start]):
            _check_entry(entry, findings, every)
            seals.take(entry)
            if findings.entries % 10_000 == 0:
                progress(findings.entries)
        seals.finish()
    if not findings.root_seen:
        findings.add(_("The noted root %(root)s is not among the seals: seals were removed.") % {"root": noted_root})
    return findings


def verify_object(object_type: str, object_id: int) -> Findings:
    """Verify the chain of one object (seals cover many objects and are not looked at)."""
    findings = Findings(root_seen=True)
    with transaction.atomic():  # a server-side cursor needs one
        where = "WHERE e.object_type = %s AND e.object_id = %s ORDER BY e.seq, e.id"
        for entry in _entries(where, [object_type, object_id]):
            _check_entry(entry, findings, every=True)
    return findings


def _check_entry(entry: Entry, findings: Findings, every: bool) -> None:
    findings.entries += 1
    if entry.computed != entry.hash:
        findings.add(_("%(row)s: the content does not give the stored hash") % {"row": entry})
    elif every or findings.entries % SAMPLE == 1:
        findings.recomputed += 1
        if entry.recomputed() != entry.hash:
            findings.add(_("%(row)s: the database's hash function was changed") % {"row": entry})
    if entry.seq > 1 and entry.before is None:
        findings.add(_("%(row)s: the entry before it is missing") % {"row": entry})
    elif (entry.before or "") != entry.previous_hash:
        findings.add(_("%(row)s: it does not continue the entry before it") % {"row": entry})


class _Seals:
    """Walks the seals beside the entries, both in the order of transactions, and checks each seal when it is full."""

    def __init__(self, findings: Findings, start: int, noted_root: str):
        self.findings, self.noted_root = findings, noted_root
        self.waiting: Iterator[AuditSeal] = (
            AuditSeal.objects.filter(to_transaction__gt=start).order_by("to_transaction").iterator(2000)
        )
        self.last: AuditSeal | None = AuditSeal.objects.filter(to_transaction__lte=start).first()
        self._open()

    def take(self, entry: Entry) -> None:
        """Count the entry to its seal."""
        while self.seal and entry.transaction >= self.seal.to_transaction:
            self._close(self.seal)
        if self.seal:
            self.count += 1
            self.digest.update(f"\n{entry.id}:{entry.hash}".encode())
        else:
            self.findings.unsealed += 1

    def finish(self) -> None:
        """Close what is still open."""
        while self.seal:
            self._close(self.seal)

    def _open(self) -> None:
        self.seal, self.count = next(self.waiting, None), 0
        if self.seal:
            head = [self.seal.previous_root, self.seal.from_transaction, self.seal.to_transaction, self.seal.shift]
            self.digest = hashlib.sha256(json.dumps(head).encode())

    def _close(self, seal: AuditSeal) -> None:
        last, findings = self.last, self.findings
        name = {"seal": f"{seal.pk} ({seal})", "entries": seal.entries, "found": self.count}
        expected = (last.root, last.to_transaction) if last else ("", 0)
        if (seal.previous_root, seal.from_transaction) != expected:
            findings.add(_("Seal %(seal)s does not continue the seal before it: a seal is missing") % name)
        if self.count != seal.entries:
            findings.add(_("Seal %(seal)s covers %(entries)s entries, %(found)s are there") % name)
        elif self.digest.hexdigest() != seal.root:
            findings.add(_("Seal %(seal)s: its entries are not those that were sealed") % name)
        findings.seals += 1
        findings.newest_root = seal.root
        findings.root_seen = findings.root_seen or seal.root == self.noted_root
        self.last = seal
        self._open()


def _quick_start() -> int:
    newest = AuditSeal.objects.values_list("from_transaction", flat=True)
    return min(newest[:QUICK_SEALS], default=0)


def _check_guards(findings: Findings) -> None:
    """The triggers that number, hash and keep the rows must be there and switched on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND tgrelid IN"
            " ('core_auditentry'::regclass, 'core_auditseal'::regclass)"
        )
        present = {row[0] for row in cursor.fetchall()}
    for name, table in GUARDS.items():
        if name not in present:
            findings.add(
                _("The trigger %(name)s on %(table)s is missing or switched off") % {"name": name, "table": table}
            )


def _entries(where: str, values: list) -> Iterator[Entry]:
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(f"{ENTRIES} {where}", values)  # noqa: S608, only the constants of this module
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield Entry(*row)
