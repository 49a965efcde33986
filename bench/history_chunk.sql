-- The cases of one chunk of a history, with everything that belongs to them. Triggers are off (session_replication_role).
-- Parameters: lo, hi, cases, open_days, items, areas, channels, citizens, first_citizen, first_case, first_decision,
-- first_order. Ids of second orders and decisions (after a return) lie `cases` above the first, those of redone ones twice.

CREATE TEMP TABLE gen ON COMMIT DROP AS
WITH drawn AS MATERIALIZED (
  SELECT g, s.at + interval '1 hour' * ((g - s.first + random()) / (s.last - s.first + 1)) AS at,
         random() AS a, random() AS b, random() AS k, random() AS o, random() AS t, random() AS y, random() AS x, random() AS e,
         random() AS v, random() AS w, random() AS c, random() AS s, random() AS d
    FROM bench.slot s
   CROSS JOIN LATERAL generate_series(greatest(s.first, %(lo)s), least(s.last, %(hi)s)) g
   WHERE s.last >= %(lo)s AND s.first <= %(hi)s
), fated AS (
  SELECT drawn.*, p.id AS pair_id, p.unit_id, p.review_unit_id, extract(epoch FROM now() - at)::float / 86400 AS age,
         CASE WHEN k < 0.08 THEN 'answered' WHEN k < 0.09 THEN 'not_accepted' WHEN k < 0.095 THEN 'void' ELSE 'handled'
          END AS fate
    FROM drawn
    JOIN bench.pair p ON p.item_rank = floor(%(items)s * power(a, 2.5)) AND p.area_rank = floor(%(areas)s * power(b, 2))
), opened AS (
  SELECT *, fate = 'handled' AND o < 1 - age / %(open_days)s AS is_open,
         fate = 'handled' AND x < 0.04 AND age > 2 AS is_returned,
         fate = 'handled' AND e < 0.05 AND age > 9 AS is_extended
    FROM fated
), lasting AS (  -- days from registration to the first closing
  SELECT *, CASE WHEN fate <> 'handled' THEN 0.01
                 WHEN y < 0.06 THEN 8 + 3 * is_extended::integer + 3 * t
                 ELSE (8 + 3 * is_extended::integer) * (0.06 + 0.9 * power(t, 1.3)) END AS wanted
    FROM opened
), judged AS (
  SELECT *, NOT is_open AS is_closed, least(wanted, age * 0.9) AS days,
         fate = 'handled' AND NOT is_open AND v < 0.35 AND age > wanted + 1 AS is_judged
    FROM lasting
), ended AS (
  SELECT *, is_judged AND w < 0.08 AND age > wanted + 6 AS is_redone,
         CASE WHEN is_closed THEN at + days * interval '1 day' END AS first_closed_at,
         at + CASE WHEN is_returned THEN interval '7 hours' ELSE interval '1 minute' END AS assigned_at
    FROM judged
)
SELECT g, at, pair_id, unit_id, review_unit_id, fate, age, is_open, is_returned, is_extended, is_judged, is_redone, is_closed,
       t, y, v, w, c, s, d, b, first_closed_at, assigned_at,
       first_closed_at + interval '1 day' AS judged_at,
       CASE WHEN is_redone THEN first_closed_at + interval '2 days' + t * interval '2 days' ELSE first_closed_at END AS closed_at,
       CASE WHEN NOT is_open THEN 'done' WHEN s < 0.15 THEN 'pending_sign' WHEN s < 0.8 THEN 'handling' ELSE 'under_review'
        END AS state,
       coalesce(first_closed_at, now()) - assigned_at AS span,
       CASE WHEN NOT is_open THEN at + interval '149 hours' + is_extended::integer * interval '3 days'
            WHEN d < 0.04 THEN greatest(now() - t * interval '2 days', at + interval '2 minutes')
            ELSE now() + t * interval '6 days' + interval '1 minute' END AS handling_due_at,
       CASE WHEN is_open THEN now() + t * interval '6 days' + interval '3 days'
            ELSE at + interval '8 days' + is_extended::integer * interval '3 days' END AS case_due_at,
       %(first_case)s + g AS case_id, %(first_decision)s + g AS decision_id, %(first_order)s + g AS order_id
  FROM ended ORDER BY g;

