"""Eight digits that somebody types to prove that a message reached her: none of them is kept.

A code follows from what it is for, so that the same message sent twice bears the same code.
"""

from django.utils.crypto import constant_time_compare, salted_hmac

DIGITS = 8


def code_for(told: str, salt: str) -> str:
    """The digits of this purpose."""
    digest = salted_hmac(salt, told, algorithm="sha256").hexdigest()
    return f"{int(digest, 16) % 10**DIGITS:0{DIGITS}}"


def is_same(typed: str, code: str) -> bool:
    """True for this code, whatever the spaces it was typed with."""
    return constant_time_compare("".join(typed.split()), code)


def spaced(code: str) -> str:
    """The code by fours, as it is read aloud."""
    return f"{code[:4]} {code[4:]}"
