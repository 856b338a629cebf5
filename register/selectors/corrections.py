"""Requests to correct: those of a demand, and those that wait for an organisation."""

from django.db.models import Q, QuerySet

from register import access
from register.access import Action
from register.models import Correction, Demand
from register.principals import Principal

MOST_SHOWN = 100


def corrections_of(demand: Demand) -> list[Correction]:
    """Every request about a demand that its applicant opened, the latest first."""
    return list(demand.corrections.select_related("organisation"))


def waiting_for_applicant(demand: Demand) -> list[Correction]:
    """What organisations asked her to put right, the oldest first."""
    return [each for each in reversed(corrections_of(demand)) if each.waits_for_applicant]


def to_close(principal: Principal, demand: Demand) -> list[Correction]:
    """Requests of one file that the principal may end, on parts that she reads."""
    rights = access.fields(principal, demand)
    found = _open(principal).filter(demand=demand).order_by("asked_at", "pk")
    return [each for each in found if rights.can_read(each.part)]


def waiting(principal: Principal) -> tuple[list[Correction], int]:
    """Open requests that wait for the organisation, the oldest first, and how many there are.

    Asked by applicants of the body that registered their demand, or answered by them.
    """
    found = _open(principal).filter(
        Q(organisation__isnull=True) | Q(answered_at__isnull=False),
        demand__in=access.scope(principal, Action.RECORD_ACT),
    )
    return list(found.order_by("asked_at", "pk")[:MOST_SHOWN]), found.count()


def _open(principal: Principal) -> QuerySet[Correction]:
    if principal.organisation is None:
        return Correction.objects.none()
    found = Correction.objects.filter(closed_at__isnull=True).select_related("demand")
    if principal.is_manager:
        return found
    body = principal.organisation
    by_applicants = Q(organisation__isnull=True, demand__registered_by=body)
    return found.filter(by_applicants | Q(organisation=body))
