from django.db import migrations, models
from django.utils import timezone


def read_these_answers(apps, schema_editor):
    """Facts of those who said something of it are due today; the others are told by the defaults."""
    demands = apps.get_model("register", "Demand").objects
    told = models.Q(persons__long_unemployed__isnull=False) | models.Q(
        persons__alimony_paid__isnull=False
    )
    facts = apps.get_model("register", "DemandFacts").objects
    for found in (demands.filter(told), demands.filter(flat_sharers__isnull=False)):
        facts.filter(demand__in=found.values("pk")).update(recompute_on=timezone.localdate())


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0039_demands_of_associations"),
    ]

    operations = [
        migrations.AddField(
            model_name="demandfacts",
            name="alimony_paid",
            field=models.DecimalField(decimal_places=2, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="demandfacts",
            name="flat_sharers",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, null=True),
        ),
        migrations.AddField(
            model_name="demandfacts",
            name="long_unemployed",
            field=models.BooleanField(null=True),
        ),
        migrations.RunPython(read_these_answers, migrations.RunPython.noop),
    ]
