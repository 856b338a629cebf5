"""Territories and bodies of a made-up country: Bourgogne, several times over.

Each further region has departments, communes, intercommunalities, bodies and counters of its own,
copied from those of the reference data under other codes. It exists in benches only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import Group
from django.db.models import Max

from register.bulk import restart_sequences
from register.models import (
    Agreement,
    AgreementStatus,
    Commune,
    Counter,
    Department,
    Epci,
    Membership,
    Organisation,
    OrganisationKind,
    Region,
    Role,
    StockHolding,
    User,
)
from register.principals import Principal, member_principal

REGIONS = 6
SINCE = date(2015, 1, 1)
# A landlord of several large departments, and one of two small ones.
LARGE, SMALL = "bench-large", "bench-small"
AGENT = "agent@{code}.example.org"


@dataclass(frozen=True)
class Place:
    """One region: how codes of the reference data read there. The first region is the real one."""

    number: int
    departments: dict[str, str]
    organisation_shift: int = 0
    counters: dict[str, str] = field(default_factory=dict)

    def commune(self, insee: str) -> str:
        """The code of the same commune in this region."""
        return self.departments[insee[:2]] + insee[2:]

    def epci(self, siren: str) -> str:
        """The SIREN of the same intercommunality in this region."""
        return siren if self.number == 0 else f"{self.epci_start}{siren[2:]}"

    @property
    def epci_start(self) -> str:
        """The two digits that no real SIREN of an intercommunality begins with."""
        return str(90 + self.number)


def found_nation() -> list[Place]:
    """Write the further regions and the two landlords that are measured; every region."""
    places = _places()
    for place in places[1:]:
        _found_region(place)
    restart_sequences([Organisation])
    for code, wanted in (
        (LARGE, [(0, "21"), (1, "21"), (0, "71")]),
        (SMALL, [(3, "71"), (3, "89")]),
    ):
        _found_landlord(code, [places[number].departments[base] for number, base in wanted])
    return places


def landlord(code: str) -> Principal:
    """The agent of one of the two landlords; LookupError when the country was not founded."""
    member = Membership.objects.filter(organisation__code=code).select_related("user").first()
    principal = member and member_principal(member.user, member.pk)
    if not principal:
        raise LookupError(f"{code} has no agent here: build the bench's register first")
    return principal


def _places() -> list[Place]:
    base = list(Department.objects.order_by("pk").values_list("pk", flat=True))
    counters = list(Counter.objects.order_by("pk").values_list("pk", flat=True))
    shift = (Organisation.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    free = _free_codes(base)
    places = [Place(0, {code: code for code in base})]
    for number in range(1, REGIONS):
        codes = {code: next(free) for code in base}
        renamed = {code: f"{number}B{rank:03d}" for rank, code in enumerate(counters)}
        places.append(Place(number, codes, shift * number, renamed))
    return places


def _free_codes(used: list[str]) -> Iterator[str]:
    """Department codes that the reference data leave free."""
    return (code for code in map("{:02d}".format, range(1, 100)) if code not in used)


def _found_region(place: Place) -> None:
    region = Region.objects.create(code=f"B{place.number}", name=f"Région {place.number}")
    names = dict(Department.objects.values_list("pk", "name"))
    Department.objects.bulk_create(
        Department(code=code, name=f"{names[base]} {place.number}", region=region)
        for base, code in place.departments.items()
    )
    epcis = Epci.objects.exclude(siren__startswith="9")
    Epci.objects.bulk_create(
        Epci(siren=place.epci(epci.siren), name=f"{epci.name} {place.number}") for epci in epcis
    )
    communes = []
    for commune in Commune.objects.filter(department__in=place.departments):
        commune.insee = place.commune(commune.insee)
        commune.department_id = commune.insee[:2]
        commune.epci_id = place.epci(commune.epci_id) if commune.epci_id else None
        communes.append(commune)
    Commune.objects.bulk_create(communes, batch_size=500)
    _found_bodies(place)


def _found_bodies(place: Place) -> None:
    """The same bodies, with the same agreements, stock and counters, in this region."""
    bodies = Organisation.objects.filter(pk__lt=place.organisation_shift // place.number)
    for body in bodies.prefetch_related("agreements__departments", "stock", "counters"):
        origin = body.pk
        body.pk = origin + place.organisation_shift
        body.code = f"{body.code}-{place.number}"
        body.group = Group.objects.create(name=f"organisation:{body.code}")
        body.commune_id = place.commune(body.commune_id) if body.commune_id else None
        body.epci_id = place.epci(body.epci_id) if body.epci_id else None
        body.save(force_insert=True)
        _copy_rights(place, origin, body)
    Counter.objects.bulk_create(
        Counter(
            code=place.counters[counter.code],
            name=counter.name,
            organisation_id=counter.organisation_id + place.organisation_shift,
        )
        for counter in Counter.objects.filter(pk__in=place.counters)
    )


def _copy_rights(place: Place, origin: int, body: Organisation) -> None:
    for agreement in Agreement.objects.filter(organisation=origin):
        codes = [place.departments[each.pk] for each in agreement.departments.all()]
        _agree(body, codes)
    StockHolding.objects.bulk_create(
        StockHolding(
            organisation=body,
            department_id=place.departments[stock.department_id],
            homes=stock.homes,
        )
        for stock in StockHolding.objects.filter(organisation=origin)
    )


def _agree(body: Organisation, departments: list[str]) -> None:
    agreement = Agreement.objects.create(
        organisation=body, purpose="Bench", starts_on=SINCE, status=AgreementStatus.SIGNED
    )
    agreement.departments.set(Department.objects.filter(pk__in=departments))


def _found_landlord(code: str, departments: list[str]) -> None:
    body = Organisation.objects.create(
        code=code,
        name=code,
        short_name=code,
        kind=OrganisationKind.LANDLORD,
        is_counter=True,
        group=Group.objects.create(name=f"organisation:{code}"),
    )
    _agree(body, departments)
    StockHolding.objects.bulk_create(
        StockHolding(organisation=body, department_id=each, homes=1000) for each in departments
    )
    agent = User.objects.create_user(AGENT.format(code=code), None)
    Membership.objects.create(user=agent, organisation=body, role=Role.AGENT, starts_on=SINCE)
