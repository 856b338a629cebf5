from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.utils import timezone


def close_former_requests(apps, schema_editor):
    """Requests for notes of people who gave their demand over since wait for nobody any more."""
    Event = apps.get_model("register", "Event")
    NotesRequest = apps.get_model("register", "NotesRequest")
    steps = Event.objects.filter(demand=OuterRef("demand"), kind="transferred").order_by("-at")
    waiting = NotesRequest.objects.filter(answered_at=None).annotate(
        handed_over_at=Subquery(steps.values("at")[:1])
    )
    former = [each.pk for each in waiting if each.handed_over_at and each.asked_at <= each.handed_over_at]
    NotesRequest.objects.filter(pk__in=former).update(answered_at=timezone.now())


class Migration(migrations.Migration):
    """What leaves a file under a legal hold; requests for notes of former applicants are closed."""

    dependencies = [("register", "0054_rounds_by_two_clocks")]

    operations = [
        migrations.AddField(
            model_name="legalhold",
            name="kept",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(choices=[("task", "Task"), ("follow", "File to follow"), ("complete", "File to complete"), ("tell", "To be told by the safe way"), ("identity", "Identity to check again")], max_length=10),
        ),
        migrations.RunPython(close_former_requests, migrations.RunPython.noop),
    ]
