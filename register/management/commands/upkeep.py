"""`manage.py upkeep`: what was erased leaves the files of the database."""

from typing import Any

from django.core.management.base import BaseCommand

from register.bulk import wipe_deleted


class Command(BaseCommand):
    """Upkeep of the database."""

    help = "Write the database again without what was erased. Once a month, at a quiet hour."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it; tables of PostgreSQL are locked one after the other meanwhile."""
        wipe_deleted()
