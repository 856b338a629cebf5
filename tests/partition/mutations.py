"""Random lives of demands that somebody may not see, drawn by hypothesis and replayed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from register import codes
from register.models import (
    Demand,
    DemandState,
    Event,
    EventKind,
    Label,
    Message,
    Organisation,
    Person,
    Share,
    WishedCommune,
)
from register.services.facts import refresh_facts
from tests.factories import make_demand
from tests.partition.world import BEAUNE, DIJON, FONTAINE, MACON, World, add_document, answer

# Where a hidden demand may be born: not in the department of the landlord, or sealed there.
ELSEWHERE = {"communes": (MACON,), "department": "71"}
SEALED = {"communes": (DIJON,), "is_sealed": True}
OTHER_QUARTER = {"communes": (DIJON,), "quarters": {DIJON: FONTAINE}}
OTHER_TERRITORY = {"communes": (DIJON,)}
HIDDEN_BIRTHS = {
    "landlord agent": (ELSEWHERE, SEALED),
    "commune outside": (ELSEWHERE, SEALED, OTHER_TERRITORY),
    "other applicant": (ELSEWHERE, SEALED, {"communes": (BEAUNE,)}),
    "landlord reader": (ELSEWHERE, SEALED),
    "landlord of a quarter": (ELSEWHERE, SEALED, OTHER_QUARTER),
    "landlord lead": (ELSEWHERE, SEALED),
    "landlord statistician": (ELSEWHERE, SEALED, OTHER_TERRITORY),
    "commune inside": (ELSEWHERE, SEALED),
    "body without counter": (ELSEWHERE, SEALED, OTHER_TERRITORY),
    "data-protection officer": (ELSEWHERE, SEALED, OTHER_TERRITORY),
    "manager": (ELSEWHERE,),
}
KINDS = (
    "add",
    "delete",
    "rename",
    "move in",
    "strike off",
    "verify",
    "upload",
    "message",
    "note",
    "propose",
    "share",
    "label",
    "age",
    "enlarge",
    "answer",
)


def mutations() -> st.SearchStrategy[list[tuple[str, int, int]]]:
    """Up to eight of them: what happens, to which hidden demand, with which variant."""
    one = st.tuples(st.sampled_from(KINDS), st.integers(0, 9), st.integers(0, 5))
    return st.lists(one, min_size=1, max_size=8)


def apply(world: World, role: str, drawn: list[tuple[str, int, int]], hidden: list[Demand]) -> None:
    """Let the hidden demands live; none of them becomes visible to the role."""
    hidden = [Demand.objects.get(pk=demand.pk) for demand in hidden]
    for kind, which, variant in drawn:
        if kind == "add" or not hidden:
            births = HIDDEN_BIRTHS[role]
            born = {"last_name": f"Caché{variant}", **births[variant % len(births)]}
            hidden.append(make_demand(dependants=variant % 3, **born))
            continue
        if kind == "share" and role == "body without counter":
            continue  # the mutation shares with this very body
        demand = hidden[which % len(hidden)]
        if kind == "delete":
            hidden.remove(demand)
            _delete(demand)
            continue
        _CHANGES[kind](demand, variant)
        demand.refresh_from_db()
        refresh_facts(demand=demand)


def _delete(demand: Demand) -> None:
    demand.documents.all().delete()
    demand.delete()


def _rename(demand: Demand, variant: int) -> None:
    # The very name of a visible person: search must not begin to find two.
    names = ("Martin", "Zyx", "Aaa", "Martinez", "M", "Ma")
    Person.objects.filter(demand=demand).update(
        birth_name=names[variant], search_name=f"{names[variant].lower()} camille"
    )


def _move_in(demand: Demand, variant: int) -> None:
    kinds = list(codes.CurrentHousingKind.values)
    housing = demand.current_housing
    housing.kind = kinds[variant % len(kinds)]
    housing.save()


def _strike_off(demand: Demand, variant: int) -> None:
    reasons = list(codes.StrikeOffReason.values)
    demand.state = DemandState.STRUCK_OFF
    demand.strike_off_reason = reasons[variant % len(reasons)]
    demand.struck_off_on = timezone.localdate()
    demand.save()
    _event(demand, EventKind.STRUCK_OFF, reason=demand.strike_off_reason)


def _verify(demand: Demand, variant: int) -> None:
    demand.documents.update(status=codes.DocumentStatus.VERIFIED, checked_at=timezone.now())
    _event(demand, EventKind.IDENTITY_VERIFIED, reason="identity")


def _upload(demand: Demand, variant: int) -> None:
    kinds = [kind for kind in codes.DocumentKind.values if kind != codes.DocumentKind.FORM]
    add_document(demand, kinds[variant % len(kinds)])


def _message(demand: Demand, variant: int) -> None:
    Message.objects.create(
        demand=demand, author=demand.account, body=f"Bonjour {variant}", sent_at=timezone.now()
    )


def _note(demand: Demand, variant: int) -> None:
    _event(demand, EventKind.NOTE, text=f"Note {variant}", is_public=False)


def _propose(demand: Demand, variant: int) -> None:
    if demand.state == DemandState.ACTIVE:
        demand.state = DemandState.UNDER_ALLOCATION
        demand.save()
    _event(demand, EventKind.CANDIDATE_PROPOSED, details={"home_type": "T3", "commune": DIJON})


def _share(demand: Demand, variant: int) -> None:
    today = timezone.localdate()
    Share.objects.create(
        demand=demand,
        organisation=Organisation.objects.get(code="ville-sans-guichet"),
        reason=f"Raison {variant}",
        starts_on=today,
        ends_on=today + timedelta(days=variant),
        granted_by=demand.account,
        granted_at=timezone.now(),
    )


def _label(demand: Demand, variant: int) -> None:
    names = list(codes.PriorityLabel.values)
    Label.objects.update_or_create(
        demand=demand,
        code=names[variant % len(names)],
        valid_from=date(2020, 1, 1),
        defaults={"granted_by": demand.registered_by},
    )


def _age(demand: Demand, variant: int) -> None:
    demand.received_on = timezone.localdate() - timedelta(days=1 + 700 * variant)
    demand.expires_on = timezone.localdate() + timedelta(days=variant)
    demand.save()


def _enlarge(demand: Demand, variant: int) -> None:
    demand.unborn_count = variant
    demand.save()
    WishedCommune.objects.filter(demand=demand).update(position=1 + variant)


def _answer(demand: Demand, variant: int) -> None:
    if variant % 3 == 2:
        demand.local_answers.all().delete()
    else:
        answer(demand, yes_no=bool(variant % 2))


def _event(demand: Demand, kind: EventKind, **values: Any) -> None:
    Event.objects.create(demand=demand, kind=kind, at=timezone.now(), user=demand.account, **values)


_CHANGES: dict[str, Callable[[Demand, int], None]] = {
    "rename": _rename,
    "move in": _move_in,
    "strike off": _strike_off,
    "verify": _verify,
    "upload": _upload,
    "message": _message,
    "note": _note,
    "propose": _propose,
    "share": _share,
    "label": _label,
    "age": _age,
    "enlarge": _enlarge,
    "answer": _answer,
}
