import django.db.models.deletion
from django.db import migrations, models

import register.business


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0038_changes_of_one_act"),
    ]

    operations = [
        migrations.CreateModel(
            name='Association',
            fields=[
                ('demand', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='association', serialize=False, to='register.demand')),
                ('name', models.CharField(max_length=200, verbose_name='name of the association')),
                ('search_name', models.CharField(editable=False, max_length=220)),
                ('siren', models.CharField(max_length=9, validators=[register.business.check_siren], verbose_name='SIREN')),
                ('representative', models.CharField(blank=True, max_length=200, verbose_name='representative')),
                ('rank', models.PositiveIntegerField(verbose_name='rank among the demands of the association')),
            ],
            options={
                'verbose_name': 'association that makes a demand',
                'indexes': [
                    models.Index(fields=['search_name'], name='association_search_name', opclasses=['varchar_pattern_ops']),
                    models.Index(fields=['siren'], name='association_siren'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AssociationCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('siren', models.CharField(max_length=9)),
                ('territory', models.CharField(max_length=3)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('siren', 'territory'), name='one_counter_per_association')],
            },
        ),
        migrations.AddField(
            model_name='demand',
            name='is_association',
            field=models.BooleanField(db_default=False, default=False, verbose_name='demand of an association'),
        ),
        migrations.RemoveConstraint(
            model_name='demand',
            name='one_live_demand_per_account_and_department',
        ),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.UniqueConstraint(condition=models.Q(('is_association', False), ('struck_off_on__isnull', True)), fields=('account', 'department'), name='one_live_demand_per_account_and_department', violation_error_message='You already have a demand in this department.'),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='household_size',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='people to be housed'),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='household_category',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='household category'),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='adults',
            field=models.PositiveSmallIntegerField(default=0, null=True),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='children',
            field=models.PositiveSmallIntegerField(default=0, null=True),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='visiting_children',
            field=models.PositiveSmallIntegerField(default=0, null=True),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='unborn_count',
            field=models.PositiveSmallIntegerField(default=0, null=True),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='is_couple',
            field=models.BooleanField(default=False, null=True),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='single_parent',
            field=models.BooleanField(default=False, null=True),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='has_disability',
            field=models.BooleanField(default=False, null=True),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='identity_verified',
            field=models.BooleanField(default=False, null=True),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='consumption_units',
            field=models.DecimalField(decimal_places=1, max_digits=4, null=True),
        ),
        migrations.AlterField(
            model_name='demandaudience',
            name='household_size',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='demandaudience',
            name='identity_verified',
            field=models.BooleanField(null=True),
        ),
    ]
