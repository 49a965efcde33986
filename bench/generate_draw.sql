-- What cases are about, drawn into a table that lasts for one transaction, from those of generate_places.sql;
-- generate_cases.sql and generate_waiting.sql write the cases. Parameters: cases, open_share, seed.
-- Newer cases are open, older ones closed.

SELECT setseed(%(seed)s);

CREATE TEMP TABLE gen_case ON COMMIT DROP AS
WITH drawn AS MATERIALIZED (
  SELECT g, random() AS a, random() AS b, random() AS s, random() AS d, random() AS o, random() AS t,
         -- the newer half within 20 days, the older half within three years
         now() - CASE WHEN g > %(cases)s / 2 THEN interval '20 days' * (2.0 * (%(cases)s - g) / %(cases)s)
                 ELSE interval '20 days' + interval '1075 days' * (1 - 2.0 * g / %(cases)s) END AS accepted_at
    FROM generate_series(1, %(cases)s) g
), placed AS (
  SELECT drawn.*, gen_pair.*,
         o < %(open_share)s * CASE WHEN g > %(cases)s / 2 THEN 1.8 ELSE 0.2 END AS is_open
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
