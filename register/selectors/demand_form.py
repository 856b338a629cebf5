"""What the online form reads of the register before a demand exists."""

import re
from collections.abc import Iterable

from register import access
from register.access import Action
from register.models import LIVE_STATES, Commune, Demand
from register.principals import Principal

INSEE_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}", re.ASCII)


def communes_in_order(insee_codes: Iterable[str]) -> list[Commune]:
    """Communes by INSEE code, in the order given; unknown codes are left out."""
    # What is no code at all never reaches the database: PostgreSQL refuses some characters.
    wanted = [code for code in dict.fromkeys(insee_codes) if INSEE_CODE.fullmatch(code)]
    found = Commune.objects.select_related("department", "epci").in_bulk(wanted)
    return [found[code] for code in wanted if code in found]


def live_demands(principal: Principal) -> list[Demand]:
    """The person's own demands that count today, the latest first."""
    own = access.scope(principal, Action.VIEW).filter(account=principal.user, state__in=LIVE_STATES)
    return list(own.select_related("department").order_by("-received_on", "-pk"))
