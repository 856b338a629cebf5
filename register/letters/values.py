"""The values of one file that a text may hold, under the names that letters modules use."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register import clock, codes, deadlines, papers
from register.disclosed import FieldRights, Level
from register.models import (
    Commune,
    Demand,
    DemandState,
    Event,
    EventKind,
    Merge,
    Message,
    Organisation,
    Person,
)
from register.selectors import space
from register.selectors.identity import WITHDRAWN
from register.selectors.mandates import words_of
from register.selectors.merges import lost_by
from register.selectors.missing import missing_of
from register.selectors.next_dates import resumption
from register.selectors.not_kept import titles
from register.selectors.renewals import late_by, strike_off_on
from register.selectors.step_reasons import question_words, reason_words
from register.templatetags.shell import number_spaced, phone_spaced
from register.vocabulary.lists import CHANNELS
from rules.kinds.fields import FieldSet
from rules.publication.deadlines import delay

SPACE = "/mon-espace/"
ABOUT_MANDATES = (EventKind.MANDATE_GIVEN, EventKind.MANDATE_REVOKED)
# Steps that the file names as whoever acted would: as whoever receives the letter would instead.
ON_PAPER: dict[str, Promise] = {
    EventKind.MESSAGE_SENT: gettext_lazy("Message received"),
    EventKind.WARNED: gettext_lazy("Warning before striking off"),
}
# Words about these groups of data do not leave the file, even under seal.
WITHHELD = frozenset(FieldSet) - CHANNELS["post"]


def values_of(
    demand: Demand,
    event: Event | None = None,
    organisation: Organisation | None = None,
    *,
    is_message: bool = False,
) -> dict[str, Any]:
    """Every value by placeholder, in the active language; None where the file has none.

    A message of the space is read by partners and helpers: it tells less than a sealed letter.
    """
    body = organisation or (event.organisation if event else None)
    return {
        "applicant.name": applicant_name(demand),
        "household.size": demand.facts.household_size,
        "demand.communes": [wish.place for wish in _wishes(demand)],
        "demand.missing": _missing(demand, "space" if is_message else "post"),
        "demand.number": number_spaced(demand.number),
        "demand.received_on": demand.received_on,
        "demand.expires_on": demand.expires_on,
        "demand.strike_off_on": _strike_off_on(demand),
        "demand.reactivation_until": _reactivation_until(demand),
        "demand.abnormal_from": _abnormal_from(demand),
        "counter.name": demand.counter.name,
        "counter.phone": phone_spaced(demand.counter.phone),
        "organisation.name": (body or demand.registered_by).name,
        "delay.offer_answer": _delay(demand, "offer_answer"),
        "delay.renewal_notice": _delay(demand, "renewal_notice"),
        "space.address": settings.WAGTAILADMIN_BASE_URL.rstrip("/") + SPACE,
        "today": clock.today(),
        **_step(event, papers.name_for_all if is_message else papers.label),
        **_merge(event),
        **_told(event),
    }


def _missing(demand: Demand, channel: str) -> list[str]:
    """What the demand lacks, of what may travel that way: nothing of the resources does."""
    rights = FieldRights({FieldSet(name): Level.READ for name in CHANNELS[channel]}, {})
    return [each.words for each in missing_of(demand, rights)] or [_("nothing")]


def applicant_name(demand: Demand) -> str:
    """The person who asks, with her title; an association by its name."""
    if demand.is_association:
        return space.applicant_name(demand)
    person = Person.objects.filter(demand=demand, role=codes.PersonRole.APPLICANT).first()
    return f"{person.get_title_display()} {person.full_name}".strip() if person else ""


def _wishes(demand: Demand) -> Any:
    return demand.wished_communes.select_related("commune", "quarter")


def _renewed_on(demand: Demand) -> date:
    return demand.last_renewed_on or demand.received_on


def _strike_off_on(demand: Demand) -> date | None:
    try:
        return strike_off_on(demand)
    except LookupError:
        return None


def _reactivation_until(demand: Demand) -> date | None:
    """As it ended, or as it would end if nobody renewed it."""
    if demand.state == DemandState.STRUCK_OFF:
        found = resumption(demand)
        return found.last_day if found else None
    until = _end(demand, "reactivation", _renewed_on)
    return until + late_by(demand) if until else None


def _abnormal_from(demand: Demand) -> date | None:
    """None of an association: what the delay opens is a person's right (CCH L441-2-3)."""
    if demand.is_association:
        return None
    return _end(demand, "abnormal_delay", lambda d: d.received_on)


