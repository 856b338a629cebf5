"""One act may change several answers of the declaration; a change may concern a disability."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0037_agreements_name_health_on_purpose")]

    operations = [
        migrations.AlterField(
            model_name="fieldchange",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="field_changes",
                to="register.event",
            ),
        ),
        migrations.AlterField(
            model_name="correction",
            name="part",
            field=models.CharField(
                choices=[
                    ("identity", "Identity and civil status"),
                    ("contact", "Address, telephone, e-mail"),
                    ("household", "People and present home"),
                    ("resources", "Resources"),
                    ("wishes", "The home asked for"),
                    ("health", "Disability"),
                    ("documents", "Documents"),
                ],
                max_length=10,
                verbose_name="part",
            ),
        ),
    ]
