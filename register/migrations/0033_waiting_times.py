from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0032_one_answer_at_a_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='WaitingTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(max_length=30)),
                ('home_type', models.CharField(choices=[('C', 'Room'), ('T1', 'T1'), ('T2', 'T2'), ('T3', 'T3'), ('T4', 'T4'), ('T5', 'T5'), ('T6P', 'T6 or larger')], max_length=3)),
                ('begins_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('homes', models.PositiveIntegerField()),
                ('quarter', models.PositiveSmallIntegerField()),
                ('half', models.PositiveSmallIntegerField()),
                ('three_quarters', models.PositiveSmallIntegerField()),
            ],
            options={
                'verbose_name': 'waiting time',
                'verbose_name_plural': 'waiting times',
                'constraints': [models.UniqueConstraint(fields=('area', 'home_type'), name='one_wait_per_area_and_type')],
            },
        ),
    ]
