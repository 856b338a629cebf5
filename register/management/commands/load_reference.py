"""`manage.py load_reference`: territories, partners and dated figures of the register."""

from typing import Any

from django.core.management.base import BaseCommand

from register.reference.loader import load_reference


class Command(BaseCommand):
    help = "Load the reference data; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        load_reference(report=self.stdout.write)
