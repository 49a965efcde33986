"""The figures of the gate: thresholds as parameters, and what a record of right and wrong is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt

from shenzhen_gov.core.parameters import get_parameter

Z = 1.6449  # one-sided 95 %


def wilson_bound(hits: int, cases: int) -> float:
    """Return the lower bound of a share, one-sided 95 %."""
    if not cases:
        return 0.0
    share, spread = hits / cases, Z * Z / cases
    return (share + spread / 2 - Z * sqrt(share * (1 - share) / cases + spread / (4 * cases))) / (1 + spread)


@dataclass(frozen=True)
class Thresholds:
    """What a cell must reach; shares between 0 and 1."""

    window: int  # newest confirmed cases that count
    least: int  # fewer than that say nothing: the wider cell is asked
    on: float  # lower bound from which a cell is automatic
    off: float  # lower bound below which it is not any more
    audited: float  # share of automatic cases with a suggested item that a person sees
    audited_chosen: float  # the same for items that somebody chose


def thresholds(on: date) -> Thresholds:
    """Return the thresholds in force on the day `on`."""
    return Thresholds(
        window=int(get_parameter("gate.window", on)),
        least=int(get_parameter("gate.least_cases", on)),
        on=float(get_parameter("gate.on", on)),
        off=float(get_parameter("gate.off", on)),
        audited=float(get_parameter("gate.audit_share", on)),
        audited_chosen=float(get_parameter("gate.audit_share_chosen", on)),
    )
