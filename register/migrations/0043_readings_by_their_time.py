"""What the log of readings has kept for its delay is found without reading all of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0042_death_taken_back")]

    operations = [
        migrations.AddIndex(
            model_name="accesslog",
            index=models.Index(fields=["at"], name="access_at"),
        ),
    ]
