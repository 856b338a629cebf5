"""`manage.py load_starter_content`: the texts and the editorial team of a new installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cms.editorial import set_up_editorial_team
from cms.starter import reader, writer

STARTER = Path(reader.__file__).parent


class Command(BaseCommand):
    """Bring the starter pages in, once each."""

    help = (
        "Create the guides, news, questions and legal pages of a new installation, and the "
        "editors' groups. Run again, it changes nothing an editor may have touched."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Set up the team, then write what is missing, saying each page."""
        set_up_editorial_team()
        self.stdout.write("Editors' groups and review workflow: ready")
        count = writer.write_all(reader.read_all(STARTER), self.stdout.write)
        self.stdout.write(f"Starter pages brought in: {count}")