-- The order that the case is closed with, or open at: after a return the second one.
CREATE TEMP TABLE gen_order ON COMMIT DROP AS
SELECT gen.*, CASE WHEN is_returned THEN order_id + %(cases)s ELSE order_id END AS main_id, 1 + is_returned::integer AS seq,
       assigned_at + least(CASE WHEN s > 0.96 THEN interval '5 hours' ELSE t * interval '3.5 hours' END, span * 0.2) AS signed_at,
       assigned_at + least(CASE WHEN d > 0.95 THEN interval '26 hours' ELSE t * interval '23 hours' END, span * 0.4)
         AS contacted_at,
       assigned_at + span * 0.8 AS reported_at
  FROM gen WHERE fate = 'handled' ORDER BY g;

INSERT INTO intake_case (id, number, state, request_type, title, content, wish, reply_way, address, house_code,
       place_source, urgency, is_secret, is_sensitive, is_repeat, needs_callback, may_publish, round, registered_at, registered_by,
       accepted_at, closed_at, due_at, refusal_reason, row_version, area_id, holder_id, item_id, item_version_id,
       channel_id, citizen_id, awaits_person)
SELECT case_id,
       'SZ' || chr((65 + g / 260000 %% 26)::int) || chr((65 + g / 10000 %% 26)::int)
           || to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS') || lpad((g %% 10000)::text, 4, '0'),
       CASE WHEN is_open THEN CASE gen.state WHEN 'under_review' THEN 'under_review' ELSE 'in_handling' END
            WHEN fate = 'void' THEN 'void' WHEN age > 45 THEN 'archived' WHEN fate = 'handled' THEN 'closed' ELSE fate END,
       (array['help', 'complaint', 'consult', 'report', 'suggestion'])[1 + floor(5 * s)],
       p.title, p.content, '', 'phone', p.area_name || (g %% 300) || '号', '', 'chosen',
       CASE WHEN d > 0.97 THEN 'urgent' ELSE 'normal' END, false, false, c < 0.06, false, false, 1 + is_redone::integer,
       at, '坐席', CASE WHEN fate IN ('handled', 'void') THEN at END, closed_at,
       CASE WHEN fate = 'handled' THEN case_due_at END,
       CASE fate WHEN 'not_accepted' THEN '不属于受理范围' ELSE '' END, 2, p.area_id,
       p.unit_id, p.item_id, CASE WHEN fate = 'handled' THEN p.version_id END,
       (%(channels)s::bigint[])[1 + floor(cardinality(%(channels)s::bigint[]) * power(c, 2.2))],
       CASE WHEN g %% 10 < 7 THEN %(first_citizen)s + floor(%(citizens)s * b * 0.999)::bigint END, false
  FROM gen JOIN bench.pair p ON p.id = gen.pair_id;

INSERT INTO dispatch_decision (id, round, made_at, mode, outcome, needs_person, decided_by, note, reasons, candidates,
       gate, model_version, area_id, case_id, item_version_id, responsibility_id, unit_id)
SELECT decision_id + later.above * %(cases)s, later.round, later.made_at, later.mode, 'dispatched', '', later.by, '', p.reasons,
       '[]', '{}', '', p.area_id, case_id, p.version_id, p.responsibility_id, later.unit_id
  FROM gen JOIN bench.pair p ON p.id = gen.pair_id
 CROSS JOIN LATERAL (VALUES
   (0, 1, at + interval '1 minute', 'automatic', 'system:pick_up',
    CASE WHEN is_returned THEN p.review_unit_id ELSE p.unit_id END, true),
   (1, 1, assigned_at, 'manual', '分拨员', p.unit_id, is_returned),
   (2, 2, judged_at, 'automatic', 'system:redo', p.unit_id, is_redone)
   ) AS later(above, round, made_at, mode, by, unit_id, is_there)
 WHERE fate = 'handled' AND later.is_there;

