"""The code with which somebody registered at a counter reaches her demand from an account."""

from register.models import AccountCode
from register.one_time_codes import code_for, is_same

SALT = "register.account"


def code_of(given: AccountCode) -> str:
    """Eight digits, to be typed by the person who received them."""
    return code_for(f"{given.pk}:{given.demand_id}:{given.expires_on.isoformat()}", SALT)


def is_code_of(given: AccountCode, typed: str) -> bool:
    """True for the code of this row, whatever the spaces it was typed with."""
    return is_same(typed, code_of(given))
