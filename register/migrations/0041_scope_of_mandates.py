from django.db import migrations, models


class Migration(migrations.Migration):
    """Mandates given so far let helpers read and nothing else: the default says so of them."""

    dependencies = [
        ("register", "0040_facts_of_more_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="mandate",
            name="scope",
            field=models.CharField(choices=[('read', 'Read the demand'), ('answer', 'Read it, send documents and answer requests to correct'), ('modify', 'Read it, send documents, answer, change what is declared and renew')], db_default='read', default='read', max_length=10),
        ),
    ]
