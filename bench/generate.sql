-- Cases as a city has them, written by the server itself. Run by generate.py statement by statement, in one transaction
-- with triggers off (session_replication_role). Parameters: cases, open_share, seed, citizens.
-- Busy communities and frequent items: ranks are drawn by a power law. Newer cases are open, older ones closed.

SELECT setseed(%(seed)s);

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

CREATE TEMP TABLE gen_case ON COMMIT DROP AS
WITH drawn AS MATERIALIZED (
  SELECT g, random() AS a, random() AS b, random() AS s, random() AS d, random() AS o, random() AS t,
         -- the newer half within 20 days, the older half within three years
         now() - CASE WHEN g > %(cases)s / 2 THEN interval '20 days' * (2.0 * (%(cases)s - g) / %(cases)s)
                 ELSE interval '20 days' + interval '1075 days' * (1 - 2.0 * g / %(cases)s) END AS accepted_at
    FROM generate_series(1, %(cases)s) g
), placed AS (
  SELECT drawn.*, gen_pair.*,
         CASE WHEN g > %(cases)s / 2 THEN o < 2 * %(open_share)s - 0.1 ELSE o < 0.1 END AS is_open
    FROM drawn
    JOIN gen_pair ON item_rank = floor((SELECT count(*) FROM gen_version) * power(a, 2.5))
                 AND area_rank = floor((SELECT count(*) FROM gen_area) * power(b, 2))
)
SELECT placed.*, CASE WHEN g %% 33 = 0 THEN 2 ELSE 1 END AS round,
       CASE WHEN NOT is_open THEN 'done' WHEN s < 0.15 THEN 'pending_sign' WHEN s < 0.60 THEN 'handling'
            WHEN s < 0.80 AND unit_kind = 'subdistrict' AND station_id IS NOT NULL THEN 'handed_down'
            WHEN s < 0.80 THEN 'handling' ELSE 'under_review' END AS state,
       CASE WHEN NOT is_open THEN NULL WHEN d < 0.04 THEN now() - interval '2 days' * t
            ELSE now() + interval '6 days' * t + interval '1 minute' END AS next_due_at,
       CASE WHEN is_open THEN NULL ELSE accepted_at + interval '5 days' * t END AS ended_at
  FROM placed;

CREATE UNIQUE INDEX gen_case_g ON gen_case (g);
ANALYZE gen_case;

INSERT INTO intake_case (id, number, state, request_type, title, content, wish, reply_way, address, house_code,
       place_source, urgency, is_secret, is_sensitive, is_repeat, needs_callback, may_publish, round, registered_at, registered_by,
       accepted_at, closed_at, due_at, refusal_reason, row_version, area_id, holder_id, item_id, item_version_id,
       channel_id, citizen_id, awaits_person)
