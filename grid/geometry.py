"""Which area a point lies in: the outlines of all areas as an index of this process, renewed when outlines change.

shapely is imported where it is used: only processes that are asked for a point need it.
"""

from __future__ import annotations

import time

from django.db import connection

from shenzhen_gov.core.kept import NEVER, also_forget, is_old

# Areas in use only, and not those that a re-cut has set up for a day to come: their outlines may be there before it.
IN_USE = """
  FROM grid_areaoutline o JOIN grid_area a ON a.id = o.area_id
 WHERE a.is_active AND a.code NOT IN (
   SELECT target->>'code' FROM grid_recut, jsonb_array_elements(targets) AS target
    WHERE state = 'planned' AND (target->>'is_made')::boolean)
"""
OUTLINES = f"""
SELECT a.id, a.level, '{{"type":"MultiPolygon","coordinates":' || o.polygons::text || '}}' {IN_USE}
"""
VERSION = f"SELECT count(*), max(o.imported_at), max(o.id), sum(o.area_id) {IN_USE}"


class OutlineIndex:
    """Outlines given as (id of the area, level, GeoJSON of the geometry), asked for the smallest around a point."""

    def __init__(self, rows: list[tuple[int, int, str]]):
        import numpy
        import shapely

        shapes = numpy.array(shapely.from_geojson([geometry for _pk, _level, geometry in rows]), dtype=object)
        shapely.prepare(shapes)
        sizes = shapely.area(shapes)
        # Sorted, so that of the outlines around a point the first is the answer.
        order = sorted(range(len(rows)), key=lambda place: (-rows[place][1], sizes[place]))
        self.ids = [rows[place][0] for place in order]
        self.shapes = shapes[numpy.array(order, dtype=int)]
        self.tree = shapely.STRtree(self.shapes)
        self._point, self._holds = shapely.points, shapely.intersects_xy

    def find(self, longitude: float, latitude: float) -> int | None:
        """Return the id of the smallest area around the point, its border included."""
        near = self.tree.query(self._point(longitude, latitude))
        for place in sorted(near.tolist()):
            if self._holds(self.shapes[place], longitude, latitude):
                return self.ids[place]
        return None


class _Current:
    """The index of this process, made for who asks for points; changed outlines are seen after a few seconds."""

    def __init__(self):
        self.index: OutlineIndex | None = None
        self.version: tuple | None = None
        self.asked_at = NEVER

    def __call__(self) -> OutlineIndex:
        if self.index is None or is_old(self.asked_at):
            with connection.cursor() as cursor:
                cursor.execute(VERSION)
                version = cursor.fetchone()
                if self.index is None or version != self.version:
                    cursor.execute(OUTLINES)
                    self.index, self.version = OutlineIndex(cursor.fetchall()), version
            self.asked_at = time.monotonic()
        return self.index

    def forget(self) -> None:
        """Look again whether outlines changed, at the next question."""
        self.asked_at = NEVER

    def drop(self) -> None:
        """Read all outlines again, at the next question."""
        self.index = None


current = _Current()
also_forget(current.forget)


def area_id_at(longitude: float, latitude: float) -> int | None:
    """Return the id of the smallest area in use whose outline holds the point; None where none does."""
    return current().find(longitude, latitude)