INSERT INTO dispatch_round (case_id, number, opened_at, closed_at, satisfied, judged_by, judged_at, awaits_redo, is_compared,
       is_scanned, is_told)
SELECT case_id, 1, at, first_closed_at, CASE WHEN is_judged THEN w >= 0.08 END,
       CASE WHEN NOT is_judged THEN '' WHEN v < 0.28 THEN 'evaluation' ELSE 'call_back' END,
       CASE WHEN is_judged THEN judged_at END, false, true, true, true
  FROM gen_order
 UNION ALL
SELECT case_id, 2, judged_at, closed_at, true, 'call_back', closed_at + interval '1 hour', false, true, true, true
  FROM gen_order WHERE is_redone;

INSERT INTO dispatch_workorder (id, seq, role, state, round, assigned_at, signed_at, contacted_at, reported_at, ended_at,
       next_clock, next_due_at, next_yellow_at, row_version, area_id, case_id, decision_id, unit_id, review_unit_id)
SELECT main_id, seq, 'lead', o.state, 1, assigned_at,
       CASE WHEN o.state <> 'pending_sign' THEN signed_at END, CASE WHEN o.state <> 'pending_sign' THEN contacted_at END,
       CASE WHEN o.state IN ('under_review', 'done') THEN reported_at END, first_closed_at,
       CASE o.state WHEN 'done' THEN '' WHEN 'pending_sign' THEN 'sign' WHEN 'under_review' THEN 'review' ELSE 'handling' END,
       CASE WHEN is_open THEN handling_due_at END, CASE WHEN is_open THEN handling_due_at - interval '1 day' END, 3, p.area_id,
       case_id, decision_id + is_returned::integer * %(cases)s, p.unit_id,
       CASE WHEN o.state = 'under_review' THEN p.review_unit_id END
  FROM gen_order o JOIN bench.pair p ON p.id = o.pair_id;

INSERT INTO dispatch_workorder (id, seq, role, state, round, assigned_at, signed_at, contacted_at, reported_at, ended_at,
       next_clock, row_version, area_id, case_id, decision_id, unit_id)
SELECT order_id, 1, 'lead', 'returned', 1, at + interval '1 minute', NULL::timestamptz, NULL::timestamptz, NULL::timestamptz,
       assigned_at, '', 2, p.area_id, case_id, decision_id, p.review_unit_id
  FROM gen_order o JOIN bench.pair p ON p.id = o.pair_id WHERE is_returned
 UNION ALL
SELECT order_id + 2 * %(cases)s, seq + 1, 'lead', 'done', 2, judged_at, judged_at + interval '1 hour',
       judged_at + interval '2 hours', closed_at - interval '2 hours', closed_at, '', 4, p.area_id, case_id,
       decision_id + 2 * %(cases)s, p.unit_id
  FROM gen_order o JOIN bench.pair p ON p.id = o.pair_id WHERE is_redone;

-- Clocks as dispatch starts them; those of a returned order are cancelled, extended ones replaced.
INSERT INTO dispatch_clock (kind, started_at, yellow_at, due_at, next_step_at, stopped_at, outcome, rule, case_id,
       work_order_id)
