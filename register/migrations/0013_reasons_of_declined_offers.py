from django.db import migrations, models
from django.db.models import F

# The bit of each reason, as `register/bits.py` gives it once for ever.
REASONS = (
    "rent",
    "location",
    "surroundings",
    "size",
    "access",
    "condition",
    "no_answer",
    "found_elsewhere",
    "needs_changed",
    "other",
)


def tell(apps, schema_editor):
    """Give the offers declined so far their reasons, from the story of each demand."""
    events = apps.get_model("register", "Event").objects.filter(kind="offer_declined")
    facts = apps.get_model("register", "DemandFacts").objects
    for place, reason in enumerate(REASONS):
        declined = events.filter(reason=reason).values("demand_id")
        facts.filter(demand_id__in=declined).update(
            decline_reasons=F("decline_reasons").bitor(1 << place)
        )


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0012_audiences_built_for_a_body"),
    ]

    operations = [
        migrations.AddField(
            model_name="demandfacts",
            name="decline_reasons",
            field=models.SmallIntegerField(default=0),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
