"""The link and the code of a renewal: nothing is kept, both follow from the announcement.

A scanner of mails that opens every link changes nothing: only the code, typed and posted, renews.
The same announcement always gives the same pair, so that a mail sent twice is one mail.
"""

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet

from register.models import NoticeKind, RenewalNotice
from register.one_time_codes import code_for, is_same

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
    return code_for(f"{notice.pk}:{notice.demand_id}:{notice.expires_on.isoformat()}", SALT)


def is_code_of(notice: RenewalNotice, typed: str) -> bool:
    """True for the code of this announcement, whatever the spaces it was typed with.

    So is that of any other of the same end: she may hold the first one, or its reminder.
    """
    return any([is_same(typed, code_of(each)) for each in of_same_end(notice)])


def of_same_end(notice: RenewalNotice) -> QuerySet[RenewalNotice]:
    """All that announced this end of validity: the first one, and its reminder."""
    return RenewalNotice.objects.filter(
        demand=notice.demand_id,
        expires_on=notice.expires_on,
        kind__in=(NoticeKind.NOTICE, NoticeKind.REMINDER),
    )


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")
