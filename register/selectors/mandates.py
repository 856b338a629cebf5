"""What helpers do for an applicant, and under which mandate: each act tells both names.

A mandate is given, ended and answered for by the applicant alone (Code civil, art. 1984 and 2004).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.translation import gettext as _

from register import clock
from register.models import Demand, Event, EventKind, Mandate, MandateScope, User
from register.selectors.who_asked import WhoAsked
from register.templatetags.shell import date_long
from register.vocabulary.lookups import mandates_in_force

# In the details of a step: the mandate under which it was done.
UNDER = "under"
A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Given:
    """A mandate as its applicant reads it: in force or not, with what was done under it.

    `by` names who gave it when the demand was given over since; empty for the applicant of today.
    """

    mandate: Mandate
    in_force: bool
    acts: list[Event] = field(default_factory=list)
    by: str = ""


def held_by(helper: User, demand: Demand) -> Mandate | None:
    """The mandate in force of this helper, the widest if there are several; None without any."""
    found = mandates_in_force(demand=demand, helper=helper)
    order = MandateScope.values
    return max(found, key=lambda each: (order.index(each.scope), each.pk), default=None)


def given_by(demand: Demand) -> list[Given]:
    """Every mandate of a demand, those in force first, then the latest."""
    today = clock.today()
    acts: dict[int, list[Event]] = {}
    for event in demand.events.filter(details__has_key=UNDER).order_by("-at", "-pk"):
        acts.setdefault(event.details[UNDER], []).append(event)
    by = _givers(demand)
    found = [
        Given(mandate, mandate.holds_on(today), acts.get(mandate.pk, []), by(mandate))
        for mandate in demand.mandates.select_related("helper").order_by("-pk")
    ]
    return sorted(found, key=lambda each: not each.in_force)


def _givers(demand: Demand) -> Callable[[Mandate], str]:
    """Who gave each mandate, when she is not who asks today: giving a demand over ends them all."""
    last = demand.events.filter(kind=EventKind.TRANSFERRED).order_by("-at", "-pk").first()
    who = WhoAsked(demand)

    def by(mandate: Mandate) -> str:
        ended = mandate.revoked_at
        return who.at(ended - A_MOMENT) if last and ended and ended <= last.at else ""

    return by


def current(demand: Demand) -> list[Mandate]:
    """Mandates in force or to come, not revoked."""
    found = demand.mandates.filter(revoked_at__isnull=True, ends_on__gte=clock.today())
    return list(found.select_related("helper").order_by("ends_on"))


def both_names(events: Iterable[Event], who: WhoAsked | None) -> Mapping[int, str]:
    """By step done under a mandate, who acted and for whom: "X, for Y, under the mandate of…".

    Both names are those of the day of the act. None for a reader who may not know the applicant's:
    she is told neither, since who helps tells who is helped.
    """
    steps = {event.pk: (event, event.details[UNDER]) for event in events if UNDER in event.details}
    keys = {key for _event, key in steps.values()}
    given = Mandate.objects.select_related("helper").in_bulk(keys) if keys else {}
    return {pk: _said(given[key], event, who) for pk, (event, key) in steps.items() if key in given}


def _said(mandate: Mandate, event: Event, who: WhoAsked | None) -> str:
    return _("%(helper)s, for %(applicant)s, under the mandate of %(day)s") % {
        "helper": mandate.helper if who else _("a helper"),
        "applicant": (who and who.at(event.at)) or _("the applicant"),
        "day": date_long(mandate.starts_on),
    }
