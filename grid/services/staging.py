"""The table that rows of an import are copied into before any of them counts, and how it is taken over.

Everything that needs the other rows or the tables is asked of the database there: the same code twice, rooms without a
building, buildings that are at home elsewhere by now. So an import needs no more memory than one batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from grid.choices import PlaceTable

# Entries of the GIN index are written sorted and at once, which is ten times faster than one row after the other.
TUNED = "SET LOCAL gin_pending_list_limit = '256MB'; SET LOCAL work_mem = '128MB'"
COLUMNS = {
    PlaceTable.BUILDINGS: {
        "code": "varchar", "name": "varchar", "address": "varchar", "area_id": "bigint", "use": "varchar",
        "floors": "smallint", "longitude": "double precision", "latitude": "double precision",
        "source": "varchar", "keys": "integer[]",
    },
    PlaceTable.ROOMS: {
        "code": "varchar", "building_code": "varchar", "name": "varchar", "floor": "smallint", "area_id": "bigint",
    },
}  # fmt: skip

# Institutional changes may have given a building to another area than its code says: it stays there.
AT_HOME = """
UPDATE staged SET area_id = building.area_id
  FROM grid_building building JOIN grid_area home ON home.id = building.area_id, grid_area told
 WHERE building.code = staged.code AND told.id = staged.area_id AND building.area_id <> staged.area_id
   AND NOT starts_with(told.path, home.path)
RETURNING staged.number, staged.code, staged.area_id
"""
TWICE = """
SELECT number, code, first FROM (
  SELECT number, code, min(number) OVER (PARTITION BY code) AS first FROM staged
) AS numbered WHERE number > first ORDER BY number LIMIT %s
"""
NO_BUILDING = """
SELECT staged.number, staged.building_code, building.area_id FROM staged
  LEFT JOIN grid_building building ON building.code = staged.building_code AND building.is_active
 WHERE building.id IS NULL OR NOT (building.area_id = ANY (%s)) ORDER BY staged.number LIMIT %s
"""
TAKE_BUILDINGS = """
WITH taken AS (
  INSERT INTO grid_building AS old
         (code, name, address, area_id, use, floors, longitude, latitude, source, keys, is_active)
  SELECT code, name, address, area_id, use, floors, longitude, latitude, source, keys, true FROM staged ORDER BY code
  ON CONFLICT (code) DO UPDATE SET
    name = excluded.name, address = excluded.address, area_id = excluded.area_id, use = excluded.use,
    floors = excluded.floors, longitude = excluded.longitude, latitude = excluded.latitude,
    source = excluded.source, keys = excluded.keys, is_active = true
  WHERE (old.name, old.address, old.area_id, old.use, old.floors, old.longitude, old.latitude, old.is_active)
        IS DISTINCT FROM (excluded.name, excluded.address, excluded.area_id, excluded.use, excluded.floors,
                          excluded.longitude, excluded.latitude, true)
     OR old.keys = '{}'
  RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM taken
"""
TAKE_ROOMS = """
WITH taken AS (
  INSERT INTO grid_room AS old (code, building_id, name, floor, is_active)
  SELECT staged.code, building.id, staged.name, staged.floor, true
    FROM staged JOIN grid_building building ON building.code = staged.building_code ORDER BY staged.code
  ON CONFLICT (code) DO UPDATE SET name = excluded.name, floor = excluded.floor, is_active = true
  WHERE (old.name, old.floor, old.is_active) IS DISTINCT FROM (excluded.name, excluded.floor, true)
  RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM taken
"""
TAKE = {PlaceTable.BUILDINGS: TAKE_BUILDINGS, PlaceTable.ROOMS: TAKE_ROOMS}
TAKEN = {PlaceTable.BUILDINGS: "grid_building", PlaceTable.ROOMS: "grid_room"}


class Staging:
    """The staged rows of one import, gone at the end of the transaction it must be within."""

    def __init__(self, table: PlaceTable):
        self.table, self.names = table, list(COLUMNS[table])
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS[table].items())
        with connection.cursor() as cursor:
            cursor.execute(TUNED)
            cursor.execute(f"CREATE TEMPORARY TABLE staged (number integer, {columns}) ON COMMIT DROP")

    def add(self, rows: Iterable[tuple[int, dict[str, Any]]]) -> None:
        """Copy rows (number in the file, values) in."""
        names = ", ".join(self.names)
        with connection.cursor() as cursor, cursor.copy(f"COPY staged (number, {names}) FROM STDIN") as copy:
            for number, row in rows:
                copy.write_row((number, *map(row.get, self.names)))

    def ready(self) -> None:
        """Let the planner know how many there are."""
        self._run("CREATE INDEX ON staged (code)")
        self._run("ANALYZE staged")

    def twice(self, most: int) -> list[tuple[int, str, int]]:
        """Return (row, code, earlier row) of codes that stand in an earlier row, too."""
        return self._run(TWICE, [most])

    def at_home_elsewhere(self) -> list[tuple[int, str, int]]:
        """Leave buildings in the area they were given to; return (row, code, id of that area)."""
        return self._run(AT_HOME) if self.table == PlaceTable.BUILDINGS else []

    def without_building(self, area_ids: Sequence[int], most: int) -> list[tuple[int, str, int | None]]:
        """Return (row, building code, its area or None) of rooms whose building is unknown or not in these areas."""
        return self._run(NO_BUILDING, [list(area_ids), most]) if self.table == PlaceTable.ROOMS else []

    def take(self) -> tuple[int, int]:
        """Write what is new or different; return (added, changed)."""
        ((added, changed),) = self._run(TAKE[self.table])
        self._run(f"ANALYZE {TAKEN[self.table]}")
        return added, changed

    def drop(self) -> None:
        """Take the table away, for another import in the same transaction."""
        self._run("DROP TABLE staged")

    @staticmethod
    def _run(statement: str, values: Sequence[Any] = ()) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []
