"""What helpers do for an applicant, and under which mandate: each act tells both names.

A mandate is given, ended and answered for by the applicant alone (Code civil, art. 1984 and 2004);
a guardianship is a judge's (art. 440), and a counter records it (ADR 0029).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from register import clock
from register.access import Action, FieldRights, FieldSet
from register.lifecycle import goes_on_elsewhere
from register.models import (
    Demand,
    DemandState,
    Event,
    Mandate,
    MandateKind,
    MandateScope,
    User,
)
from register.selectors.handover import handed_over_at
from register.selectors.who_asked import WhoAsked
from register.templatetags.shell import date_long
from register.vocabulary.lookups import mandates_in_force

# In the details of a step: the mandate under which it was done.
UNDER = "under"
# In an effect of the outbox: the guardian whom a letter is for.
GUARDIAN = "guardian"
A_MOMENT = timedelta(microseconds=1)
# What an agent does at a helper's request, and the least that her mandate must allow for it.
ASKED: Mapping[Action, MandateScope] = {
    Action.RECORD_ACT: MandateScope.READ,
    Action.RENEW: MandateScope.MODIFY,
    Action.EDIT: MandateScope.MODIFY,
    Action.WITHDRAW: MandateScope.REPRESENT,
}


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
        for mandate in demand.mandates.select_related("helper", "recorded_by").order_by("-pk")
    ]
    return sorted(found, key=lambda each: not each.in_force)


def _givers(demand: Demand) -> Callable[[Mandate], str]:
    """Who gave each mandate, when she is not who asks today: giving a demand over ends them all."""
    last = handed_over_at(demand)
    who = WhoAsked(demand)

    def by(mandate: Mandate) -> str:
        ended = mandate.revoked_at
        return who.at(ended - A_MOMENT) if last and ended and ended <= last else ""

    return by


def current(demand: Demand) -> list[Mandate]:
    """Mandates in force or to come, not ended."""
    found = demand.mandates.filter(revoked_at__isnull=True, ends_on__gte=clock.today())
    return list(found.select_related("helper", "recorded_by").order_by("ends_on", "pk"))


def mandate_of(demand: Demand, key: int) -> Mandate | None:
    """The mandate of this demand with this key, whatever became of it."""
    return demand.mandates.filter(pk=key).select_related("demand", "helper").first()


def why_none_recorded(demand: Demand) -> str:
    """Why a counter records no mandate for a demand; empty when it may."""
    if demand.is_association:
        return _("An association acts by those who represent it.")
    if goes_on_elsewhere(demand):
        return _("This demand was merged with another, which goes on: it takes nothing more.")
    return ""


def may_be_asked(mandate: Mandate, demand: Demand, action: Action) -> bool:
    """True when its helper may have an agent do this with this demand today."""
    held = mandates_in_force(pk=mandate.pk, demand=demand).first()
    least = ASKED.get(action)
    return bool(held and least and held.scope in MandateScope.holding(least))


def who_may_ask(demand: Demand, action: Action, rights: FieldRights) -> list[Mandate]:
    """The mandates under which an agent may be asked this, the latest first.

    None for whoever may not know the applicant: who helps tells who is helped.
    """
    if action not in ASKED or not rights.can_read(FieldSet.IDENTITY):
        return []
    found = mandates_in_force(demand=demand, scope__in=MandateScope.holding(ASKED[action]))
    return list(found.select_related("helper").order_by("-pk"))


def guardians_of(demand: Demand) -> list[Mandate]:
    """Guardianships that hold today, the widest first."""
    found = mandates_in_force(demand=demand).exclude(kind=MandateKind.GIVEN)
    order = MandateScope.values
    return sorted(found, key=lambda each: (-order.index(each.scope), each.pk))


def names_of(keys: Iterable[int]) -> Mapping[int, str]:
    """Who each of these mandates is for."""
    wanted = set(keys)
    found = Mandate.objects.select_related("helper").in_bulk(wanted) if wanted else {}
    return {key: mandate.who for key, mandate in found.items()}


def words_of(key: int | None) -> str:
    """A mandate in one line: who helps, on which paper, how far and until when."""
    found = Mandate.objects.filter(pk=key).select_related("helper").first() if key else None
    if found is None:
        return ""
    return _("%(helper)s (%(kind)s), until %(day)s: %(scope)s.") % {
        "helper": found.who,
        "kind": found.get_kind_display(),
        "day": date_long(found.ends_on),
        "scope": found.get_scope_display(),
    }


def is_under_a_judgment(event: Event) -> bool:
    """True for a step of a guardian."""
    given = Mandate.objects.filter(pk=event.details.get(UNDER))
    return given.exclude(kind=MandateKind.GIVEN).exists()


def offered_to(user: User | None) -> list[Mandate]:
    """Mandates recorded at a counter for this account's confirmed address, not accepted yet."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    wanted = {each.lower() for each in confirmed.values_list("email", flat=True)}
    waiting = mandates_in_force(helper=None, email__in=wanted, demand__is_sealed=False).exclude(
        demand__state__in=(DemandState.MERGED, DemandState.ERASED)
    )
    return list(waiting.select_related("demand", "recorded_by").order_by("pk"))


def past_their_end(on: date) -> QuerySet[Mandate]:
    """Mandates that ended of themselves and whose end was told to nobody.

    One older than a month is news to nobody.
    """
    lately = Mandate.objects.filter(ends_on__lt=on, ends_on__gte=on - timedelta(days=31))
    return lately.filter(revoked_at=None, expiry_told_at=None)


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
    words = _("%(helper)s, for %(applicant)s, under the mandate of %(day)s")
    if mandate.is_of_a_judge:
        words = _("%(helper)s, for %(applicant)s, under the guardianship of %(day)s")
    return words % {
        "helper": mandate.who if who else _("a helper"),
        "applicant": (who and who.at(event.at)) or _("the applicant"),
        "day": date_long(mandate.starts_on),
    }
