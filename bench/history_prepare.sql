-- What history_draw.sql draws from, in a schema of its own that every connection sees and that is dropped in the end.
-- Run by history.py after generate_places.sql. Parameters: cases, days, seed.

DROP SCHEMA IF EXISTS bench CASCADE;

CREATE SCHEMA bench;

SELECT setseed(%(seed)s);

-- What a case can be about: an item in a community, with its texts and the decision's reasons.
CREATE UNLOGGED TABLE bench.pair AS
SELECT (row_number() OVER (ORDER BY item_rank, area_rank) - 1)::integer AS id, item_rank::integer, area_rank::integer,
       item_id, version_id, area_id, unit_id, review_unit_id, responsibility_id, area_name,
       left(area_name || name, 120) AS title, area_name || '：' || example || '。希望尽快处理，谢谢。' AS content,
       jsonb_build_array(
         jsonb_build_object('code', 'place_found', 'facts', jsonb_build_object('area', area_name, 'source', '')),
         jsonb_build_object('code', 'item_chosen', 'facts',
           jsonb_build_object('path', path_text, 'number', number::text, 'since', effective_from::text)),
         jsonb_build_object('code', 'row_found', 'facts',
           jsonb_build_object('area', area_name, 'unit', unit_name))) AS reasons
  FROM gen_pair;

CREATE UNIQUE INDEX bench_pair_ranks ON bench.pair (item_rank, area_rank) INCLUDE (id, unit_id, review_unit_id);

-- Their words, of which history.py makes the pairs of characters that a search finds cases by.
CREATE UNLOGGED TABLE bench.item AS
SELECT DISTINCT item_rank::integer, name, example || '。希望尽快处理，谢谢。' AS example, NULL::integer[] AS pairs FROM gen_pair;

CREATE UNLOGGED TABLE bench.area AS
SELECT DISTINCT area_rank::integer, area_name AS name, NULL::integer[] AS pairs FROM gen_pair;

-- Every hour of the time, and which cases are registered in it: by hour of the day, weekday and season, slowly growing.
CREATE UNLOGGED TABLE bench.slot AS
WITH hours AS (
  SELECT at, at AT TIME ZONE 'Asia/Shanghai' AS there,
         row_number() OVER (ORDER BY at) / (%(days)s * 24.0) AS progress
    FROM generate_series(date_trunc('hour', now()) - %(days)s * interval '1 day',
                         date_trunc('hour', now()) - interval '1 hour', interval '1 hour') at
), weighed AS (
  SELECT at, (array[0.70, 1.18, 1.12, 1.08, 1.06, 1.04, 0.82])[1 + extract(dow FROM there)::integer]
             * (1 + 0.18 * sin(2 * pi() * (extract(doy FROM there)::float - 100) / 365))
             * (0.9 + 0.2 * progress)
             * (array[0.6, 0.4, 0.3, 0.25, 0.25, 0.3, 0.6, 1.5, 4, 7.5, 8, 7, 4.5, 4.5, 7, 7.5, 7, 5.5, 4, 4, 4.2, 3.5, 2.2,
                      1.2])[1 + extract(hour FROM there)::integer]
             * (0.9 + 0.2 * random()) AS weight
    FROM hours
), counted AS (
  SELECT at, floor(sum(weight) OVER (ORDER BY at) / sum(weight) OVER () * %(cases)s + 1e-6)::bigint AS last FROM weighed
)
SELECT at, to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24') AS hour,
       1 + coalesce(lag(last) OVER (ORDER BY at), 0) AS first, last
  FROM counted;

CREATE INDEX bench_slot_last ON bench.slot (last);

ANALYZE bench.pair;

ANALYZE bench.slot;

ANALYZE bench.item;

ANALYZE bench.area