def _end(demand: Demand, code: str, start: Callable[[Demand], date]) -> date | None:
    try:
        return deadlines.add(start(demand), deadlines.get(code, demand.department_id))
    except LookupError:
        return None


def _delay(demand: Demand, code: str) -> str | None:
    try:
        return delay(deadlines.get(code, demand.department_id))
    except LookupError:
        return None


def _step(event: Event | None, name_of: Callable[[str], str]) -> dict[str, Any]:
    """What the step itself tells: its day, the document asked for, the home."""
    if event is None:
        return {}
    details = event.details
    commune = Commune.objects.filter(pk=details.get("commune", "")).first()
    return {
        "event.day": timezone.localdate(event.at),
        "event.piece": name_of(event.reason) if event.reason else None,
        "event.home": _label(codes.HomeType, details.get("home_type", "")),
        "event.commune": commune.name if commune else None,
    }


def _told(event: Event | None) -> dict[str, Any]:
    """A step in the words that the applicant reads in her space: only a letter may hold them."""
    if event is None or not event.is_public:
        return {}
    name = str(ON_PAPER.get(event.kind, EventKind(event.kind).label))
    reason = papers.label(event.reason) if event.kind == EventKind.PIECE_REQUESTED else ""
    reason = reason or question_words(event) or _reason(event) or _home(event)
    heading = _("%(asked)s: %(told)s") % {"asked": name, "told": reason} if reason else name
    words = "" if event.reason in WITHHELD else _words(event)
    said = [f"{heading}.", *words.split()]
    return {"step.day": timezone.localdate(event.at), "step.words": " ".join(said)}


def _reason(event: Event) -> str:
    """Of a priority that tells of health or violence, not even the name travels."""
    if event.kind == EventKind.DOCUMENT_OBSOLETE:
        same_day = Event.objects.filter(
            demand=event.demand_id, kind=event.kind, at__date=timezone.localdate(event.at)
        )
        return ", ".join(dict.fromkeys(map(reason_words, same_day)))
    return "" if event.reason in codes.SENSITIVE_LABELS else reason_words(event)


def _words(event: Event) -> str:
    """What was written to her: the message itself, the mandate, or the words of the step."""
    if event.kind in ABOUT_MANDATES:
        return " ".join(filter(None, [words_of(event.details.get("mandate")), event.text]))
    if event.kind == EventKind.CANDIDATE_PROPOSED:
        return _("A commission compares several candidates and decides: nothing is decided yet.")
    if event.kind == EventKind.DOCUMENT_OBSOLETE:
        return _("Prepare a newer one: an organisation may ask you for it.")
    if WITHDRAWN in event.details:
        asked = _("Send another identity document, or show it at a counter.")
        return f"{event.text} {asked}"
    message = Message.objects.filter(pk=event.details.get("message"), demand=event.demand_id)
    return next((each.body for each in message), event.text)


def _home(event: Event) -> str:
    """The home that a candidacy is for: its size, its commune, and the residence if it is named."""
    step = _step(event, papers.label)
    told = (step["event.home"], step["event.commune"], event.details.get("residence"))
    return ", ".join(filter(None, told))


def _merge(event: Event | None) -> dict[str, Any]:
    """Both numbers of two demands made one, the date kept, what was not, the last day to undo."""
    key = event.details.get("merge") if event else None
    made = Merge.objects.select_related("kept", "other").filter(pk=key).first() if key else None
    if made is None:
        return {}
    return {
        "merge.kept_number": number_spaced(made.kept.number),
        "merge.other_number": number_spaced(made.other.number),
        "merge.received_on": made.kept.received_on,
        "merge.until": made.until,
        "merge.not_kept": titles(lost_by(made.pk) or [], WITHHELD),
    }


def _label(choices: Any, code: str) -> str | None:
    return str(choices(code).label) if code in choices.values else None
