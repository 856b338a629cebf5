from django.db import migrations, models

# The order of the inner rows is the order of preference; PostgreSQL is told it again.
_AGGREGATE = {
    "postgresql": "string_agg(told.name, chr(10) ORDER BY told.position)",
    "sqlite": "group_concat(told.name, char(10))",
}
_FILL = """
UPDATE register_demandfacts SET
    applicant_name = COALESCE((
        SELECT CASE person.used_name WHEN '' THEN person.birth_name ELSE person.used_name END
            || ' ' || person.first_names
        FROM register_person AS person
        WHERE person.demand_id = register_demandfacts.demand_id AND person.role = 'applicant'
    ), ''),
    wished_places = COALESCE((
        SELECT {aggregate} FROM (
            SELECT wished.position,
                commune.name || COALESCE(' – ' || quarter.name, '') AS name
            FROM register_wishedcommune AS wished
            JOIN register_commune AS commune ON commune.insee = wished.commune_id
            LEFT JOIN register_quarter AS quarter ON quarter.code = wished.quarter_id
            WHERE wished.demand_id = register_demandfacts.demand_id
            ORDER BY wished.position
        ) AS told
    ), '')
WHERE state <> 'erased'
"""


def fill(apps, schema_editor):
    """Copy the name and the places that lines show; the name was its search key, read by nothing."""
    vendor = schema_editor.connection.vendor
    schema_editor.execute(_FILL.format(aggregate=_AGGREGATE[vendor]))


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0030_merges"),
    ]

    operations = [
        migrations.AddField(
            model_name="demandfacts",
            name="wished_places",
            field=models.CharField(blank=True, db_default="", default=""),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
