"""The statements that turn postings into roll-ups; every column of a roll-up is a part (analytics/parts.py)."""

from __future__ import annotations

from pathlib import Path

from grid.choices import Level
from shenzhen_gov.core.worktime.hours import WorkingHours

from .choices import Dimension
from .parts import DAYS_OF_A_PART, FIRST_DAY, ON_DEADLINES, PARTS

POSTINGS = (Path(__file__).parent / "sql" / "postings.sql").read_text(encoding="utf-8")
EXCLUDED_ITEM = (
    "NOT coalesce((SELECT v.counts_satisfaction FROM dutylist_itemversion v WHERE v.id = c.item_version_id), true)"
)

TOUCHED = "CREATE TEMP TABLE figures_touched (case_id bigint PRIMARY KEY) ON COMMIT DROP"
WORK_DAYS = "CREATE TEMP TABLE figures_work_day (day date PRIMARY KEY, before bigint, is_worked boolean) ON COMMIT DROP"

# The postings of each case side by side, as they are kept; only of the cases whose postings are other than before.
FRESH = f"""
CREATE TEMP TABLE figures_fresh ON COMMIT DROP AS
SELECT c.id AS case_id, c.area_id, c.item_id, c.channel_id, {EXCLUDED_ITEM} AS is_excluded, p.keys, p.units, p.amounts
  FROM (SELECT case_id, array_agg(key ORDER BY key, unit_id, amount) AS keys,
               array_agg(unit_id ORDER BY key, unit_id, amount) AS units,
               array_agg(amount ORDER BY key, unit_id, amount) AS amounts
          FROM (SELECT case_id, part * {DAYS_OF_A_PART} + (day - date '{FIRST_DAY}') AS key,
                       unit_id::integer AS unit_id, amount::integer AS amount FROM ({{postings}}) posting) keyed
         GROUP BY case_id) p
  JOIN intake_case c ON c.id = p.case_id
"""
GONE = """
CREATE TEMP TABLE figures_before ON COMMIT DROP AS
SELECT b.* FROM figures_touched t JOIN analytics_caseposting b ON b.case_id = t.case_id
"""
SAME = """
WITH same AS (
  SELECT b.case_id FROM figures_before b JOIN figures_fresh f
      ON (f.case_id, f.channel_id, f.is_excluded, f.keys, f.units, f.amounts)
       = (b.case_id, b.channel_id, b.is_excluded, b.keys, b.units, b.amounts)
     AND f.area_id IS NOT DISTINCT FROM b.area_id AND f.item_id IS NOT DISTINCT FROM b.item_id
), no_news AS (DELETE FROM figures_fresh USING same WHERE figures_fresh.case_id = same.case_id)
DELETE FROM figures_before USING same WHERE figures_before.case_id = same.case_id
"""
FORGET = "DELETE FROM analytics_caseposting p USING figures_before b WHERE p.case_id = b.case_id"
KEEP = """
INSERT INTO analytics_caseposting (case_id, area_id, item_id, channel_id, is_excluded, keys, units, amounts)
SELECT case_id, area_id, item_id, channel_id, is_excluded, keys, units, amounts FROM figures_fresh ORDER BY case_id
"""

