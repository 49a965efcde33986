"""The address register: imports, and the search of buildings by the pairs of characters in their texts."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


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
    dependencies = [
        ("grid", "0005_rentals"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlaceImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "table",
                    models.CharField(
                        choices=[("buildings", "Buildings"), ("rooms", "Rooms")], max_length=10, verbose_name="Table"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="File")),
                ("file", models.FileField(blank=True, upload_to="places/")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="Source")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting"),
                            ("done", "Done"),
                            ("refused", "Refused, nothing written"),
                            ("failed", "Failed"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="Sent")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="Ended")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="Rows")),
                ("added", models.PositiveIntegerField(default=0, verbose_name="Added")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="Changed")),
                ("faulty", models.PositiveIntegerField(default=0, verbose_name="Faults")),
                ("faults", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "import of places",
                "verbose_name_plural": "imports of places",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="building",
            name="keys",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), default=list, editable=False, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="building",
            index=django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="building_keys"),
        ),
        migrations.AddIndex(
            model_name="building",
            index=models.Index(fields=["area", "code"], name="building_area_code"),
        ),
        migrations.AddField(
            model_name="placeimport",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="place_imports",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Sent by",
            ),
        ),
        migrations.AddIndex(
            model_name="placeimport",
            index=models.Index(condition=models.Q(("state", "asked")), fields=["id"], name="place_import_asked"),
        ),
        migrations.RunSQL(NO_STATISTICS, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, "DROP FUNCTION grid_buildings_with_pairs"),
    ]
