"""What a demand declares, taken up for another one that a counter registers out of it."""

from dataclasses import fields
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from register.codes import Channel, HomeType, PersonRole
from register.models import Commune, Counter, Demand, Person
from register.principals import Principal
from register.services.application import (
    AssociationData,
    ContactData,
    CurrentHousingData,
    FlatSharerData,
    IncomeLine,
    NeedLine,
    PersonData,
    WishData,
)
from register.services.submission import Deposit
from register.text import is_storable

Data = TypeVar(
    "Data",
    PersonData,
    AssociationData,
    ContactData,
    CurrentHousingData,
    WishData,
    FlatSharerData,
)


def told_as(kind: type[Data], row: Any, **now: Any) -> Data:
    """A stored row as it was declared, with what is otherwise from `now` on."""
    names = [field.name for field in fields(kind) if field.name not in now]
    return kind(**{name: getattr(row, name) for name in names}, **now)


def person_data(person: Person, **now: Any) -> PersonData:
    """A person as declared, with what is otherwise from `now` on."""
    incomes = tuple(IncomeLine(line.kind, line.amount) for line in person.incomes.all())
    needs = tuple(NeedLine(need.topic, need.code) for need in person.needs.all())
    return told_as(PersonData, person, incomes=incomes, needs=needs, **now)


def wishes_of(demand: Demand) -> WishData:
    """The home that a demand asks for."""
    wished = list(demand.wished_communes.all())
    return told_as(
        WishData,
        demand,
        home_types=tuple(demand.wished_types.values_list("code", flat=True)),
        communes=tuple(wish.commune_id for wish in wished),
        quarters={wish.commune_id: wish.quarter_id for wish in wished if wish.quarter_id},
    )


def chosen_wishes(commune: str, home_type: str) -> WishData:
    """One commune and one size, said at the counter; ValidationError by the field."""
    if home_type not in HomeType.values:
        raise ValidationError({"home_type": _("Choose an answer of the list.")})
    if not Commune.objects.filter(pk=commune).exists():
        raise ValidationError({"commune": _("Choose a commune of the list.")})
    return WishData(home_types=(home_type,), communes=(commune,))


def check_reachable(contact: ContactData) -> None:
    """Somebody who takes up a demand is told so: ValidationError without any address."""
    if not contact.email and not (contact.address and contact.city):
        raise ValidationError(
            {"address": _("Give an e-mail address, or a postal one: the certificate goes there.")}
        )
    if not is_storable(contact):
        raise ValidationError(_("An answer contains characters that cannot be kept."))


def deposit_at(principal: Principal, demand: Demand, origin: str, **told: Any) -> Deposit:
    """At the agent’s own counter; at that of the first demand when her body has none."""
    own = Counter.objects.filter(organisation=principal.organisation).order_by("code").first()
    return Deposit(
        counter=own or demand.counter,
        channel=Channel.COUNTER,
        origin=origin,
        **{"account": None, **told},
    )


def co_applicant(demand: Demand, key: int | None, name: str) -> Person:
    """The co-applicant of this key; ValidationError beside the field `name`."""
    found = demand.persons.filter(pk=key, role=PersonRole.CO_APPLICANT).first() if key else None
    if found is None:
        raise ValidationError({name: _("Choose a co-applicant of this demand.")})
    return found
