-- Communities, duty items and who answers for them where, in tables that last for one transaction: what generate_draw.sql
-- and history_prepare.sql draw cases from. Run statement by statement.
-- Busy communities and frequent items: ranks are drawn by a power law.

CREATE TEMP TABLE gen_area ON COMMIT DROP AS
SELECT id, path, short_name, row_number() OVER (ORDER BY md5(code)) - 1 AS rank
  FROM grid_area WHERE level = 4 AND is_active;

CREATE TEMP TABLE gen_version ON COMMIT DROP AS
SELECT v.*, row_number() OVER (ORDER BY md5(v.id::text)) - 1 AS rank
  FROM (SELECT DISTINCT ON (item_id) id, item_id, name, path_text, number, effective_from, is_retired, limit_normal,
               coalesce(rows_from_id, id) AS rows_id, coalesce(examples[1], name) AS example
          FROM dutylist_itemversion
         WHERE effective_from <= current_date AND item_id IN (SELECT id FROM dutylist_item WHERE narrows_id IS NULL)
         ORDER BY item_id, effective_from DESC, dutylist_itemversion.number DESC) v
 WHERE NOT v.is_retired AND EXISTS (SELECT FROM dutylist_responsibility r WHERE r.version_id = v.rows_id)
 ORDER BY rank LIMIT 300;

-- The unit that answers for each item in each community: the row of the most specific area.
CREATE TEMP TABLE gen_pair ON COMMIT DROP AS
SELECT DISTINCT ON (v.rank, a.rank)
       v.rank AS item_rank, a.rank AS area_rank, v.item_id, v.id AS version_id, v.name, v.path_text, v.number,
       v.effective_from, v.example, a.id AS area_id, a.short_name AS area_name, r.id AS responsibility_id,
       u.id AS unit_id, u.name AS unit_name, u.kind AS unit_kind, coalesce(u.parent_id, u.id) AS review_unit_id,
       (SELECT min(c.id) FROM grid_unit c WHERE c.kind = 'community' AND c.home_area_id = a.id) AS station_id
  FROM gen_version v
 CROSS JOIN gen_area a
 CROSS JOIN LATERAL unnest(string_to_array(trim(both '/' from a.path), '/')::bigint[]) WITH ORDINALITY chain(area_id, depth)
  JOIN dutylist_responsibility r ON r.version_id = v.rows_id AND r.area_id = chain.area_id
  JOIN grid_unit u ON u.id = r.lead_unit_id
 ORDER BY v.rank, a.rank, chain.depth DESC;

CREATE UNIQUE INDEX gen_pair_ranks ON gen_pair (item_rank, area_rank);
ANALYZE gen_pair;
