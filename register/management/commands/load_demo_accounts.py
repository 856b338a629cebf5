"""`manage.py load_demo_accounts`: the accounts to try the demonstration with."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from register.demo.accounts import PASSWORD, ensure_accounts, listed


class Command(BaseCommand):
    """Create the demonstration accounts that are missing and list them."""

    help = "Create the demonstration accounts (demonstration only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Published passwords are for demonstrations only.")
        ensure_accounts()
        if options["verbosity"]:
            for account in listed():
                self.stdout.write(f"{account.email}  {PASSWORD}  {account.who}  {account.page}")
