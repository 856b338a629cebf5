"""What helpers do for an applicant, and under which mandate: each act tells both names.

A mandate is given, ended and answered for by the applicant alone (Code civil, art. 1984 and 2004).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from register import clock
from register.models import Demand, Event, Mandate, MandateScope, User
from register.templatetags.shell import date_long
from register.vocabulary.lookups import mandates_in_force

# In the details of a step: the mandate under which it was done.
UNDER = "under"


@dataclass(frozen=True)
class Given:
    """A mandate as its applicant reads it: in force or not, with what was done under it."""

    mandate: Mandate
    in_force: bool
    acts: list[Event] = field(default_factory=list)


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
    found = [
        Given(mandate, mandate.holds_on(today), acts.get(mandate.pk, []))
        for mandate in demand.mandates.select_related("helper").order_by("-pk")
    ]
    return sorted(found, key=lambda each: not each.in_force)


def current(demand: Demand) -> list[Mandate]:
    """Mandates in force or to come, not revoked."""
    found = demand.mandates.filter(revoked_at__isnull=True, ends_on__gte=clock.today())
    return list(found.select_related("helper").order_by("ends_on"))


def both_names(events: Iterable[Event], name: str) -> Mapping[int, str]:
    """By mandate that these steps name, who acted and for whom: "X, for Y, under the mandate of…".

    `name` is that of the applicant, empty for a reader who may not know it.
    """
    wanted = {event.details[UNDER] for event in events if UNDER in event.details}
    found = Mandate.objects.filter(pk__in=wanted).select_related("helper") if wanted else ()
    return {mandate.pk: _said(mandate, name) for mandate in found}


def _said(mandate: Mandate, name: str) -> str:
    return _("%(helper)s, for %(applicant)s, under the mandate of %(day)s") % {
        "helper": mandate.helper,
        "applicant": name or _("the applicant"),
        "day": date_long(mandate.starts_on),
    }
