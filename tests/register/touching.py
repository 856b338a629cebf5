"""More services that change a demand, as `test_touched` calls them: words, papers, mandates."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from register.models import Demand, Mandate, Person
from register.principals import Principal
from register.services import acts
from register.services.messages import leave_unanswered
from register.services.preferences import choose_safe_way
from register.services.received import Receipt, receive_document
from register.services.recorded_mandates import (
    HelperData,
    accept_mandate,
    end_recorded,
    record_mandate,
    take_turn,
)
from tests.factories import make_stored_file, make_user, principal_of


def _recorded(lead: Principal, demand: Demand, **given: Any) -> Mandate:
    """A mandate shown at a counter, in force for nine days."""
    today = timezone.localdate()
    told: dict[str, Any] = {
        "kind": "given",
        "scope": "read",
        "helper": HelperData("Paule Roux"),
        "reference": "Du 1er mars",
        "starts_on": today,
        "ends_on": today + timedelta(days=9),
        "files": [make_stored_file(lead.user).pk],
    }
    return record_mandate(principal=lead, demand=demand, **(told | given))


def _accepted(lead: Principal, demand: Demand) -> Demand:
    helper = make_user()
    mandate = _recorded(lead, demand, helper=HelperData("Paule Roux", email=helper.email))
    born = Person.objects.get(demand=demand, role="applicant").birth_date
    return accept_mandate(principal=principal_of(helper), mandate=mandate, birth_date=born)


def _over(lead: Principal, demand: Demand) -> bool:
    mandate = _recorded(lead, demand)
    yesterday = timezone.localdate() - timedelta(days=1)
    Mandate.objects.filter(pk=mandate.pk).update(starts_on=yesterday, ends_on=yesterday)
    return take_turn()


def _unanswered(lead: Principal, demand: Demand) -> Any:
    acts.send_message(principal=principal_of(demand.account), demand=demand, body="Merci")
    return leave_unanswered(principal=lead, demand=demand)


def _safe_way(_lead: Principal, demand: Demand) -> Any:
    Demand.objects.filter(pk=demand.pk).update(is_sealed=True)
    return choose_safe_way(principal=principal_of(demand.account), demand=demand, way="counter")


def _received(lead: Principal, demand: Demand) -> Any:
    receipt = Receipt("tax_notice", "counter", timezone.localdate(), None)
    file = make_stored_file(lead.user).pk
    return receive_document(principal=lead, demand=demand, receipt=receipt, file=file)


MORE: dict[str, Callable[[Principal, Demand], Any]] = {
    "record_mandate": _recorded,
    "_accept": _accepted,
    "end_recorded": lambda who, demand: end_recorded(
        principal=who, mandate=_recorded(who, demand), text="Elle l’a dit"
    ),
    "_tell_end": _over,
    "leave_unanswered": _unanswered,
    "choose_safe_way": _safe_way,
    "_kept": _received,
}
