"""What every act on a demand shares: the right, the lock, the move, the event."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from register import access, clock, lifecycle
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import Demand, DemandFacts, Event, EventKind, Mandate, RuleDecision
from register.parameters import parameter_bindings
from register.principals import Principal, PrincipalKind
from register.selectors.mandates import UNDER, held_by, may_be_asked
from register.selectors.merges import others_of
from register.services.decisions import keep, right
from register.services.facts import Touched, refresh_facts
from register.services.journal import record_event
from register.services.outbox import tell_applicant
from register.services.taking_up import take_up
from register.templatetags.shell import number_spaced
from rules.reading import Bindings
from rules.statements import Slot, statement
from rules.writing import update

DEMAND = [column.attname for column in Demand._meta.concrete_fields]
FACTS = [column.attname for column in DemandFacts._meta.concrete_fields]
# What an act may write of the demand itself.
LIFE = [
    "state",
    "version",
    "strike_off_reason",
    "struck_off_on",
    "last_renewed_on",
    "expires_on",
]
Deciding = Callable[[Event], RuleDecision | None]


@dataclass(frozen=True)
class Change:
    """A demand locked for one act, with the state it had and the rules that allow the act."""

    principal: Principal
    demand: Demand
    from_state: str
    action: access.Action
    decision: access.Decision
    # As they were stored when the demand was locked.
    facts: DemandFacts
    # The published figures of the day, read once for the whole act.
    figures: Bindings
    # Under which a helper acts for the applicant, or has an agent act; None for anybody else.
    mandate: Mandate | None = None

    def commit(
        self,
        kind: EventKind,
        *,
        moved: str | None = None,
        by: Iterable[int] = (),
        touched: Touched = Touched.EVERYTHING,
        deciding: Deciding | None = None,
        **event: Any,
    ) -> Event:
        """Take the move if any, save the demand, append the event and refresh the facts.

        `by` are the versions of other rules than the rights that allowed the act; `touched` is what
        the act wrote, from which facts are computed; `deciding` is what the rules answer besides,
        of the demand as it is after the act. What a helper does is written with the mandate, and
        told to the applicant who gave it (Code civil, art. 1993).
        """
        if moved:
            lifecycle.move(self.demand, moved)
        self.demand.version += 1
        update(self.demand, LIFE)
        if self.mandate:
            event["details"] = {**event.get("details", {}), UNDER: self.mandate.pk}
        recorded = record_event(
            principal=self.principal,
            demand=self.demand,
            kind=kind,
            from_state=self.from_state,
            rule_versions=[*self.decision.rule_versions, *by],
            **event,
        )
        take_up(principal=self.principal, event=recorded)
        # After the event: refusals are counted from the story.
        refresh_facts(demand=self.demand, touched=touched, stored=self.facts, figures=self.figures)
        allowed = right(
            demand=self.demand,
            action=self.action,
            weighing=self.decision.weighing,
            event=recorded,
        )
        keep([allowed, deciding(recorded) if deciding else None])
        if self.mandate:
            tell_applicant(self.demand, recorded)
        return recorded


def begin_change(
    *,
    principal: Principal,
    demand: Demand,
    action: access.Action,
    expected_version: int | None = None,
    of_merged: bool = False,
) -> Change:
    """Lock the demand and check the right again on what is stored now.

    Call inside a transaction.
    Raises NotAllowed without the right, Conflict when `expected_version` is no longer current,
    TransitionRefused for a demand closed by a merge, which names the one that goes on to whoever
    may open it. `of_merged`: the act undoes the merge, erases the demand, ends a right to read, or
    checks what had been sent before.
    Whoever looks as somebody else changes nothing. ValidationError (`asked_by`) when the helper at
    whose request an agent acts has no mandate for it any more.
    """
    if principal.observer is not None:
        raise NotAllowed(_("You cannot do this with this demand."))
    current, facts = _locked(demand.pk)
    decision = access.decide(principal, action, current)
    if not decision.allowed:
        raise NotAllowed(_("You cannot do this with this demand."))
    if lifecycle.goes_on_elsewhere(current) and not of_merged:
        raise TransitionRefused(_closed_by_merge(principal, current))
    if expected_version is not None and current.version != expected_version:
        raise Conflict(_("Somebody changed this demand since you opened it."))
    figures = parameter_bindings(current.department_id, clock.today())
    mandate = _mandate_of(principal, current, action)
    return Change(principal, current, current.state, action, decision, facts, figures, mandate)


def _mandate_of(principal: Principal, demand: Demand, action: access.Action) -> Mandate | None:
    """Under which somebody who is not the applicant acts for her: never without one.

    An agent acts at the request of whoever holds one, as far as it goes (ADR 0029).
    """
    helper = principal.user
    if principal.under is not None:
        if not may_be_asked(principal.under, demand, action):
            raise ValidationError(
                {"asked_by": _("This mandate has ended, or does not allow this act.")}
            )
        return principal.under
    if principal.kind is not PrincipalKind.APPLICANT or helper is None:
        return None
    if demand.account_id == helper.pk:
        return None
    mandate = held_by(helper, demand)
    if mandate is None:
        raise NotAllowed(_("You cannot do this with this demand."))
    return mandate


def _closed_by_merge(principal: Principal, demand: Demand) -> str:
    """Why nothing more is written here, with the number of the demand that goes on."""
    for other in others_of(principal, demand):
        if other.goes_on and other.number:
            told = _("This demand was merged and takes nothing more: write in %(number)s.")
            return str(told) % {"number": number_spaced(other.number)}
    return str(_("This demand was merged with another, which goes on: it takes nothing more."))


def _locked(demand_id: int) -> tuple[Demand, DemandFacts]:
    """The demand and its facts as they are now, which nobody else writes until the end."""
    if not connection.features.has_select_for_update:
        # Writing first takes the lock on SQLite.
        Demand.objects.filter(pk=demand_id).update(version=F("version"))
    rows = statement(_demand_and_facts).rows(demand=demand_id)
    if not rows:
        raise Demand.DoesNotExist
    database, (row,) = connection.alias, rows
    current = Demand.from_db(database, DEMAND, row[: len(DEMAND)])
    facts = DemandFacts.from_db(database, FACTS, row[len(DEMAND) :])
    facts.demand = current
    return current, facts


def _demand_and_facts() -> QuerySet[Any, Any]:
    """Both rows, both locked: what is read after a wait is what the other writer left."""
    both = Demand.objects.filter(pk=Slot("demand", Demand._meta.pk), facts__isnull=False)
    columns = [*DEMAND, *(f"facts__{name}" for name in FACTS)]
    return both.order_by().select_for_update(no_key=True).values_list(*columns)
