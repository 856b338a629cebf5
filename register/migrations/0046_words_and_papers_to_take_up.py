"""What applicants wrote waits until a body takes it up; papers that wait are found at once."""

from typing import Any

from django.db import migrations, models

SPEAKING = ("message_sent", "piece_requested", "correction_asked", "contacted")


def take_up_what_was_followed(apps: Any, schema_editor: Any) -> None:
    """So far nobody was told for whom words waited: whoever spoke afterwards took them up."""
    message, event = (apps.get_model("register", name) for name in ("Message", "Event"))
    spoken = event.objects.filter(
        demand=models.OuterRef("demand"),
        at__gt=models.OuterRef("sent_at"),
        kind__in=SPEAKING,
        organisation__isnull=False,
        user__isnull=False,
    )
    first = models.Subquery(spoken.order_by("at").values("at")[:1])
    message.objects.filter(organisation__isnull=True).update(taken_up_at=first)


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0049_mandates_on_paper'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='taken_up_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(take_up_what_was_followed, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('submitted', 'Demand registered'), ('identity_verified', 'Identity document checked'), ('document_verified', 'Document checked'), ('document_refused', 'Document that cannot be used'), ('document_added', 'Document received'), ('document_unlisted', 'Document outside the list'), ('document_obsolete', 'Document no longer valid'), ('piece_requested', 'Document requested'), ('contacted', 'Contact with the applicant'), ('message_sent', 'Message sent'), ('candidate_proposed', 'Proposed as a candidate for a home'), ('candidate_refused', 'Home not allocated'), ('offer_declined', 'Offer declined by the applicant'), ('note', 'Internal note'), ('renewed', 'Demand renewed'), ('warned', 'Warned before striking off'), ('struck_off', 'Demand struck off'), ('reactivated', 'Demand reactivated'), ('erased', 'Personal data erased'), ('shared', 'File shared exceptionally'), ('share_revoked', 'Exceptional share ended'), ('mandate_given', 'Helper chosen'), ('mandate_revoked', 'Helper’s access ended'), ('label_granted', 'Priority recognised'), ('letter_sent', 'Letter sent'), ('task_opened', 'Task given'), ('task_taken', 'Task taken'), ('task_done', 'Task done'), ('tag_added', 'Working tag added'), ('label_refused', 'Priority not recognised'), ('renewal_announced', 'Renewal announced'), ('renewal_reminded', 'Last reminder to renew'), ('notice_failed', 'A notice could not be delivered'), ('separated', 'Couple separated, each with a demand'), ('transferred', 'Demand transferred to the co-applicant'), ('department_changed', 'Demand made in another department too'), ('channels_chosen', 'Ways of being written to chosen'), ('correction_asked', 'Correction asked for'), ('correction_answered', 'Answer to a request to correct'), ('correction_closed', 'Request to correct closed'), ('modified', 'Declaration changed'), ('merged', 'Merged into another demand of the same person'), ('joined', 'Another demand of the same person merged into this one'), ('parted', 'Merge undone'), ('death_taken_back', 'Death told by mistake, taken back'), ('account_offered', 'Online access offered'), ('account_linked', 'Demand reached from an online account'), ('form_kept', 'Paper form scanned'), ('nothing_to_answer', 'Nothing to answer')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('status', 'received')), fields=['added_at'], name='document_to_check'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('organisation__isnull', True), ('taken_up_at__isnull', True)), fields=['sent_at'], name='message_to_take_up'),
        ),
    ]
