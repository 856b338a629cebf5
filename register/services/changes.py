"""What every act on a demand shares: the right, the lock, the move, the event."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from register import access, lifecycle
from register.errors import Conflict, NotAllowed
from register.models import Demand, Event, EventKind
from register.principals import Principal
from register.services.decisions import record_right
from register.services.facts import refresh_facts
from register.services.journal import record_event


@dataclass(frozen=True)
class Change:
    """A demand locked for one act, with the state it had and the rules that allow the act."""

    principal: Principal
    demand: Demand
    from_state: str
    action: access.Action
    decision: access.Decision

    def commit(
        self, kind: EventKind, *, moved: str | None = None, by: Iterable[int] = (), **event: Any
    ) -> Event:
        """Take the move if any, save the demand, refresh its facts and append the event.

        `by` are the versions of other rules than the rights that allowed the act.
        """
        if moved:
            lifecycle.move(self.demand, moved)
        self.demand.version += 1
        self.demand.save(update_fields=["state", "version", "strike_off_reason", "struck_off_on"])
        refresh_facts(demand=self.demand)
        recorded = record_event(
            principal=self.principal,
            demand=self.demand,
            kind=kind,
            from_state=self.from_state,
            rule_versions=[*self.decision.rule_versions, *by],
            **event,
        )
        record_right(
            demand=self.demand,
            action=self.action,
            weighing=self.decision.weighing,
            event=recorded,
        )
        return recorded


def begin_change(
    *,
    principal: Principal,
    demand: Demand,
    action: access.Action,
    expected_version: int | None = None,
) -> Change:
    """Lock the demand and check the right again on what is stored now.

    Call inside a transaction. The first statement writes, so that both engines lock the row.
    Raises NotAllowed without the right, Conflict when `expected_version` is no longer current.
    Whoever looks as somebody else changes nothing.
    """
    if principal.observer is not None:
        raise NotAllowed(_("You cannot do this with this demand."))
    Demand.objects.filter(pk=demand.pk).update(version=F("version"))
    current = Demand.objects.get(pk=demand.pk)
    decision = access.decide(principal, action, current)
    if not decision.allowed:
        raise NotAllowed(_("You cannot do this with this demand."))
    if expected_version is not None and current.version != expected_version:
        raise Conflict(_("Somebody changed this demand since you opened it."))
    return Change(principal, current, current.state, action, decision)
