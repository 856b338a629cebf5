from django.db import migrations


def know_more(apps, schema_editor):
    """Sample names ten times as much: the usual sample now sees a common one, now does not.

    The planner then takes thirty thousand people for three hundred, and a search for a second.
    """
    _set(schema_editor, 1000)


def know_as_usual(apps, schema_editor):
    """The sample of every other column again."""
    _set(schema_editor, -1)


def _set(schema_editor, target):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"ALTER TABLE register_person ALTER COLUMN search_name SET STATISTICS {target}"
        )


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0024_erasure_and_legal_holds"),
    ]

    operations = [
        migrations.RunPython(know_more, know_as_usual),
    ]
