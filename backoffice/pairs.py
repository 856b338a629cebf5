"""Two demands told side by side: each line in words, and whether both sides agree on it.

Answers of the form are titled, ordered and worded by its definition; what the register knows of a
demand besides stands apart.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.access import FieldSet
from register.codes import PersonRole
from register.duplicates.comparison import Agreement
from register.form.definition import FORM, GROUPS, QUESTIONS
from register.form.pages import BY_KEY
from register.models import Person
from register.selectors.declaration import NAME, Told, named, role_of
from register.selectors.pairs import PairView, Side
from register.templatetags.shell import date_long

# Symbol, tone and words of what a field tells: never by colour alone.
AGREEMENTS: Mapping[Agreement, tuple[str, str, str | Promise]] = {
    Agreement.EQUAL: ("check-circle-fill", "success", gettext_lazy("The same")),
    Agreement.NEAR: ("check-circle", "info", gettext_lazy("Alike")),
    Agreement.DIFFERENT: ("x-circle-fill", "danger", gettext_lazy("Different")),
    Agreement.MISSING: ("question-circle", "neutral", gettext_lazy("Unknown")),
}
# From which likelihood on each word holds; a pair is kept from 0.9 on.
STRENGTHS = (
    (0.999, gettext_lazy("Almost certain")),
    (0.98, gettext_lazy("Very likely")),
    (0.0, gettext_lazy("Likely")),
)
MASKED = None
# What the comparison of people weighs, and the questions that ask it.
COMPARED: Mapping[str, tuple[str, ...]] = {
    "last_name": ("identite.birth_name",),
    "first_names": ("identite.first_names",),
    "title": ("identite.title",),
    "birth_date": ("identite.birth_date",),
    "phone": ("coordonnees.phone",),
    "place": ("coordonnees-adresse.postal_code", "coordonnees-adresse.city"),
}
# Told with the whole address besides.
_TOLD_TWICE = COMPARED["place"]
# Health says nothing of who somebody is.
_PARTS = tuple(group for group in GROUPS if group.field_set != FieldSet.HEALTH)
# Of the others of the household: who they are.
_OF_OTHERS = (FieldSet.IDENTITY, FieldSet.HOUSEHOLD)
_PLACES = {question.key: place for place, question in enumerate(FORM)}
# The question that the applicant is asked, by what keeps its answer: others are asked the same.
_ASKED_OF_HER = {
    question.column: question.key for question in FORM if question.whose == PersonRole.APPLICANT
}


@dataclass(frozen=True)
class Row:
    """A line of the comparison; a side that the reader may not read is None."""

    label: str
    first: Any
    second: Any
    symbol: str = ""
    tone: str = ""
    words: str | Promise = ""


@dataclass(frozen=True)
class Part:
    """Lines under a title."""

    title: str | Promise
    rows: list[Row]


@dataclass(frozen=True, order=True)
class Slot:
    """Where an answer stands, whichever demand gives it: part, place in the form, title.

    `needs` are the groups of data that one reads to know it.
    """

    place: int
    label: str
    group: str
    needs: tuple[FieldSet, ...] = field(compare=False)


def strength(probability: float) -> str:
    """How likely two demands are one person's, in words."""
    return str(next(words for least, words in STRENGTHS if probability >= least))


def parts(view: PairView) -> list[Part]:
    """What is compared first, then what the register knows, then the rest of both declarations."""
    return [
        Part(_("What is compared"), list(_compared(view))),
        Part(_("What the register knows"), list(_known(view))),
        *_declared(view),
    ]


def _compared(view: PairView) -> Iterator[Row]:
    sides = (view.first, view.second)
    told = [{_asked(side, each): each.words for each in side.told} for side in sides]
    for code, keys in COMPARED.items():
        asked = [QUESTIONS[key] for key in keys]
        label = _(", ").join(str(question.title) for question in asked)
        group = FieldSet(asked[0].part.value)
        values = [
            _read(side, group, " ".join(str(found[key]) for key in keys if key in found))
            for side, found in zip(sides, told, strict=True)
        ]
        yield _weighed(view, code, label, *values)
        if code == "phone":
            # That of the account: no page asks for it.
            emails = [_read(side, FieldSet.CONTACT, _email(side)) for side in sides]
            yield _weighed(view, "email", _("E-mail"), *emails)


def _weighed(view: PairView, code: str, label: str, first: Any, second: Any) -> Row:
    # What a masked field does on the other side would tell what it hides.
    known = MASKED not in (first, second) and code in view.agreements
    return Row(label, first, second, *(AGREEMENTS[view.agreements[code]] if known else ()))