SELECT kind, started_at, due_at - (due_at - started_at) * 0.2, due_at,
       CASE WHEN outcome = 'running' THEN due_at - (due_at - started_at) * 0.2 END,
       CASE WHEN outcome <> 'running' THEN stopped_at END,
       CASE WHEN outcome = 'ended' THEN CASE WHEN stopped_at <= due_at THEN 'met' ELSE 'late' END ELSE outcome END, '[P]',
       case_id, clocks.order_id
  FROM gen_order o
 CROSS JOIN LATERAL (VALUES
   ('sign', main_id, assigned_at, assigned_at + interval '4 hours', signed_at,
    CASE WHEN o.state = 'pending_sign' THEN 'running' ELSE 'ended' END, true),
   ('first_contact', main_id, assigned_at, assigned_at + interval '24 hours', contacted_at,
    CASE WHEN o.state = 'pending_sign' THEN 'running' ELSE 'ended' END, true),
   ('handling', main_id, assigned_at, handling_due_at, reported_at,
    CASE WHEN o.state IN ('pending_sign', 'handling') THEN 'running' ELSE 'ended' END, handling_due_at > assigned_at),
   ('overall', NULL, at, case_due_at, closed_at, CASE WHEN is_open THEN 'running' ELSE 'ended' END, NOT is_redone),
   ('overall', NULL, at, case_due_at, first_closed_at, 'ended', is_redone),
   ('overall', NULL, at, at + interval '8 days', at + interval '4 days', 'replaced', is_extended AND is_closed),
   ('handling', main_id, assigned_at, at + interval '5 days', at + interval '4 days', 'replaced', is_extended AND is_closed),
   ('sign', o.order_id, at, at + interval '4 hours', at + interval '2 hours', 'ended', is_returned),
   ('first_contact', o.order_id, at, at + interval '24 hours', assigned_at, 'cancelled', is_returned),
   ('handling', o.order_id, at, at + interval '5 days', assigned_at, 'cancelled', is_returned),
   ('sign', o.order_id + 2 * %(cases)s, judged_at, judged_at + interval '4 hours', judged_at + interval '1 hour', 'ended',
    is_redone),
   ('handling', o.order_id + 2 * %(cases)s, judged_at, judged_at + interval '3 days', closed_at - interval '2 hours', 'ended',
    is_redone),
   ('overall', NULL, at, judged_at + interval '5 days', closed_at, 'ended', is_redone)
   ) AS clocks(kind, order_id, started_at, due_at, stopped_at, outcome, is_there)
 WHERE clocks.is_there AND clocks.due_at > clocks.started_at;

INSERT INTO dispatch_stagefact (case_id, work_order_id, round, unit_id, role, stage, started_at, ended_at, how)
SELECT case_id, fact.order_id, fact.round, fact.unit_id, 'lead', fact.stage, fact.started_at, fact.ended_at,
       CASE WHEN fact.ended_at IS NULL THEN '' ELSE fact.how END
  FROM gen_order o
 CROSS JOIN LATERAL (VALUES
   ('sign', o.order_id, 1, o.review_unit_id, at, assigned_at, 'returned', is_returned),
   ('sign', main_id, 1, o.unit_id, assigned_at, CASE WHEN o.state <> 'pending_sign' THEN signed_at END, 'passed', true),
   ('handling', main_id, 1, o.unit_id, signed_at, CASE WHEN o.state <> 'handling' THEN reported_at END, 'passed',
    o.state <> 'pending_sign'),
   ('review', main_id, 1, o.review_unit_id, reported_at, first_closed_at, 'passed', o.state IN ('under_review', 'done')),
   ('handling', o.order_id + 2 * %(cases)s, 2, o.unit_id, judged_at, closed_at, 'passed', is_redone)
   ) AS fact(stage, order_id, round, unit_id, started_at, ended_at, how, is_there)
 WHERE fact.is_there;

INSERT INTO dispatch_report (work_order_id, at, text, told_way, told_at, result, adoption, adoption_reason, by)
SELECT main_id, reported_at, '已到现场处理完毕，已告知诉求人。', CASE WHEN s < 0.9 THEN 'phone' ELSE '' END,
       CASE WHEN s < 0.9 THEN reported_at END, '', '', '', '承办人'
  FROM gen_order WHERE state IN ('done', 'under_review');

INSERT INTO dispatch_telling (work_order_id, kind, way, at, note, by)
SELECT main_id, 'accepted', 'sms', contacted_at, '', '承办人' FROM gen_order WHERE state <> 'pending_sign' AND d < 0.85;

