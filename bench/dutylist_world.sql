-- A duty list of a city's size with years of history, written by the server itself. Run by dutylist_world.py, statement by
-- statement, in one transaction with triggers off. Every generated item is a variant of a sample item (its template).
-- Parameters: items, batches, changes, endings, first_batch, not_content, places, overlays.

CREATE TEMP TABLE w_batch ON COMMIT DROP AS
SELECT id, effective_on AS day, row_number() OVER (ORDER BY id) AS k
  FROM dutylist_batch WHERE id >= %(first_batch)s AND state = 'published';

-- Templates: sample items that somebody answers for in a city, district or subdistrict.
CREATE TEMP TABLE w_template ON COMMIT DROP AS
SELECT v.id AS version_id, v.item_id, v.effective_from AS day, i.code, e.parent_id, e.name, i.entry_id, i.owner_area_id,
       p.name AS level2, p1.name AS level1, row_number() OVER (ORDER BY i.code) - 1 AS rank
  FROM dutylist_item i
  JOIN dutylist_catalogueentry e ON e.id = i.entry_id
  JOIN dutylist_catalogueentry p ON p.id = e.parent_id
  JOIN dutylist_catalogueentry p1 ON p1.id = p.parent_id
  JOIN dutylist_itemversion v ON v.item_id = i.id AND v.number = 1
 WHERE i.narrows_id IS NULL
   AND EXISTS (SELECT FROM dutylist_responsibility r JOIN grid_area a ON a.id = r.area_id
                WHERE r.version_id = v.id AND a.level <= 3);

CREATE TEMP TABLE w_item ON COMMIT DROP AS
WITH sizes AS (SELECT (SELECT count(*) FROM w_template) AS templates, (SELECT count(*) FROM dutylist_item) AS known,
                      %(endings)s * (%(batches)s - 1) AS ended),
     drawn AS (SELECT g, sizes.*, g < ended OR g < 0.75 * (%(items)s - known + ended) AS is_old
                 FROM sizes, generate_series(0, %(items)s - known + ended - 1) g)
SELECT g, nextval(pg_get_serial_sequence('dutylist_item', 'id')) AS item_id,
       nextval(pg_get_serial_sequence('dutylist_catalogueentry', 'id')) AS entry_id,
       'W' || lpad(g::text, 6, '0') AS code, t.version_id AS template, t.parent_id, t.owner_area_id, t.level1, t.level2,
       t.name || '（' || (%(places)s::text[])[1 + g / templates] || '）' AS name, t.rank,
       CASE WHEN is_old THEN 1 ELSE 2 + g %% (%(batches)s - 1) END AS born,
       CASE WHEN g < ended THEN 2 + g %% (%(batches)s - 1) END AS ends
  FROM drawn JOIN w_template t ON t.rank = g %% templates;

INSERT INTO dutylist_catalogueentry (id, code, name, level, source, parent_id)
SELECT entry_id, 'CS-' || code, name, 3, 'sample', parent_id FROM w_item;

INSERT INTO dutylist_item (id, code, management_type, entry_id, owner_area_id)
SELECT item_id, code, 'A', entry_id, owner_area_id FROM w_item;

-- What each batch does. A change is drawn by the hash of code and batch; one in forty names other units.
CREATE TEMP TABLE w_line ON COMMIT DROP AS
WITH known AS (
  SELECT item_id, code, template, born, ends, name, level1, level2, rank, 0 AS numbers_before, NULL::bigint AS rows_before
    FROM w_item
  UNION ALL
  SELECT item_id, code, version_id, (SELECT coalesce(max(k), 0) FROM w_batch b WHERE b.day <= w_template.day), NULL, name,
         level1, level2, rank, 1, version_id
    FROM w_template
), drawn AS (
  SELECT known.*, b.id AS batch_id, b.k, b.day,
         ('x' || substr(md5(code || b.k), 1, 6))::bit(24)::int AS chance
    FROM known CROSS JOIN w_batch b
), told AS (
  SELECT *, CASE WHEN k = ends THEN (array['merge', 'split', 'retire'])[1 + chance %% 3]
                 WHEN k = born AND numbers_before = 0 THEN 'add'
                 WHEN k > born AND k < coalesce(ends, 1000) AND chance %% %(items)s < %(changes)s
                 THEN CASE WHEN chance %% 40 = 0 THEN 'transfer' ELSE 'change' END END AS kind
    FROM drawn
)
SELECT nextval(pg_get_serial_sequence('dutylist_itemversion', 'id')) AS version_id, ordered.*,
       kind IN ('add', 'transfer') AS has_rows, kind IN ('merge', 'split', 'retire') AS is_end,
       numbers_before + row_number() OVER (PARTITION BY item_id ORDER BY k) AS number
  FROM (SELECT * FROM told WHERE kind IS NOT NULL ORDER BY k, code) ordered;

CREATE UNIQUE INDEX ON w_line (version_id);
CREATE INDEX ON w_line (item_id, k);
ANALYZE w_line;

