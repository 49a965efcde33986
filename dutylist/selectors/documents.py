"""Files of the duty list that somebody may read."""

from __future__ import annotations

from django.db.models import Q

from dutylist.models import Batch, Document, Item, Objection


def get_document(user, pk: int) -> Document | None:
    """Return a file whose item, objection or batch `user` may read, or None."""
    readable = (
        Q(item__in=Item.objects.open_to(user))
        | Q(objection__in=Objection.objects.visible_to(user))
        | Q(batch__in=Batch.objects.visible_to(user))
    )
    return Document.objects.filter(readable, pk=pk).first()
