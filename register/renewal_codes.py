"""The link and the code of a renewal: nothing is kept, both follow from the announcement.

A scanner of mails that opens every link changes nothing: only the code, typed and posted, renews.
The same announcement always gives the same pair, so that a mail sent twice is one mail.
"""

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

from register.models import RenewalNotice

DIGITS = 8
SALT = "register.renewal"


def link_of(notice: RenewalNotice) -> str:
    """What the address of the renewal's page ends with."""
    return _signer().sign(str(notice.pk))


def notice_behind(link: str) -> RenewalNotice | None:
    """The announcement that a link names; None for one that the register did not write."""
    try:
        key = int(_signer().unsign(link))
    except (BadSignature, ValueError):
        return None
    return RenewalNotice.objects.filter(pk=key).select_related("demand").first()


def code_of(notice: RenewalNotice) -> str:
    """Eight digits, to be typed by the person who received them."""
    told = f"{notice.pk}:{notice.demand_id}:{notice.expires_on.isoformat()}"
    digest = salted_hmac(SALT, told, algorithm="sha256").hexdigest()
    return f"{int(digest, 16) % 10**DIGITS:0{DIGITS}}"


def is_code_of(notice: RenewalNotice, typed: str) -> bool:
    """True for the code of this announcement, whatever the spaces it was typed with."""
    return constant_time_compare("".join(typed.split()), code_of(notice))


def spaced(code: str) -> str:
    """The code by fours, as it is read aloud."""
    return f"{code[:4]} {code[4:]}"


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")
