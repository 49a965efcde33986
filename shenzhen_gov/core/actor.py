"""Who does something: a member of staff, a channel, a citizen, or the system itself (a named job)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STAFF, CHANNEL, CITIZEN, SYSTEM = "staff", "channel", "citizen", "system"


@dataclass(frozen=True)
class Actor:
    """The `by` of every service call. `name` is kept as text in the audit log; `user` is set for staff only."""

    kind: str
    name: str
    id: int | None = None
    user: Any = None

    @classmethod
    def staff(cls, user) -> Actor:
        """Return the actor for a signed-in member of staff."""
        return cls(STAFF, user.get_full_name() or user.get_username(), user.pk, user)

    @classmethod
    def system(cls, job: str) -> Actor:
        """Return the actor for a background job, e.g. `system:pick_up`."""
        return cls(SYSTEM, f"system:{job}")

    @classmethod
    def channel(cls, channel) -> Actor:
        """Return the actor for an inbound channel (a key holder of the API)."""
        return cls(CHANNEL, f"channel:{channel.code}", channel.pk)

    @classmethod
    def citizen(cls, way: str) -> Actor:
        """Return the actor for whoever asked, known by `way` (tracking page, link) only; never a name or number."""
        return cls(CITIZEN, f"citizen:{way}")

    def __str__(self) -> str:
        return self.name
