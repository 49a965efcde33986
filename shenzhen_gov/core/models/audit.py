"""The audit log: append-only, one hash chain per object, sealed every minute.

`seq`, `previous_hash`, `hash` and `transaction` are written by a database trigger (migration 0002_audit_chain), so
that bulk inserts are chained too and no door can forget them.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One thing somebody did to one object. Rows are never changed or removed; the database refuses it."""

    at = models.DateTimeField(_("Time"))
    action = models.CharField(_("Action"), max_length=60)
    object_type = models.CharField(_("Kind of object"), max_length=60)
    object_id = models.BigIntegerField(_("Object"))
    object_text = models.CharField(_("Object"), max_length=120, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("Who"), max_length=120)
    changes = models.JSONField(_("Changes"), default=dict, encoder=DjangoJSONEncoder)
    note = models.TextField(_("Note"), blank=True)
    seq = models.IntegerField(default=0, editable=False)
    previous_hash = models.CharField(max_length=64, default="", editable=False)
    hash = models.CharField(max_length=64, default="", editable=False)
    transaction = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id", "seq"], name="audit_one_chain_per_object")
        ]
        indexes = [
            models.Index(fields=["transaction"], name="audit_by_transaction"),
            models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["action", "-id"], name="audit_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} #{self.seq} {self.action}"


class AuditSeal(models.Model):
    """One root over every entry of the transactions from `from_transaction` up to, not including, `to_transaction`.

    `shift` is added to the server's transaction numbers from this seal on: not 0 only after a restore from a dump,
    where the server counts anew (docs/adr/0003-audit-chain-in-the-database.md).
    """

    at = models.DateTimeField(_("Time"))
    from_transaction = models.BigIntegerField()
    to_transaction = models.BigIntegerField(unique=True)
    entries = models.IntegerField(_("Entries"))
    root = models.CharField(max_length=64)
    previous_root = models.CharField(max_length=64, blank=True)
    shift = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.root[:12]}"
