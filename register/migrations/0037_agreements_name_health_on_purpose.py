from django.db import migrations, models

import register.models.agreement


def name_health_on_purpose(apps, schema_editor):
    """No rule ever opened health, which every agreement named unless somebody took it out."""
    agreements = apps.get_model("register", "Agreement").objects.all()
    for agreement in agreements.only("pk", "data_classes"):
        kept = [name for name in agreement.data_classes if name != "health"]
        if kept != agreement.data_classes:
            agreements.filter(pk=agreement.pk).update(data_classes=kept)


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0036_lists_of_codes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agreement",
            name="data_classes",
            field=models.JSONField(
                default=register.models.agreement.usual_data_classes, verbose_name="groups of data"
            ),
        ),
        migrations.RunPython(name_health_on_purpose, migrations.RunPython.noop),
    ]