INSERT INTO dutylist_itemversion
SELECT made.*
  FROM (SELECT *, coalesce(max(version_id) FILTER (WHERE has_rows) OVER before, rows_before) AS rows_owner
          FROM w_line WINDOW before AS (PARTITION BY item_id ORDER BY k)) l
  JOIN dutylist_itemversion t ON t.id = l.template
 CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object(
       'id', l.version_id, 'item_id', l.item_id, 'number', l.number, 'effective_from', l.day, 'is_retired', l.is_end,
       'name', l.name, 'path_text', l.level1 || ' / ' || l.level2 || ' / ' || l.name, 'batch_id', l.batch_id,
       'published_at', l.day::timestamptz, 'rows_from_id', CASE WHEN NOT has_rows THEN rows_owner END,
       'limit_normal', 3 + l.chance %% 13, 'limit_urgent', 1 + l.chance %% 3,
       'criteria', t.criteria || '（第' || l.number || '次修订）',
       'successors', CASE WHEN l.is_end THEN jsonb_build_array('S0301001', 'S0301002') ELSE '[]'::jsonb END)) AS made
 ORDER BY l.version_id;

-- Rows are those of the template; a transfer takes the rows of another one.
CREATE TEMP TABLE w_row ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('dutylist_responsibility', 'id')) AS id, l.version_id, r.id AS source_id, r.area_id,
       r.lead_unit_id, r.fallback_unit_id, r.note
  FROM w_line l
  JOIN w_template t ON t.rank = CASE l.kind WHEN 'add' THEN l.rank
                                ELSE (l.rank + 17 * l.k) %% (SELECT count(*) FROM w_template) END
  JOIN dutylist_responsibility r ON r.version_id = t.version_id
  JOIN grid_area a ON a.id = r.area_id AND a.level <= 3
 WHERE l.has_rows;

INSERT INTO dutylist_responsibility (id, version_id, area_id, lead_unit_id, fallback_unit_id, note)
SELECT id, version_id, area_id, lead_unit_id, fallback_unit_id, note FROM w_row ORDER BY id;

INSERT INTO dutylist_responsibility_co_units (responsibility_id, unit_id)
SELECT w.id, c.unit_id FROM w_row w JOIN dutylist_responsibility_co_units c ON c.responsibility_id = w.source_id;

-- The ledger: a line for every version, with what it said.
CREATE TEMP TABLE w_rows_told ON COMMIT DROP AS
SELECT version_id, jsonb_agg(jsonb_build_object('area', area_id, 'lead', lead_unit_id, 'co', '[]'::jsonb,
                                                'fallback', fallback_unit_id, 'note', note) ORDER BY area_id) AS rows
  FROM w_row GROUP BY version_id;

INSERT INTO dutylist_batchline (batch_id, position, kind, code, item_id, before_id, after, name, policy, note, source,
       entered_at, published_id)
SELECT l.batch_id, row_number() OVER (PARTITION BY l.batch_id ORDER BY l.code), l.kind, l.code, l.item_id, b.id,
       CASE WHEN l.is_end THEN jsonb_build_object('successors', v.successors)
            ELSE to_jsonb(v) - %(not_content)s::text[] || jsonb_build_object(
                 'level1', l.level1, 'level2', l.level2, 'successors', v.successors, 'rows', told.rows) END,
       l.name, 'keep', '', 'excel', l.day::timestamptz - interval '10 days', l.version_id
  FROM w_line l
  JOIN dutylist_itemversion v ON v.id = l.version_id
  LEFT JOIN dutylist_itemversion b ON b.item_id = l.item_id AND b.number = l.number - 1
  LEFT JOIN w_rows_told told ON told.version_id = l.version_id
 ORDER BY l.version_id;

-- Overlays: some items of the city are narrowed in every district, with the subdistricts answering themselves.
CREATE TEMP TABLE w_overlay ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('dutylist_item', 'id')) AS item_id,
       nextval(pg_get_serial_sequence('dutylist_itemversion', 'id')) AS version_id, t.item_id AS narrows_id,
       t.version_id AS template, t.code, t.entry_id, a.id AS district_id, a.path AS district_path,
       a.code AS district_code
  FROM w_template t CROSS JOIN grid_area a
 WHERE t.rank < %(overlays)s AND a.level = 2 AND a.is_active;

INSERT INTO dutylist_item (id, code, management_type, entry_id, owner_area_id, narrows_id)
SELECT item_id, 'W-' || code || '-' || district_code, 'B', entry_id, district_id, narrows_id FROM w_overlay;

INSERT INTO dutylist_itemversion
SELECT made.*
  FROM w_overlay o
  JOIN dutylist_itemversion t ON t.id = o.template
 CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object(
       'id', o.version_id, 'item_id', o.item_id, 'criteria', '', 'exclusions', '', 'close_criteria', '',
       'legal_basis', '', 'keywords', '[]'::jsonb, 'examples', '[]'::jsonb, 'limit_normal', 3, 'limit_urgent', NULL)) AS made;

INSERT INTO dutylist_responsibility (version_id, area_id, lead_unit_id, note)
SELECT DISTINCT ON (o.version_id, a.id) o.version_id, a.id, u.id, ''
  FROM w_overlay o
  JOIN grid_area a ON a.level = 3 AND a.is_active AND starts_with(a.path, o.district_path)
  JOIN grid_unit u ON u.home_area_id = a.id AND u.kind = 'subdistrict'
 ORDER BY o.version_id, a.id, u.id;
