"""Erases the personal data of a demand, for good (décret 2017-917, art. 4).

What stays tells nobody: dates, department, size of household, wished communes and types, the steps
with their dates. Figures about past days are the same after as before.
"""

from functools import partial
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Model, Q

from register import clock, lifecycle
from register.access import Action
from register.models import (
    AccessLog,
    AccountCode,
    Association,
    AutomationRun,
    Contact,
    Correction,
    CurrentHousing,
    Demand,
    DemandAudience,
    DemandFacts,
    DemandGroupPermission,
    DemandState,
    DemandUserPermission,
    Document,
    DuplicatePair,
    Event,
    EventKind,
    FieldChange,
    FlatSharer,
    Identity,
    Label,
    LegalHold,
    LocalAnswer,
    Look,
    Mandate,
    Merge,
    Message,
    NotesRequest,
    Outbox,
    Person,
    Reason,
    RenewalNotice,
    RuleDecision,
    Share,
    StoredFile,
    User,
    WishedCommune,
)
from register.principals import SYSTEM
from register.selectors.accounts import unneeded
from register.selectors.renewals import Candidate
from register.services.carried import hand_over
from register.services.changes import begin_change
from register.services.facts import refresh_facts
from register.services.files import discard
from register.services.journal import record_event

# Everything that hangs on a demand and tells of a person; runs take their tasks and tags along.
_ERASED: tuple[type[Model], ...] = (
    Document,
    Identity,
    Person,
    Association,
    FlatSharer,
    Contact,
    CurrentHousing,
    LocalAnswer,
    Reason,
    Message,
    Correction,
    FieldChange,
    AccessLog,
    RuleDecision,
    AutomationRun,
    RenewalNotice,
    NotesRequest,
    Outbox,
    Look,
    Share,
    Mandate,
    AccountCode,
    Label,
    LegalHold,
)
# What figures count of a demand that is over.
_KEPT_FACTS = {
    "demand",
    "received_on",
    "expires_on",
    "last_renewed_on",
    "struck_off_on",
    "wished_home_types",
    "household_size",
    "household_category",
    "department",
    "strike_off_reason",
    "channel",
}


@transaction.atomic
def erase(candidate: Candidate) -> Event:
    """Erase a demand kept long enough. Raises Conflict when it changed meanwhile."""
    change = begin_change(
        principal=SYSTEM,
        demand=Demand(pk=candidate.demand_id),
        action=Action.RECORD_ACT,
        expected_version=candidate.version,
        of_merged=True,
    )
    demand, account = change.demand, change.demand.account
    lifecycle.move(demand, "erase")
    goes_on = hand_over(demand)
    _delete_files(demand)
    for model in _ERASED:
        model._default_manager.filter(demand=demand.pk).delete()
    DuplicatePair.objects.filter(Q(first=demand) | Q(second=demand)).delete()
    Merge.objects.filter(Q(kept=demand) | Q(other=demand)).update(
        before={}, reason="", undone_because=""
    )
    for permission in (DemandUserPermission, DemandGroupPermission):
        permission.objects.filter(content_object=demand).delete()
    _strip(demand)
    event = record_event(
        principal=SYSTEM, demand=demand, kind=EventKind.ERASED, from_state=change.from_state
    )
    _forget(account)
    if goes_on is not None:
        refresh_facts(demand=goes_on)
    return event


def _delete_files(demand: Demand) -> None:
    """Rows now, bytes once the transaction is committed; the sweep takes what a crash leaves."""
    files = list(StoredFile.objects.filter(document__demand=demand))
    Document.objects.filter(demand=demand).delete()
    for stored in files:
        stored.delete()
        transaction.on_commit(partial(discard, stored.file.storage, str(stored.file.name)))


def _strip(demand: Demand) -> None:
    """Leave of the demand, its steps and its facts what tells nobody."""
    demand.number = f"E{demand.pk:017d}"
    demand.submission_token = uuid4()
    demand.account = None
    demand.remarks, demand.language, demand.is_sealed = "", "fr", False
    demand.unborn_count, demand.unborn_due_on = 0, None
    demand.max_monthly_cost = demand.tax_year = None
    demand.accepts_flat_share = demand.accepts_ground_floor = demand.accepts_no_lift = False
    demand.wants_ownership_news = False
    demand.received_at = clock.noon(demand.received_on)
    demand.version += 1
    demand.save()
    WishedCommune.objects.filter(demand=demand).update(quarter=None)
    Event.objects.filter(demand=demand).update(
        user=None, text="", details={}, reason="", rule_versions=[]
    )
    DemandFacts.objects.filter(demand=demand).update(state=DemandState.ERASED, **_blank_facts())
    DemandAudience.objects.filter(demand=demand).update(
        is_live=False, is_sealed=False, is_priority=False, quarter=""
    )


def _blank_facts() -> dict[str, Any]:
    columns = [f for f in DemandFacts._meta.concrete_fields if f.name not in _KEPT_FACTS]
    return {
        column.name: None if column.null else column.get_default() or _nothing(column)
        for column in columns
        if column.name != "state"
    }


def _nothing(column: Any) -> Any:
    return {"CharField": "", "BooleanField": False}.get(column.get_internal_type(), 0)


def _forget(account: User | None) -> None:
    """The account goes too, when nothing of the register needs it any more."""
    if account is not None:
        left = unneeded().filter(pk=account.pk).first()
        if left is not None:
            left.delete()
