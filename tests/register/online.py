"""A demand that has an account is given a code and reached again, as one typed at a counter is."""

from register.account_codes import code_of
from register.models import Demand, Event
from register.principals import Principal
from register.services.account_link import give_code, link_account
from tests.factories import principal_of


def offered(lead: Principal, demand: Demand) -> Event:
    """A code is for whoever has no account: she has hers again afterwards."""
    mine = Demand.objects.filter(pk=demand.pk)
    mine.update(account=None)
    try:
        return give_code(principal=lead, demand=demand)
    finally:
        mine.update(account=demand.account_id)


def reached(lead: Principal, demand: Demand) -> Demand:
    offered(lead, demand)
    Demand.objects.filter(pk=demand.pk).update(account=None)
    born = demand.persons.get(role="applicant").birth_date
    given = demand.account_codes.get(used_at=None)
    return link_account(
        principal=principal_of(demand.account),
        number=demand.number,
        birth_date=born,
        typed=code_of(given),
    )
