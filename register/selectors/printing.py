"""Letters that wait for the printer, and those printed together, for whoever reads envelopes."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from register import access
from register.access import Action
from register.letters.texts import ENVELOPE
from register.models import Delivery, Demand, EffectKind, Outbox, PrintRun
from register.principals import Principal
from register.selectors.renewals import UNPRINTED

LATEST = 30
# What was learnt of a letter that is in the file of its run.
IN_FILE = ("", Delivery.PRINTED, Delivery.BOUNCED)


@dataclass(frozen=True)
class Printing:
    """How many letters wait, and the latest runs."""

    waiting: int
    runs: list[PrintRun]

    @property
    def is_making(self) -> bool:
        """True while the file of a run is not whole yet."""
        return any(run.made_at is None for run in self.runs)


def may_print(principal: Principal) -> bool:
    """True for the manager of the shared file, looking as herself."""
    return principal.is_manager and principal.observer is None


def printing(principal: Principal) -> Printing:
    """The page of the letters."""
    latest = runs(principal).annotate(
        came_back=Count("letters", filter=Q(letters__delivery=Delivery.BOUNCED))
    )
    return Printing(printable(principal).count(), list(latest[:LATEST]))


def printable(principal: Principal) -> QuerySet[Outbox]:
    """Letters written and not printed yet, on files whose envelope the principal may read."""
    return Outbox.objects.filter(
        UNPRINTED, print_run__isnull=True, demand__in=_addressed(principal)
    )


def runs(principal: Principal) -> QuerySet[PrintRun]:
    """Runs of which the principal may read each envelope today; one foreign letter hides a run."""
    foreign = Outbox.objects.filter(print_run=OuterRef("pk")).exclude(
        demand__in=_addressed(principal)
    )
    return PrintRun.objects.filter(~Exists(foreign)).select_related("asked_by", "printed_by")


def printed_letter(principal: Principal, number: str) -> Outbox | None:
    """The latest letter posted to the applicant of this demand, when it did not come back yet."""
    demands = _addressed(principal).filter(number=number)
    posted = Outbox.objects.filter(
        kind=EffectKind.LETTER, delivery=Delivery.PRINTED, demand__in=demands
    )
    return posted.order_by("-delivery_at", "-pk").first()


def _addressed(principal: Principal) -> QuerySet[Demand]:
    """Demands of which the principal reads what an envelope shows: the name and the address."""
    found = access.scope(principal, Action.VIEW)
    for name in ENVELOPE:
        found = found.filter(access.readable(principal, name))
    return found
