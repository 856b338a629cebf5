"""People, organisations and demands for tests: few words, lifelike defaults."""

import itertools
import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone

from register import codes
from register.models import (
    Agreement,
    AgreementStatus,
    Commune,
    Contact,
    Counter,
    CurrentHousing,
    Demand,
    DemandState,
    Department,
    Document,
    Epci,
    Event,
    EventKind,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Quarter,
    Reason,
    Region,
    Role,
    StockHolding,
    StoredFile,
    User,
    WishedCommune,
    WishedType,
)
from register.models.agreement import every_data_class
from register.principals import Principal, applicant_principal, member_principal
from register.services.facts import refresh_facts
from register.territories import territory_tree
from register.text import search_key
from tests.faults.pdfs import plain

ONE_PAGE = plain()
PASSWORD = "un-mot-de-passe-de-test"
NO_QUARTER: Mapping[str, str] = {}
_serial = itertools.count(1)


def make_department(code: str = "21", name: str = "Côte-d’Or") -> Department:
    """A department in Bourgogne-Franche-Comté."""
    region, _ = Region.objects.get_or_create(
        code="27", defaults={"name": "Bourgogne-Franche-Comté"}
    )
    department, _ = Department.objects.get_or_create(
        code=code, defaults={"name": name, "region": region}
    )
    return department


def make_commune(
    insee: str = "21231",
    name: str = "Dijon",
    *,
    epci: str | None = "242100410",
    department: str = "21",
    postal_code: str = "21000",
) -> Commune:
    """A commune, in Dijon Métropole unless said otherwise."""
    grouping = None
    if epci:
        grouping, _ = Epci.objects.get_or_create(siren=epci, defaults={"name": f"EPCI {epci}"})
    commune, _ = Commune.objects.get_or_create(
        insee=insee,
        defaults={
            "name": name,
            "search_name": search_key(name),
            "postal_codes": [postal_code],
            "department": make_department(department),
            "epci": grouping,
        },
    )
    return commune


def make_quarter(code: str = "21231-gresilles") -> Quarter:
    """A quarter of the list, in its commune."""
    name = (territory_tree().label(f"quarter:{code}") or code).partition(" (")[0]
    commune = make_commune(territory_tree().commune_of(code))
    quarter, _ = Quarter.objects.get_or_create(
        code=code, defaults={"name": name, "commune": commune}
    )
    return quarter


def make_user(email: str | None = None, **extra: Any) -> User:
    """An account whose e-mail address is confirmed."""
    from allauth.account.models import EmailAddress

    email = email or f"personne{next(_serial)}@example.org"
    user = User.objects.create_user(email, PASSWORD, **extra)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_organisation(
    code: str | None = None,
    kind: str = OrganisationKind.LANDLORD,
    *,
    department: str = "21",
    with_agreement: bool = True,
    homes: int = 1000,
    **extra: Any,
) -> Organisation:
    """A partner with an agreement in force; a landlord also gets stock in the department."""
    code = code or f"organisme-{next(_serial)}"
    territory = make_department(department)
    organisation = Organisation.objects.create(
        code=code,
        name=extra.pop("name", f"Organisme {code}"),
        short_name=extra.pop("short_name", code[:60]),
        kind=kind,
        is_counter=extra.pop("is_counter", True),
        group=Group.objects.create(name=f"organisation:{code}"),
        **extra,
    )
    if with_agreement:
        make_agreement(organisation, territory)
    if kind == OrganisationKind.LANDLORD and homes:
        StockHolding.objects.create(organisation=organisation, department=territory, homes=homes)
    return organisation


def make_agreement(
    organisation: Organisation, department: Department, *, ends_on: date | None = None
) -> Agreement:
    """An agreement begun long ago."""
    agreement = Agreement.objects.create(
        organisation=organisation,
        purpose="Fichier partagé",
        starts_on=date(2020, 1, 1),
        ends_on=ends_on,
        status=AgreementStatus.SIGNED,
        data_classes=every_data_class(),
    )
    agreement.departments.add(department)
    return agreement


def make_member(
    organisation: Organisation | None = None,
    role: str = Role.AGENT,
    *,
    user: User | None = None,
    ends_on: date | None = None,
) -> Membership:
    """A member of an organisation (of a new landlord unless said otherwise)."""
    return Membership.objects.create(
        user=user or make_user(),
        organisation=organisation or make_organisation(),
        role=role,
        starts_on=date(2020, 1, 1),
        ends_on=ends_on,
    )


def principal_of(someone: Membership | User) -> Principal:
    """The principal of a member, or of a person acting as an applicant."""
    if isinstance(someone, Membership):
        principal = member_principal(someone.user, someone.pk)
        assert principal is not None
        return principal
    return applicant_principal(someone)


