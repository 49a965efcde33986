-- Every table of a history, out of bench.gen (history_draw.sql), the dearest first; history.py runs each in a transaction of its
-- own, two at once. Triggers are off (session_replication_role), indexes wait.
-- Parameters: cases, channels, citizens, first_citizen.
-- Rows of a case lie beside each other, as the portal writes them; UNION ALL, as VALUES would be made anew for each case.

-- The pairs of characters of the community's words, of the item's, and the one where they meet, with the block of the case.
INSERT INTO intake_casetext (case_id, backwards, keys)
SELECT case_id, reverse(number), a.keys || i.keys || (i.high | m.pair)
  FROM bench.gen g
  JOIN bench.item_keys i ON i.block = g.case_id >> 13 AND i.item_rank = g.item_rank
  JOIN bench.area_keys a ON a.block = g.case_id >> 13 AND a.area_rank = g.area_rank
  JOIN (SELECT p.id, m.pair
          FROM bench.pair p
          JOIN bench.meeting m ON m.two = right(area_name, 1) || substr(title, length(area_name) + 1, 1)) m ON m.id = g.pair_id;

-- Clocks as dispatch starts them; those of a returned order are cancelled, extended ones replaced.
INSERT INTO dispatch_clock (kind, started_at, yellow_at, due_at, next_step_at, stopped_at, outcome, rule, case_id,
       work_order_id)
SELECT kind, started_at, due_at - (due_at - started_at) * 0.2, due_at,
       CASE WHEN outcome = 'running' THEN due_at - (due_at - started_at) * 0.2 END,
       CASE WHEN outcome <> 'running' THEN stopped_at END,
       CASE WHEN outcome = 'ended' THEN CASE WHEN stopped_at <= due_at THEN 'met' ELSE 'late' END ELSE outcome END, '[P]',
       case_id, clock.order_id
  FROM bench.ordered o
 CROSS JOIN LATERAL (
   SELECT 'sign' AS kind, main_id AS order_id, assigned_at AS started_at, assigned_at + interval '4 hours' AS due_at,
          signed_at AS stopped_at, CASE WHEN o.state = 'pending_sign' THEN 'running' ELSE 'ended' END AS outcome
    UNION ALL
   SELECT 'first_contact', main_id, assigned_at, assigned_at + interval '24 hours', contacted_at,
          CASE WHEN o.state = 'pending_sign' THEN 'running' ELSE 'ended' END
    UNION ALL
   SELECT 'handling', main_id, assigned_at, handling_due_at, reported_at,
          CASE WHEN o.state IN ('pending_sign', 'handling') THEN 'running' ELSE 'ended' END
    WHERE handling_due_at > assigned_at
    UNION ALL
   SELECT 'overall', NULL, at, case_due_at, CASE WHEN is_redone THEN first_closed_at ELSE closed_at END,
          CASE WHEN is_open THEN 'running' ELSE 'ended' END
    UNION ALL
   SELECT 'overall', NULL, at, at + interval '192 hours', at + interval '96 hours', 'replaced' WHERE is_extended AND NOT is_open
    UNION ALL
   SELECT 'handling', main_id, assigned_at, at + interval '120 hours', at + interval '96 hours', 'replaced'
    WHERE is_extended AND NOT is_open
    UNION ALL
   SELECT 'sign', o.order_id, at, at + interval '4 hours', at + interval '2 hours', 'ended' WHERE is_returned
    UNION ALL
   SELECT 'first_contact', o.order_id, at, at + interval '24 hours', assigned_at, 'cancelled' WHERE is_returned
    UNION ALL
   SELECT 'handling', o.order_id, at, at + interval '120 hours', assigned_at, 'cancelled' WHERE is_returned
    UNION ALL
   SELECT 'sign', o.order_id + 2 * %(cases)s, judged_at, judged_at + interval '4 hours', judged_at + interval '1 hour', 'ended'
    WHERE is_redone
    UNION ALL
   SELECT 'handling', o.order_id + 2 * %(cases)s, judged_at, judged_at + interval '72 hours', closed_at - interval '2 hours',
          'ended'
    WHERE is_redone
    UNION ALL
   SELECT 'overall', NULL, at, judged_at + interval '120 hours', closed_at, 'ended' WHERE is_redone
   ) clock
 WHERE due_at > started_at;

INSERT INTO intake_case (id, number, state, request_type, title, content, wish, reply_way, address, house_code,
       place_source, urgency, is_secret, is_sensitive, is_repeat, needs_callback, may_publish, round, registered_at, registered_by,
       accepted_at, closed_at, due_at, refusal_reason, row_version, area_id, holder_id, item_id, item_version_id,
       channel_id, citizen_id, awaits_person)
SELECT case_id, number,
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
  FROM bench.gen JOIN bench.pair p ON p.id = gen.pair_id;

INSERT INTO dispatch_decision (id, round, made_at, mode, outcome, needs_person, decided_by, note, reasons, candidates,
       gate, model_version, area_id, case_id, item_version_id, responsibility_id, unit_id)
