"""Makes one demand of two that are one person's, and two again when that was a mistake.

One demand per applicant and department (CCH R441-2-3). Nothing is moved: the other demand keeps its
people, papers, notes and messages, and is read through the one that goes on. What changes are a few
columns of both, kept as they were until the merge can no longer be undone (see ADR 0022).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register import clock, deadlines
from register.access import Action
from register.codes import DemandReason, DocumentKind, LabelDecision
from register.deadlines import DelayInForce
from register.disclosed import everything
from register.errors import Conflict, TransitionRefused
from register.form.definition import SECRECY, TOGETHER
from register.held import COMPARED, own_documents
from register.models import (
    ChangeSource,
    Demand,
    DemandState,
    DuplicatePair,
    EffectKind,
    Event,
    EventKind,
    Label,
    Merge,
    PairStatus,
)
from register.principals import Principal
from register.selectors.channels import channels
from register.selectors.merges import why_not
from register.selectors.not_kept import keys_of, not_kept, read
from register.selectors.retention import is_held
from register.services.carried import carry_identity
from register.services.changes import LIFE, Change, begin_change
from register.services.decisions import record_delay
from register.services.facts import Touched
from register.services.modification import Written, keep_changes
from register.services.notices import send_by
from register.services.pairs import check_member, clean_reason, locked_pair, sign
from rules.writing import update

DELAY = "merge_undo"
# What a merge writes of a demand, beside its state.
DATES = ("last_renewed_on", "expires_on")
SENIORITY = ("received_at", "received_on")
ACCOUNT = ("account_id",)
MERGED = (*DATES, *SENIORITY, "is_sealed", *ACCOUNT)
KNOWN = tuple(name for name in MERGED if name not in LIFE)
# The steps after which what they write is no longer the merge's to give back, even the same.
SETTLED_BY: Mapping[tuple[str, ...], frozenset[EventKind]] = {
    DATES: frozenset({EventKind.RENEWED, EventKind.REACTIVATED}),
    SENIORITY: frozenset(),
    ACCOUNT: frozenset({EventKind.TRANSFERRED, EventKind.ACCOUNT_LINKED}),
}


@transaction.atomic
def merge(
    *,
    principal: Principal,
    pair: DuplicatePair,
    kept: int,
    reason: str,
    versions: Mapping[int, int] | None = None,
) -> Merge:
    """Make one demand of a pair: that of the key `kept` goes on, the other is closed.

    The one that goes on has the oldest seniority of both, the latest validity, the stricter
    secrecy and the priorities recognised on either. It takes the online account of the other when
    it has none, and the check of its identity document. The applicant is told at every address the
    register knows, with what was not kept.
    Raises NotAllowed without the right to edit both; Conflict when somebody answered meanwhile or
    changed a demand since `versions`; ValidationError without a reason, or for the wrong one kept.
    """
    changes = _both(principal, (pair.first_id, pair.second_id), versions or {})
    current = locked_pair(principal, pair)
    goes_on, closed = _sides(changes, kept)
    _check(goes_on, closed)
    delay = _delay(goes_on.demand)
    today = clock.today()
    made = Merge(
        kept=goes_on.demand,
        other=closed.demand,
        made_at=clock.now(),
        made_by=principal.user,
        made_for=principal.organisation,
        until=deadlines.add(today, delay.deadline),
        reason=clean_reason(reason),
        before={"kept": _told(goes_on.demand), "other": _told(closed.demand)},
    )
    _write_both(goes_on.demand, closed.demand)
    made.before |= {"after": _told(goes_on.demand), "labels": _carry_labels(made)}
    made.before["not_kept"] = lost = _lost(goes_on.demand, closed.demand)
    made.save(force_insert=True)
    joined, ended = _record(made, goes_on, closed)
    _keep_secrecy(joined, was=made.before["kept"]["is_sealed"])
    _keep_secrecy(ended, was=made.before["other"]["is_sealed"])
    record_delay(demand=closed.demand, delay=delay, start=today, end=made.until, event=ended)
    current.status = PairStatus.MERGED
    sign(current, principal, reason)
    letter = "merged_in_part" if lost else "merged"
    _tell(joined, ended, letter, _sealed(made.before))
    return made


@transaction.atomic
def part(*, principal: Principal, made: Merge, reason: str) -> None:
    """Undo a merge: each demand has its own back, and what happened since stays with the kept one.

    Only what is still as the merge left it is given back: neither an account that was linked or
    lost since, nor a date renewed since, which counts for both. Secrecy that somebody asked for
    stays, before the merge or since: since, for both. What the merge alone sealed is opened again.
    Raises NotAllowed without the right to edit both, TransitionRefused once it is undone,
    ValidationError after its last day, without a reason, when the demand that went on was merged
    into a third, or before a later merge into the same demand is undone.
    """
    changes = _both(principal, (made.kept_id, made.other_id), {})
    current = Merge.objects.select_for_update().get(pk=made.pk)
    kept, other = _sides(changes, current.kept_id)
    _check_undoable(current, kept.demand)
    before = current.before
    were_sealed = (kept.demand.is_sealed, other.demand.is_sealed)
    hidden = _separate(current, kept.demand, other.demand)
    is_kept_as_it_was = is_held(kept.demand) or is_held(other.demand)
    _take_labels_back(before["labels"], kept.demand, is_kept_as_it_was)
    current.undone_at, current.undone_by = clock.now(), principal.user
    current.undone_because = clean_reason(reason)
    current.before = before if is_kept_as_it_was else {}
    current.save()
    other.demand.struck_off_on = None
    details = {"merge": current.pk}
    try:
        update(kept.demand, KNOWN)
        update(other.demand, KNOWN)
        # Its identity document was that of the other demand.
        is_unchecked = (
            _is_identity_lent(before, kept.demand) and kept.demand.state == DemandState.ACTIVE
        )
        again_unchecked = "part_kept_unchecked" if is_unchecked else None
        parted = kept.commit(EventKind.PARTED, moved=again_unchecked, details=details)
        # Its identity document may have been checked while it was closed.
        is_checked = before["other"]["state"] == DemandState.ACTIVE or _is_identified(other.demand)
        again = other.commit(
            EventKind.PARTED, moved="part" if is_checked else "part_unchecked", details=details
        )
    except IntegrityError as fault:
        raise Conflict(_("This person sent another demand meanwhile.")) from fault
    for event, was in zip((parted, again), were_sealed, strict=True):
        _keep_secrecy(event, was=was)
    pair = DuplicatePair.objects.filter(
        first=min(kept.demand.pk, other.demand.pk), second=max(kept.demand.pk, other.demand.pk)
    ).first()
    if pair is not None:
        pair.status = PairStatus.UNDONE
        sign(pair, principal, reason)
    _tell(parted, again, "parted", hidden)


def _record(made: Merge, goes_on: Change, closed: Change) -> tuple[Event, Event]:
    """Save both demands, with the step that each is told: of the kept one, then of the other."""
    details = {"merge": made.pk, "until": made.until.isoformat()}
    closed.demand.struck_off_on = clock.today()
    update(closed.demand, ["is_sealed"])
    ended = closed.commit(EventKind.MERGED, moved="merge", details=details, touched=Touched.LIFE)
    # After the other: one live demand per account, at every statement.
    update(goes_on.demand, KNOWN)
    joined = goes_on.commit(EventKind.JOINED, details=details)
    carry_identity(goes_on, closed, made.pk)
    return joined, ended


def _both(principal: Principal, keys: tuple[int, int], versions: Mapping[int, int]) -> list[Change]:
    """Both demands locked, the lower key first, so that two people never wait for each other."""
    check_member(principal)
    return [
        begin_change(
            principal=principal,
            demand=Demand(pk=key),
            action=Action.EDIT,
            expected_version=versions.get(key),
            of_merged=True,
        )
        for key in sorted(keys)
    ]


def _sides(changes: list[Change], kept: int) -> tuple[Change, Change]:
    """The demand that goes on, then the other."""
    found = {change.demand.pk: change for change in changes}
    if kept not in found:
        raise ValidationError({"kept": _("Choose the demand that goes on.")})
    (other,) = found.keys() - {kept}
    return found[kept], found[other]


def _check(kept: Change, other: Change) -> None:
    if not (kept.demand.is_live and other.demand.is_live):
        raise TransitionRefused(_("One of the demands has ended: there is nothing to merge."))
    if refusal := why_not(kept.demand, other.demand):
        raise ValidationError({"kept": refusal})


def _lost(kept: Demand, other: Demand) -> list[str]:
    """What the demand that goes on does not say, whoever may read it: parts and questions."""
    return keys_of(not_kept(*(read(demand, everything()) for demand in (kept, other))))


def _delay(demand: Demand) -> DelayInForce:
    try:
        return deadlines.find(DELAY, demand.department_id)
    except LookupError as missing:
        raise ValidationError(
            _("No rule in force says how long a merge can be undone: install the delays first.")
        ) from missing


def _told(demand: Demand) -> dict[str, Any]:
    """What a merge changes of a demand, as JSON."""
    found = {name: getattr(demand, name) for name in MERGED}
    dates = {name: v.isoformat() if isinstance(v, date) else v for name, v in found.items()}
    return {**dates, "state": demand.state}


def _value(name: str, told: Any) -> Any:
    column: Any = Demand._meta.get_field(name)
    return column.to_python(told)


def _write_both(kept: Demand, other: Demand) -> None:
    """The oldest seniority, the latest validity, the stricter secrecy; an account if there is."""
    if other.received_on < kept.received_on:
        kept.received_on, kept.received_at = other.received_on, other.received_at
    if other.expires_on > kept.expires_on:
        kept.expires_on, kept.last_renewed_on = other.expires_on, other.last_renewed_on
    kept.is_sealed = other.is_sealed = kept.is_sealed or other.is_sealed
    kept.account_id = kept.account_id or other.account_id


def _separate(made: Merge, kept: Demand, other: Demand) -> set[str]:
    """Write each demand as it is to be once parted; which of both was sealed by herself."""
    before = made.before
    is_sealed_since = kept.is_sealed and not before["after"]["is_sealed"]
    for side, demand in (("kept", kept), ("other", other)):
        is_hers = before[side]["is_sealed"] or is_sealed_since
        demand.is_sealed = is_hers or _may_have_sealed(demand)
    is_renewed = DATES not in _give_back(made, kept)
    if is_renewed and kept.expires_on > other.expires_on:
        for name in DATES:
            setattr(other, name, getattr(kept, name))
    return _sealed(before) | ({"kept"} if is_sealed_since else set())


def _give_back(made: Merge, kept: Demand) -> set[tuple[str, ...]]:
    """Write back of the kept demand what is still as the merge left it; the columns given back."""
    steps, told = Event.objects.filter(demand=kept), made.before
    joined = steps.get(kind=EventKind.JOINED, details__merge=made.pk)
    since = set(steps.filter(pk__gt=joined.pk).values_list("kind", flat=True))
    given = set()
    for names, settled_by in SETTLED_BY.items():
        is_as_left = all(getattr(kept, n) == _value(n, told["after"][n]) for n in names)
        if is_as_left and not settled_by & since:
            for name in names:
                setattr(kept, name, _value(name, told["kept"][name]))
            given.add(names)
    return given


def _carry_labels(made: Merge) -> list[int]:
    """Copy to the kept demand the priorities in force of the other; the keys of the copies."""
    recognised = Label.objects.filter(decision=LabelDecision.RECOGNISED)
    in_force = recognised.filter(Q(valid_to=None) | Q(valid_to__gte=clock.today()))
    own = recognised.filter(demand=made.kept_id)
    held = set(in_force.filter(demand=made.kept_id).values_list("code", flat=True))
    copies = []
    for label in in_force.filter(demand=made.other_id).order_by("pk"):
        is_there = own.filter(code=label.code, valid_from=label.valid_from).exists()
        if label.code not in held and not is_there:
            label.pk, label.demand = None, made.kept
            label._state.adding = True
            label.save(force_insert=True)
            copies.append(label.pk)
            held.add(label.code)
    return copies


def _take_labels_back(copies: list[int], kept: Demand, is_held: bool) -> None:
    """Under a legal hold they end with yesterday: a dispute may ask what was recognised (R22)."""
    labels = Label.objects.filter(pk__in=copies, demand=kept)
    if not is_held:
        labels.delete()
        return
    yesterday = clock.today() - timedelta(days=1)
    for label in labels:
        label.valid_to = max(label.valid_from, yesterday)
        label.save(update_fields=["valid_to"])


def _keep_secrecy(event: Event, *, was: bool) -> None:
    """The one answer of the declaration that a merge changes, said by the applicant on either."""
    now = event.demand.is_sealed
    if now != was:
        written = Written(TOGETHER[SECRECY], was, now)
        keep_changes(event, [written], source=ChangeSource.APPLICANT)


def _sealed(before: Mapping[str, Any]) -> set[str]:
    """Which of both were sealed before the merge."""
    return {side for side in ("kept", "other") if before[side]["is_sealed"]}


def _may_have_sealed(demand: Demand) -> bool:
    """Sealed, and the form asks about it: "yes" may be her answer since, and she may lift it."""
    return demand.is_sealed and demand.reasons.filter(code=DemandReason.VIOLENCE).exists()


def _is_identified(demand: Demand) -> bool:
    """True of a card that has expired since, too: it was compared."""
    return own_documents(demand).filter(kind=DocumentKind.IDENTITY, status__in=COMPARED).exists()


def _is_identity_lent(before: Mapping[str, Any], kept: Demand) -> bool:
    """Nobody compared a document of the kept demand: what was checked is the other's."""
    was_unchecked = before["kept"]["state"] == DemandState.AWAITING_CHECK
    return was_unchecked and not _is_identified(kept)


