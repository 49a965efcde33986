"""Cases, as far as somebody may see them."""

from __future__ import annotations

from intake.models import Case


def get_case(user, number: str) -> Case | None:
    """Return a case that `user` may see, with what its page shows, or None."""
    return (
        Case.objects.visible_to(user)
        .select_related("area", "item_version", "holder", "channel", "citizen")
        .filter(number=number)
        .first()
    )
