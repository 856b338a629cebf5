import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What applicants ask to read of the notes about them, and a kind of call; no row is written."""

    dependencies = [
        ('register', '0046_words_and_papers_to_take_up'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='renewalnotice',
            name='kind',
            field=models.CharField(choices=[('notice', 'Renewal notice'), ('reminder', 'Last reminder before the striking off'), ('struck_off', 'Striking off that reached nobody')], max_length=10),
        ),
        migrations.CreateModel(
            name='NotesRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('given', models.JSONField(blank=True, default=list)),
                ('hidden_because', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('demand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes_requests', to='register.demand')),
            ],
            options={
                'verbose_name': 'request to read the notes',
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('demand',), name='one_notes_request_at_a_time')],
            },
        ),
    ]
