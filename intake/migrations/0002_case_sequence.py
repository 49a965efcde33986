"""What models cannot say: running numbers of cases, statistics of pairs, the search that goes by their index."""

from django.db import migrations

# A cycling sequence: unique as long as fewer than 10,000 cases are registered within one second.
NUMBERS = "CREATE SEQUENCE intake_case_number MINVALUE 0 MAXVALUE 9999 START 0 CYCLE"

# Statistics of keys say nothing (each is rare by its block); without them plans stay the same as tables grow.
NO_STATISTICS = "ALTER TABLE intake_casetext ALTER COLUMN keys SET STATISTICS 0"

# `pairs` gives for each pair its keys in the blocks that are searched. Planners guess several per cent of all rows for
# such a list, and would read whole ranges of the table instead.
SEARCH = """
CREATE FUNCTION intake_cases_with_pairs(pairs integer[][], low bigint, high bigint) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off
AS $$
DECLARE
  one integer[];
  wanted text := 'SELECT case_id FROM intake_casetext WHERE case_id + 0 >= $1 AND case_id + 0 < $2';
BEGIN
  FOREACH one SLICE 1 IN ARRAY pairs LOOP
    wanted := wanted || format(' AND keys && %L::integer[]', one);
  END LOOP;
  RETURN QUERY EXECUTE wanted USING low, high;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_tables")]
    operations = [
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE intake_case_number"),
        migrations.RunSQL(NO_STATISTICS, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, "DROP FUNCTION intake_cases_with_pairs"),
    ]
