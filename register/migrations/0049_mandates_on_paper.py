import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Mandates so far were given online, to an account: the defaults say so of them."""

    dependencies = [
        ('register', '0048_safe_ways'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='document',
            name='paper_form_is_only_kept',
        ),
        migrations.AddField(
            model_name='mandate',
            name='address',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='address'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='city',
            field=models.CharField(blank=True, db_default='', max_length=100, verbose_name='town'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='email',
            field=models.EmailField(blank=True, db_default='', max_length=254, verbose_name='e-mail address'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='expiry_told_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='mandate',
            name='kind',
            field=models.CharField(choices=[('given', 'Mandate given by the applicant'), ('tutor', 'Guardian (full guardianship)'), ('curator', 'Curator (assists, signs with the applicant)'), ('special', 'Special representative named by a judge'), ('family', 'Member of the family authorised by a judge')], db_default='given', default='given', max_length=10, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='name',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='person or body'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='phone',
            field=models.CharField(blank=True, db_default='', max_length=40, verbose_name='telephone'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='postal_code',
            field=models.CharField(blank=True, db_default='', max_length=10, verbose_name='postal code'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='mandate',
            name='reference',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='reference'),
        ),
        migrations.AlterField(
            model_name='document',
            name='kind',
            field=models.CharField(choices=[('identity', 'Identity or residence document'), ('family', 'Family situation'), ('tax_notice', 'Tax notice'), ('income', 'Monthly income'), ('housing', 'Current housing'), ('reason', 'Reason for the demand'), ('form', 'Signed paper form'), ('mandate', 'Signed mandate or judgment')], max_length=12, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='mandate',
            name='helper',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='mandate',
            name='scope',
            field=models.CharField(choices=[('read', 'Read the demand'), ('answer', 'Read it, send documents and answer requests to correct'), ('modify', 'Read it, send documents, answer, change what is declared and renew'), ('represent', 'All that the applicant may do with it, resources and end included')], db_default='read', default='read', max_length=10),
        ),
        migrations.AddIndex(
            model_name='mandate',
            index=models.Index(condition=models.Q(('helper__isnull', True)), fields=['email'], name='mandate_to_accept'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['form', 'mandate']), ('status', 'kept')), models.Q(models.Q(('kind__in', ['form', 'mandate']), _negated=True), models.Q(('status', 'kept'), _negated=True)), _connector='OR'), name='scan_of_a_counter_is_only_kept', violation_error_message='This scan is kept as it is: nobody checks it.'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('helper__isnull', False), models.Q(models.Q(('name', ''), _negated=True), ('recorded_by__isnull', False)), _connector='OR'), name='helper_is_an_account_or_named', violation_error_message='Say who helps.'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'given'), models.Q(models.Q(('reference', ''), _negated=True), ('recorded_by__isnull', False)), _connector='OR'), name='guardian_has_a_judgment', violation_error_message='Give the reference of the judgment.'),
        ),
    ]