_SPREAD = f"""
SELECT p.area_id, p.item_id, p.channel_id, p.is_excluded, one.unit_id, one.key / {DAYS_OF_A_PART} AS part,
       date '{FIRST_DAY}' + one.key %% {DAYS_OF_A_PART} AS day, %(sign)s * one.amount AS amount
  FROM {{rows}} p CROSS JOIN LATERAL unnest(p.keys, p.units, p.amounts) one(key, unit_id, amount)
"""
_DUE = f"part BETWEEN {ON_DEADLINES[0].number} AND {ON_DEADLINES[-1].number}"
# What the roll-ups must be changed by: what was posted before is taken out, what is posted now comes in. Deadlines of
# days that are not over yet stay out. Parameter: due_until.
CHANGES = f"""
CREATE TEMP TABLE figures_change ON COMMIT DROP AS
SELECT area_id, item_id, channel_id, is_excluded, unit_id, part, day, sum(amount) AS amount
  FROM ({_SPREAD.replace("%(sign)s", "-1").format(rows="figures_before")}
        UNION ALL {_SPREAD.replace("%(sign)s", "1").format(rows="figures_fresh")}) moved
 GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(amount) <> 0 AND (NOT {_DUE} OR day < %(due_until)s)
"""
# What is posted on some days, found by its keys: all of it but deadlines of days that are not over, or deadlines
# alone. Only the index compares the many keys with those of a case (BY_INDEX): row by row that
# would cost their product.
# Parameters: keys, first, last, due_until.
_POSTED = (
    _SPREAD.replace("%(sign)s", "1").format(
        rows="(SELECT * FROM analytics_caseposting WHERE keys && %(keys)s::integer[])"
    )
    + f" WHERE one.key %% {DAYS_OF_A_PART} BETWEEN %(first)s::date - date '{FIRST_DAY}'"
    f" AND %(last)s::date - date '{FIRST_DAY}'"
)
_IS_DUE = _DUE.replace("part", f"one.key / {DAYS_OF_A_PART}")
MONTH = f"""
CREATE TEMP TABLE figures_change ON COMMIT DROP AS {_POSTED}
   AND (NOT {_IS_DUE} OR one.key %% {DAYS_OF_A_PART} < %(due_until)s::date - date '{FIRST_DAY}')
"""
DEADLINES = f"CREATE TEMP TABLE figures_change ON COMMIT DROP AS {_POSTED} AND {_IS_DUE}"
# What is read follows what is asked for, never the length of the history: no table is read from its beginning.
BY_INDEX = "SET LOCAL enable_seqscan = {0}; SET LOCAL enable_mergejoin = {0}"
# Calls have no case and no area: they are counted anew for the city, and what is other than kept is a change.
# Parameters: city, first, last.
CALLS = f"""
INSERT INTO figures_change (area_id, channel_id, is_excluded, unit_id, part, day, amount)
SELECT %(city)s, channel_id, false, 0, part, day, amount
  FROM (SELECT channel_id, (rang_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS calls,
               count(*) FILTER (WHERE answered_at <= rang_at + interval '15 seconds') AS fast
          FROM intake_call
         WHERE rang_at >= %(first)s::date::timestamp AT TIME ZONE 'Asia/Shanghai'
           AND rang_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
         GROUP BY 1, 2) counted
  FULL JOIN (SELECT key_id AS channel_id, period AS day, sum(calls) AS calls, sum(calls_answered_fast) AS fast
               FROM analytics_dayfigures
              WHERE dimension = {Dimension.CHANNEL} AND scope_id = %(city)s AND period BETWEEN %(first)s AND %(last)s
              GROUP BY 1, 2) kept USING (channel_id, day)
 CROSS JOIN LATERAL (VALUES (39, coalesce(counted.calls, 0) - coalesce(kept.calls, 0)),
                            (40, coalesce(counted.fast, 0) - coalesce(kept.fast, 0))) news(part, amount)
 WHERE amount <> 0
"""
NO_CHANGES = """
CREATE TEMP TABLE figures_change (
  area_id bigint, item_id bigint, channel_id bigint, is_excluded boolean, unit_id integer, part integer, day date,
  amount bigint) ON COMMIT DROP
"""
AROUND = f"""
CREATE TEMP TABLE figures_around ON COMMIT DROP AS
SELECT a.id AS area_id, s.id AS scope_id, s.level
  FROM grid_area a
 CROSS JOIN LATERAL unnest(string_to_array(trim(both '/' FROM a.path), '/')::bigint[]) one(id)
  JOIN grid_area s ON s.id = one.id AND s.level <= {Level.COMMUNITY}
"""
CITY = f"SELECT id FROM grid_area WHERE level = {Level.CITY} ORDER BY id LIMIT 1"

# dimension → key, which rows count, the narrowest level of area that rows are kept for; by day and by month. Of units
# (no level) the unit is the scope.
_BY_DAY = {
    Dimension.AREA: ("0", "true", Level.COMMUNITY),
    Dimension.UNIT: ("0", "unit_id > 0", None),
    Dimension.ITEM: ("item_id", "item_id IS NOT NULL", Level.CITY),
    Dimension.CHANNEL: ("channel_id", "true", Level.DISTRICT),
}
_BY_MONTH = _BY_DAY | {Dimension.ITEM: ("item_id", "item_id IS NOT NULL", Level.DISTRICT)}
_MONTH = "date_trunc('month', day)::date"
_KEY = "dimension, scope_id, key_id, period, is_excluded"
_COLUMNS = ", ".join(part.code for part in PARTS)


