"""Where somebody may register demands (CCH R441-2-1)."""

from register import access, lifecycle
from register.access import Action
from register.models import Counter, Demand
from register.principals import Principal
from register.selectors.in_charge import body_in_charge


def may_register(principal: Principal) -> bool:
    """True when what the organisation registers is open to the principal to modify.

    The rules give that right on the demands that an organisation registers itself: whoever may not
    put them right may not enter them.
    """
    organisation = principal.organisation
    may = access.may_ever(principal, Action.EDIT)
    return organisation is not None and organisation.is_counter and may


def counters_of(principal: Principal) -> list[Counter]:
    """The counters at which the principal may register demands; none without the right."""
    if not may_register(principal):
        return []
    return list(Counter.objects.filter(organisation=principal.organisation))


def has_counter(principal: Principal) -> bool:
    """True for somebody who copies paper forms: at a counter, with the right."""
    here = Counter.objects.filter(organisation=principal.organisation)
    return may_register(principal) and here.exists()


def may_scan(principal: Principal) -> bool:
    """True for somebody who puts papers in files, or copies paper forms at a counter."""
    return access.may_ever(principal, Action.VERIFY_DOCUMENT) or has_counter(principal)


def takes_paper_form(principal: Principal, demand: Demand) -> bool:
    """True for somebody who copies paper forms, of a demand that still takes something."""
    return not lifecycle.goes_on_elsewhere(demand) and has_counter(principal)


def counter_to_visit(demand: Demand) -> Counter:
    """Where the applicant may go, with its address: a counter of the body that looks after her.

    That of the first commune wished comes first. Nobody walks into the online door: it is named
    only when the register knows no other address.
    """
    first = demand.wished_communes.filter(position=1).values_list("commune", flat=True).first()
    found = Counter.objects.filter(organisation=body_in_charge(demand), is_public=True)
    return min(
        found.exclude(address=""),
        key=lambda counter: (counter.commune_id != first, counter.name),
        default=demand.counter,
    )
