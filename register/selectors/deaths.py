"""The death of the applicant, as the steps of a demand tell it."""

from django.db.models import Q

from register.codes import TransferGround
from register.models import Demand, DemandState, Event, EventKind

_ENDED = Q(kind=EventKind.STRUCK_OFF, details__because=TransferGround.DEATH)
_HANDED_OVER = Q(kind=EventKind.TRANSFERRED, reason=TransferGround.DEATH)


def death_told(demand: Demand) -> Event | None:
    """The last step that tells of a death, ended or handed over by it; None once taken back."""
    told = demand.events.filter(_ENDED | _HANDED_OVER | Q(kind=EventKind.DEATH_TAKEN_BACK))
    last = told.order_by("-at", "-pk").first()
    return last if last and last.kind != EventKind.DEATH_TAKEN_BACK else None


def has_died(demand: Demand) -> bool:
    """True once the demand ended with the death of its applicant: nobody is to be written to."""
    if demand.state != DemandState.STRUCK_OFF:
        return False
    told = death_told(demand)
    return told is not None and told.kind == EventKind.STRUCK_OFF
