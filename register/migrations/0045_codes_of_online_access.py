import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What was given at a counter to follow a demand from an account; nobody has one yet."""

    dependencies = [
        ('register', '0044_scanned_paper_forms'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('submitted', 'Demand registered'), ('identity_verified', 'Identity document checked'), ('document_verified', 'Document checked'), ('document_refused', 'Document that cannot be used'), ('document_added', 'Document received'), ('document_unlisted', 'Document outside the list'), ('document_obsolete', 'Document no longer valid'), ('piece_requested', 'Document requested'), ('contacted', 'Contact with the applicant'), ('message_sent', 'Message sent'), ('candidate_proposed', 'Proposed as a candidate for a home'), ('candidate_refused', 'Home not allocated'), ('offer_declined', 'Offer declined by the applicant'), ('note', 'Internal note'), ('renewed', 'Demand renewed'), ('warned', 'Warned before striking off'), ('struck_off', 'Demand struck off'), ('reactivated', 'Demand reactivated'), ('erased', 'Personal data erased'), ('shared', 'File shared exceptionally'), ('share_revoked', 'Exceptional share ended'), ('mandate_given', 'Helper chosen'), ('mandate_revoked', 'Helper’s access ended'), ('label_granted', 'Priority recognised'), ('letter_sent', 'Letter sent'), ('task_opened', 'Task given'), ('task_taken', 'Task taken'), ('task_done', 'Task done'), ('tag_added', 'Working tag added'), ('label_refused', 'Priority not recognised'), ('renewal_announced', 'Renewal announced'), ('renewal_reminded', 'Last reminder to renew'), ('notice_failed', 'A notice could not be delivered'), ('separated', 'Couple separated, each with a demand'), ('transferred', 'Demand transferred to the co-applicant'), ('department_changed', 'Demand made in another department too'), ('channels_chosen', 'Ways of being written to chosen'), ('correction_asked', 'Correction asked for'), ('correction_answered', 'Answer to a request to correct'), ('correction_closed', 'Request to correct closed'), ('modified', 'Declaration changed'), ('merged', 'Merged into another demand of the same person'), ('joined', 'Another demand of the same person merged into this one'), ('parted', 'Merge undone'), ('death_taken_back', 'Death told by mistake, taken back'), ('account_offered', 'Online access offered'), ('account_linked', 'Demand reached from an online account'), ('form_kept', 'Paper form scanned')], max_length=20),
        ),
        migrations.CreateModel(
            name='AccountCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_at', models.DateTimeField()),
                ('expires_on', models.DateField()),
                ('wrong_codes', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('demand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='account_codes', to='register.demand')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'code of online access',
                'constraints': [models.UniqueConstraint(condition=models.Q(('used_at__isnull', True)), fields=('demand',), name='one_account_code_at_a_time')],
            },
        ),
    ]
