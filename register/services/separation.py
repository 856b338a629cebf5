"""Separates a couple: each goes on with a demand of its own, and both keep the first date.

The new demand is that of the national message CRS. Nothing that tells where the applicant lives, or
wishes to live under a seal, goes over to the other: addresses are given anew at the counter.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

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
from register.form.definition import CO_APPLICANT, DEPENDANTS, TAX_INCOMES, VISITORS
from register.form.single import Asked, asked_of
from register.form.together import AskedTogether
from register.household import COUPLE_LINKS, is_on_applicants_notice
from register.models import ChangeSource, Demand, Document, EventKind, Person
from register.principals import Principal, PrincipalKind
from register.selectors.given_answers import kept_answer
from register.selectors.household_lists import list_asked_on, names_on
from register.services.application import (
    ContactData,
    CurrentHousingData,
    DemandApplication,
    PersonData,
    WishData,
)
from register.services.changes import begin_change
from register.services.facts import refresh_facts
from register.services.holds import keep_aside
from register.services.modification import Written, keep_changes
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
# Links of a couple; an empty one is that of a demand copied before it was asked.
COUPLES = {*COUPLE_LINKS, ""}
UNSAID = ("family_status", *TAX_INCOMES, "custody", "unborn_count", "unborn_due_on")
LISTS = (CO_APPLICANT, DEPENDANTS, VISITORS)


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
    before = _declared(current)
    papers = list(Document.objects.filter(demand=current, person=leaving))
    Document.objects.filter(demand=current, person__in=[leaving, *children["going"]]).update(
        person=None
    )
    gone = [leaving, *children["going"]]
    keep_aside(
        current, [row for who in gone for row in (who, *who.incomes.all(), *who.needs.all())]
    )
    Person.objects.filter(pk__in=[who.pk for who in gone]).delete()
    Person.objects.filter(pk__in=split.shared).update(custody=Custody.SHARED)
    if split.with_unborn:
        current.unborn_count, current.unborn_due_on = 0, None
        current.save(update_fields=["unborn_count", "unborn_due_on"])
    _unsay(current, leaving)
    event = change.commit(EventKind.SEPARATED, moved="separate")
    keep_changes(event, _changed(current, before), source=ChangeSource.APPLICANT)
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


def _unsay(demand: Demand, leaving: Person) -> None:
    """What the couple declared together is said no more of who stays: it is asked of each.

    The family status, and the income of a tax notice that counted both (cases E2 and E5).
    """
    if leaving.link not in COUPLES:
        return
    unsaid: dict[str, Any] = {"family_status": ""}
    if is_on_applicants_notice(leaving):
        unsaid |= dict.fromkeys(TAX_INCOMES)
    demand.persons.filter(role=PersonRole.APPLICANT).update(**unsaid)


def _declared(demand: Demand) -> dict[str, tuple[Asked, Any]]:
    """What a separation changes, by ref: lists of people, who is to be born, income, status."""
    alone = [each for each in asked_of(demand) if each.question.name in UNSAID]
    told: dict[str, tuple[Asked, Any]] = {each.ref: (each, kept_answer(each)) for each in alone}
    for page in LISTS:
        question = list_asked_on(page)
        told[question.key] = (AskedTogether(question, demand), names_on(demand, page))
    return told


def _changed(demand: Demand, before: dict[str, tuple[Asked, Any]]) -> Iterator[Written]:
    """Both values of each, where they differ; what was of who left goes with her."""
    for ref, (asked, now) in _declared(Demand.objects.get(pk=demand.pk)).items():
        was = before[ref][1]
        if now != was:
            yield Written(asked.question, was, now, asked.person)


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
    asking = person_data(leaving, role=PersonRole.APPLICANT, link="", family_status="")
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
