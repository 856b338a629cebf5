"""Separates a couple: each goes on with a demand of its own, and both keep the first date.

The new demand is that of the national message CRS. Nothing that tells where the applicant lives, or
wishes to live under a seal, goes over to the other: addresses are given anew at the counter.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register.access import Action
from register.codes import (
    Custody,
    DemandOrigin,
    DemandReason,
    DocumentKind,
    DocumentStatus,
    PersonRole,
)
from register.errors import NotAllowed
from register.models import Demand, Document, EventKind, Person
from register.principals import Principal, PrincipalKind
from register.services.application import (
    ContactData,
    CurrentHousingData,
    DemandApplication,
    PersonData,
    WishData,
)
from register.services.changes import begin_change
from register.services.facts import refresh_facts
from register.services.out_of import (
    check_reachable,
    chosen_wishes,
    co_applicant,
    deposit_at,
    person_data,
    wishes_of,
)
from register.services.outbox import tell_applicant
from register.services.submission import register_out_of

# She may still be at the counter, or on her way home: whoever she leaves is not told meanwhile.
HEAD_START = timedelta(days=2)
CHILDREN = (PersonRole.DEPENDANT, PersonRole.VISITING_CHILD)


@dataclass(frozen=True)
class Split:
    """The household as the agent states it, by the keys of its people.

    `going` leave with the co-applicant `leaving`, `shared` count in both homes (custody shared),
    the others stay. `with_unborn`: the child to be born goes too.
    """

    leaving: int | None
    going: Collection[int] = ()
    shared: Collection[int] = ()
    with_unborn: bool = False


@dataclass(frozen=True)
class NewHousehold:
    """What is said of the co-applicant's own home and wish; empty commune: the same wishes."""

    contact: ContactData
    housing: CurrentHousingData
    commune: str = ""
    home_type: str = ""
    is_sealed: bool = False


@transaction.atomic
def separate_couple(
    *,
    principal: Principal,
    demand: Demand,
    split: Split,
    household: NewHousehold,
    expected_version: int | None = None,
) -> Demand:
    """Give the co-applicant a demand with its own number and the same seniority; the new demand.

    The first demand keeps its number, its address and those who stay; its applicant is told two
    days later, and neither by which body nor on which day (see `selectors.separations`). The new
    one waits for the identity document of its applicant. Raises NotAllowed, TransitionRefused,
    Conflict, or ValidationError by the field.
    """
    if principal.kind is PrincipalKind.APPLICANT:
        raise NotAllowed(_("Only a counter can separate a demand."))
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.RENEW,
        expected_version=expected_version,
    )
    current = change.demand
    leaving = co_applicant(current, split.leaving, "leaving")
    children = _children(current, split)
    check_reachable(household.contact)
    wishes = _wishes(current, household)
    application = _application(current, leaving, children, split, household, wishes)
    papers = list(Document.objects.filter(demand=current, person=leaving))
    Document.objects.filter(demand=current, person__in=[leaving, *children["going"]]).update(
        person=None
    )
    Person.objects.filter(pk__in=[leaving.pk, *(p.pk for p in children["going"])]).delete()
    Person.objects.filter(pk__in=split.shared).update(custody=Custody.SHARED)
    if split.with_unborn:
        current.unborn_count, current.unborn_due_on = 0, None
        current.save(update_fields=["unborn_count", "unborn_due_on"])
    event = change.commit(EventKind.SEPARATED, moved="separate")
    deposit = deposit_at(principal, current, DemandOrigin.SEPARATION, dates_of=current)
    created = register_out_of(principal=principal, application=application, deposit=deposit)
    if not current.is_sealed:
        _hand_papers_over(papers, created)
    tell_applicant(current, event, wait=HEAD_START)
    return created


def _children(demand: Demand, split: Split) -> dict[str, list[Person]]:
    """Who goes and who counts twice; nobody does both."""
    both = set(split.going) & set(split.shared)
    if both:
        raise ValidationError({"shared": _("A child cannot both leave and be in both homes.")})
    found = {
        "going": list(demand.persons.filter(pk__in=split.going, role__in=CHILDREN)),
        "shared": list(demand.persons.filter(pk__in=split.shared, role__in=CHILDREN)),
    }
    for name, wanted in (("going", split.going), ("shared", split.shared)):
        if len(found[name]) != len(set(wanted)):
            raise ValidationError({name: _("Choose among the people of this demand.")})
    return found


def _wishes(demand: Demand, household: NewHousehold) -> WishData:
    if household.commune or household.home_type:
        return chosen_wishes(household.commune, household.home_type)
    if demand.is_sealed:
        raise ValidationError(
            {"commune": _("This file is sealed: its wishes are not told. Ask for the commune.")}
        )
    return wishes_of(demand)


def _application(
    demand: Demand,
    leaving: Person,
    children: dict[str, list[Person]],
    split: Split,
    household: NewHousehold,
    wishes: WishData,
) -> DemandApplication:
    asking = person_data(leaving, role=PersonRole.APPLICANT, link="")
    theirs: list[PersonData] = [
        *(person_data(child) for child in children["going"]),
        *(person_data(child, custody=Custody.SHARED) for child in children["shared"]),
    ]
    housing = household.housing
    if housing.occupants is None:
        housing = replace(housing, occupants=1 + len(theirs))
    return DemandApplication(
        department=demand.department_id,
        persons=(asking, *theirs),
        contact=household.contact,
        current_housing=housing,
        wish=wishes,
        reasons=(DemandReason.SEPARATION,),
        unborn_count=demand.unborn_count if split.with_unborn else 0,
        unborn_due_on=demand.unborn_due_on if split.with_unborn else None,
        tax_year=demand.tax_year,
        language=demand.language,
        is_sealed=household.is_sealed,
    )


def _hand_papers_over(papers: list[Document], created: Demand) -> None:
    """The co-applicant's own papers follow: nobody is asked twice for one (R441-2-4-1)."""
    asking = created.persons.get(role=PersonRole.APPLICANT)
    kept = Document.objects.filter(pk__in=[paper.pk for paper in papers])
    kept.update(demand=created, person=asking)
    kept.filter(kind=DocumentKind.IDENTITY).update(status=DocumentStatus.RECEIVED)
    refresh_facts(demand=created)
