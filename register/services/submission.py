"""Registers a demand: people, number, event, certificate and outbox in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from register import clock, codes, deadlines, lifecycle
from register.errors import NotAllowed, SubmissionRefused
from register.models import (
    LIVE_STATES,
    Association,
    Commune,
    Contact,
    Counter,
    CurrentHousing,
    Demand,
    Department,
    Document,
    EffectKind,
    EventKind,
    FlatSharer,
    Income,
    Need,
    Person,
    Quarter,
    Reason,
    StoredFile,
    User,
    WishedCommune,
    WishedType,
)
from register.numbers import allocate_number, next_rank
from register.principals import Principal, PrincipalKind
from register.services.answers import save_answers
from register.services.application import (
    AssociationData,
    DemandApplication,
    PersonData,
    WishData,
)
from register.services.decisions import record_delay
from register.services.duplicates import note_duplicates
from register.services.facts import refresh_facts
from register.services.journal import record_event
from register.services.outbox import enqueue
from register.text import is_storable, search_key

PUBLIC_COUNTER = "GDPUB"
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Deposit:
    """Where, for whom and, when it was not at this moment, on which day a demand is deposited.

    `origin` is the code of what it comes out of, if it does; `dates_of` the demand whose first date
    and validity it keeps.
    """

    counter: Counter
    account: User | None
    channel: str
    received_on: date | None = None
    origin: str = ""
    dates_of: Demand | None = None


def missing_for_registration(application: DemandApplication) -> list[str]:
    """What still blocks registration, in the order of the form; empty when nothing does.

    Identity data, an identity or residence document, a home type, a commune, the present housing
    and its number of occupants, and nothing else (CCH R441-2-3; notice of the form 14069*05).
    Of an association its name, its SIREN and its wishes: it lives nowhere, and no text names a
    document that would stand for an identity card (R441-2-2, last paragraph).
    """
    wish = application.wish
    wished = {"home_types": bool(wish.home_types), "communes": bool(wish.communes)}
    if application.association is not None:
        body = application.association
        told = {"name": bool(body.name), "siren": bool(body.siren), **wished}
        return [name for name, present in told.items() if not present]
    applicant = application.applicant
    if applicant is None:
        return ["applicant"]
    missing = [
        name
        for name in ("title", "birth_name", "first_names", "birth_date", "nationality")
        if not getattr(applicant, name)
    ]
    housing = application.current_housing
    given = {
        "current_housing": bool(housing.kind),
        "occupants": housing.occupants is not None,
        **wished,
        "identity_document": any(
            d.kind == codes.DocumentKind.IDENTITY for d in application.documents
        ),
    }
    return missing + [name for name, present in given.items() if not present]


def submit_demand(*, principal: Principal, application: DemandApplication, token: UUID) -> Demand:
    """Register a demand and give its number; the same token always gives the same demand.

    Raises SubmissionRefused when the legal minimum is missing, or when the applicant already has a
    live demand in the department (one demand per applicant and department, R441-2-3; an
    association makes several).
    """
    if principal.kind != PrincipalKind.APPLICANT or principal.user is None:
        raise NotAllowed(_("Sign in to send a demand."))
    already = _registered_with(principal, token)
    if already:
        return already
    missing = missing_for_registration(application)
    if missing:
        raise SubmissionRefused(_("Something is missing before you can send."), missing)
    counter = Counter.objects.select_related("organisation").get(pk=PUBLIC_COUNTER)
    deposit = Deposit(counter, principal.user, codes.Channel.ONLINE)
    try:
        with transaction.atomic():
            demand = register(principal, application, token, deposit)
            enqueue(
                kind=EffectKind.REGISTRATION_EMAIL,
                key=f"registration:{demand.number}",
                demand=demand,
            )
            return demand
    except IntegrityError:
        # A twin request won the race on the token, or something else was sent meanwhile.
        already = _registered_with(principal, token)
        if already:
            return already
        raise _overtaken(principal, application) from None


@transaction.atomic
def import_demand(
    *, principal: Principal, application: DemandApplication, token: UUID, deposit: Deposit
) -> Demand:
    """Take over a demand deposited earlier elsewhere, at the hour that `clock.at` replays.

    For named system jobs only (take-over of existing files, demonstration). The applicant already
    had her certificate, so nothing is sent.
    """
    if principal.kind != PrincipalKind.SYSTEM:
        raise NotAllowed(_("Only the register itself takes over demands."))
    return register(principal, application, token, deposit)


@transaction.atomic
def register_out_of(
    *, principal: Principal, application: DemandApplication, deposit: Deposit
) -> Demand:
    """Register at a counter what another demand already declares; its certificate is sent.

    The calling service holds the right on that other demand and its lock. The identity document is
    checked as for any other demand (R441-2-3).
    """
    demand = register(principal, application, uuid4(), deposit)
    enqueue(kind=EffectKind.REGISTRATION_EMAIL, key=f"registration:{demand.number}", demand=demand)
    return demand


def _registered_with(principal: Principal, token: UUID) -> Demand | None:
    return Demand.objects.filter(submission_token=token, account=principal.user).first()


def _overtaken(principal: Principal, application: DemandApplication) -> SubmissionRefused:
    """Why the register could not take the demand; says nothing of anybody else's demands."""
    live = Demand.objects.filter(
        account=principal.user, department=application.department, state__in=LIVE_STATES
    ).exclude(is_association=True)
    if live.exists():
        return SubmissionRefused(
            _("You already have a demand in this department."), ["existing_demand"]
        )
    return SubmissionRefused(
        _("This application could not be sent. Open it again, then send it."), []
    )


