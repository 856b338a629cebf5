"""Who is already registered like this: looked for at a counter before a demand is entered."""

from dataclasses import dataclass
from datetime import date

from register.access import Action, FieldSet
from register.codes import PersonRole
from register.duplicates.comparison import Agreement
from register.duplicates.identity import identity
from register.duplicates.model import probability
from register.models import LIVE_STATES, Association, DemandState, Organisation, Person
from register.principals import Principal
from register.selectors.worklist_lines import WorklistRow, read_lines
from register.services.duplicates import known_people
from register.services.identities import Met, people_like, territory_of

# From which likelihood on somebody is worth showing to an agent with the person in front of her:
# far below the threshold from which a pair is kept, for she can ask and see.
WORTH_A_LOOK = 0.1
MOST_SHOWN = 5
MOST_OF_ONE = 50
# What is compared here: a namesake's telephone would be guessed by whoever could type one.
BLOCKS = ("by_birth_and_first", "by_birth_and_last", "by_names_and_year", "by_names_and_day")


@dataclass(frozen=True)
class Alike:
    """Somebody registered who may be the person at the counter.

    `name` and `born_on` are hers, who may be the co-applicant; `agreements` says of each field
    equal, near, different or missing; `likelihood` goes from 0 to 1.
    """

    number: str
    name: str
    born_on: date | None
    is_co_applicant: bool
    state: DemandState
    received_on: date
    registered_by: str
    likelihood: float
    agreements: dict[str, Agreement]


def people_alike(
    principal: Principal,
    *,
    department: str,
    birth_name: str,
    first_names: str,
    birth_date: date | None,
    used_name: str = "",
    title: str = "",
) -> list[Alike]:
    """Applicants with a live demand who may be this person, the most likely first; five at most.

    One demand per applicant and department (CCH R441-2-3): the counter looks first, with what the
    person says of herself. Department codes are the usual ones ("21"); all of Île-de-France counts
    as one. Without a birth date nobody is found.

    Answers within the reader's rights only: a demand that she may not list, or whose identity is
    masked to her, is not told, not even that it exists: nothing in the law lets a counter learn
    that somebody asked for a home elsewhere. Such a pair is noticed when the demand is sent, and
    reviewed by the manager.
    """
    asked = identity(
        title=title,
        birth_name=birth_name,
        used_name=used_name,
        first_names=first_names,
        birth_date=birth_date,
    )
    territory = territory_of(department)
    people = known_people(territory)
    best: dict[int, tuple[Met, float]] = {}
    for met in people_like(asked, territory, only=BLOCKS):
        likelihood = probability(met.comparison.weight, people)
        if likelihood >= WORTH_A_LOOK:
            best.setdefault(met.demand, (met, likelihood))
    lines = [
        line
        for line in read_lines(principal, Action.LIST, list(best))
        if FieldSet.IDENTITY in line.readable and line.demand.state in LIVE_STATES
    ][:MOST_SHOWN]
    return _told(lines, best)


def demands_of_association(principal: Principal, siren: str) -> list[WorklistRow]:
    """Live demands of the association of this SIREN that the reader may list, the latest first.

    Each home is a demand of its own: they stop nothing, and say what was asked for already. The
    SIREN and the name are read with the identity.
    """
    named = Association.objects.filter(siren=siren, demand__state__in=LIVE_STATES)
    keys = named.order_by("-demand__received_on", "-demand").values_list("demand", flat=True)
    lines = read_lines(principal, Action.LIST, list(keys[:MOST_OF_ONE]))
    return [line for line in lines if FieldSet.IDENTITY in line.readable]


def _told(lines: list[WorklistRow], best: dict[int, tuple[Met, float]]) -> list[Alike]:
    people = Person.objects.in_bulk([best[line.demand.pk][0].person for line in lines])
    bodies = dict(
        Organisation.objects.filter(registered_demands__in=[line.demand.pk for line in lines])
        .order_by()
        .values_list("registered_demands", "name")
    )
    told = []
    for line in lines:
        met, likelihood = best[line.demand.pk]
        person = people[met.person]
        told.append(
            Alike(
                number=line.demand.number,
                name=person.full_name,
                born_on=person.birth_date,
                is_co_applicant=person.role == PersonRole.CO_APPLICANT,
                state=DemandState(line.demand.state),
                received_on=line.demand.received_on,
                registered_by=bodies[line.demand.pk],
                likelihood=likelihood,
                agreements=met.comparison.agreements(),
            )
        )
    return told
