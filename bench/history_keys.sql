-- The keys of item and community for each block of cases (intake/text_keys.py): worked out once, not for each case.
-- Parameters: first_case, cases.

CREATE UNLOGGED TABLE bench.item_keys AS
SELECT block, item_rank, (block %% 1024 << 21)::integer AS high,
       ARRAY(SELECT (block %% 1024 << 21)::integer | pair FROM unnest(pairs) pair) AS keys
  FROM bench.item CROSS JOIN generate_series(%(first_case)s::bigint >> 13, (%(first_case)s::bigint + %(cases)s) >> 13) block;

CREATE UNLOGGED TABLE bench.area_keys AS
SELECT block, area_rank, ARRAY(SELECT (block %% 1024 << 21)::integer | pair FROM unnest(pairs) pair) AS keys
  FROM bench.area CROSS JOIN generate_series(%(first_case)s::bigint >> 13, (%(first_case)s::bigint + %(cases)s) >> 13) block;

ANALYZE bench.item_keys;

ANALYZE bench.area_keys
