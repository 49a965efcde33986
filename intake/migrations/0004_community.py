import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0006_address_register"),
        ("intake", "0003_case_by_closing"),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemFiling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("filed_at", models.DateTimeField(verbose_name="Filed")),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item_filing",
                        to="intake.case",
                        verbose_name="Case",
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filing",
                        to="grid.gatheringitem",
                        verbose_name="Item",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item_filings",
                        to="intake.lead",
                        verbose_name="Lead",
                    ),
                ),
            ],
            options={
                "verbose_name": "item handed on",
                "verbose_name_plural": "items handed on",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", True), ("lead__isnull", False)),
                            models.Q(("case__isnull", False), ("lead__isnull", True)),
                            _connector="OR",
                        ),
                        name="item_filing_is_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mediation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "In mediation"),
                            ("settled", "Settled by mediation"),
                            ("failed", "Mediation failed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("matter", models.CharField(max_length=300, verbose_name="Legal matter")),
                ("result", models.CharField(blank=True, max_length=500, verbose_name="Result")),
                ("opened_at", models.DateTimeField(verbose_name="Referred")),
                ("opened_by", models.CharField(max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="Ended")),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mediations",
                        to="grid.adviser",
                        verbose_name="Adviser",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mediations",
                        to="intake.case",
                        verbose_name="Case",
                    ),
                ),
            ],
            options={
                "verbose_name": "mediation",
                "verbose_name_plural": "mediations",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("case",), name="mediation_one_open_a_case"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="Registered")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="site_case",
                        to="intake.case",
                        verbose_name="Case",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_cases",
                        to="grid.servicesite",
                        verbose_name="Service site",
                    ),
                ),
            ],
            options={
                "verbose_name": "case taken at a counter",
                "verbose_name_plural": "cases taken at counters",
                "indexes": [models.Index(fields=["site", "at"], name="site_case_by_day")],
            },
        ),
    ]
