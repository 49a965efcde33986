-- A part of the cases of a history, drawn once for all tables, in the order of time; history.py makes a table of it.
-- Parameters: lo, hi, cases, open_days, items, areas, first_case, first_decision, first_order. Ids of second orders and
-- decisions (after a return) lie `cases` above the first, those of redone ones twice. OFFSET 0 keeps the server from
-- working out the same expression many times. Lengths are hours: days in intervals are dear.

WITH drawn AS (
  SELECT g, s.at + (g - s.first + random()) / (s.last - s.first + 1) * interval '1 hour' AS at, s.hour,
         random() AS a, random() AS b, random() AS k, random() AS o, random() AS t, random() AS y, random() AS x,
         random() AS e, random() AS v, random() AS w, random() AS c, random() AS s, random() AS d
    FROM bench.slot s
   CROSS JOIN LATERAL generate_series(greatest(s.first, %(lo)s), least(s.last, %(hi)s)) g
   WHERE s.last >= %(lo)s AND s.first <= %(hi)s
   OFFSET 0
), fated AS (
  SELECT drawn.*, floor(%(items)s * power(a, 2.5))::integer AS item_rank,
         floor(%(areas)s * power(b, 2))::integer AS area_rank, (date_part('epoch', now()) - date_part('epoch', at)) / 86400 AS age,
         CASE WHEN k < 0.08 THEN 'answered' WHEN k < 0.09 THEN 'not_accepted' WHEN k < 0.095 THEN 'void' ELSE 'handled'
          END AS fate
    FROM drawn
   OFFSET 0
), opened AS (
  SELECT *, fate = 'handled' AND o < 1 - age / %(open_days)s AS is_open,
         fate = 'handled' AND x < 0.04 AND age > 2 AS is_returned,
         fate = 'handled' AND e < 0.05 AND age > 9 AS is_extended
    FROM fated
   OFFSET 0
), lasting AS (  -- days from registration to the first closing
  SELECT *, CASE WHEN fate <> 'handled' THEN 0.01
                 WHEN y < 0.06 THEN 8 + 3 * is_extended::integer + 3 * t
                 ELSE (8 + 3 * is_extended::integer) * (0.06 + 0.9 * power(t, 1.3)) END AS wanted
    FROM opened
   OFFSET 0
), judged AS (
  SELECT *, 24 * CASE WHEN is_open THEN age ELSE least(wanted, age * 0.9) END AS lasted,
         CASE WHEN is_returned THEN 7 ELSE 1 / 60.0::float END AS waited,
         fate = 'handled' AND NOT is_open AND v < 0.35 AND age > wanted + 1 AS is_judged
    FROM lasting
   OFFSET 0
), ended AS (
  SELECT *, lasted - waited AS span, is_judged AND w < 0.08 AND age > wanted + 6 AS is_redone,
         CASE WHEN NOT is_open THEN at + lasted * interval '1 hour' END AS first_closed_at,
         at + waited * interval '1 hour' AS assigned_at
    FROM judged
   OFFSET 0
)
SELECT g, at,
       -- two letters for the history: cases of one second have neighbouring numbers in it
       'SZ' || chr((65 + %(first_case)s::bigint / 26 %% 26)::int) || chr((65 + %(first_case)s::bigint %% 26)::int) || hour
           || to_char(at, 'MISS') || lpad((g %% 10000)::text, 4, '0') AS number,
       p.id AS pair_id, item_rank, area_rank, p.area_id, p.unit_id, p.review_unit_id, fate,
       age::real, span::real, t::real, v::real, w::real, c, s, d::real, b::real,
       is_open, is_returned, is_extended, is_judged, is_redone, assigned_at, first_closed_at,
       first_closed_at + interval '24 hours' AS judged_at,
       CASE WHEN is_redone THEN first_closed_at + (48 + t * 48) * interval '1 hour' ELSE first_closed_at END AS closed_at,
       CASE WHEN NOT is_open THEN 'done' WHEN s < 0.15 THEN 'pending_sign' WHEN s < 0.8 THEN 'handling' ELSE 'under_review'
        END AS state,
       CASE WHEN NOT is_open THEN at + (149 + 72 * is_extended::integer) * interval '1 hour'
            WHEN d < 0.04 THEN greatest(now() - t * 48 * interval '1 hour', at + interval '2 minutes')
            ELSE now() + t * 144 * interval '1 hour' + interval '1 minute' END AS handling_due_at,
       CASE WHEN is_open THEN now() + (t * 144 + 72) * interval '1 hour'
            ELSE at + (192 + 72 * is_extended::integer) * interval '1 hour' END AS case_due_at,
       %(first_case)s + g AS case_id, %(first_decision)s + g AS decision_id, %(first_order)s + g AS order_id,
       -- the order that the case is closed with, or open at: after a return the second one
       %(first_order)s + g + is_returned::integer * %(cases)s AS main_id, (1 + is_returned::integer) AS seq,
       assigned_at + least(CASE WHEN s > 0.96 THEN 5 ELSE t * 3.5 END, span * 0.2) * interval '1 hour' AS signed_at,
       assigned_at + least(CASE WHEN d > 0.95 THEN 26 ELSE t * 23 END, span * 0.4) * interval '1 hour' AS contacted_at,
       assigned_at + span * 0.8 * interval '1 hour' AS reported_at
  FROM ended JOIN bench.pair p USING (item_rank, area_rank)