SELECT later.id, later.round, later.made_at, later.mode, 'dispatched', '', later.by, '', p.reasons, '[]', '{}', '',
       o.area_id, case_id, p.version_id, p.responsibility_id, later.unit_id
  FROM bench.ordered o JOIN bench.pair p ON p.id = o.pair_id
 CROSS JOIN LATERAL (
   SELECT decision_id AS id, 1 AS round, at + interval '1 minute' AS made_at, 'automatic' AS mode, 'system:pick_up' AS by,
          CASE WHEN is_returned THEN o.review_unit_id ELSE o.unit_id END AS unit_id
    UNION ALL
   SELECT decision_id + %(cases)s, 1, assigned_at, 'manual', '分拨员', o.unit_id WHERE is_returned
    UNION ALL
   SELECT decision_id + 2 * %(cases)s, 2, judged_at, 'automatic', 'system:redo', o.unit_id WHERE is_redone
   ) later;

INSERT INTO dispatch_workorder (id, seq, role, state, round, assigned_at, signed_at, contacted_at, reported_at, ended_at,
       next_clock, next_due_at, next_yellow_at, row_version, area_id, case_id, decision_id, unit_id, review_unit_id)
SELECT w.id, w.seq, 'lead', w.state, w.round, w.assigned_at, w.signed_at, w.contacted_at, w.reported_at, w.ended_at,
       w.next_clock, w.next_due_at, w.next_yellow_at, w.row_version, area_id, case_id, w.decision_id, w.unit_id, w.review_unit_id
  FROM bench.ordered o
 CROSS JOIN LATERAL (
   SELECT order_id AS id, 1 AS seq, 'returned' AS state, 1 AS round, at + interval '1 minute' AS assigned_at,
          NULL::timestamptz AS signed_at, NULL::timestamptz AS contacted_at, NULL::timestamptz AS reported_at,
          o.assigned_at AS ended_at, '' AS next_clock, NULL::timestamptz AS next_due_at, NULL::timestamptz AS next_yellow_at,
          2 AS row_version, decision_id, review_unit_id AS unit_id, NULL::integer AS review_unit_id
    WHERE is_returned
    UNION ALL
   SELECT main_id, seq, o.state, 1, o.assigned_at,
          CASE WHEN o.state <> 'pending_sign' THEN o.signed_at END,
          CASE WHEN o.state <> 'pending_sign' THEN o.contacted_at END,
          CASE WHEN o.state IN ('under_review', 'done') THEN o.reported_at END, first_closed_at,
          CASE o.state WHEN 'done' THEN '' WHEN 'pending_sign' THEN 'sign' WHEN 'under_review' THEN 'review' ELSE 'handling' END,
          CASE WHEN is_open THEN handling_due_at END, CASE WHEN is_open THEN handling_due_at - interval '24 hours' END, 3,
          decision_id + is_returned::integer * %(cases)s, o.unit_id,
          CASE WHEN o.state = 'under_review' THEN o.review_unit_id END
    UNION ALL
   SELECT order_id + 2 * %(cases)s, seq + 1, 'done', 2, judged_at, judged_at + interval '1 hour',
          judged_at + interval '2 hours', closed_at - interval '2 hours', closed_at, '', NULL, NULL, 4,
          decision_id + 2 * %(cases)s, o.unit_id, NULL
    WHERE is_redone
   ) w;

INSERT INTO dispatch_stagefact (case_id, work_order_id, round, unit_id, role, stage, started_at, ended_at, how)
SELECT case_id, fact.order_id, fact.round, fact.unit_id, 'lead', fact.stage, fact.started_at, fact.ended_at,
       CASE WHEN fact.ended_at IS NULL THEN '' ELSE fact.how END
  FROM bench.ordered o
 CROSS JOIN LATERAL (
   SELECT 'sign' AS stage, o.order_id, 1 AS round, review_unit_id AS unit_id, at AS started_at, assigned_at AS ended_at,
          'returned' AS how
    WHERE is_returned
    UNION ALL
   SELECT 'sign', main_id, 1, o.unit_id, assigned_at, CASE WHEN state <> 'pending_sign' THEN signed_at END, 'passed'
    UNION ALL
   SELECT 'handling', main_id, 1, o.unit_id, signed_at, CASE WHEN state <> 'handling' THEN reported_at END, 'passed'
    WHERE state <> 'pending_sign'
    UNION ALL
   SELECT 'review', main_id, 1, review_unit_id, reported_at, first_closed_at, 'passed' WHERE state IN ('under_review', 'done')
    UNION ALL
   SELECT 'handling', o.order_id + 2 * %(cases)s, 2, o.unit_id, judged_at, closed_at, 'passed' WHERE is_redone
   ) fact;

INSERT INTO dispatch_round (case_id, number, opened_at, closed_at, satisfied, judged_by, judged_at, awaits_redo, is_compared,
       is_scanned, is_told)
