"""A demand in another department: a new one there, without the seniority of the first."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from register.access import Action
from register.codes import DemandOrigin
from register.errors import Conflict, NotAllowed
from register.models import (
    LIVE_STATES,
    Association,
    Commune,
    Contact,
    CurrentHousing,
    Demand,
    EventKind,
)
from register.principals import Principal, PrincipalKind
from register.services.application import (
    KEPT_WISHES,
    AssociationData,
    ContactData,
    CurrentHousingData,
    DemandApplication,
    FlatSharerData,
    WishData,
)
from register.services.changes import begin_change
from register.services.facts import Touched
from register.services.out_of import chosen_wishes, deposit_at, person_data, told_as
from register.services.submission import register_out_of


@transaction.atomic
def register_elsewhere(
    *,
    principal: Principal,
    demand: Demand,
    commune: str,
    home_type: str,
    expected_version: int | None = None,
) -> Demand:
    """Register in the department of `commune` what a demand declares here; the new demand.

    Seniority is not carried from one department to another: it begins today (notice of the form
    14069*05). The first demand goes on until its applicant gives it up. ValidationError by the
    field, among others where the agent's body registers nothing.
    """
    if principal.kind is PrincipalKind.APPLICANT:
        raise NotAllowed(_("Only a counter can do this."))
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.RENEW,
        expected_version=expected_version,
    )
    current = change.demand
    chosen = chosen_wishes(commune, home_type)
    kept = {name: getattr(current, name) for name in KEPT_WISHES}
    wishes = replace(chosen, **kept)
    _check_department(current, wishes.communes[0])
    change.commit(
        EventKind.DEPARTMENT_CHANGED,
        moved="register_elsewhere",
        details={"commune": commune},
        touched=Touched.LIFE,
    )
    deposit = deposit_at(principal, current, DemandOrigin.OTHER_DEPARTMENT, account=current.account)
    application = _declared(current, wishes)
    try:
        created = register_out_of(principal=principal, application=application, deposit=deposit)
    except IntegrityError as fault:
        raise Conflict(_("This person sent another demand meanwhile.")) from fault
    _check_right(principal, created)
    return created


def _department(commune: str) -> str:
    return Commune.objects.values_list("department_id", flat=True).get(pk=commune)


def _check_department(demand: Demand, commune: str) -> None:
    department = _department(commune)
    if department == demand.department_id:
        raise ValidationError({"commune": _("Choose a commune of another department.")})
    rivals = Demand.objects.filter(
        account=demand.account_id, department=department, state__in=LIVE_STATES
    ).exclude(is_association=True)
    if demand.account_id and not demand.is_association and rivals.exists():
        raise ValidationError({"commune": _("This person has another demand in this department.")})


def _declared(demand: Demand, wishes: WishData) -> DemandApplication:
    contact = Contact.objects.filter(demand=demand).first() or Contact()
    housing = CurrentHousing.objects.filter(demand=demand).first() or CurrentHousing()
    body = Association.objects.filter(demand=demand).first()
    return DemandApplication(
        association=told_as(AssociationData, body) if body else None,
        department=_department(wishes.communes[0]),
        persons=tuple(person_data(person) for person in demand.persons.all()),
        contact=told_as(ContactData, contact),
        current_housing=told_as(CurrentHousingData, housing),
        wish=wishes,
        flat_sharers=tuple(told_as(FlatSharerData, each) for each in demand.flat_sharers.all()),
        reasons=tuple(demand.reasons.values_list("code", flat=True)),
        unborn_count=demand.unborn_count,
        unborn_due_on=demand.unborn_due_on,
        remarks=demand.remarks,
        tax_year=demand.tax_year,
        language=demand.language,
        is_sealed=demand.is_sealed,
    )


def _check_right(principal: Principal, created: Demand) -> None:
    """A body registers where its rights reach, and nowhere else (R441-2-1)."""
    try:
        begin_change(principal=principal, demand=created, action=Action.RENEW)
    except NotAllowed:
        raise ValidationError(
            {"commune": _("Your organisation registers no demands in this department.")}
        ) from None
