"""The sentences of the certificate, with the delays in force on the day it is made."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from register import deadlines
from register.models import Demand, DemandState
from register.papers import listed
from rules.formatting import WIDE, day
from rules.kinds.documents import Stage
from rules.publication.deadlines import delay as words

from .attestation_data import Paper, Terms


def delay(code: str, demand: Demand) -> str:
    """A delay of the demand's department as it is written in a sentence: "1 month", "10 days"."""
    return words(deadlines.get(code, demand.department_id)).replace(" ", WIDE)


def mediation_introduction(demand: Demand) -> str:
    """Whose right it is to be housed with priority: a person's (CCH L441-2-3)."""
    if demand.is_association:
        return _(
            "The law gives this right to persons, each for her own home: an association does not "
            "apply to the commission for its own demand. The people whom you house can."
        )
    return _(
        "You can ask the mediation commission to recognise that you must be housed with priority "
        "(enforceable right to housing, DALO) if:"
    )


def mediation_cases(demand: Demand) -> tuple[str, ...]:
    """When the mediation commission may be seized (CCH L441-2-3, R441-14-1); never by a body."""
    if demand.is_association:
        return ()
    return (
        _abnormal_wait(demand),
        _("you have no home of your own;"),
        _("you are threatened with eviction and have no other home to go to;"),
        _(
            "you have been housed in a shelter for more than {shelter}, or in a transition home "
            "or a hostel for more than {transition};"
        ).format(
            shelter=delay("shelter_stay", demand), transition=delay("transition_stay", demand)
        ),
        _("you live in premises that are unfit for living, unhealthy or dangerous;"),
        _(
            "your home is overcrowded or indecent, and you live there with a child under 18, with "
            "a person with a disability, or have a disability yourself."
        ),
    )


def _abnormal_wait(demand: Demand) -> str:
    try:
        wait = delay("abnormal_delay", demand)
    except LookupError:
        return _(
            "you have received no offer suited to your needs in the time fixed by the prefect;"
        )
    return _("you have received no offer suited to your needs after {delay} of waiting;").format(
        delay=wait
    )


def mediation_how(demand: Demand) -> str:
    """How to seize it and when it answers."""
    told = (
        _(
            "They use form Cerfa 15036*01, to be sent to this address. The commission answers "
            "within {delay}."
        )
        if demand.is_association
        else _(
            "In the other cases, you can apply to it at any time. Use form Cerfa 15036*01, to be "
            "sent to this address. The commission answers within {delay}."
        )
    )
    return told.format(delay=delay("mediation_decision", demand))


def mediation_start(demand: Demand) -> str:
    """From which day it may be seized (R441-2-4 g); nothing for an association."""
    if demand.is_association:
        return ""
    if (since := mediation_from(demand)) is None:
        return _(
            "For an abnormally long wait: after the time fixed by the prefect of your department. "
            "Your counter tells you how long it is."
        )
    return _("For an abnormally long wait: from {date}.").format(date=day(since))


def terms(demand: Demand) -> tuple[Terms, ...]:
    """Validity, renewal, changes and striking off (CCH R441-2-7, R441-2-8)."""
    return (
        Terms(
            _("How long it is valid"),
            (
                _("Your demand is valid for {delay}, until {date}.").format(
                    delay=delay("validity", demand), date=day(demand.expires_on)
                ),
            ),
        ),
        Terms(_("Renew it every year"), _renewal(demand)),
        Terms(_("Tell us about changes"), _changes(demand)),
        Terms(_("When a demand is struck off"), _strike_off(demand)),
    )


def _changes(demand: Demand) -> tuple[str, ...]:
    """What to report; an association tells of itself and of the home only (R441-2-2)."""
    if demand.is_association:
        return (
            _(
                "Address, telephone, home that you look for: report every change online or at a "
                "counter. Your number and your seniority do not change."
            ),
            _("A change of name or of representative is made at a counter, not online."),
        )
    return (
        _(
            "Address, telephone, household, resources, home: report every change online or at a "
            "counter. Your number and your seniority do not change."
        ),
        _("A change of name or civil status is made at a counter, not online."),
    )