def register(
    principal: Principal, application: DemandApplication, token: UUID, deposit: Deposit
) -> Demand:
    """Write a declaration and give it its number, in the transaction of a caller who may."""
    if not is_storable(application):
        raise ValidationError(_("An answer contains characters that cannot be kept."))
    department = Department.objects.get(pk=application.department)
    demand = _new_demand(application, token, deposit, department)
    lifecycle.move(demand, "submit_association" if application.association else "submit")
    demand.full_clean(validate_unique=False, validate_constraints=False)
    # Django limits a text field in forms only.
    MaxLengthValidator(Demand._meta.get_field("remarks").max_length)(demand.remarks)
    demand.save(force_insert=True)
    _save_declaration(demand, application, principal)
    refresh_facts(demand=demand)
    note_duplicates(demand)
    event = record_event(
        principal=principal, demand=demand, kind=EventKind.SUBMITTED, reason=deposit.origin
    )
    record_delay(
        demand=demand,
        delay=deadlines.find("validity", department.pk),
        start=demand.last_renewed_on or demand.received_on,
        end=demand.expires_on,
        event=event,
    )
    # Last, since the counter row stays locked until commit.
    demand.number = allocate_number(
        department_prefix=department.number_prefix,
        counter_code=deposit.counter.code,
        received_on=demand.received_on,
    )
    demand.save(update_fields=["number"])
    return demand


def _new_demand(
    application: DemandApplication, token: UUID, deposit: Deposit, department: Department
) -> Demand:
    return Demand(
        **_dates(deposit, department),
        # Replaced by the real number inside the same transaction: never seen by anybody.
        number=token.hex[:18],
        submission_token=token,
        state=lifecycle.DRAFT,
        is_association=application.association is not None,
        department=department,
        counter=deposit.counter,
        registered_by=deposit.counter.organisation,
        account=deposit.account,
        channel=deposit.channel,
        language=application.language,
        is_sealed=application.is_sealed,
        unborn_count=application.unborn_count,
        unborn_due_on=application.unborn_due_on,
        **application.wish.columns,
        remarks=application.remarks,
        tax_year=application.tax_year,
    )


def _received_at(deposit: Deposit) -> datetime:
    """Now, or noon of the day on which the form was deposited at the counter."""
    now = clock.now()
    if deposit.received_on is None or deposit.received_on == timezone.localdate(now):
        return now
    return clock.noon(deposit.received_on)


def _dates(deposit: Deposit, department: Department) -> dict[str, Any]:
    """Those of today, or of the demand that it comes out of."""
    kept = deposit.dates_of
    if kept is not None:
        names = ("received_at", "received_on", "last_renewed_on", "expires_on")
        return {name: getattr(kept, name) for name in names}
    received_at = _received_at(deposit)
    received_on = timezone.localdate(received_at)
    return {
        "received_at": received_at,
        "received_on": received_on,
        "expires_on": deadlines.add(received_on, deadlines.get("validity", department.pk)),
    }


