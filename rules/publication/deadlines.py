"""Delays in words."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rules.formatting import month_day, months, number
from rules.kinds.deadlines import Consequence, Counting, Deadline, Deadlines, Start, Unit
from rules.vocabulary import Vocabulary

from .published import Published

STARTS: Mapping[Start, Promise] = {
    Start.DEPOSIT: gettext_lazy("the day the demand was handed in"),
    Start.COMPLETE_DEMAND: gettext_lazy("the day the counter received a complete demand"),
    Start.DEPOSIT_OR_RENEWAL: gettext_lazy("the day the demand was handed in or last renewed"),
    Start.END_OF_VALIDITY: gettext_lazy("the end of validity"),
    Start.WITHDRAWAL: gettext_lazy("the written withdrawal"),
    Start.LEASE: gettext_lazy("the signing of the lease"),
    Start.WARNING: gettext_lazy("the warning, sent with proof of delivery"),
    Start.WARNING_SENT_TO_REGISTER: gettext_lazy("the day the warning was sent to the register"),
    Start.STRIKING_OFF: gettext_lazy("the striking off"),
    Start.MERGE: gettext_lazy("the day two demands were merged"),
    Start.OFFER_NOTIFIED: gettext_lazy(
        "the reception of the offer, or the vain presentation of the registered letter"
    ),
    Start.HOME_OFFERED_TO_STATE: gettext_lazy("the day the home was offered to the prefect"),
    Start.FORMAL_NOTICE: gettext_lazy("the formal notice"),
    Start.EXCEPTION_GRANTED: gettext_lazy("the prefect’s decision"),
    Start.APPEAL: gettext_lazy("the reception of the appeal by the commission"),
    Start.PRIORITY_RECOGNISED: gettext_lazy("the decision of the mediation commission"),
    Start.SHELTER: gettext_lazy("the first day in this housing"),
    Start.YEAR_END: gettext_lazy("the end of the year"),
    Start.LAST_SAVED: gettext_lazy("the last time the draft was saved"),
    Start.UPLOAD_BEGUN: gettext_lazy("the beginning of the upload"),
    Start.PAPER_REFUSED: gettext_lazy("the refusal of the document"),
    Start.INFECTION_FOUND: gettext_lazy("the day the antivirus found something"),
    Start.FILE_READ: gettext_lazy("the day the file was read"),
    Start.LAST_SIGN_IN: gettext_lazy("the last time that somebody signed in"),
    Start.ACCOUNT_WARNED: gettext_lazy("the e-mail that announces it"),
}

CONSEQUENCES: Mapping[Consequence, Promise] = {
    Consequence.REGISTERED: gettext_lazy("the demand is registered"),
    Consequence.TOLD: gettext_lazy("the applicant has been told"),
    Consequence.EXPIRED: gettext_lazy("the demand is no longer valid"),
    Consequence.STRUCK_OFF: gettext_lazy("the demand is struck off"),
    Consequence.STRUCK_OFF_ALLOWED: gettext_lazy("the demand may be struck off"),
    Consequence.REACTIVATION_CLOSED: gettext_lazy("the demand can no longer be reactivated"),
    Consequence.REFUSED: gettext_lazy("no answer counts as a refusal"),
    Consequence.ERASED: gettext_lazy("personal data are erased"),
    Consequence.MEDIATION_OPENED: gettext_lazy("the mediation commission may be seized"),
    Consequence.COURT_OPENED: gettext_lazy("the administrative court may be seized"),
    Consequence.HOME_RELEASED: gettext_lazy("the landlord may propose its own candidates"),
    Consequence.CONVENTION_ENDED: gettext_lazy("the convention may be ended"),
    Consequence.EXAMINED: gettext_lazy("the commission examines how the home is occupied"),
    Consequence.REPORTED: gettext_lazy("the balance has been sent"),
}


def publish(body: Deadlines, vocabulary: Vocabulary) -> Iterator[Published]:
    """One rule per delay."""
    for item in body.deadlines:
        yield Published(item.code, str(item.title), item.legal_basis, item.chapter, _parts(item))


def _parts(item: Deadline) -> tuple[tuple[str, str], ...]:
    parts = [(_("Delay"), f"{capfirst(bounded(item))}."), (_("Runs from"), _sentence(start(item)))]
    if item.is_before and item.yearly_on is None:
        parts[1] = (_("Counted back from"), _sentence(start(item)))
    if item.counting is Counting.PROCEDURAL:
        parts.append((_("Counting"), _procedural()))
    if item.unit is Unit.WORKING_DAYS:
        parts.append((_("Counting"), _("Saturdays, Sundays and public holidays do not count.")))
    parts += [(str(e.title), f"{capfirst(counted(e.value, item.unit))}.") for e in item.elsewhere]
    if item.consequence in CONSEQUENCES:
        parts.append((_("Then"), _sentence(consequence(item))))
    return (*parts, ("", str(item.explanation)))


def bounded(deadline: Deadline) -> str:
    """A delay in words, with its bound: "at least 10 days"."""
    words = delay(deadline)
    return _("at least {delay}").format(delay=words) if deadline.is_minimum else words


def delay(deadline: Deadline) -> str:
    """A delay in words: "1 month", "5 working days", "before 28 February of each year"."""
    if deadline.yearly_on is not None:
        words = _("before {day} of each year") if deadline.is_before else _("{day} of each year")
        return words.format(day=month_day(*deadline.yearly_on))
    return counted(deadline.value, deadline.unit)


def counted(count: int, unit: Unit) -> str:
    """A number of months, days… in words."""
    shown = number(count)
    match unit:
        case Unit.YEARS:
            return ngettext("{n} year", "{n} years", count).format(n=shown)
        case Unit.MONTHS:
            return months(count)
        case Unit.WEEKS:
            return ngettext("{n} week", "{n} weeks", count).format(n=shown)
        case Unit.WORKING_DAYS:
            return ngettext("{n} working day", "{n} working days", count).format(n=shown)
        case Unit.AT_ONCE:
            return _("at once")
    return ngettext("{n} day", "{n} days", count).format(n=shown)


def start(deadline: Deadline) -> str:
    """The fact from which it runs, as a noun phrase."""
    return str(STARTS[deadline.start])


def consequence(deadline: Deadline) -> str:
    """What follows, as a clause; empty when it is a mere term."""
    return str(CONSEQUENCES.get(deadline.consequence, ""))


def _procedural() -> str:
    return _(
        "The first day does not count. The delay ends at midnight of the last day; when that day "
        "is a Saturday, a Sunday or a public holiday, at midnight of the next working day."
    )


def _sentence(words: str) -> str:
    return f"{capfirst(words)}."
