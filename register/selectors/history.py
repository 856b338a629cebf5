"""What each answer of the declaration was: who changed it, when, and from which legal source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from register.access import FieldRights, FieldSet
from register.disclosed import everything
from register.form.pages import SECTIONS
from register.form.single import Asked, asked_of
from register.form.together import asked_once
from register.models import ChangeSource, Demand, Event, FieldChange
from register.selectors.given_answers import kept_answer, may_write
from register.selectors.separations import is_told_discreetly, told_discreetly
from register.selectors.space import acting, declared

Words = str | list[str]


@dataclass(frozen=True)
class ChangeView:
    """One change. Both values are empty where the reader may know that it changed, and no more."""

    event: Event
    before: Words
    after: Words
    source: str
    document: str
    is_masked: bool = False
    # Who changed it for the applicant, in both names; empty when nobody did.
    under: str = ""

    @property
    def at(self) -> datetime:
        """When it was changed."""
        return self.event.at

    @property
    def month(self) -> str:
        """All that is told of the day of a separation; empty where the day itself is told."""
        return date_format(self.at, "F Y") if is_told_discreetly(self.event) else ""


@dataclass(frozen=True)
class AnswerHistory:
    """A question, its answer of today, and its changes, the latest first.

    `ref` names the question as it is put today; empty once the person it was about has left.
    """

    label: str
    section: str | Promise
    ref: str
    now: Words
    can_write: bool
    changes: list[ChangeView] = field(default_factory=list)


def history_of(
    demand: Demand, rights: FieldRights | None = None, *, for_agents: bool = False
) -> list[AnswerHistory]:
    """Every answer that is given or was changed, in the order of the form.

    With `rights`, of what they open: a group of data that the reader may not read has none here,
    changed or not. What a separation changed is told to agents alone with its day and its body
    (`selectors.separations`).
    """
    order = [str(section.title) for section in SECTIONS]
    return sorted(
        _answers(demand, rights, for_agents), key=lambda answer: order.index(str(answer.section))
    )


def _answers(
    demand: Demand, rights: FieldRights | None, for_agents: bool
) -> Iterator[AnswerHistory]:
    known = rights or everything()
    changes: dict[tuple[str, int | None], list[FieldChange]] = {}
    told = demand.field_changes.select_related(
        "event__user", "event__organisation", "document", "person"
    )
    rows = list(told.order_by("-event__at", "-pk"))
    if not for_agents:
        for change in rows:
            change.event = told_discreetly(change.event)
        rows.sort(key=lambda change: change.event.at, reverse=True)
    helpers = acting([change.event for change in rows], rights)
    for change in rows:
        changes.setdefault((change.question, change.person_id), []).append(change)
    for asked in asked_of(declared(demand)):
        key = (asked.question.key, asked.person.pk if asked.person else None)
        found = changes.pop(key, [])
        if not known.can_read(asked.question.part):
            continue
        now = _now(asked, known)
        if found or now:
            yield _history(asked, asked.ref, now, found, known, helpers)
    for (question, _whose), found in changes.items():
        # What changes whole, or of somebody who has left the household since.
        once = asked_once(question, demand, found[0].person)
        if once and known.can_read(once.question.part):
            yield _history(once, "", "", found, known, helpers)


def _history(
    asked: Asked,
    ref: str,
    now: Words,
    changes: list[FieldChange],
    rights: FieldRights,
    helpers: Mapping[int, str],
) -> AnswerHistory:
    return AnswerHistory(
        label=asked.label_for(names=rights.can_read(FieldSet.IDENTITY)),
        section=asked.question.section,
        ref=ref,
        now=now,
        can_write=bool(ref) and may_write(rights, asked),
        changes=[
            _change(asked, change, rights, helpers, years)
            for change, years in zip(changes, _years(asked, changes), strict=True)
        ],
    )


def _years(asked: Asked, changes: list[FieldChange]) -> Iterator[tuple[int, int] | None]:
    """The years that both values of each change are of, the latest change first.

    None for what is no income, and for incomes that were always of the same year.
    """
    if not any("tax_years" in change.event.details for change in changes):
        yield from [None] * len(changes)
        return
    year = asked.tax_year
    for change in changes:
        was, now = change.event.details.get("tax_years", (year, year))
        yield year - (now - was), year
        year -= now - was


def _now(asked: Asked, rights: FieldRights) -> Words:
    """Some answers tell of two groups of data: where one is masked, the file says what is shown."""
    if not all(map(rights.can_read, asked.question.told_by)):
        return ""
    return _words(asked, kept_answer(asked))


def _words(asked: Asked, kept: Any) -> Words:
    words = asked.said(kept)
    return [str(each) for each in words] if isinstance(words, list) else str(words)


def _of_year(told: Words, year: int) -> Words:
    return _("%(income)s (income of %(year)s)") % {"income": told, "year": year} if told else told


def _change(
    asked: Asked,
    change: FieldChange,
    rights: FieldRights,
    helpers: Mapping[int, str],
    years: tuple[int, int] | None,
) -> ChangeView:
    before, after = _words(asked, change.before), _words(asked, change.after)
    if years:
        before, after = _of_year(before, years[0]), _of_year(after, years[1])
    is_masked = not all(map(rights.can_read, asked.question.told_by))
    document = change.document
    names_document = document is not None and rights.can_read_document(document.kind)
    return ChangeView(
        event=change.event,
        before="" if is_masked else before,
        after="" if is_masked else after,
        source=str(ChangeSource(change.source).label),
        document=str(document.get_kind_display()) if document and names_document else "",
        is_masked=is_masked,
        under=helpers.get(change.event_id, ""),
    )
