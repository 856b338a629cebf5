from django.db import migrations
from django.utils import timezone


def read_their_income_again(apps, schema_editor):
    """Facts of couples on one tax notice, whose income was said to be unknown, are due today."""
    spouses = apps.get_model("register", "Person").objects.filter(
        role="co_applicant", link__in=("M", "P"), tax_income_n2=None, tax_income_n1=None
    )
    facts = apps.get_model("register", "DemandFacts").objects.filter(
        annual_income=None, demand__in=spouses.values("demand")
    )
    facts.update(recompute_on=timezone.localdate())


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0034_annex_and_missing_cases"),
    ]

    operations = [
        migrations.RunPython(read_their_income_again, migrations.RunPython.noop),
    ]
