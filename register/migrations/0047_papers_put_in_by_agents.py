import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_the_counters(apps, schema_editor):
    """Paper forms were scanned by the body of the step that says so."""
    documents = apps.get_model('register', 'Document').objects.filter(kind='form')
    steps = apps.get_model('register', 'Event').objects.filter(
        demand=OuterRef('demand'), kind='form_kept', at__gte=OuterRef('added_at')
    )
    body = steps.order_by('at', 'pk').values('organisation')[:1]
    documents.update(put_in_by=Subquery(body))


class Migration(migrations.Migration):
    """Who put a paper in, how it came and when; paper forms are given the body that scanned them."""

    dependencies = [
        ('register', '0045_codes_of_online_access'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='came_by',
            field=models.CharField(blank=True, choices=[('phone', 'By telephone'), ('counter', 'At the counter'), ('letter', 'By letter'), ('email', 'By e-mail')], default='', max_length=12, verbose_name='how it came'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='document',
            name='put_in_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.organisation'),
        ),
        migrations.AddField(
            model_name='document',
            name='received_on',
            field=models.DateField(blank=True, null=True, verbose_name='day it was received'),
        ),
        migrations.RunPython(name_the_counters, migrations.RunPython.noop),
    ]