def _known(view: PairView) -> Iterator[Row]:
    """What no page of the form asks: dates, states, counts."""
    told = (
        (_("Role in the demand"), FieldSet.IDENTITY, _role),
        (_("State"), None, lambda side: side.file.demand.get_state_display()),
        (_("Received on"), None, lambda side: date_long(side.file.demand.received_on)),
        (_("Last renewed on"), None, lambda side: _day(side.file.demand.last_renewed_on)),
        (_("Valid until"), None, lambda side: date_long(side.file.demand.expires_on)),
        (_("Registered by"), None, lambda side: side.file.demand.registered_by.short_name),
        (_("How it came"), None, lambda side: side.file.demand.get_channel_display()),
        (_("Online space"), None, _account),
        (_("People to house"), FieldSet.HOUSEHOLD, lambda side: str(len(side.file.people))),
        (_("Documents"), FieldSet.DOCUMENTS, lambda side: str(len(side.file.documents))),
    )
    for label, group, value in told:
        yield Row(
            label, *(_read(side, group, str(value(side))) for side in (view.first, view.second))
        )


def _declared(view: PairView) -> Iterator[Part]:
    """Both declarations, part by part; what neither tells has no line."""
    sides = (view.first, view.second)
    answers = [_answers(side) for side in sides]
    slots = sorted({**answers[0], **answers[1]})
    for group in _PARTS:
        rows = [
            _beside(slot, *(_value(*each, slot) for each in zip(sides, answers, strict=True)))
            for slot in slots
            if slot.group == group.code
        ]
        hidden = [not side.file.rights.can_read(group.field_set) for side in sides]
        if not rows and any(hidden):
            rows = [Row(str(group.title), *(MASKED if each else "" for each in hidden))]
        if rows:
            yield Part(group.title, rows)


def _answers(side: Side) -> dict[Slot, list[str]]:
    """What one demand declares besides what is compared, by where it stands."""
    found: dict[Slot, list[str]] = {}
    above = {key for keys in COMPARED.values() for key in keys if key not in _TOLD_TWICE}
    for each in side.told:
        key, question = _asked(side, each), each.question
        if not key and question.part in _OF_OTHERS and _reads(side, _OF_OTHERS):
            told = found.setdefault(_of_other(side, each), [named(each.asked.person)])
            if question.name not in NAME:
                told.append(each.line)
        elif key and key not in above and question.part != FieldSet.HEALTH:
            lines = each.words if isinstance(each.words, list) else [each.words]
            found.setdefault(_slot(key, each), []).extend(lines)
    return found


def _asked(side: Side, told: Told) -> str:
    """The question, that of the applicant for whoever is compared; empty about anybody else."""
    question, person = told.question, told.asked.person
    if person is None:
        return question.key
    is_compared = isinstance(person, Person) and side.person and person.pk == side.person.key
    return _ASKED_OF_HER.get(question.column, question.key) if is_compared else ""


def _slot(key: str, told: Told) -> Slot:
    """An address is read in one piece, any other answer alone."""
    question, together = told.question, BY_KEY[told.question.page].form.together
    if together:
        key = next(each.key for each in FORM if each.page == question.page)
    label = str(together or told.asked.title)
    return Slot(_PLACES[key], label, question.group, (FieldSet(question.part.value),))


def _of_other(side: Side, told: Told) -> Slot:
    """Somebody else of the household, the eldest of each role first: children then stand level."""
    person, whose = told.asked.person, told.question.whose
    alike = {each.asked.person for each in side.told if each.question.whose == whose}
    eldest = sorted(alike, key=lambda who: (who.birth_date, who.pk))
    place = next(_PLACES[each.key] for each in FORM if each.whose == whose)
    label = _("%(role)s %(rank)s") % {"role": role_of(person), "rank": eldest.index(person) + 1}
    return Slot(place, label, "household", _OF_OTHERS)


def _value(side: Side, answers: Mapping[Slot, list[str]], slot: Slot) -> list[str] | None:
    return answers.get(slot, []) if _reads(side, slot.needs) else MASKED


def _reads(side: Side, groups: Iterable[FieldSet]) -> bool:
    return all(map(side.file.rights.can_read, groups))


def _beside(slot: Slot, first: list[str] | None, second: list[str] | None) -> Row:
    if first is MASKED or second is MASKED:
        return Row(slot.label, first, second)
    agreement = Agreement.MISSING
    if first and second:
        same = [line.casefold() for line in first] == [line.casefold() for line in second]
        agreement = Agreement.EQUAL if same else Agreement.DIFFERENT
    return Row(slot.label, first, second, *AGREEMENTS[agreement])


def _read(side: Side, group: FieldSet | None, value: str) -> str | None:
    if group is not None and not side.file.rights.can_read(group):
        return MASKED
    return value


def _role(side: Side) -> str:
    is_other = side.person is not None and side.person.role != PersonRole.APPLICANT
    return str((PersonRole.CO_APPLICANT if is_other else PersonRole.APPLICANT).label)


def _email(side: Side) -> str:
    return side.file.contact.email if side.file.contact else ""


def _account(side: Side) -> str:
    account = side.file.demand.account
    if account is None:
        return _("None")
    return _("Used") if account.last_login else _("Opened, never used")


def _day(day: Any) -> str:
    return date_long(day) if day else ""
