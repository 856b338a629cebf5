"""Tells the holders of accounts that nobody uses that they are about to be erased."""

import logging

from django.utils import timezone

from exchange.mailing import send_to_account, space_url
from register import deadlines, retained
from register.letters.email import idle_account_mail
from register.selectors.accounts import to_tell
from register.selectors.rounds import strange_clock
from register.services.accounts import note_told

logger = logging.getLogger(__name__)
MOST_A_NIGHT = 200


def tell_holders() -> int:
    """Write to some of them, the one unseen for longest first; returns to how many.

    Nobody while the clock cannot be believed, nor where no module sets the delays. Whoever cannot
    be written to tonight is tried again the next one, and keeps her account until she is told.
    """
    try:
        unseen, warned = deadlines.find("account_warning"), deadlines.get("account_retention")
    except LookupError:
        return 0
    if strange_clock():
        return 0
    mail = idle_account_mail(
        space_url=space_url(), until=deadlines.add(timezone.localdate(), warned)
    )
    told = 0
    for account in to_tell(retained.over_before(unseen)).order_by("seen")[:MOST_A_NIGHT]:
        try:
            send_to_account(to=account.email, mail=mail)
        except OSError as problem:
            logger.warning("account %s not told: %s", account.pk, type(problem).__name__)
            continue
        note_told(account)
        told += 1
    return told
