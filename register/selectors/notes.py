"""Internal notes kept between some bodies, and their answers.

They stay the person's own data: she may ask for them (RGPD art. 15; see `notes_requests`).
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from register.models import Demand, Event, EventKind
from register.principals import Principal
from register.selectors.visibility import may_open, under_agreement

# Who reads a note: everybody who reads notes of the demand, or as below followed by a number.
EVERYBODY, US = "", "us"
BODY, ANSWER = "body-", "note-"
MOST_ANSWERED = 10
LONGEST_TITLE = 60
Choices = list[tuple[str, str]]


def bodies(event: Event) -> list[int]:
    """The bodies between which a note is kept; none when it is open to all who read notes."""
    return list(event.details.get("between", ())) if event.kind == EventKind.NOTE else []


def is_for(event: Event, principal: Principal | None) -> bool:
    """True unless a note is kept between bodies and the reader, or who looks as her, is of none."""
    between = bodies(event)
    if not between:
        return True
    people = [one for one in (principal, principal.observer if principal else None) if one]
    return bool(people) and all(
        one.organisation is not None and one.organisation.pk in between for one in people
    )


def latest_step(principal: Principal, demand: Demand) -> Event | None:
    """The last step of the demand, without the notes that she does not read."""
    told = demand.events.select_related("user", "organisation").order_by("-at", "-pk")
    return next((event for event in told if is_for(event, principal)), None)


def kept_between(principal: Principal, demand: Demand, to: str) -> dict[str, object]:
    """What a note says of its readers. Raises ValidationError for a body that opens no such file.

    An answer to a note that the writer does not read is refused as if there were none.
    """
    own = principal.organisation
    if to == EVERYBODY:
        return {}
    number = to.rpartition("-")[2]
    key = int(number) if number.isdecimal() and len(number) < 19 else 0
    if own is not None and to == US:
        return {"between": [own.pk]}
    if own is not None and to.startswith(BODY):
        other = next((each for each in under_agreement() if each.pk == key), None)
        if other is not None and may_open(other, demand):
            return {"between": sorted({own.pk, other.pk})}
    if to.startswith(ANSWER):
        answered = demand.events.filter(kind=EventKind.NOTE, pk=key).first()
        if answered is not None and is_for(answered, principal):
            first = answered.details.get("thread", answered.pk)
            between = bodies(answered)
            return {"thread": first, **({"between": between} if between else {})}
    raise ValidationError({"to": _("Choose an answer of the list.")})


def readers(principal: Principal) -> Choices:
    """To whom a note can be addressed; the service checks that the body may open the demand."""
    own = principal.organisation
    others = [each for each in under_agreement() if own is None or each.pk != own.pk]
    return [(f"{BODY}{each.pk}", each.short_name) for each in others]


def answerable(principal: Principal, demand: Demand) -> Choices:
    """The last notes of the file that the writer reads, by their first words."""
    found = demand.events.filter(kind=EventKind.NOTE).order_by("-at", "-pk")
    told = [each for each in found[: 2 * MOST_ANSWERED] if is_for(each, principal)]
    return [(f"{ANSWER}{each.pk}", each.text[:LONGEST_TITLE]) for each in told[:MOST_ANSWERED]]
