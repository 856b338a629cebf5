"""Keeps what is compared of people in step with their files, and finds who shares a block."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet

from register.codes import PersonRole
from register.duplicates.identity import BLOCKS, COMPARED, as_columns, blocks, identity
from register.duplicates.identity import Identity as Compared
from register.duplicates.model import Comparison, compare
from register.models import Contact, Demand, Identity, Person
from rules.statements import Slot, statement

# A child is in the files of both parents: only those who ask for a home are compared.
ASKING = (PersonRole.APPLICANT, PersonRole.CO_APPLICANT)
ONE_TERRITORY = {code: "IDF" for code in ("75", "77", "78", "91", "92", "93", "94", "95")}
# Beyond so many people in the blocks of one, their names are too common to say anything.
MOST = 300
FIELDS = [field.attname for field in Identity._meta.concrete_fields]


@dataclass(frozen=True)
class Met:
    """Somebody of the register compared with the person at hand."""

    person: int
    demand: int
    identity: Compared
    comparison: Comparison


def territory_of(department: str) -> str:
    """Where a household may have one demand only: a department, or all of Île-de-France."""
    return ONE_TERRITORY.get(department, department)


def keep_identities(demand: Demand, persons: Iterable[Any], contact: Any) -> None:
    """Write the identities of a demand again where they differ from its stored people."""
    territory = territory_of(demand.department_id)
    wanted = {
        person.pk: identity_row(person, contact, territory)
        for person in persons
        if person.role in ASKING
    }
    stored = {row.pk: row for row in Identity.objects.filter(demand=demand)}
    changed = [
        row
        for key, row in wanted.items()
        if key not in stored
        or any(getattr(row, name) != getattr(stored[key], name) for name in FIELDS)
    ]
    gone = [key for key in stored if key not in wanted or wanted[key] in changed]
    if gone:
        Identity.objects.filter(pk__in=gone).delete()
    if changed:
        Identity.objects.bulk_create(changed)


def identity_row(person: Person, contact: Contact, territory: str) -> Identity:
    """What is compared of a person, as it is stored."""
    told = identity(
        title=person.title,
        birth_name=person.birth_name,
        used_name=person.used_name,
        first_names=person.first_names,
        birth_date=person.birth_date,
        phone=contact.phone,
        email=contact.email,
        postal_code=contact.postal_code,
    )
    return Identity(
        person_id=person.pk,
        demand_id=person.demand_id,
        territory=territory,
        **as_columns(told, territory),
    )


def compared(row: Identity) -> Compared:
    """A stored identity, as it is compared."""
    return Compared(**{name: getattr(row, name) for name in COMPARED})


def people_like(
    person: Compared, territory: str, *, only: Sequence[str] = BLOCKS, apart_from: int = 0
) -> list[Met]:
    """People of the territory who share a block with her, the most alike first.

    `only` names the blocks to look in; `apart_from` is the demand that she comes from.
    """
    keys = {name: key if name in only else None for name, key in blocks(person, territory).items()}
    met = []
    for key, demand, *told in statement(_in_blocks).rows(**keys)[:MOST]:
        if demand != apart_from:
            hers = Compared(*told)
            met.append(Met(key, demand, hers, compare(person, hers)))
    return sorted(met, key=lambda each: (-each.comparison.weight, each.person))


def _in_blocks() -> QuerySet[Any, Any]:
    """Who shares one key with somebody: a look in each index, and nobody twice."""
    first, *others = (
        Identity.objects.filter(**{name: Slot(name, models.BigIntegerField())})
        .order_by()
        .values_list("person_id", "demand_id", *COMPARED)
        for name in BLOCKS
    )
    return first.union(*others)