def _check_undoable(made: Merge, kept: Demand) -> None:
    if made.undone_at is not None:
        raise TransitionRefused(_("This merge is already undone."))
    if clock.today() > made.until or not made.before:
        raise ValidationError(_("This merge can no longer be undone: its delay has passed."))
    if kept.state == DemandState.UNDER_ALLOCATION and _is_identity_lent(made.before, kept):
        raise ValidationError(
            _("The demand that went on is a candidate on the identity checked for the other: wait.")
        )
    if kept.state == DemandState.MERGED:
        raise ValidationError(
            _("The demand that went on was merged into a third: undo that first.")
        )
    if Merge.objects.filter(kept=kept, undone_at=None, pk__gt=made.pk).exists():
        # Each keeps what it found: undone out of turn, a date is lost and another invented.
        raise ValidationError(
            _("Another demand was merged into the same one later: undo that merge first.")
        )


def _tell(kept: Event, other: Event, letter: str, hidden: set[str]) -> None:
    """Write to the applicant by every way that differs; a text message would say too little.

    When one was sealed by herself (`hidden`), at its own address alone, the later one of two: the
    other address may be that of whom she fled, and the letter names both numbers.
    """
    sides = {"kept": kept, "other": other}
    sealed = [event for side, event in sides.items() if side in hidden]
    told = [max(sealed, key=lambda event: event.demand_id)] if sealed else [kept, other]
    ways = {
        event.pk: [way for way in channels(event.demand) if way != EffectKind.SMS and event in told]
        for event in (kept, other)
    }
    if _address(kept.demand) == _address(other.demand):
        ways[other.pk] = [way for way in ways[other.pk] if way not in ways[kept.pk]]
    for event in told:
        if any(ways.values()) and not ways[event.pk]:
            continue  # the other letter tells it
        send_by(ways[event.pk], event.demand, event, key=f"{letter}:{event.pk}:", letter=letter)


def _address(demand: Demand) -> tuple[str, ...]:
    contact = getattr(demand, "contact", None)
    if contact is None:
        return (demand.account.email if demand.account else "",)
    return (contact.email, contact.address, contact.postal_code, contact.city)