def make_counter(code: str = "GDPUB", organisation: Organisation | None = None) -> Counter:
    """The public online counter, held by the manager's organisation."""
    found = Counter.objects.filter(pk=code).first()
    if found:
        return found
    holder = organisation or make_organisation(
        f"gestionnaire-{next(_serial)}", OrganisationKind.MANAGER
    )
    return Counter.objects.create(code=code, name="Portail grand public", organisation=holder)


def make_stored_file(user: User, content: bytes = ONE_PAGE) -> StoredFile:
    """A file kept for a person, with its bytes in the private store."""
    identifier = uuid.uuid4()
    stored = StoredFile(
        id=identifier,
        original_name="carte.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
        original_sha256="0" * 64,
        scan_status=codes.ScanStatus.CLEAN,
        uploaded_by=user,
        uploaded_at=timezone.now(),
    )
    stored.file.save(identifier.hex, ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored


def make_demand(
    account: User | None = None,
    *,
    communes: tuple[str, ...] = ("21231",),
    types: tuple[str, ...] = ("T3",),
    state: str = DemandState.ACTIVE,
    received_on: date | None = None,
    department: str = "21",
    registered_by: Organisation | None = None,
    last_name: str = "Martin",
    first_names: str = "Camille",
    dependants: int = 0,
    co_applicant: str = "",
    is_sealed: bool = False,
    with_identity: bool = True,
    quarters: Mapping[str, str] = NO_QUARTER,
    **extra: Any,
) -> Demand:
    """A registered demand with its people, wishes, facts and first event.

    `quarters` gives the quarter wished in some of the communes; `co_applicant` the birth name of a
    spouse.
    """
    serial = next(_serial)
    received = received_on or timezone.localdate() - timedelta(days=100)
    user = account or make_user()
    counter = make_counter()
    demand = Demand.objects.create(
        number=extra.pop("number", f"{department.zfill(3)}{received:%m%y}{serial:06d}GDPUB"),
        submission_token=uuid.uuid4(),
        state=state,
        department=make_department(department),
        counter=counter,
        registered_by=registered_by or counter.organisation,
        account=user,
        channel=extra.pop("channel", codes.Channel.ONLINE),
        received_at=timezone.now(),
        received_on=received,
        expires_on=received + timedelta(days=365),
        is_sealed=is_sealed,
        **extra,
    )
    Person.objects.create(
        demand=demand,
        role=codes.PersonRole.APPLICANT,
        title=codes.Title.MRS,
        birth_name=last_name,
        first_names=first_names,
        birth_date=date(1985, 5, 17),
        nationality=codes.Nationality.FRENCH,
        family_status=codes.FamilyStatus.SINGLE,
        search_name=search_key(f"{last_name} {first_names}"),
        tax_income_n2=Decimal("18400"),
    )
    if co_applicant:
        Person.objects.create(
            demand=demand,
            role=codes.PersonRole.CO_APPLICANT,
            title=codes.Title.MR,
            birth_name=co_applicant,
            first_names="Dominique",
            birth_date=date(1984, 2, 29),
            nationality=codes.Nationality.FRENCH,
            link=codes.ApplicantLink.SPOUSE,
            search_name=search_key(f"{co_applicant} Dominique"),
            tax_income_n2=Decimal("9200"),
        )
    for place in range(1, dependants + 1):
        Person.objects.create(
            demand=demand,
            role=codes.PersonRole.DEPENDANT,
            position=place,
            birth_name=last_name,
            first_names=f"Enfant {place}",
            birth_date=date(2015, 1, place),
            search_name=search_key(f"{last_name} enfant {place}"),
        )
    Contact.objects.create(
        demand=demand,
        email=user.email,
        phone="+33380000000",
        address="1 rue des Exemples",
        postal_code="21000",
        city="Dijon",
    )
    CurrentHousing.objects.create(
        demand=demand,
        kind=codes.CurrentHousingKind.PRIVATE,
        occupants=1 + dependants,
        monthly_cost=Decimal("650"),
    )
    Reason.objects.create(demand=demand, code=codes.DemandReason.TOO_EXPENSIVE, position=1)
    for code in types:
        WishedType.objects.create(demand=demand, code=code)
    for place, insee in enumerate(communes, start=1):
        commune = Commune.objects.filter(pk=insee).first() or make_commune(
            insee, f"Commune {insee}", department=department
        )
        quarter = make_quarter(quarters[insee]) if insee in quarters else None
        WishedCommune.objects.create(
            demand=demand, commune=commune, quarter=quarter, position=place
        )
    if with_identity:
        Document.objects.create(
            demand=demand,
            kind=codes.DocumentKind.IDENTITY,
            stored_file=make_stored_file(user),
            added_at=timezone.now(),
        )
    refresh_facts(demand=demand)
    Event.objects.create(
        demand=demand,
        kind=EventKind.SUBMITTED,
        at=timezone.now(),
        from_state=state,
        to_state=state,
        user=user,
    )
    return demand
