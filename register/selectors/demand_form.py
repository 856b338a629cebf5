"""What the online form reads of the register before a demand exists."""

import re
from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q

from register import access
from register.access import Action
from register.models import LIVE_STATES, Commune, Demand, DemandState, Quarter
from register.principals import Principal
from register.services.application import DemandApplication
from register.territories import territory_tree

INSEE_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}", re.ASCII)


def communes_in_order(insee_codes: Iterable[str]) -> list[Commune]:
    """Communes by INSEE code, in the order given; unknown codes are left out."""
    # What is no code at all never reaches the database: PostgreSQL refuses some characters.
    wanted = [code for code in dict.fromkeys(insee_codes) if INSEE_CODE.fullmatch(code)]
    found = Commune.objects.select_related("department", "epci").in_bulk(wanted)
    return [found[code] for code in wanted if code in found]


def quarters_in(insee_codes: Iterable[str]) -> dict[str, list[Quarter]]:
    """The quarters that can be chosen in these communes, by name; communes without are left out."""
    known = territory_tree()
    wanted = [code for code in insee_codes if known.quarters_of(code)]
    found: dict[str, list[Quarter]] = {}
    if wanted:
        for quarter in Quarter.objects.filter(commune__in=wanted).order_by("name", "code"):
            found.setdefault(quarter.commune_id, []).append(quarter)
    return found


def chosen_quarters(chosen: Mapping[str, str]) -> dict[str, Quarter]:
    """The quarters chosen, by commune; one that is not listed in its commune is left out."""
    return {
        insee: quarter
        for insee, quarters in quarters_in(chosen).items()
        for quarter in quarters
        if quarter.pk == chosen[insee]
    }


def blocking_demand(live: list[Demand], application: DemandApplication) -> Demand | None:
    """Among the person's live demands, that which stops this one (R441-2-3).

    One demand per person and department; an association makes several, and stops nobody's.
    """
    if application.association is not None:
        return None
    there = (demand for demand in live if demand.department_id == application.department)
    return next((demand for demand in there if not demand.is_association), None)


def is_registered(column: str) -> Exists:
    """Condition on rows: the number in that column is the one of a demand that was not erased."""
    return Exists(Demand.objects.filter(number=OuterRef(column)))


def live_demands(principal: Principal) -> list[Demand]:
    """The person's own demands that count today, the latest first."""
    return _own(principal, Q(state__in=LIVE_STATES))


def demands_that_go_on(principal: Principal) -> list[Demand]:
    """Those merged into one that counts today, of whichever account (CCH R441-2-3)."""
    going_on = {"merged_into__undone_at": None, "merged_into__kept__state__in": LIVE_STATES}
    return _own(principal, Q(state=DemandState.MERGED, **going_on))


def _own(principal: Principal, which: Q) -> list[Demand]:
    own = access.scope(principal, Action.VIEW).filter(which, account=principal.user)
    return list(own.select_related("department", "association").order_by("-received_on", "-pk"))
