"""Which accounts nothing needs any more: neither a demand, a draft, a mandate nor a role."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import PROTECT, Exists, F, ForeignObjectRel, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from register.models import User

LAST_SEEN = Coalesce("last_login", "date_joined")
Rows = Callable[[], QuerySet[Any]]
_keeping: dict[str, Rows] = {}


def keep_for(name: str, rows: Rows) -> None:
    """Name rows that keep an account, by their column `user`; naming them again changes nothing.

    The register's own rows protect it by themselves. What another part of the software holds would
    go with the account: that part says what of it is still living.
    """
    _keeping[name] = rows


def unneeded() -> QuerySet[User]:
    """Accounts of nobody of the staff that no living row names any more."""
    accounts = User.objects.filter(is_staff=False, is_superuser=False)
    accounts = accounts.exclude(groups__isnull=False)
    for model, column in _protecting():
        named = model._default_manager.filter(**{column: OuterRef("pk")})
        accounts = accounts.filter(~Exists(named))
    for rows in _keeping.values():
        accounts = accounts.filter(~Exists(rows().filter(user=OuterRef("pk"))))
    return accounts


def to_tell(before: datetime) -> QuerySet[User]:
    """Those to which nobody signed in since, and whose holder was not told of it yet."""
    unseen = unneeded().annotate(seen=LAST_SEEN).filter(seen__lt=before)
    return unseen.filter(Q(idle_told_at=None) | Q(idle_told_at__lt=F("seen")))


def to_erase(told_before: datetime) -> QuerySet[User]:
    """Those whose holder was told before then, and did not sign in since."""
    told = unneeded().annotate(seen=LAST_SEEN)
    return told.filter(idle_told_at__lt=told_before, seen__lt=F("idle_told_at"))


def _protecting() -> list[tuple[Any, str]]:
    """Each table that forbids to erase an account, with its column: demands, mandates, roles..."""
    return [
        (relation.related_model, relation.field.name)
        for relation in User._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and relation.on_delete is PROTECT
    ]
