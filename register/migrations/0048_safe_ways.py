import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """How somebody in danger is reached, and what a body has to tell her; nobody has either yet."""

    dependencies = [
        ('register', '0047_papers_put_in_by_agents'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='safe_way',
            field=models.CharField(blank=True, choices=[('email', 'By e-mail'), ('sms', 'By text message'), ('letter', 'By letter to the postal address given'), ('phone', 'By telephone, as she says below'), ('counter', 'Nothing is sent: she comes, or sends somebody')], db_default='', default='', max_length=10, verbose_name='safe way'),
        ),
        migrations.AddField(
            model_name='contact',
            name='safe_words',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='how to use the safe way'),
        ),
        migrations.AddField(
            model_name='task',
            name='event',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='task', to='register.event'),
        ),
        migrations.AlterField(
            model_name='task',
            name='kind',
            field=models.CharField(choices=[('task', 'Task'), ('follow', 'File to follow'), ('complete', 'File to complete'), ('tell', 'To be told by the safe way')], max_length=10),
        ),
        migrations.AlterField(
            model_name='task',
            name='position',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='task',
            name='run',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='register.automationrun'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('event__isnull', True), ('run__isnull', False)), models.Q(('event__isnull', False), ('run__isnull', True)), _connector='OR'), name='task_of_a_run_or_a_step'),
        ),
    ]
