from django.db import migrations, models
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate


def mark_former(apps, schema_editor):
    """Papers that name nobody were those of whoever gave the demand over since."""
    handed_over = apps.get_model('register', 'Event').objects.filter(
        demand=OuterRef('demand'), kind='transferred', at__gt=OuterRef('added_at')
    )
    papers = apps.get_model('register', 'Document').objects.filter(person=None)
    papers.filter(Exists(handed_over)).update(is_of_former=True)
    # Computed again by the coming night: such a card proves nobody's identity any more.
    facts = apps.get_model('register', 'DemandFacts').objects
    facts.filter(demand__documents__is_of_former=True).update(recompute_on=localdate())


class Migration(migrations.Migration):
    """Papers of former applicants are told apart from those of the heirs."""

    dependencies = [
        ('register', '0050_notes_asked_for_and_calls_about_an_end'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='is_of_former',
            field=models.BooleanField(default=False, verbose_name='of the former applicant'),
        ),
        migrations.RunPython(mark_former, migrations.RunPython.noop),
    ]
