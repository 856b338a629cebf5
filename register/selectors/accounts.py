"""Which accounts nothing needs any more: neither a demand, a draft, a mandate nor a role."""

from collections.abc import Callable
from typing import Any

from django.db.models import PROTECT, Exists, ForeignObjectRel, OuterRef, QuerySet

from register.models import User

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
    for model, column in _protecting():
        named = model._default_manager.filter(**{column: OuterRef("pk")})
        accounts = accounts.filter(~Exists(named))
    for rows in _keeping.values():
        accounts = accounts.filter(~Exists(rows().filter(user=OuterRef("pk"))))
    return accounts


def _protecting() -> list[tuple[Any, str]]:
    """Each table that forbids to erase an account, with its column: demands, mandates, roles..."""
    return [
        (relation.related_model, relation.field.name)
        for relation in User._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and relation.on_delete is PROTECT
    ]
