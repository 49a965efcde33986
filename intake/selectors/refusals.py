"""Reasons for refusing, and the proposals that wait for a shift leader."""

from __future__ import annotations

from intake.models import RefusalReason


def list_reasons() -> list[RefusalReason]:
    """Return the reasons in use, in their order."""
    return list(RefusalReason.objects.filter(is_active=True))
