"""Eight digits that somebody types to prove that a message reached her: none of them is kept.

A code follows from what it is for, so that the same message sent twice bears the same code.

Nobody's wrong tries end somebody else's code: a number is an identifier, which strangers know.
What is bounded is the guesser. A network (an address, or a /64) types ten wrong codes an hour and
thirty a day (`ACCOUNT_RATE_LIMITS["type_code"]`). Over the 61 days that an announcement lasts at
most that is 1,830 tries in 10**8 codes: 1 chance in 54,000, or 1 in 27,000 at the very most once a
reminder has left, whose code is good besides that of the first notice. After ten wrong codes with a
number, by whomever, the date of birth is asked too: 365 × 60 days make it 1 in 10**8 to a stranger,
and a thousand networks together have 1 in 500,000. Whoever knows the date of birth as well keeps
1 in 27,000, and would have renewed the demand of somebody else. The code of online access asks for
the date of birth from the first try, lasts 30 days, and an account tries ten times an hour besides.
"""

from django.utils.crypto import constant_time_compare, salted_hmac

DIGITS = 8
# Beyond, the code alone proves no more.
WRONG_CODES_ALONE = 10


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