def _renewal(demand: Demand) -> tuple[str, ...]:
    start = demand.last_renewed_on or demand.received_on
    struck_off_on = deadlines.add(start, deadlines.get("strike_off", demand.department_id))
    last_chance = deadlines.add(start, deadlines.get("reactivation", demand.department_id))
    return (
        _(
            "We write to you at least {delay} before this date. Renew online or at any counter: "
            "you keep your number and your date of first deposit."
        ).format(delay=delay("renewal_notice", demand)),
        _(
            "Without renewal, your demand is struck off on {struck_off}. Until {last_chance}, a "
            "counter can still reactivate it with its seniority."
        ).format(struck_off=day(struck_off_on), last_chance=day(last_chance)),
    )


def _strike_off(demand: Demand) -> tuple[str, ...]:
    """The reasons of R441-2-8; of an association no commission finds resources nor a stay."""
    inadmissible = _(
        "an allocation commission finds that you do not meet the legal conditions (resources or "
        "residence permit), {delay} after a warning;"
    ).format(delay=delay("inadmissible_warning", demand))
    return (
        _("you have been allocated a home and have signed the lease;"),
        _("you withdraw your demand in writing;"),
        _(
            "you do not answer, within {delay}, a letter sent to the last address you gave, after "
            "a warning;"
        ).format(delay=delay("unreachable_warning", demand)),
        *(() if demand.is_association else (inadmissible,)),
        _("you do not renew it in time."),
    )


def follow_up(demand: Demand) -> tuple[str, ...]:
    """How to know where the demand stands (CCH R441-2-4 i)."""
    counter = demand.counter
    space = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + "/mon-espace/"
    texts = [
        _("Online, at any hour: {address}. Each step is told there with its reason.").format(
            address=space
        ),
        _("At any counter of the department, with your registration number.")
        if demand.is_association
        else _(
            "At any counter of the department, with your registration number and identity document."
        ),
    ]
    if counter.phone:
        texts.append(
            _("By telephone: {phone} ({name}).").format(phone=counter.phone, name=counter.name)
        )
    return tuple(texts)


def next_steps(demand: Demand) -> tuple[str, ...]:
    """What happens from now on, in order."""
    steps = [
        _(
            "Landlords and reservation holders of the department can see your demand. You need not "
            "apply to each of them."
        ),
        *_papers_to_prepare(demand),
        _(
            "When a home becomes free and suits you, you are proposed with other candidates to the "
            "landlord’s allocation commission (CALEOL). It alone decides."
        ),
        _(
            "The decision and its reasons are given to you in writing. If a home is offered to "
            "you, you have at least {delay} to answer; without an answer, you are taken to "
            "refuse it."
        ).format(delay=delay("offer_answer", demand)),
    ]
    if not demand.is_association:
        steps.append(_mediation_step(mediation_from(demand)))
    if demand.state == DemandState.AWAITING_CHECK:
        steps.insert(
            0,
            _(
                "A counter checks your identity document. You have nothing to do unless "
                "it writes to you."
            ),
        )
    return tuple(steps)


def _papers_to_prepare(demand: Demand) -> tuple[str, ...]:
    """The list annexed is that of a household: an association is asked for none of it."""
    if demand.is_association:
        return ()
    return (
        _(
            "Before an allocation, you are asked for the documents of annex 3. Prepare them now: "
            "an incomplete file can delay an offer."
        ),
    )


def mediation_from(demand: Demand) -> date | None:
    """The day on which the abnormal delay has run (CCH L441-1-4); None where it is not known."""
    try:
        delay = deadlines.get("abnormal_delay", demand.department_id)
    except LookupError:
        return None
    return deadlines.add(demand.received_on, delay)


def _mediation_step(since: date | None) -> str:
    if since is None:
        return _(
            "If you have no suitable offer in the time fixed by the prefect, you can apply to the "
            "mediation commission. Your counter tells you how long it is."
        )
    return _(
        "If you have no suitable offer on {date}, you can apply to the mediation commission."
    ).format(date=day(since))


def papers(stage: Stage) -> tuple[Paper, ...]:
    """What may be asked for at this stage, from the module in force."""
    return tuple(
        Paper(
            title=str(document.title),
            explanation=str(document.explanation),
            accepted=tuple(str(paper) for paper in document.accepted),
        )
        for document in listed(stage)
    )