SELECT %(first_case)s + g,
       'SZ' || chr((65 + g / 260000 %% 26)::int) || chr((65 + g / 10000 %% 26)::int)  -- the origin: no two numbers alike
           || to_char(accepted_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS') || lpad((g %% 10000)::text, 4, '0'),
       CASE state WHEN 'done' THEN 'closed' WHEN 'under_review' THEN 'under_review' ELSE 'in_handling' END,
       (array['help', 'complaint', 'consult', 'report', 'suggestion'])[1 + floor(5 * s)],
       left(area_name || name, 120), area_name || '：' || example || '。' || repeat('希望尽快处理，谢谢。', 1 + (g %% 5)),
       '', 'phone', area_name || (g %% 300) || '号', '', 'chosen', CASE WHEN d > 0.97 THEN 'urgent' ELSE 'normal' END,
       false, false, false, false, false, round, accepted_at, '坐席', accepted_at, ended_at,
       accepted_at + interval '8 days', '', 2, area_id,
       CASE WHEN state = 'handed_down' THEN station_id ELSE unit_id END, item_id, version_id,
       (SELECT min(id) FROM intake_channel WHERE code = 'hotline'),
       CASE WHEN g %% 10 < 7 THEN %(first_citizen)s + floor(%(citizens)s * b * 0.999)::bigint END, false
  FROM gen_case ORDER BY g;

INSERT INTO dispatch_decision (id, round, made_at, mode, outcome, needs_person, decided_by, note, reasons, candidates,
       gate, model_version, area_id, case_id, item_version_id, responsibility_id, unit_id)
SELECT %(first_decision)s + g, round, accepted_at + interval '1 second', 'automatic', 'dispatched', '', 'system:pick_up', '',
       jsonb_build_array(
         jsonb_build_object('code', 'place_found', 'ok', true, 'facts', jsonb_build_object('area', area_name, 'source', '')),
         jsonb_build_object('code', 'item_chosen', 'ok', true, 'facts',
           jsonb_build_object('path', path_text, 'number', number::text, 'since', effective_from::text)),
         jsonb_build_object('code', 'row_found', 'ok', true, 'facts',
           jsonb_build_object('area', area_name, 'unit', unit_name))),
       '[]', '{}', '', area_id, %(first_case)s + g, version_id, responsibility_id, unit_id
  FROM gen_case ORDER BY g;

INSERT INTO dispatch_round (case_id, number, opened_at, closed_at, judged_by, awaits_redo, is_compared, is_scanned)
SELECT %(first_case)s + g, round, accepted_at, ended_at, '', false, true, true FROM gen_case ORDER BY g;

INSERT INTO dispatch_workorder (id, seq, role, state, round, assigned_at, signed_at, contacted_at, reported_at, ended_at,
       next_clock, next_due_at, next_yellow_at, row_version, area_id, case_id, decision_id, unit_id, review_unit_id)
SELECT %(first_order)s + g, 1, 'lead', state, round, accepted_at,
       CASE WHEN state <> 'pending_sign' THEN accepted_at + interval '1 hour' END,
       CASE WHEN state <> 'pending_sign' AND d > 0.2 THEN accepted_at + interval '3 hours' END,
       CASE WHEN state IN ('under_review', 'done') THEN accepted_at + interval '3 days' * t END, ended_at,
       CASE state WHEN 'done' THEN '' WHEN 'pending_sign' THEN 'sign' WHEN 'under_review' THEN 'review' ELSE 'handling' END,
       next_due_at, next_due_at - interval '1 day', 3, area_id, %(first_case)s + g, %(first_decision)s + g, unit_id,
       CASE WHEN state = 'under_review' THEN review_unit_id END
  FROM gen_case ORDER BY g;

INSERT INTO dispatch_workorder (id, seq, role, state, round, assigned_at, signed_at, next_clock, next_due_at,
       next_yellow_at, row_version, area_id, case_id, decision_id, unit_id, parent_id)
SELECT %(first_order)s + %(cases)s + row_number() OVER (ORDER BY g), 2, 'lead',
       CASE WHEN d < 0.3 THEN 'pending_sign' ELSE 'handling' END, round, accepted_at + interval '1 hour',
       CASE WHEN d >= 0.3 THEN accepted_at + interval '2 hours' END,
       CASE WHEN d < 0.3 THEN 'sign' ELSE 'handling' END, next_due_at, next_due_at - interval '1 day', 2, area_id,
       %(first_case)s + g, %(first_decision)s + g, station_id, %(first_order)s + g
  FROM gen_case WHERE state = 'handed_down' ORDER BY g;

-- Four clocks for every case, as dispatch starts them.
INSERT INTO dispatch_clock (kind, started_at, yellow_at, due_at, next_step_at, stopped_at, outcome, rule, case_id,
       work_order_id)
SELECT kind, accepted_at, accepted_at + length * 0.8, accepted_at + length, accepted_at + length * 0.8,
       CASE WHEN NOT runs THEN accepted_at + length * 0.5 END, CASE WHEN runs THEN 'running' ELSE 'met' END, '[P]',
       %(first_case)s + g, CASE WHEN kind <> 'overall' THEN %(first_order)s + g END
  FROM gen_case
 CROSS JOIN LATERAL (VALUES
   ('sign', interval '4 hours', state = 'pending_sign'),
   ('first_contact', interval '24 hours', state = 'pending_sign'),
   ('handling', coalesce(next_due_at - accepted_at, interval '5 days'), state IN ('pending_sign', 'handling', 'handed_down')),
   ('overall', interval '8 days', is_open)) AS clocks(kind, length, runs)
 WHERE length > interval '0' ORDER BY g;

SELECT setval(pg_get_serial_sequence('intake_case', 'id'), (SELECT max(id) FROM intake_case));
SELECT setval(pg_get_serial_sequence('dispatch_decision', 'id'), (SELECT max(id) FROM dispatch_decision));
SELECT setval(pg_get_serial_sequence('dispatch_workorder', 'id'), (SELECT max(id) FROM dispatch_workorder));
