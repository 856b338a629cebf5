"""Erases accounts that nobody uses and nothing needs, once their holder was told (GDPR 5-1-e)."""

from datetime import datetime

from django.db import transaction

from register import clock
from register.models import User
from register.selectors.accounts import to_erase


def note_told(account: User) -> None:
    """The holder of this account was told that it is about to be erased."""
    User.objects.filter(pk=account.pk).update(idle_told_at=clock.now())


def erase_accounts(told_before: datetime, most: int | None) -> int:
    """Erase those told before then, `most` of them at most; returns how many."""
    keys = list(to_erase(told_before).values_list("pk", flat=True)[:most])
    return sum(_erase(key, told_before) for key in keys)


@transaction.atomic
def _erase(key: int, told_before: datetime) -> bool:
    locked = to_erase(told_before).select_for_update(of=("self",))
    account = locked.filter(pk=key).first()
    if account is not None:
        account.delete()
    return account is not None  # None: she signed in meanwhile, or began something