SELECT case_id, r.number, r.opened_at, r.closed_at, r.satisfied, r.judged_by, r.judged_at, false, true, true, true
  FROM bench.ordered o
 CROSS JOIN LATERAL (
   SELECT 1 AS number, at AS opened_at, first_closed_at AS closed_at, CASE WHEN is_judged THEN w >= 0.08 END AS satisfied,
          CASE WHEN NOT is_judged THEN '' WHEN v < 0.28 THEN 'evaluation' ELSE 'call_back' END AS judged_by,
          CASE WHEN is_judged THEN o.judged_at END AS judged_at
    UNION ALL
   SELECT 2, o.judged_at, o.closed_at, true, 'call_back', o.closed_at + interval '1 hour' WHERE is_redone
   ) r;

INSERT INTO dispatch_report (work_order_id, at, text, told_way, told_at, result, adoption, adoption_reason, by)
SELECT main_id, reported_at, '已到现场处理完毕，已告知诉求人。', CASE WHEN s < 0.9 THEN 'phone' ELSE '' END,
       CASE WHEN s < 0.9 THEN reported_at END, '', '', '', '承办人'
  FROM bench.ordered WHERE state IN ('done', 'under_review');

INSERT INTO dispatch_telling (work_order_id, kind, way, at, note, by)
SELECT main_id, 'accepted', 'sms', contacted_at, '', '承办人' FROM bench.ordered WHERE state <> 'pending_sign' AND d < 0.85;

-- A third of the cases came by telephone; of ten calls one was not answered.
INSERT INTO intake_call (channel_id, external_id, extension, phone, phone_index, state, rang_at, answered_at, ended_at,
       recording, case_id, received_at)
SELECT (%(channels)s::bigint[])[1], 'bench-' || case_id, '', '', '', CASE WHEN d < 0.1 THEN 'missed' ELSE 'ended' END,
       at - interval '3 minutes',
       CASE WHEN d >= 0.1 THEN at - interval '3 minutes' + power(d, 4) * interval '20 seconds' END, at, '',
       CASE WHEN d >= 0.1 THEN case_id END, at
  FROM bench.gen WHERE power(c, 2.2) * cardinality(%(channels)s::bigint[]) < 1;

INSERT INTO intake_evaluation (case_id, round, overall, text, via, evaluated_at, evaluated_by)
SELECT case_id, 1, CASE WHEN w >= 0.08 THEN 4 + (w > 0.4)::integer ELSE 1 + (w > 0.04)::integer END, '', 'link', judged_at,
       '诉求人'
  FROM bench.ordered WHERE is_judged AND v < 0.28;

INSERT INTO dispatch_callback (case_id, round, area_id, unit_id, state, why, ready_at, due_at, tries, is_solved, is_told, text,
       ended_at, ended_by)
SELECT case_id, 1, o.area_id, o.unit_id, 'reached', 'unrated', first_closed_at, judged_at, 1, w >= 0.08, true, '', judged_at,
       '回访员'
  FROM bench.ordered o WHERE is_judged AND v >= 0.28;

INSERT INTO dispatch_caserequest (case_id, work_order_id, kind, state, asked_by_unit_id, asked_by, asked_at, reason, asked_value,
       deciding_unit_id, due_at, decided_by, decided_at, opinion)
SELECT case_id, order_id, 'return', 'agreed', review_unit_id, '承办人', at + interval '3 hours', '不属于本单位职责', '{}'::jsonb,
       review_unit_id, at + interval '8 hours', '审核人', assigned_at, '同意' FROM bench.ordered WHERE is_returned
 UNION ALL
SELECT case_id, main_id, 'extend', 'agreed', unit_id, '承办人', at + interval '72 hours', '需要采购材料', '{}'::jsonb, review_unit_id,
       at + interval '120 hours', '审核人', at + interval '96 hours', '同意' FROM bench.ordered WHERE is_extended AND NOT is_open;

INSERT INTO dispatch_urge (case_id, kind, unit_id, text, at, by)
SELECT case_id, 'urge', unit_id, '请尽快办理', assigned_at + span * interval '30 minutes', '督办员' FROM bench.ordered WHERE c > 0.98;

INSERT INTO dispatch_supervision (case_id, unit_id, reason, text, opened_at, opened_by, due_at, confirmed_by, confirmation,
       ended_at, ended_by, result)
SELECT case_id, unit_id, 'chosen', '限期办结', assigned_at + span * interval '30 minutes', '督办员', handling_due_at, '', '', first_closed_at,
       '', '' FROM bench.ordered WHERE c > 0.997;

INSERT INTO dispatch_closurecheck (case_id, round, area_id, unit_id, deciding_unit_id, state, reasons, opened_at, due_at,
       decided_at, decided_by, opinion, row_version)
SELECT case_id, 1, o.area_id, o.unit_id, o.review_unit_id, 'confirmed', '[]', first_closed_at, judged_at, judged_at, '审核人',
       '未解决', 2
  FROM bench.ordered o WHERE is_redone AND v < 0.03
