import functools
import register.code_lists
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0035_spouses_on_one_tax_notice'),
    ]

    operations = [
        migrations.AlterField(
            model_name='currenthousing',
            name='home_type',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('TypeLogement',), **{}), max_length=3, verbose_name='size'),
        ),
        migrations.AlterField(
            model_name='currenthousing',
            name='kind',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('ModeleLogement',), **{}), max_length=10, verbose_name='current housing'),
        ),
        migrations.AlterField(
            model_name='demand',
            name='building_kind',
            field=models.CharField(choices=functools.partial(register.code_lists.stored_choices, *('CategorieLogement/recherché',), **{}), default='I', max_length=1, verbose_name='flat or house'),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='applicant_title',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('Civilité',), **{}), max_length=1),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='building_kind',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('CategorieLogement/recherché',), **{}), max_length=1),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='current_home_type',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('TypeLogement',), **{}), max_length=3),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='current_housing',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('ModeleLogement',), **{}), max_length=10),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='family_status',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('SituationFamiliale',), **{}), max_length=1),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='first_reason',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('MotifDemande',), **{}), max_length=3),
        ),
        migrations.AlterField(
            model_name='demandfacts',
            name='work_status',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('TypeContratTravail',), **{}), max_length=3),
        ),
        migrations.AlterField(
            model_name='flatsharer',
            name='title',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('Civilité',), **{}), max_length=1, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='income',
            name='kind',
            field=models.CharField(choices=functools.partial(register.code_lists.stored_choices, *('RessourceRecue',), **{}), max_length=5),
        ),
        migrations.AlterField(
            model_name='person',
            name='custody',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('Coparentalité',), **{}), max_length=1, verbose_name='custody'),
        ),
        migrations.AlterField(
            model_name='person',
            name='employer',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('Employeur',), **{}), max_length=2, verbose_name='works for'),
        ),
        migrations.AlterField(
            model_name='person',
            name='family_status',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('SituationFamiliale',), **{}), max_length=1, verbose_name='family status'),
        ),
        migrations.AlterField(
            model_name='person',
            name='nationality',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('Nationalité',), **{}), max_length=1, verbose_name='nationality'),
        ),
        migrations.AlterField(
            model_name='person',
            name='sex',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('Sexe',), **{}), max_length=1, verbose_name='sex'),
        ),
        migrations.AlterField(
            model_name='person',
            name='title',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('Civilité',), **{}), max_length=1, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='person',
            name='work_status',
            field=models.CharField(blank=True, choices=functools.partial(register.code_lists.stored_choices, *('TypeContratTravail',), **{}), max_length=3, verbose_name='work'),
        ),
        migrations.AlterField(
            model_name='reason',
            name='code',
            field=models.CharField(choices=functools.partial(register.code_lists.stored_choices, *('MotifDemande',), **{}), max_length=3),
        ),
        migrations.AlterField(
            model_name='waitingtime',
            name='home_type',
            field=models.CharField(choices=functools.partial(register.code_lists.stored_choices, *('TypeLogement',), **{}), max_length=3),
        ),
        migrations.AlterField(
            model_name='wishedtype',
            name='code',
            field=models.CharField(choices=functools.partial(register.code_lists.stored_choices, *('TypeLogement',), **{}), max_length=3),
        ),
        migrations.CreateModel(
            name='ListedCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('list_name', models.CharField(max_length=40, verbose_name='list')),
                ('code', models.CharField(blank=True, max_length=10, verbose_name='code')),
                ('position', models.PositiveSmallIntegerField(verbose_name='place in the list')),
                ('official', models.CharField(blank=True, max_length=150, verbose_name='official label')),
                ('english', models.CharField(max_length=150, verbose_name='label in English')),
                ('places', models.JSONField(blank=True, default=dict, verbose_name='pages and cases of the form')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('is_obsolete', models.BooleanField(default=False, verbose_name='obsolete')),
                ('is_national', models.BooleanField(default=True, verbose_name='national')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
            ],
            options={
                'verbose_name': 'code of a list',
                'verbose_name_plural': 'codes of the lists',
                'ordering': ['list_name', 'position'],
                'constraints': [models.UniqueConstraint(fields=('list_name', 'code'), name='code_once_in_its_list')],
            },
        ),
    ]
