"""What can be wrong with a row of a table or a feature of an outline file that somebody brings.

A fault is kept as its code and its facts; the words are those of whoever looks at the list.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

FAULTS: dict[str, str | Promise] = {
    "file": "%(text)s",
    "missing": gettext_lazy("Nothing stands here; a value is needed."),
    "long": gettext_lazy("%(count)s characters are too many; at most %(limit)s are possible."),
    "characters": gettext_lazy("The text contains a character that cannot be stored."),
    "length": gettext_lazy("The code has %(count)s characters; it needs %(limit)s."),
    "code": gettext_lazy("“%(value)s” is no such code: digits, and letters at 15 to 19 only."),
    "other_city": gettext_lazy("The code %(value)s is of another city."),
    "no_area": gettext_lazy("No community has the code %(value)s (the first 12 characters)."),
    "outside": gettext_lazy("%(value)s lies outside your territory."),
    "no_building": gettext_lazy("No building has the code %(value)s (the first 19 characters)."),
    "twice": gettext_lazy("The code %(value)s stands in row %(row)s already."),
    "use": gettext_lazy("“%(value)s” is not one of the uses in the template."),
    "number": gettext_lazy("“%(value)s” is no whole number from %(low)s to %(high)s."),
    "point": gettext_lazy("“%(value)s” is no longitude or latitude of this city."),
    "half": gettext_lazy("Longitude and latitude belong together."),
    "no_feature": gettext_lazy("This is no feature of GeoJSON."),
    "no_code": gettext_lazy("The property “code” that names the area is missing or too long."),
    "repeated": gettext_lazy("The code stands in the file twice."),
    "feature_city": gettext_lazy("The code is of another city."),
    "unknown_area": gettext_lazy("No area of your territory has this code."),
    "no_name": gettext_lazy("No cell has this code; with the property “name” it would be set up."),
    "geometry": gettext_lazy("The geometry is no Polygon and no MultiPolygon."),
    "no_points": gettext_lazy("The polygon has no points."),
    "many_points": gettext_lazy("The outline has more than %(most)s points."),
    "crossed": gettext_lazy("The outline crosses itself or its parts overlap, near %(place)s."),
    "short_ring": gettext_lazy("A ring has fewer than four points."),
    "open_ring": gettext_lazy("A ring is not closed: its last point is not its first."),
    "no_pair": gettext_lazy("A point is not a pair of numbers: longitude and latitude."),
    "elsewhere": gettext_lazy("A point lies outside this city: %(point)s."),
    "not_within": gettext_lazy("It does not lie within the outline of %(parent)s."),
    "child_outside": gettext_lazy("The outline of %(code)s below it would lie outside; bring it in the same file."),
    "overlap": gettext_lazy("It lies over %(code)s by %(share)s per cent."),
}


class Wrong(Exception):
    """A cell or a feature is wrong: the code of the fault and its facts."""

    def __init__(self, code: str, /, **facts: Any):
        super().__init__(code)
        self.code, self.facts = code, facts


def fault_text(code: str, facts: dict[str, Any]) -> str:
    """Return a fault in words."""
    return str(FAULTS[code]) % facts if facts else str(FAULTS[code])
