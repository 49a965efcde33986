-- What the cases in `figures_touched` count for: (case_id, part, day, unit_id, amount), one row for each posting.
-- Parts and what they mean: analytics/parts.py, in its order. Days are Shanghai's. Parameters: city.
-- `figures_work_day` (day, before, is_worked): working seconds before each day; `worked(second)` is filled in below.
WITH found AS (
  SELECT c.*, c.due_at IS NOT NULL AS is_handled,
         (c.registered_at AT TIME ZONE 'Asia/Shanghai')::date AS registered_on,
         (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS closed_on,
         -- The round it was dispatched in first: the second one of what was answered on the spot and is done again.
         CASE WHEN c.round = 1 THEN 1 ELSE coalesce((
           SELECT min(w.round) FROM dispatch_workorder w WHERE w.case_id = c.id AND w.role = 'lead'), c.round)
          END AS first_round
    FROM figures_touched t
    JOIN intake_case c ON c.id = t.case_id AND c.state <> 'draft'
), cases AS (
  SELECT f.*, last_lead.unit_id,
         CASE WHEN f.first_round > 1 THEN (SELECT r.closed_at FROM dispatch_round r WHERE r.case_id = f.id AND r.number = 1)
              WHEN NOT f.is_handled AND f.refusal_reason = '' THEN f.closed_at END AS answered_at,
         CASE WHEN f.round = f.first_round THEN last_lead.unit_id ELSE (
           SELECT w.unit_id FROM dispatch_workorder w
            WHERE w.case_id = f.id AND w.role = 'lead' AND w.round = f.first_round AND w.state NOT IN ('returned', 'recalled')
            ORDER BY w.seq DESC LIMIT 1) END AS first_unit_id
    FROM found f
    -- Who handled it: the lowest in the chain of the last round; who gave it back did not.
    LEFT JOIN LATERAL (
      SELECT w.unit_id FROM dispatch_workorder w
       WHERE w.case_id = f.id AND w.role = 'lead' AND w.state NOT IN ('returned', 'recalled')
       ORDER BY w.seq DESC LIMIT 1) last_lead ON true
), standing AS (SELECT * FROM cases WHERE state <> 'void'),
orders AS (
  SELECT w.*, s.accepted_at, s.citizen_id
    FROM standing s JOIN dispatch_workorder w ON w.case_id = s.id WHERE w.role = 'lead'
), rounds AS (
  SELECT r.*, s.round AS last_round, handler.unit_id,
         EXISTS (SELECT FROM dispatch_caserequest q JOIN intake_evaluation e ON e.id = q.evaluation_id
                  WHERE q.case_id = r.case_id AND q.kind = 'score_appeal' AND q.state = 'agreed'
                    AND e.round = r.number) AS is_appealed
    FROM standing s
    JOIN dispatch_round r ON r.case_id = s.id AND r.satisfied IS NOT NULL
    LEFT JOIN LATERAL (
      SELECT w.unit_id FROM dispatch_workorder w
       WHERE w.case_id = s.id AND w.role = 'lead' AND w.round = r.number AND w.state NOT IN ('returned', 'recalled')
       ORDER BY w.seq DESC LIMIT 1) handler ON true
), last_clocks AS (  -- of each kind the last of a work order: a report sent back runs against the deadline it always had
  SELECT DISTINCT ON (k.work_order_id, k.kind) k.*, w.unit_id, w.contacted_at, w.citizen_id,
         (k.due_at AT TIME ZONE 'Asia/Shanghai')::date AS due_on
    FROM orders w JOIN dispatch_clock k ON k.case_id = w.case_id AND k.work_order_id = w.id
   WHERE k.kind IN ('sign', 'first_contact', 'handling') ORDER BY k.work_order_id, k.kind, k.id DESC
), clocks AS (  -- nobody is contacted where nobody is known; handed down in time, the unit below contacts them
  SELECT *, outcome = 'met' AS in_time FROM last_clocks
   WHERE outcome IN ('running', 'met', 'late')
     AND (kind <> 'first_contact' OR citizen_id IS NOT NULL AND NOT (outcome = 'met' AND contacted_at IS NULL))
), overall AS (  -- of the first round; a redo has its handling clock
  SELECT DISTINCT ON (s.id) k.*, s.first_unit_id AS unit_id, s.first_round,
         (k.due_at AT TIME ZONE 'Asia/Shanghai')::date AS due_on
    FROM standing s JOIN dispatch_clock k ON k.case_id = s.id
   WHERE k.kind = 'overall' AND k.outcome IN ('running', 'met', 'late')
   ORDER BY s.id, k.id
), first_orders AS (
  SELECT DISTINCT ON (w.case_id) w.*, (w.assigned_at AT TIME ZONE 'Asia/Shanghai')::date AS assigned_on
    FROM orders w ORDER BY w.case_id, w.seq
), closings AS (  -- the first closing of what was handled
  SELECT s.id AS case_id, s.first_unit_id AS unit_id, s.citizen_id, s.accepted_at, closing.at,
         (closing.at AT TIME ZONE 'Asia/Shanghai')::date AS closed_on
    FROM standing s
    CROSS JOIN LATERAL (
      SELECT coalesce((SELECT r.closed_at FROM dispatch_round r WHERE r.case_id = s.id AND r.number = s.first_round),
                      s.closed_at)) closing(at)
   WHERE s.is_handled AND closing.at IS NOT NULL
)
SELECT id AS case_id, 1 AS part, registered_on AS day, 0::bigint AS unit_id, 1::bigint AS amount FROM standing
UNION ALL SELECT id, 2, (coalesce(answered_at, accepted_at) AT TIME ZONE 'Asia/Shanghai')::date, 0, 1
  FROM standing WHERE coalesce(answered_at, accepted_at) IS NOT NULL
UNION ALL SELECT id, 3, coalesce(closed_on, registered_on), 0, 1 FROM standing WHERE refusal_reason <> '' AND accepted_at IS NULL
   AND state IN ('not_accepted', 'archived')
UNION ALL SELECT id, 4, (answered_at AT TIME ZONE 'Asia/Shanghai')::date, 0, 1 FROM standing WHERE answered_at IS NOT NULL
UNION ALL SELECT id, 5, registered_on, 0, 1 FROM standing WHERE is_repeat
UNION ALL SELECT case_id, 6, assigned_on, unit_id, 1 FROM first_orders
UNION ALL SELECT case_id, 7, assigned_on, unit_id, 1 FROM first_orders WHERE state <> 'returned'
UNION ALL SELECT f.case_id, 8, f.assigned_on, f.unit_id, 1
  FROM first_orders f JOIN dispatch_decision d ON d.id = f.decision_id AND d.mode = 'automatic'
UNION ALL SELECT case_id, CASE kind WHEN 'sign' THEN 9 WHEN 'first_contact' THEN 11 ELSE 13 END, due_on, unit_id, 1 FROM clocks
UNION ALL SELECT case_id, CASE kind WHEN 'sign' THEN 10 WHEN 'first_contact' THEN 12 ELSE 14 END, due_on, unit_id, 1
  FROM clocks WHERE in_time
UNION ALL SELECT case_id, 15, due_on, coalesce(unit_id, 0), 1 FROM overall
UNION ALL SELECT case_id, 16, due_on, coalesce(unit_id, 0), 1 FROM overall WHERE outcome = 'met'
UNION ALL SELECT case_id, 17, due_on, coalesce(unit_id, 0), 1 FROM overall WHERE EXISTS (
  SELECT FROM dispatch_caserequest q JOIN dispatch_workorder w ON w.id = q.work_order_id AND w.round = overall.first_round
   WHERE q.case_id = overall.case_id AND q.kind = 'extend' AND q.state = 'agreed')
UNION ALL SELECT o.case_id, late.part, o.due_on, coalesce(o.unit_id, 0), ceil(extract(epoch FROM late.length) / 60)::bigint
  FROM overall o CROSS JOIN LATERAL (VALUES (18, o.stopped_at - o.due_at), (19, o.due_at - o.started_at)) late(part, length)
 WHERE o.outcome = 'late' AND o.stopped_at IS NOT NULL
UNION ALL SELECT case_id, 20, closed_on, coalesce(unit_id, 0), 1 FROM closings
UNION ALL SELECT case_id, 21, closed_on, coalesce(unit_id, 0), greatest(0, round(extract(epoch FROM at - accepted_at) / 60))::bigint
  FROM closings WHERE accepted_at IS NOT NULL
UNION ALL SELECT c.case_id, 22, c.closed_on, coalesce(c.unit_id, 0), greatest(0, round((ended.worked - begun.worked) / 60.0))::bigint
  FROM closings c
  JOIN LATERAL ({worked}) begun ON true
  JOIN LATERAL ({worked_until}) ended ON true
 WHERE c.accepted_at IS NOT NULL
UNION ALL SELECT id, 23, closed_on, coalesce(unit_id, 0), 1 FROM standing s
 WHERE is_handled AND closed_at IS NOT NULL AND (
   citizen_id IS NOT NULL OR EXISTS (SELECT FROM rounds r WHERE r.case_id = s.id AND r.number = s.round))
UNION ALL SELECT s.id, verdict.part, s.closed_on, coalesce(s.unit_id, 0), 1
  FROM standing s
  JOIN rounds r ON r.case_id = s.id AND r.number = s.round AND NOT r.is_appealed
  CROSS JOIN LATERAL (VALUES (24, true), (25, r.satisfied)) verdict(part, counts)
 WHERE s.is_handled AND s.closed_at IS NOT NULL AND verdict.counts
UNION ALL SELECT r.case_id, part, (r.judged_at AT TIME ZONE 'Asia/Shanghai')::date, coalesce(r.unit_id, 0), 1
  FROM rounds r CROSS JOIN LATERAL (VALUES (26, true), (27, r.last_round > r.number)) bad(part, counts)
 WHERE r.satisfied IS FALSE AND NOT r.is_appealed AND r.judged_at IS NOT NULL AND bad.counts
UNION ALL SELECT q.case_id, part, (q.decided_at AT TIME ZONE 'Asia/Shanghai')::date, q.asked_by_unit_id, 1
  FROM standing s JOIN dispatch_caserequest q ON q.case_id = s.id
  CROSS JOIN LATERAL (VALUES (28, true), (29, q.state = 'agreed')) decided(part, counts)
 WHERE q.kind = 'return' AND q.state IN ('agreed', 'refused') AND q.decided_at IS NOT NULL AND decided.counts
UNION ALL SELECT case_id, 30, closed_on, coalesce(unit_id, 0), 1 FROM closings WHERE citizen_id IS NOT NULL
UNION ALL SELECT c.case_id, 31, c.closed_on, coalesce(c.unit_id, 0), 1 FROM closings c
 WHERE c.citizen_id IS NOT NULL AND EXISTS (
  SELECT FROM dispatch_workorder w JOIN dispatch_telling t ON t.work_order_id = w.id
   WHERE w.case_id = c.case_id AND t.kind = 'accepted')
UNION ALL SELECT c.case_id, 32, c.closed_on, coalesce(c.unit_id, 0), 1 FROM closings c
 WHERE c.citizen_id IS NOT NULL AND EXISTS (
  SELECT FROM dispatch_workorder w
   WHERE w.case_id = c.case_id AND (
     EXISTS (SELECT FROM dispatch_telling t WHERE t.work_order_id = w.id AND t.kind = 'result')
     OR EXISTS (SELECT FROM dispatch_report p WHERE p.work_order_id = w.id AND p.told_way <> '' AND p.taken_back_at IS NULL)))
UNION ALL SELECT b.case_id, part, (b.ended_at AT TIME ZONE 'Asia/Shanghai')::date, coalesce(b.unit_id, 0), 1
  FROM standing s JOIN dispatch_callback b ON b.case_id = s.id
  CROSS JOIN LATERAL (VALUES (33, true), (34, b.is_solved)) asked(part, counts)
 WHERE b.is_solved IS NOT NULL AND b.ended_at IS NOT NULL AND asked.counts
UNION ALL SELECT u.case_id, 35, (u.at AT TIME ZONE 'Asia/Shanghai')::date, coalesce(u.unit_id, 0), 1
  FROM standing s JOIN dispatch_urge u ON u.case_id = s.id
UNION ALL SELECT v.case_id, 36, (v.opened_at AT TIME ZONE 'Asia/Shanghai')::date, coalesce(v.unit_id, 0), 1
  FROM standing s JOIN dispatch_supervision v ON v.case_id = s.id
UNION ALL SELECT k.case_id, 37, (k.decided_at AT TIME ZONE 'Asia/Shanghai')::date, k.unit_id, 1
  FROM standing s JOIN dispatch_closurecheck k ON k.case_id = s.id
 WHERE k.state = 'confirmed' AND k.decided_at IS NOT NULL
UNION ALL SELECT id, 38, coalesce(closed_on, registered_on), 0, 1 FROM cases WHERE state = 'void'
