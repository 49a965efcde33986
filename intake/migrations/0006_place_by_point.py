"""A place may be found by its point on the map."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_lookups")]
    operations = [
        migrations.AlterField(
            model_name="case",
            name="place_source",
            field=models.CharField(
                choices=[
                    ("chosen", "Chosen by a person"),
                    ("house_code", "House code"),
                    ("point", "Point on the map"),
                    ("text", "Place names in the text"),
                    ("imported", "Imported"),
                    ("unknown", "Unknown"),
                ],
                default="unknown",
                max_length=12,
                verbose_name="Place found by",
            ),
        )
    ]
