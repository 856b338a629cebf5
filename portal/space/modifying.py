"""A page of the form that the applicant opens again, filled with what the register keeps."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.space.pages import blame
from register import access
from register.annex import Topic
from register.errors import Conflict
from register.form.answers import Answers, Raw
from register.form.assembly import listed_person
from register.form.definition import (
    CO_APPLICANT,
    DISABILITY,
    INCOME,
    NEEDS,
    OTHERS,
    QUARTERS,
    SHARERS,
)
from register.form.fields import DatePartsField
from register.form.pages import ANNEX, BY_KEY, COMMUNES, DOCUMENT, FIRST, PEOPLE, QUESTION, Page
from register.form.recorded import Household, asked_on, key_of, place_of, recorded
from register.form.revisions import applicable
from register.form.single import Asked, as_kept, mark
from register.form.steps.base import StepForm
from register.form.tax_years import counted_today
from register.form.together import everything_asked
from register.models import Demand, FlatSharer, Person
from register.principals import Principal
from register.selectors.demand_form import quarters_in
from register.selectors.given_answers import kept_answer, may_modify
from register.selectors.household_lists import ROLES
from register.selectors.space import declared, is_own
from register.services.application import FlatSharerData
from register.services.declaring import add_person, modify
from register.services.modification import Proposed

NEW, QUARTER = "nouveau", "quarter_"
HANDICAP, ANNEXES, TAXES = "foyer-handicap", "foyer-annexes", "ressources"
# Pages that ask what is received, and those that ask how much.
KINDS = {
    "ressources-revenus": "ressources-montants",
    "ressources-revenus-conjoint": "ressources-montants-conjoint",
}
AMOUNTS = {amounts: kinds for kinds, amounts in KINDS.items()}
# Fields of the form that hold an answer which changes whole.
FIELDS_OF = {
    INCOME: ("income_kind", "income_amount"),
    DISABILITY: ("disabled",),
    NEEDS: tuple(Topic.values),
}


def pages_to_change(answers: Answers) -> Iterator[Page]:
    """The pages that an applicant may open again, in the order of the form.

    Civil status is a counter's, documents and consents have pages of their own; the amounts follow
    what is received.
    """
    elsewhere = {"identite", "foyer", FIRST, "association", *AMOUNTS}
    may_come = () if answers.is_association else (CO_APPLICANT, SHARERS)
    for page in BY_KEY.values():
        offered = page.applies(answers) or page.key in may_come
        offered = offered or (page.key == OTHERS and answers.has_co_applicant)
        if offered and page.key not in elsewhere and page.kind != DOCUMENT:
            yield page


def address(demand: Demand, page: str, person: str = "") -> str:
    """Where a page of the declaration is opened again."""
    if person:
        return reverse("space:modify-person", args=[demand.number, page, person])
    return reverse("space:modify", args=[demand.number, page])


def pages_offered(principal: Principal, demand: Demand, answers: Answers) -> list[Page]:
    """Those that this person may open: to a helper, the ones with an answer she may change."""
    pages = list(pages_to_change(answers))
    if is_own(principal, demand):
        return pages
    rights = access.fields(principal, demand)
    household = Household(demand)
    asked = (each for each in everything_asked(demand) if may_modify(rights, each, own=False))
    theirs = {place_of(each, household).page for each in asked}
    return [page for page in pages if page.kind in (QUESTION, COMMUNES) and page.key in theirs]


def changes_of(principal: Principal, demand: Demand) -> dict[str, list[tuple[str, Any]]]:
    """By page of the form, where this person changes it: an address and what it asks."""
    answers = recorded(demand)
    return {
        page.key: [
            (address(demand, page.key, person), page.form(answers=answers, person=person).question)
            for person in page.people(answers)
        ]
        if page.kind == ANNEX
        else [(address(demand, page.key), page.form(answers=answers).question)]
        for page in pages_offered(principal, demand, answers)
    }


@dataclass(frozen=True)
class Someone:
    """A line of a list of people."""

    key: str
    row: Person | FlatSharer


def people_of(demand: Demand, page: Page) -> list[Someone]:
    """Those of a list, in their order."""
    lists: dict[str, Iterable[Person | FlatSharer]] = {**Household(demand).lists}
    lists[SHARERS] = demand.flat_sharers.all()
    return [Someone(key_of(row), row) for row in lists[page.key]]


@dataclass(frozen=True)
class Overtaken:
    """An answer that somebody else changed while it was typed otherwise here."""

    label: str
    now: Any


class ModifiedPage:
    """One page of one declaration: as it is recorded, or as it was sent."""

    def __init__(
        self,
        principal: Principal,
        demand: Demand,
        page: Page,
        person: str = "",
        data: QueryDict | None = None,
        kinds: list[str] | None = None,
    ) -> None:
        self.principal, self.page, self.person, self.data = principal, page, person, data
        self.demand, self.own = self._declared(demand), is_own(principal, demand)
        self.answers = recorded(self.demand)
        self.household = Household(self.demand)
        self.overtaken: list[Overtaken] = []
        if kinds is not None:
            self.answers.write(AMOUNTS[page.key], {"kinds": kinds})
        self.asked = self._asked()
        self.seen = self._seen()
        self.form = self._form()

    @property
    def is_new(self) -> bool:
        """True for somebody who comes to a list, or for a first co-applicant."""
        return self.person == NEW or (self.page.key == CO_APPLICANT and not self.household.first)

    @property
    def somebody(self) -> Person | FlatSharer | None:
        """Whom of a list the page is about; the pages of needs name her themselves."""
        found = people_of(self.demand, self.page) if self.page.kind == PEOPLE else []
        return next((each.row for each in found if each.key == self.person), None)

    @property
    def has_civil_status(self) -> bool:
        """True when some answers of the page are changed at a counter alone."""
        asked = asked_on(self.demand, self.page.key, self.person)
        return any(each.question.is_civil_status for _field, each in asked)

    @property
    def has_consents(self) -> bool:
        """True for the page that asks by which ways to write, which are chosen elsewhere."""
        return "accepts_email" in self.page.form.base_fields

    @property
    def goes_on(self) -> bool:
        """True when the amounts are asked next."""
        return self.page.key in KINDS

    @property
    def leaves_at_counter(self) -> bool:
        """True for somebody who leaves by a separation."""
        return self.page.key == OTHERS

    @cached_property
    def kinds(self) -> list[str]:
        """What is received, on the pages that ask how much."""
        kinds = AMOUNTS.get(self.page.key)
        return self.answers.values(kinds, "kinds") if kinds else []

    @property
    def seen_as_sent(self) -> str:
        """What the page goes back with: the answers that its reader looks at."""
        return json.dumps(self.seen)

    def keep(self) -> bool:
        """Write what was sent. False when something is to be mended, said beside its field."""
        if not self.form.is_valid():
            return False
        try:
            if self.is_new:
                self._add()
            else:
                modify(principal=self.principal, demand=self.demand, proposed=self._proposed())
        except Conflict:
            self._show_overtaken()
            raise
        except ValidationError as error:
            blame(self.form, error, None)
        return not self.form.errors

    def asked_next(self) -> list[tuple[str, str]]:
        """Pages, each with a person or nobody, that ask what they did not ask before the change."""
        before, after = _put(self.answers), _put(recorded(declared(self.demand)))
        found = []
        offered = {each.key for each in pages_offered(self.principal, self.demand, self.answers)}
        for page, asked in after.items():
            fresh = asked - before.get(page, set())
            if fresh and page != self.page.key and (self.own or page in offered):
                persons = sorted(fresh) if BY_KEY[page].kind == ANNEX else [""]
                found += [(page, person) for person in persons]
        return found

    def _declared(self, demand: Demand) -> Demand:
        """What is recorded; the incomes asked are those of the years that count today."""
        whole = declared(demand)
        return counted_today(whole) if self.page.key in (TAXES, OTHERS) else whole

    def _asked(self) -> list[tuple[str, Asked]]:
        key = KINDS.get(self.page.key, self.page.key)
        rights = access.fields(self.principal, self.demand)
        found = asked_on(self.demand, key, self.person)
        if key == HANDICAP:
            for who in self.household.keys.values():
                found += asked_on(self.demand, ANNEXES, who)
        return [each for each in found if may_modify(rights, each[1], own=self.own)]

    def _seen(self) -> dict[str, Any]:
        if self.data is None or self.page.key in KINDS:
            return {asked.ref: kept_answer(asked) for _field, asked in self.asked}
        try:
            sent = json.loads(self.data.get("seen", ""))
        except ValueError:
            return {}
        return sent if isinstance(sent, dict) else {}

    def _form(self) -> StepForm:
        if self.page.kind == COMMUNES:
            return self._communes_form()
        raw = self.answers.raw(self.page.key, self.person)
        asking = {"answers": self.answers, "person": self.person}
        # Which fields there are depends on the answers; which codes may stay, on what is kept.
        initial = _initial(self.page.form(**asking).fields, raw)
        form = self.page.form(self.data, initial=initial, **asking)
        shown = set(form.fields) - {"has_others"} if self.is_new else self._shown()
        form.fields = {name: field for name, field in form.fields.items() if name in shown}
        if self.page.key == TAXES:
            # Incomes are those of the years of the declaration, not of today's form.
            for name, asked in self.asked:
                form.fields[name].label, form.fields[name].help_text = asked.label, ""
        return form

    def _communes_form(self) -> StepForm:
        """The communes in one box, as at a counter, and a quarter in those that have some."""
        [asked] = [asked for field, asked in self.asked if field != QUARTERS]
        form = asked.form(kept_answer(asked), self.data)
        communes = {wish.commune_id: wish for wish in self.demand.wished_communes.all()}
        for insee, quarters in quarters_in(communes).items():
            form.fields[f"{QUARTER}{insee}"] = forms.ChoiceField(
                label=_("Quarter of %(name)s") % {"name": communes[insee].commune.name},
                choices=[
                    ("", _("The whole commune")),
                    *((each.pk, each.name) for each in quarters),
                ],
                initial=communes[insee].quarter_id or "",
                required=False,
            )
        return form

    def _shown(self) -> set[str]:
        if self.page.key in KINDS:
            return {"kinds"}
        return {name for field, asked in self.asked for name in FIELDS_OF.get(field, (field,))}

    def _proposed(self) -> dict[str, Proposed]:
        told = self._told()
        return {
            ref: Proposed(answer, mark(self.seen[ref]) if ref in self.seen else "")
            for ref, answer in told.items()
        }

    def _told(self) -> dict[str, Any]:
        """Each answer of the page by ref, as the register keeps such answers."""
        cleaned = self.form.cleaned_data
        told: dict[str, Any] = {}
        # A commune that is given up takes its quarter along: quarters are told first.
        for field, asked in sorted(self.asked, key=lambda each: each[0] != QUARTERS):
            if field == QUARTERS:
                told[asked.ref] = _quarters(cleaned)
            elif field == INCOME:
                kind, amount = cleaned.get("income_kind"), cleaned.get("income_amount")
                told[asked.ref] = [f"{kind} {amount:.2f}"] if kind else []
            elif field == DISABILITY:
                told[asked.ref] = self._key(asked) in cleaned["disabled"]
            elif field != NEEDS:
                # What is received no more has no field; a question that is not put has none either.
                if field in self.form.fields or self.page.key in AMOUNTS:
                    told[asked.ref] = cleaned.get(field)
            elif self.page.key == ANNEXES:
                told[asked.ref] = _needs(cleaned)
            elif self._key(asked) not in cleaned["disabled"]:
                # The annex counts only while a disability is said.
                told[asked.ref] = []
        return told

    def _key(self, asked: Asked) -> str:
        return self.household.keys[asked.person.pk] if asked.person else ""

    def _add(self) -> None:
        given = {k: v for k, v in self.form.cleaned_data.items() if v not in (None, "")}
        person: Any = (
            FlatSharerData(**given)
            if self.page.key == SHARERS
            else listed_person(ROLES[self.page.key], given)
        )
        add_person(principal=self.principal, demand=self.demand, page=self.page.key, person=person)

    def _show_overtaken(self) -> None:
        """Both values of what was changed twice are read; sent again, what is typed is kept (R15).

        What its reader had left alone still counts as seen as it was: it is not sent back over
        what somebody else wrote.
        """
        told = self._told()
        for _field, asked in asked_on(self._declared(self.demand), self.page.key, self.person):
            now, mine = kept_answer(asked), as_kept(asked.question, told.get(asked.ref))
            was = self.seen.get(asked.ref)
            if asked.ref in told and now != was and mine not in (was, now):
                self.overtaken.append(Overtaken(asked.label, asked.said(now)))
                self.seen[asked.ref] = now


def _quarters(cleaned: dict[str, Any]) -> list[str]:
    names = (f"{QUARTER}{insee}" for insee in cleaned["commune_search"])
    return [cleaned[name] for name in names if cleaned.get(name)]


def _needs(cleaned: dict[str, Any]) -> list[str]:
    given = [(topic, cleaned.get(topic) or ()) for topic in Topic.values]
    return [
        f"{topic}:{code}"
        for topic, found in given
        for code in ([found] if isinstance(found, str) else found)
    ]


def _initial(fields: dict[str, forms.Field], raw: Raw) -> dict[str, Any]:
    """What a page shows of answers as they were typed."""
    shown: dict[str, Any] = {}
    for name, values in raw.items():
        field = fields.get(name.removesuffix("_0"))
        if isinstance(field, DatePartsField):
            whole = name.removesuffix("_0")
            shown[whole] = [raw.get(f"{whole}_{part}", [""])[0] for part in range(3)]
        elif isinstance(field, forms.MultipleChoiceField):
            shown[name] = values
        elif values:
            shown[name] = values[0]
    return shown


def _put(answers: Answers) -> dict[str, set[str]]:
    """What each page asks: its fields, or the people whom it is answered for."""
    return {
        page.key: set(page.form(answers=answers).fields)
        if page.kind == QUESTION
        else set(page.people(answers))
        for page in applicable(answers)
        if page.kind in (QUESTION, ANNEX) and page.key not in AMOUNTS
    }
