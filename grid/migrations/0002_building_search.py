"""What models cannot say: statistics of pairs in places, the search of buildings by the pairs of characters in them.

`replaces` is for databases made before and goes with the first release. It names the one old file that did this:
if it shared names with 0001, a run broken off between the two would leave this one out for good.
"""

from django.db import migrations

# Statistics of keys say nothing (each is rare by its block); without them plans stay the same as the table grows.
NO_STATISTICS = "ALTER TABLE grid_building ALTER COLUMN keys SET STATISTICS 0"

# `pairs` gives for each pair its keys in the blocks that are searched; the texts themselves are asked for the whole
# words, compared as shenzhen_gov/core/pairs.py does. Planners guess several per cent of all rows for such a list, and
# would read whole ranges of the table instead.
SEARCH = """
CREATE FUNCTION grid_buildings_with_pairs(pairs integer[][], words text[], areas bigint[], most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off
AS $$
DECLARE
  one integer[];
  word text;
  wanted text := 'SELECT id FROM grid_building WHERE is_active';
BEGIN
  FOREACH one SLICE 1 IN ARRAY pairs LOOP
    wanted := wanted || format(' AND keys && %L::integer[]', one);
  END LOOP;
  IF areas IS NOT NULL THEN
    wanted := wanted || ' AND area_id + 0 = ANY ($1)';
  END IF;
  FOREACH word IN ARRAY words LOOP
    wanted := wanted || format($like$
      AND strpos(lower(regexp_replace(normalize(name || '/' || address, NFKC), '[[:space:]]', '', 'g')), %L) > 0
    $like$, word);
  END LOOP;
  RETURN QUERY EXECUTE wanted || ' LIMIT ' || most USING areas;
END
$$
"""


class Migration(migrations.Migration):
    replaces = [("grid", "0006_address_register")]

    dependencies = [("grid", "0001_tables")]
    operations = [
        migrations.RunSQL(NO_STATISTICS, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, "DROP FUNCTION grid_buildings_with_pairs"),
    ]
