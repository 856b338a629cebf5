"""Writes synthetic demands through the services, one act after the other, at their past hours."""

from collections.abc import Callable
from functools import partial
from typing import Any

from register import clock
from register.codes import DocumentKind
from register.demo.specimen import specimen_file
from register.demo.synthetic import Synthetic
from register.models import Counter, Demand
from register.principals import SYSTEM, Principal
from register.services import acts, documents, labels, renewal, strike_off
from register.services.submission import Deposit, import_demand

MANAGER_CODE = "ush-bourgogne"
CONTACT_NOTE = "Point sur la demande et les pièces à fournir."
WARNING_NOTE = "Lettre recommandée avec avis de réception."

Act = Callable[..., Any]


def _verify_identity(*, principal: Principal, demand: Demand) -> None:
    document = demand.documents.get(kind=DocumentKind.IDENTITY)
    documents.verify_document(principal=principal, demand=demand, document=document)


ACTS: dict[str, Act] = {
    "verify_identity": _verify_identity,
    "request_piece": acts.request_piece,
    "record_contact": partial(acts.record_contact, text=CONTACT_NOTE),
    "propose_candidate": acts.propose_candidate,
    "refuse_candidate": acts.refuse_candidate,
    "decline_offer": acts.decline_offer,
    "grant_label": labels.grant_label,
    "renew": renewal.renew_demand,
    "warn": partial(strike_off.warn, text=WARNING_NOTE),
    "strike_off": strike_off.strike_off,
}


def replay(synthetic: Synthetic, agents: dict[str, Principal]) -> Demand:
    """Deposit the demand, then take each step in the name of the organisation that took it."""
    counter = Counter.objects.select_related("organisation").get(pk=synthetic.counter)
    specimen_file(synthetic.stored_file, synthetic.deposited_at)
    with clock.at(synthetic.deposited_at):
        demand = import_demand(
            principal=SYSTEM,
            application=synthetic.portrait.application,
            token=synthetic.token,
            deposit=Deposit(counter, None, synthetic.portrait.channel),
        )
    for step in synthetic.steps:
        with clock.at(step.at):
            principal = _actor(step.organisation, demand, agents)
            ACTS[step.act](principal=principal, demand=demand, **step.details)
    return demand


def _actor(organisation: str, demand: Demand, agents: dict[str, Principal]) -> Principal:
    """A sealed file is treated by the manager alone, who alone may open it."""
    return agents[MANAGER_CODE] if demand.is_sealed else agents[organisation]
