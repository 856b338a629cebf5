"""Equal treatment of the ways by which demands come in (CCH L441-2-6; charter, chapter 4).

Whoever applies online meets nobody: these demands must not wait for a contact longer than others,
nor stay less complete.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from register import access, clock, codes
from register.access import Action
from register.models import LIVE_STATES, Demand, Event, EventKind
from register.principals import Principal
from register.selectors.in_charge import in_charge_of
from register.selectors.missing import CONDITIONS, Lack
from register.selectors.space import applicant_name
from register.selectors.worklist import COUNT_CAP

MOST_SHOWN = 100
# Steps by which an organisation speaks with the applicant.
CONTACTS = (
    EventKind.CONTACTED,
    EventKind.MESSAGE_SENT,
    EventKind.PIECE_REQUESTED,
    EventKind.CANDIDATE_PROPOSED,
)
# What a file may lack by this page, of what is said to be missing everywhere else.
LACKS = {"identity": Lack.IDENTITY, "income": Lack.INCOME, "recent": Lack.OLD_INCOME}
# What makes a file usable besides, each as it is read in its facts.
PRESENT = {
    "telephone": Q(contact__isnull=False) & ~Q(contact__phone=""),
    "housing": ~Q(facts__current_housing=""),
    "papers": Q(facts__verified_documents__gt=0),
}
CRITERIA = ("identity", "telephone", "income", "recent", "housing", "papers")


@dataclass(frozen=True)
class Uncontacted:
    """A demand born online to which no organisation ever spoke; the name for who may read it."""

    demand: Demand
    name: str
    today: date

    @property
    def is_of_today(self) -> bool:
        """Registered on this very day."""
        return self.demand.received_on == self.today


@dataclass(frozen=True)
class Completeness:
    """How complete the live demands of one channel are: percent of them that meet each criterion.

    `mean` is the mean of the criteria; `contacted` is told apart, it is the work of organisations.
    """

    channel: str
    demands: int
    shares: dict[str, int]
    contacted: int

    @property
    def mean(self) -> int:
        """Percent of the criteria met, all demands together."""
        return round(sum(self.shares.values()) / len(self.shares))


def never_contacted(principal: Principal) -> tuple[list[Uncontacted], int, bool]:
    """Demands born online that wait for a first contact, the oldest first, and how many there are.

    A body sees those that it is in charge of; the manager sees them all. The last is true when
    there are more than were counted.
    """
    found = _never_contacted(principal)
    shown = found.select_related("account").order_by("received_on", "pk")[:MOST_SHOWN]
    count = found.order_by()[: COUNT_CAP + 1].count()
    lines = [_line(principal, demand, clock.today()) for demand in shown]
    return lines, min(count, COUNT_CAP), count > COUNT_CAP


def completeness(principal: Principal) -> list[Completeness]:
    """Each channel side by side, over the live demands of persons that the principal may list.

    An association has no identity card, no income and no present home: it would only seem to lack
    them.
    """
    live = access.scope(principal, Action.LIST).filter(state__in=LIVE_STATES, is_association=False)
    by_channel = live.order_by("channel").values("channel")
    # Asked apart: within the sums below, each demand would look up its own steps.
    spoken_to = by_channel.filter(Exists(_contacts())).annotate(demands=Count("pk"))
    contacted = dict(spoken_to.values_list("channel", "demands"))
    met = {name: Count("pk", filter=criterion) for name, criterion in PRESENT.items()}
    met |= {name: Count("pk", filter=CONDITIONS[lack]()) for name, lack in LACKS.items()}
    return [
        _completeness(row, contacted.get(row["channel"], 0))
        for row in by_channel.annotate(demands=Count("pk"), **met)
    ]


def _never_contacted(principal: Principal) -> QuerySet[Demand]:
    if principal.organisation is None:
        return Demand.objects.none()
    found = access.scope(principal, Action.RECORD_ACT).filter(
        ~Exists(_contacts()), channel=codes.Channel.ONLINE, state__in=LIVE_STATES
    )
    return found if principal.is_manager else found.filter(pk__in=in_charge_of(principal))


def _contacts() -> QuerySet[Event]:
    """What an organisation told the applicant of the demand that is looked at."""
    return Event.objects.filter(
        demand=OuterRef("pk"), kind__in=CONTACTS, organisation__isnull=False
    )


def _line(principal: Principal, demand: Demand, today: date) -> Uncontacted:
    readable = access.fields(principal, demand).can_read("identity")
    name = applicant_name(demand) if readable else ""
    return Uncontacted(demand, name, today)


def _completeness(row: Mapping[str, Any], contacted: int) -> Completeness:
    def percent(count: int) -> int:
        return round(100 * count / row["demands"])

    # Where none is known, no income is recent either.
    lacking = {**row, "recent": row["recent"] + row["income"]}
    shares = {
        name: percent(row["demands"] - lacking[name] if name in LACKS else row[name])
        for name in CRITERIA
    }
    return Completeness(str(row["channel"]), row["demands"], shares, percent(contacted))
