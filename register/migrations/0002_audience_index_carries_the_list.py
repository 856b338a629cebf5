"""Audience rows carry what lists filter, sort and guard by.

They are an index of the other tables: dropped and written again, like any index.
"""

from itertools import islice

import django.db.models.deletion
from django.db import migrations, models

LIVE = ("awaiting_check", "active", "under_allocation")
HOME_TYPES = ("C", "T1", "T2", "T3", "T4", "T5", "T6P")
BATCH = 1000


def write_again(apps, schema_editor):
    """What `services/audiences.py` writes, for every demand there is."""
    audiences = apps.get_model("register", "DemandAudience").objects
    demands = (
        apps.get_model("register", "Demand")
        .objects.filter(facts__isnull=False)
        .select_related("facts")
        .prefetch_related("wished_types", "wished_communes__commune")
        .order_by("pk")
        .iterator(chunk_size=BATCH)
    )
    while batch := list(islice(demands, BATCH)):
        audiences.bulk_create(row for demand in batch for row in _rows(audiences.model, demand))


def _rows(model, demand):
    wishes = [wish.commune for wish in demand.wished_communes.all()]
    keys = {f"dep:{demand.department_id}", f"org:{demand.registered_by_id}"}
    keys |= {f"commune:{commune.pk}" for commune in wishes}
    keys |= {f"epci:{commune.epci_id}" for commune in wishes if commune.epci_id}
    types = {wish.code for wish in demand.wished_types.all()}
    for key in sorted(keys):
        yield model(
            demand=demand,
            audience=key,
            is_live=demand.state in LIVE,
            received_on=demand.received_on,
            household_size=demand.facts.household_size,
            home_types=sum(1 << HOME_TYPES.index(code) for code in types),
            is_sealed=demand.is_sealed,
            is_priority=demand.facts.is_priority,
            identity_verified=demand.facts.identity_verified,
            registered_by=demand.registered_by_id,
            department=demand.department_id,
            state=demand.state,
        )


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [
        migrations.DeleteModel("DemandAudience"),
        migrations.CreateModel(
            name="DemandAudience",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "demand", "audience", blank=True, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
                ("audience", models.CharField(max_length=30)),
                ("is_live", models.BooleanField()),
                ("received_on", models.DateField()),
                ("household_size", models.PositiveSmallIntegerField()),
                ("home_types", models.PositiveSmallIntegerField()),
                ("is_sealed", models.BooleanField()),
                ("is_priority", models.BooleanField()),
                ("identity_verified", models.BooleanField()),
                ("registered_by", models.IntegerField()),
                ("department", models.CharField(max_length=3)),
                ("state", models.CharField(max_length=20)),
                (
                    "demand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="audiences",
                        to="register.demand",
                    ),
                ),
            ],
            options={"verbose_name": "audience of a demand"},
        ),
        migrations.RunPython(write_again, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="demandaudience",
            index=models.Index(
                fields=[
                    "audience", "is_live", "received_on", "demand", "household_size", "is_sealed",
                    "home_types", "is_priority", "identity_verified", "department",
                    "registered_by", "state",
                ],
                name="audience_by_date",
            ),
        ),
        migrations.AddIndex(
            model_name="demandaudience",
            index=models.Index(
                fields=[
                    "audience", "is_live", "household_size", "demand", "received_on", "is_sealed",
                    "home_types", "is_priority", "identity_verified", "department",
                    "registered_by", "state",
                ],
                name="audience_by_size",
            ),
        ),
        migrations.AddIndex(
            model_name="demandaudience",
            index=models.Index(
                fields=[
                    "audience", "is_live", "department", "is_sealed", "home_types", "is_priority",
                    "identity_verified", "household_size", "state",
                ],
                name="audience_counted",
            ),
        ),
    ]