def _save_declaration(demand: Demand, application: DemandApplication, principal: Principal) -> None:
    _save_persons(demand, application.persons)
    if application.association:
        _save_association(demand, application.association)
    _checked(Contact(demand=demand, **vars(application.contact))).save(force_insert=True)
    FlatSharer.objects.bulk_create(
        _checked(FlatSharer(demand=demand, position=place, **vars(sharer)))
        for place, sharer in enumerate(application.flat_sharers, start=1)
    )
    if not application.association:
        housing = CurrentHousing(demand=demand, **vars(application.current_housing))
        _checked(housing).save(force_insert=True)
    Reason.objects.bulk_create(
        _checked(Reason(demand=demand, code=code, position=place))
        for place, code in enumerate(dict.fromkeys(application.reasons), start=1)
    )
    WishedType.objects.bulk_create(
        _checked(WishedType(demand=demand, code=code))
        for code in dict.fromkeys(application.wish.home_types)
    )
    _save_wished_communes(demand, application.wish)
    _attach_documents(demand, application, principal)
    save_answers(demand=demand, application=application)


def _checked(row: Row) -> Row:
    """The row, once its own values are legal: code lists, lengths, amounts.

    What it hangs from was written in this very transaction, so it is not looked up again.
    """
    row.full_clean(exclude=["demand", "person"], validate_unique=False)
    return row


def _save_persons(demand: Demand, persons: Iterable[PersonData]) -> None:
    places: dict[str, int] = {}
    for data in persons:
        places[data.role] = places.get(data.role, 0) + 1
        save_person(demand, data, places[data.role])


def save_person(demand: Demand, data: PersonData, position: int) -> None:
    """Write somebody of the household at her place, with what she receives and needs."""
    person = Person(demand=demand, position=position, **data.columns)
    person.search_name = search_key(person.listed_name)[:220]
    _checked(person).save(force_insert=True)
    Income.objects.bulk_create(
        _checked(Income(person=person, kind=line.kind, amount=line.amount)) for line in data.incomes
    )
    Need.objects.bulk_create(
        _checked(Need(person=person, topic=line.topic, code=line.code))
        for line in dict.fromkeys(data.needs)
    )


def _save_association(demand: Demand, body: AssociationData) -> None:
    """The legal person, and the rank of this demand among hers (arrêté of 7 November 2000)."""
    rank = next_rank(siren=body.siren, department_prefix=demand.department.number_prefix)
    row = Association(demand=demand, rank=rank, **vars(body))
    row.search_name = search_key(body.name)[:220]
    _checked(row).save(force_insert=True)


def _save_wished_communes(demand: Demand, wish: WishData) -> None:
    wished = list(dict.fromkeys(wish.communes))
    communes = Commune.objects.in_bulk(wished)
    foreign = [
        code
        for code in wished
        if code not in communes or communes[code].department_id != demand.department_id
    ]
    if foreign:
        raise SubmissionRefused(
            _("All wished communes must be in the same department."), ["communes"]
        )
    _check_quarters(wish)
    WishedCommune.objects.bulk_create(
        WishedCommune(
            demand=demand,
            commune=communes[code],
            quarter_id=wish.quarters.get(code),
            position=place,
        )
        for place, code in enumerate(wished, start=1)
    )


def _check_quarters(wish: WishData) -> None:
    """A quarter is one of the list, wished in the commune that holds it."""
    if not wish.quarters:
        return
    listed = Quarter.objects.filter(pk__in=wish.quarters.values()).values_list("commune_id", "pk")
    if not set(wish.quarters) <= set(wish.communes) or set(wish.quarters.items()) - set(listed):
        raise SubmissionRefused(
            _("A quarter must be in the commune where you wish to live."), ["communes"]
        )


def _attach_documents(demand: Demand, application: DemandApplication, principal: Principal) -> None:
    """Only files this very person uploaded, and not yet attached elsewhere, can be attached."""
    wanted = {d.stored_file: d.kind for d in application.documents}
    if not set(wanted.values()) <= set(codes.DocumentKind.values):
        raise ValidationError(_("Choose an answer of the list."))
    files = StoredFile.objects.filter(pk__in=wanted, document__isnull=True)
    files = files.exclude(scan_status=codes.ScanStatus.INFECTED)
    if principal.kind != PrincipalKind.SYSTEM:
        files = files.filter(uploaded_by=principal.user)
    if len(files) != len(wanted):
        raise SubmissionRefused(
            _("A document could not be found. Please add it again."), ["identity_document"]
        )
    Document.objects.bulk_create(
        Document(demand=demand, kind=wanted[file.pk], stored_file=file, added_at=demand.received_at)
        for file in files
    )
