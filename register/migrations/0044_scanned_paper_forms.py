from django.db import migrations, models


class Migration(migrations.Migration):
    """The signed paper form is kept beside the papers that prove something, and is none of them."""

    dependencies = [
        ('register', '0043_readings_by_their_time'),
    ]

    operations = [
        migrations.AlterField(
            model_name='document',
            name='kind',
            field=models.CharField(choices=[('identity', 'Identity or residence document'), ('family', 'Family situation'), ('tax_notice', 'Tax notice'), ('income', 'Monthly income'), ('housing', 'Current housing'), ('reason', 'Reason for the demand'), ('form', 'Signed paper form')], max_length=12, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='document',
            name='status',
            field=models.CharField(choices=[('received', 'Received, to be checked'), ('verified', 'Checked'), ('refused', 'Cannot be used'), ('unlisted', 'Outside the list'), ('obsolete', 'No longer valid'), ('kept', 'Kept with the demand')], default='received', max_length=10, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('submitted', 'Demand registered'), ('identity_verified', 'Identity document checked'), ('document_verified', 'Document checked'), ('document_refused', 'Document that cannot be used'), ('document_added', 'Document received'), ('document_unlisted', 'Document outside the list'), ('document_obsolete', 'Document no longer valid'), ('piece_requested', 'Document requested'), ('contacted', 'Contact with the applicant'), ('message_sent', 'Message sent'), ('candidate_proposed', 'Proposed as a candidate for a home'), ('candidate_refused', 'Home not allocated'), ('offer_declined', 'Offer declined by the applicant'), ('note', 'Internal note'), ('renewed', 'Demand renewed'), ('warned', 'Warned before striking off'), ('struck_off', 'Demand struck off'), ('reactivated', 'Demand reactivated'), ('erased', 'Personal data erased'), ('shared', 'File shared exceptionally'), ('share_revoked', 'Exceptional share ended'), ('mandate_given', 'Helper chosen'), ('mandate_revoked', 'Helper’s access ended'), ('label_granted', 'Priority recognised'), ('letter_sent', 'Letter sent'), ('task_opened', 'Task given'), ('task_taken', 'Task taken'), ('task_done', 'Task done'), ('tag_added', 'Working tag added'), ('label_refused', 'Priority not recognised'), ('renewal_announced', 'Renewal announced'), ('renewal_reminded', 'Last reminder to renew'), ('notice_failed', 'A notice could not be delivered'), ('separated', 'Couple separated, each with a demand'), ('transferred', 'Demand transferred to the co-applicant'), ('department_changed', 'Demand made in another department too'), ('channels_chosen', 'Ways of being written to chosen'), ('correction_asked', 'Correction asked for'), ('correction_answered', 'Answer to a request to correct'), ('correction_closed', 'Request to correct closed'), ('modified', 'Declaration changed'), ('merged', 'Merged into another demand of the same person'), ('joined', 'Another demand of the same person merged into this one'), ('parted', 'Merge undone'), ('death_taken_back', 'Death told by mistake, taken back'), ('form_kept', 'Paper form scanned')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'form'), ('status', 'kept')), models.Q(models.Q(('kind', 'form'), _negated=True), models.Q(('status', 'kept'), _negated=True)), _connector='OR'), name='paper_form_is_only_kept', violation_error_message='The paper form is kept as it is: nobody checks it.'),
        ),
    ]
