-- Cases that were dispatched, as a city has them: decisions, rounds, work orders, clocks, facts of stages. Triggers are off
-- (session_replication_role). Parameters: cases, citizens, first_citizen, first_case, first_decision, first_order.

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
         jsonb_build_object('code', 'place_found', 'facts', jsonb_build_object('area', area_name, 'source', '')),
         jsonb_build_object('code', 'item_chosen', 'facts',
           jsonb_build_object('path', path_text, 'number', number::text, 'since', effective_from::text)),
         jsonb_build_object('code', 'row_found', 'facts',
           jsonb_build_object('area', area_name, 'unit', unit_name))),
       '[]', '{}', '', area_id, %(first_case)s + g, version_id, responsibility_id, unit_id
  FROM gen_case ORDER BY g;

INSERT INTO dispatch_round (case_id, number, opened_at, closed_at, judged_by, awaits_redo, is_compared, is_scanned, is_told)
SELECT %(first_case)s + g, round, accepted_at, ended_at, '', false, true, true, true FROM gen_case ORDER BY g;

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

-- Who had the case for what: one after the other without a gap, and one that runs on for every open case.
INSERT INTO dispatch_stagefact (case_id, work_order_id, round, unit_id, role, stage, started_at, ended_at, how)
SELECT o.case_id, o.id, o.round, fact.unit_id, 'lead', fact.stage, fact.started_at, fact.ended_at,
       CASE WHEN fact.ended_at IS NULL THEN '' ELSE 'passed' END
  FROM dispatch_workorder o
 CROSS JOIN LATERAL (SELECT greatest(o.reported_at, o.signed_at) AS reported_at) passed
 CROSS JOIN LATERAL (VALUES
   ('sign', o.unit_id, o.assigned_at, o.signed_at, true),
   ('handling', o.unit_id, o.signed_at, CASE o.state WHEN 'handed_down' THEN o.signed_at ELSE passed.reported_at END,
    o.signed_at IS NOT NULL),
   ('review', coalesce(o.review_unit_id, (SELECT coalesce(u.parent_id, u.id) FROM grid_unit u WHERE u.id = o.unit_id)),
    passed.reported_at, greatest(o.ended_at, passed.reported_at), o.state IN ('under_review', 'done'))
   ) AS fact(stage, unit_id, started_at, ended_at, is_there)
 WHERE o.id > %(first_order)s AND fact.is_there
 ORDER BY o.case_id, o.id, fact.started_at;

SELECT setval(pg_get_serial_sequence('intake_case', 'id'), (SELECT max(id) FROM intake_case));
SELECT setval(pg_get_serial_sequence('dispatch_decision', 'id'), (SELECT max(id) FROM dispatch_decision));
SELECT setval(pg_get_serial_sequence('dispatch_workorder', 'id'), (SELECT max(id) FROM dispatch_workorder));