INSERT INTO intake_evaluation (case_id, round, overall, text, via, evaluated_at, evaluated_by)
SELECT case_id, 1, CASE WHEN w >= 0.08 THEN 4 + (w > 0.4)::integer ELSE 1 + (w > 0.04)::integer END, '', 'link', judged_at,
       '诉求人'
  FROM gen_order WHERE is_judged AND v < 0.28;

INSERT INTO dispatch_callback (case_id, round, area_id, unit_id, state, why, ready_at, due_at, tries, is_solved, is_told, text,
       ended_at, ended_by)
SELECT case_id, 1, p.area_id, o.unit_id, 'reached', 'unrated', first_closed_at, judged_at, 1, w >= 0.08, true, '', judged_at,
       '回访员'
  FROM gen_order o JOIN bench.pair p ON p.id = o.pair_id WHERE is_judged AND v >= 0.28;

INSERT INTO dispatch_caserequest (case_id, work_order_id, kind, state, asked_by_unit_id, asked_by, asked_at, reason, asked_value,
       deciding_unit_id, due_at, decided_by, decided_at, opinion)
SELECT case_id, order_id, 'return', 'agreed', review_unit_id, '承办人', at + interval '3 hours', '不属于本单位职责', '{}'::jsonb,
       review_unit_id, at + interval '8 hours', '审核人', assigned_at, '同意' FROM gen_order WHERE is_returned
 UNION ALL
SELECT case_id, main_id, 'extend', 'agreed', unit_id, '承办人', at + interval '3 days', '需要采购材料', '{}'::jsonb, review_unit_id,
       at + interval '5 days', '审核人', at + interval '4 days', '同意' FROM gen_order WHERE is_extended AND is_closed;

INSERT INTO dispatch_urge (case_id, kind, unit_id, text, at, by)
SELECT case_id, 'urge', unit_id, '请尽快办理', assigned_at + span * 0.5, '督办员' FROM gen_order WHERE c > 0.98;

INSERT INTO dispatch_supervision (case_id, unit_id, reason, text, opened_at, opened_by, due_at, confirmed_by, confirmation,
       ended_at, ended_by, result)
SELECT case_id, unit_id, 'chosen', '限期办结', assigned_at + span * 0.5, '督办员', handling_due_at, '', '', first_closed_at,
       '', '' FROM gen_order WHERE c > 0.997;

INSERT INTO dispatch_closurecheck (case_id, round, area_id, unit_id, deciding_unit_id, state, reasons, opened_at, due_at,
       decided_at, decided_by, opinion, row_version)
SELECT case_id, 1, p.area_id, o.unit_id, o.review_unit_id, 'confirmed', '[]', first_closed_at, judged_at, judged_at, '审核人',
       '未解决', 2
  FROM gen_order o JOIN bench.pair p ON p.id = o.pair_id WHERE is_redone AND v < 0.03;

-- A third of the cases came by telephone; of ten calls one was not answered.
INSERT INTO intake_call (channel_id, external_id, extension, phone, phone_index, state, rang_at, answered_at, ended_at,
       recording, case_id, received_at)
SELECT (%(channels)s::bigint[])[1], 'bench-' || g, '', '', '', CASE WHEN d < 0.1 THEN 'missed' ELSE 'ended' END,
       at - interval '3 minutes',
       CASE WHEN d >= 0.1 THEN at - interval '3 minutes' + power(d, 4) * interval '20 seconds' END, at, '',
       CASE WHEN d >= 0.1 THEN case_id END, at
  FROM gen WHERE power(c, 2.2) * cardinality(%(channels)s::bigint[]) < 1;

INSERT INTO intake_casetext (case_id, backwards, keys)
SELECT n.id, reverse(n.number), (SELECT array_agg((((n.id >> 13) %% 1024) << 21 | pair)::integer) FROM unnest(p.pairs) pair)
  FROM gen JOIN intake_case n ON n.id = gen.case_id JOIN bench.pair p ON p.id = gen.pair_id
 WHERE p.pairs IS NOT NULL
