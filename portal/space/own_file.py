"""Everything the register keeps about a demand and tells its applicant, as a paper to read.

The same as `own_data`, in words and in the order of the space (GDPR articles 12 and 15): what she
declared, her documents, the story, what was written, who may open the file and who opened it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.space import timeline
from portal.space.summary import sections
from portal.space.words import PURPOSES, by_whom
from register import access
from register.letters.render import render
from register.models import Correction, Demand
from register.principals import Principal
from register.selectors import space, visibility
from register.selectors.corrections import corrections_of, title_of
from register.selectors.history import history_of
from register.selectors.mandates import given_by
from register.selectors.notes_requests import given_notes
from register.templatetags.shell import date_long, number_spaced

# A label, and the lines under it.
Row = tuple[str, list[str]]
TEMPLATE = "own_file"


def own_file_pdf(principal: Principal, demand: Demand) -> bytes:
    """The paper for the applicant herself, in the language of the page, as an accessible PDF."""
    parts = [
        *_declared(principal, demand),
        (_("Priorities"), _priorities(demand)),
        (_("My documents"), _documents(demand)),
        (_("What happened"), _story(principal, demand)),
        (_("What changed"), _changes(demand)),
        (_("Messages"), _messages(demand)),
        (_("Requests to correct"), _corrections(demand)),
        (_("Notes that agents keep between them"), _notes(demand)),
        (_("Who may see my file"), _opened_to(demand)),
        (_("Who opened it"), _readings(demand)),
    ]
    return render(TEMPLATE, _printed(demand, parts), language=get_language() or "fr")


def _printed(demand: Demand, parts: list[tuple[str, Iterable[Row]]]) -> dict[str, Any]:
    title = _("My file, demand %(number)s") % {"number": number_spaced(demand.number)}
    return {
        "title": title,
        "publisher": demand.counter.name,
        "description": title,
        "footer": title,
        "labels": {"page": _("Page"), "what": _("What"), "content": _("What the register keeps")},
        "introduction": _(
            "Everything the register keeps about your demand on %(day)s. Notes that agents keep "
            "between them are in it once you asked for them, on the page “Who can see my file”."
        )
        % {"day": _day(timezone.now())},
        "nothing": _("Nothing."),
        "parts": [{"title": name, "rows": list(rows)} for name, rows in parts],
    }


def _declared(principal: Principal, demand: Demand) -> list[tuple[str, Iterable[Row]]]:
    rights = access.fields(principal, demand)
    return [
        (str(each.title), [(row.label, _lines(row.value)) for row in each.rows])
        for each in sections(demand, rights)
    ]


def _priorities(demand: Demand) -> Iterable[Row]:
    for label in demand.labels.order_by("valid_from", "pk"):
        told = [str(label.get_decision_display()), _day(label.valid_from)]
        if label.valid_to:
            told.append(_("valid until %(day)s") % {"day": _day(label.valid_to)})
        yield str(label.get_code_display()), told


def _documents(demand: Demand) -> Iterable[Row]:
    for document in space.documents(demand):
        told = [document.stored_file.original_name, str(document.get_status_display())]
        if document.valid_until:
            told.append(_("valid until %(day)s") % {"day": _day(document.valid_until)})
        if document.put_in_by:
            told.append(_("put in by %(who)s") % {"who": document.put_in_by.name})
        told.append(document.refusal_reason)
        yield str(document.get_kind_display()), _lines([_day(document.received_day), *told])


def _story(principal: Principal, demand: Demand) -> Iterable[Row]:
    events = space.public_events(demand)
    names = space.names_in(events, access.fields(principal, demand))
    for step in reversed(timeline.tell(events, demand, names, own=True)):
        lines = [f"{line.label} : {line.text}" for line in step.lines if not line.is_ahead]
        yield step.when or _day(step.at), _lines([step.sentence, step.quote, *lines])


def _changes(demand: Demand) -> Iterable[Row]:
    for answer in history_of(demand):
        for change in reversed(answer.changes):
            told = [*_lines(change.before), "→", *_lines(change.after)]
            by = _lines([f"{change.month or _day(change.at)} – {change.source}", change.under])
            yield answer.label, [*by, *told]


def _messages(demand: Demand) -> Iterable[Row]:
    for message in space.messages(demand):
        author = message.organisation.name if message.organisation else _("Me")
        yield _day(message.sent_at), _lines([author, message.body])


def _corrections(demand: Demand) -> Iterable[Row]:
    for asked in reversed(corrections_of(demand)):
        yield title_of(asked), _lines(_correction(asked))


def _correction(asked: Correction) -> Iterable[str]:
    yield asked.organisation.name if asked.organisation else _("Me")
    yield f"{_day(asked.asked_at)} – {asked.text}"
    if asked.answered_at:
        yield f"{_day(asked.answered_at)} – {asked.answer}"
    if asked.closed_at:
        yield f"{_day(asked.closed_at)} – {asked.get_outcome_display()}"
        yield asked.reasons


def _notes(demand: Demand) -> Iterable[Row]:
    """Those that were given to her; empty as long as she did not ask."""
    given = given_notes(demand)
    if given is None:
        return
    for note in given.notes:
        yield _day(note.at), _lines([note.organisation, note.text])
    if given.hidden_because:
        yield _("Some passages are hidden:"), _lines(given.hidden_because)


def _opened_to(demand: Demand) -> Iterable[Row]:
    for rule in visibility.by_rule(visibility.who_can_see(demand)):
        yield str(rule.title), _lines(body.name for body in rule.organisations)
    for share in space.shares(demand):
        yield share.organisation.name, _lines([_term(share.starts_on, share.ends_on), share.reason])
    for each in given_by(demand):
        mandate = each.mandate
        told = [str(mandate.get_scope_display()), _term(mandate.starts_on, mandate.ends_on)]
        if mandate.revoked_at:
            told.append(_("ended on %(day)s") % {"day": _day(mandate.revoked_at)})
        if each.by:
            told.append(_("Chosen by %(name)s, whose demand it was") % {"name": each.by})
        if mandate.recorded_by:
            told.append(f"{mandate.get_kind_display()} – {mandate.reference}")
        yield mandate.name or mandate.reached_at, told


def _readings(demand: Demand) -> Iterable[Row]:
    latest = visibility.latest_readings(demand)
    for reading in latest.shown:
        day = date_format(reading.at, "F Y") if reading.is_discreet else _day(reading.at)
        yield day, _lines([by_whom(reading), str(PURPOSES[reading.purpose])])
    if latest.more:
        where = _("They are in the file for a computer (JSON), on the page “Who can see my file”.")
        yield _more_readings(latest.more), [where]


def _more_readings(count: int) -> str:
    told = ngettext("%(count)s earlier reading", "%(count)s earlier readings", count)
    return told % {"count": count}


def _term(start: date, end: date) -> str:
    return _("from %(start)s to %(end)s") % {"start": _day(start), "end": _day(end)}


def _day(moment: date | datetime | None) -> str:
    return str(date_long(moment)) if moment else ""


def _lines(value: Any) -> list[str]:
    """One line a value, and one for each of its own lines."""
    values = [value] if isinstance(value, str) or not isinstance(value, Iterable) else value
    return [line for each in values if each is not None for line in str(each).splitlines() if line]
