"""Who signs in, by e-mail and password as allauth has it; each page then finds who is signed in.

The account is found by a query written once, as the session is (`sessions`).
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from register.models import User
from rules.statements import Slot, statement

_COLUMNS = [field.attname for field in User._meta.concrete_fields]


class Accounts(AuthenticationBackend):
    """Allauth's own, but for the look-up."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session; None for one that is gone or closed."""
        rows = statement(_account).rows(key=user_id)
        user = User.from_db(DEFAULT_DB_ALIAS, _COLUMNS, rows[0]) if rows else None
        return user if user and self.user_can_authenticate(user) else None


def _account() -> QuerySet[User, Any]:
    return User.objects.filter(pk=Slot("key", User._meta.pk)).values_list(*_COLUMNS)
