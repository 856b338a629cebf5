"""The public directory: where to register a demand, and with whom."""

from dataclasses import dataclass, field

from django.conf import settings

from register.models import Commune, Counter, Department, Organisation, OrganisationKind
from register.selectors.communes import search_communes


@dataclass(frozen=True)
class CounterGroup:
    """Counters held by one kind of organisation."""

    kind: str
    label: str
    counters: list[Counter]


@dataclass(frozen=True)
class Directory:
    """Counters open to the public and landlords; `near` is closest to the commune asked for."""

    commune: Commune | None = None
    department: Department | None = None
    departments: list[Department] = field(default_factory=list)
    near: list[Counter] = field(default_factory=list)
    groups: list[CounterGroup] = field(default_factory=list)
    landlords: list[Organisation] = field(default_factory=list)


def directory(asked: str = "", wanted: str = "") -> Directory:
    """Everything the directory page shows of one department, in four queries.

    `asked` is a commune's name or postal code as people type it; `wanted` the code of a department.
    The department is that of the commune found, else the one wanted, else the territory this
    installation serves. Every counter registers every demand of its department (CCH R441-2-1), so
    none of them is hidden: those of the commune, then of its EPCI, are only put first. The
    manager's Internet counter is left out: nobody walks into it.
    """
    counters = list(
        Counter.objects.filter(is_public=True)
        .exclude(organisation__kind=OrganisationKind.MANAGER)
        .select_related("organisation", "commune")
        .order_by("name")
    )
    commune = search_communes(asked, limit=1).first() if asked else None
    covered = {code for counter in counters if (code := _department_of(counter))}
    departments = list(Department.objects.filter(code__in=covered).order_by("name"))
    department = _chosen(departments, commune.department_id if commune else wanted)
    if department:
        counters = [each for each in counters if _department_of(each) == department.code]
    landlords = Organisation.objects.filter(kind=OrganisationKind.LANDLORD)
    if department:
        landlords = landlords.filter(stock__department=department).distinct()
    return Directory(
        commune=commune,
        department=department,
        departments=departments,
        near=_near(counters, commune) if commune else [],
        groups=_by_kind(counters),
        landlords=list(landlords.order_by("name")),
    )


def _department_of(counter: Counter) -> str | None:
    return counter.commune.department_id if counter.commune else None


def _chosen(departments: list[Department], wanted: str) -> Department | None:
    """The department wanted, the territory served, or the first one with a counter."""
    served = str(settings.SERVICE_TERRITORY).replace("’", "'")
    by_code = {each.code: each for each in departments}
    by_name = {each.name.replace("’", "'"): each for each in departments}
    first = departments[0] if departments else None
    return by_code.get(wanted) or by_name.get(served) or first


def _near(counters: list[Counter], commune: Commune) -> list[Counter]:
    inside = [counter for counter in counters if counter.commune_id == commune.pk]
    around = [
        counter
        for counter in counters
        if counter.commune
        and counter.commune_id != commune.pk
        and commune.epci_id
        and counter.commune.epci_id == commune.epci_id
    ]
    return inside + around


def _by_kind(counters: list[Counter]) -> list[CounterGroup]:
    groups = []
    for kind in OrganisationKind:
        held = [counter for counter in counters if counter.organisation.kind == kind]
        if held:
            groups.append(CounterGroup(kind.value, str(kind.label), held))
    return groups