def postings(hours: WorkingHours) -> str:
    """Return the statement that says what the touched cases count for, with these working hours of a day."""
    return POSTINGS.replace("{worked}", _worked("c.accepted_at", hours)).replace(
        "{worked_until}", _worked("c.at", hours)
    )


def _worked(moment: str, hours: WorkingHours) -> str:
    """Return the query of the working seconds before a moment; no row in a year whose calendar is missing."""
    local = f"({moment} AT TIME ZONE 'Asia/Shanghai')"
    second = f"extract(epoch FROM {local}::time)::integer"
    spans = " + ".join(f"least(greatest({second} - {start}, 0), {end - start})" for start, end in hours.spans)
    return (
        f"SELECT d.before + CASE WHEN d.is_worked THEN {spans} ELSE 0 END AS worked"
        f" FROM figures_work_day d WHERE d.day = {local}::date"
    )


def additions() -> list[str]:
    """Return the statements that add `figures_change` to the roll-ups of days and of months. Parameter: city."""
    days = [_merge("analytics_dayfigures", _sums("day", one, *how)) for one, how in _BY_DAY.items()]
    return days + [_merge("analytics_monthfigures", _sums(_MONTH, one, *how)) for one, how in _BY_MONTH.items()]


def countings() -> list[str]:
    """Return the statements that make the empty roll-ups of a month from `figures_change`. Parameter: city.

    Months are the sums of the days just written; but for items, whose days are kept for the city alone.
    """
    same = [one for one, how in _BY_DAY.items() if how == _BY_MONTH[one]]
    both = [
        _insert("analytics_dayfigures", _sums("day", one, *_BY_DAY[one]), and_months=one in same) for one in _BY_DAY
    ]
    own = [one for one in _BY_MONTH if one not in same]
    return both + [_insert("analytics_monthfigures", _sums(_MONTH, one, *_BY_MONTH[one])) for one in own]


def _sums(period: str, dimension: Dimension, key: str, counts: str, level: Level | None) -> str:
    """Return the query of one dimension: summed by the place, the parts side by side, then by what lies around it."""
    place = "unit_id" if level is None else "coalesce(area_id, %(city)s)"
    parts = ", ".join(f"sum(amount) FILTER (WHERE part = {part.number}) AS {part.code}" for part in PARTS)
    placed = (
        f"SELECT {place} AS scope_id, {key} AS key_id, {period} AS period, is_excluded, {parts}"  # noqa: S608 - own names
        f" FROM figures_change WHERE {counts} GROUP BY 1, 2, 3, 4"
    )
    if level is None:
        columns = ", ".join(f"coalesce({part.code}, 0)" for part in PARTS)
        return f"SELECT {dimension.value}, scope_id, key_id, period, is_excluded, {columns} FROM ({placed}) placed"  # noqa: S608 - own names
    columns = ", ".join(f"coalesce(sum({part.code}), 0)" for part in PARTS)
    return (
        f"SELECT {dimension.value}, around.scope_id, key_id, period, is_excluded, {columns}"  # noqa: S608 - own names
        f" FROM ({placed}) placed JOIN figures_around around ON area_id = placed.scope_id AND around.level <= {level}"
        " GROUP BY 2, 3, 4, 5"
    )


def _insert(table: str, sums: str, *, and_months: bool = False) -> str:
    """Return the statement that writes sums into a roll-up; with the months of days written in the same breath."""
    insert = f"INSERT INTO {table} ({_KEY}, {_COLUMNS}) {sums}"
    if not and_months:
        return insert
    months = ", ".join(f"sum({part.code})" for part in PARTS)
    return (
        f"WITH written AS ({insert} RETURNING {_KEY}, {_COLUMNS})"
        f" INSERT INTO analytics_monthfigures ({_KEY}, {_COLUMNS})"
        f" SELECT dimension, scope_id, key_id, {_MONTH.replace('day', 'period')}, is_excluded, {months}"
        " FROM written GROUP BY 1, 2, 3, 4, 5"
    )


def _merge(table: str, sums: str) -> str:
    """Return the statement that adds sums to what a roll-up holds."""
    grown = ", ".join(f"{part.code} = {table}.{part.code} + EXCLUDED.{part.code}" for part in PARTS)
    return f"{_insert(table, sums)} ON CONFLICT ({_KEY}) DO UPDATE SET {grown}"
