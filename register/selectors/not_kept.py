"""What the closed one of two demands says and the one that goes on does not, told before a merge.

Nothing is moved: the household, the answers and the wishes of a merged demand stay in it, are read
there until it is erased, and count no more (ADR 0022). Whoever merges reads exactly which, by the
rights of her own; whoever asked for a home is told which to check.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register import papers, questions
from register.access import FieldRights, FieldSet
from register.codes import DocumentStatus, PersonRole
from register.form.definition import COMMUNES, FORM, GROUPS, TAX_INCOMES
from register.held import counts_for
from register.models import Contact, Demand, Document
from register.selectors.answers import answers_of
from register.selectors.declaration import NAME, Someone, Told, answers_told, named, role_of
from register.selectors.handover import handed_over_at
from register.selectors.mandates import current
from register.selectors.same_people import paired
from register.selectors.space import declared

PEOPLE, EMAIL, DOCUMENTS, HELPERS, LOCAL = "people", "email", "documents", "helpers", "local:"
_TITLES: Mapping[str, str | Promise] = {
    **{group.code: group.title for group in GROUPS},
    DOCUMENTS: gettext_lazy("Documents"),
    HELPERS: gettext_lazy("Helpers"),
}
_ORDER = list(_TITLES)
_QUESTIONS = {question.key: question for question in FORM}
_USABLE = (DocumentStatus.RECEIVED, DocumentStatus.VERIFIED)


@dataclass(frozen=True)
class NotKept:
    """One thing that the closed demand says. `instead` is what the one that goes on says of it.

    `group` is the part of the file, `key` the question, or which of the rest; both name nobody.
    """

    group: str
    key: str
    label: str
    words: list[str]
    instead: str = ""


@dataclass(frozen=True)
class Declared:
    """A demand as a reader may know it: its rows, what she may read of them, and its answers."""

    demand: Demand
    rights: FieldRights
    told: list[Told]

    @property
    def people(self) -> list[Someone]:
        """Those to house, and those who would share the home for whoever may know of them."""
        sharers = self.demand.flat_sharers.all() if self._names else ()
        return [*self.demand.persons.all(), *sharers]

    @property
    def _names(self) -> bool:
        return self.rights.can_read(FieldSet.IDENTITY)


def read(demand: Demand, rights: FieldRights) -> Declared:
    """The demand with the answers that these rights open."""
    whole = declared(demand, rights)
    return Declared(whole, rights, list(answers_told(whole, rights)))


def not_kept(goes_on: Declared, closed: Declared) -> list[NotKept]:
    """What is not kept, part by part in the order of the file; empty when nothing is lost."""
    found = [
        *_answers(goes_on, closed),
        *_local_answers(goes_on, closed),
        *_email(goes_on, closed),
        *_documents(goes_on, closed),
        *_helpers(closed),
    ]
    return sorted(found, key=lambda each: _ORDER.index(each.group))


def by_part(found: Iterable[NotKept]) -> list[tuple[str, list[NotKept]]]:
    """The same under the titles of the parts."""
    return [(part(code), list(each)) for code, each in groupby(found, key=lambda each: each.group)]


def part(code: str) -> str:
    """The title of a part."""
    return str(_TITLES[code])


def hidden(goes_on: Declared, closed: Declared) -> list[str]:
    """The titles of the parts that the reader may not compare: something may be lost there."""
    sides = (goes_on.rights, closed.rights)
    return [
        str(group.title)
        for group in GROUPS
        if not all(rights.can_read(group.field_set) for rights in sides)
    ]


def keys_of(found: Iterable[NotKept]) -> list[str]:
    """What a merge keeps of it: parts and questions, never an answer nor a name."""
    return list(dict.fromkeys(f"{each.group}/{each.key}" for each in found))


def titles(keys: Iterable[str], withheld: frozenset[FieldSet]) -> list[str]:
    """The same in words for a letter, a line for each part; of what is `withheld` not even that."""
    told, has_more = [], False
    pairs = (key.split("/", 1) for key in keys)
    for code, each in groupby(pairs, key=lambda pair: pair[0]):
        if code in {str(group.value) for group in withheld}:
            has_more = True
            continue
        names = list(dict.fromkeys(filter(None, (_title(key) for _code, key in each))))
        names = [name for name in names if name != part(code)]
        told.append(f"{part(code)} ({', '.join(names)})" if names else part(code))
    rest = [_("other answers, to be read in your space or at a counter")] if has_more else []
    return told + rest


def _title(key: str) -> str:
    if key in _QUESTIONS:
        return str(_QUESTIONS[key].title)
    if key.startswith(LOCAL):
        known = questions.known().get(key.removeprefix(LOCAL))
        return str(known.title) if known else ""
    return {PEOPLE: _("people of the household"), EMAIL: _("E-mail")}.get(key, "")


def _answers(goes_on: Declared, closed: Declared) -> Iterator[NotKept]:
    same = paired(closed.people, goes_on.people)
    kept = {_place(each, each.asked.person): each for each in goes_on.told}
    alone: dict[Someone, list[Told]] = {
        person: [] for person in closed.people if person not in same and _is_known(person, closed)
    }
    for each in closed.told:
        person = each.asked.person
        if person is not None and person not in same:
            alone.get(person, []).append(each)
        elif _is_over(each, goes_on.demand):
            continue
        elif all(map(goes_on.rights.can_read, each.question.told_by)):
            other = kept.get(_place(each, same[person] if person else None))
            yield from _differing(each, other, closed.rights)
    for person, told in alone.items():
        yield _whole_person(person, told, closed.rights)


def _is_over(told: Told, goes_on: Demand) -> bool:
    """True of an income of a year that the demand that goes on no longer counts."""
    if told.question.column not in TAX_INCOMES:
        return False
    return told.asked.tax_year < (goes_on.tax_year or goes_on.received_on.year - 2)


def _is_known(person: Someone, side: Declared) -> bool:
    return any(map(side.rights.can_read, (FieldSet.IDENTITY, FieldSet.HOUSEHOLD)))


def _place(told: Told, holder: Someone | None) -> tuple[object, ...]:
    """Where an answer stands, whoever the person is in either demand; an income by its year."""
    question, who = told.question, (type(holder), holder.pk) if holder else None
    if question.column in TAX_INCOMES:
        return who, told.asked.title
    return who, question.column if holder else question.key


def _differing(told: Told, other: Told | None, rights: FieldRights) -> Iterator[NotKept]:
    instead = other.said if other else ""
    lines = told.words if isinstance(told.words, list) else [told.words]
    if isinstance(told.words, list) and other:
        lines = _missing(told, other)
    if lines and told.said.casefold() != instead.casefold():
        label, key = _label(told, rights), told.question.key
        yield NotKept(told.question.group, key, label, lines, instead)


def _missing(told: Told, other: Told) -> list[str]:
    """Of several choices, those that the other demand has not; communes whole, by their order."""
    if told.question.name == COMMUNES:
        ranked = ([line.partition(". ")[2] for line in each.words] for each in (told, other))
        wished, kept = ranked
        is_kept = wished == [place for place in kept if place in wished]
        return [] if is_kept else list(told.words)
    also = {line.casefold() for line in other.words}
    return [line for line in told.words if line.casefold() not in also]


def _label(told: Told, rights: FieldRights) -> str:
    person = told.asked.person
    if person is None or getattr(person, "role", "") == PersonRole.APPLICANT:
        return told.asked.title
    return _("%(what)s – %(who)s") % {"what": told.asked.title, "who": _called(person, rights)}


def _called(person: Someone, rights: FieldRights) -> str:
    return str(person) if rights.can_read(FieldSet.IDENTITY) else role_of(person)


def _whole_person(person: Someone, told: Sequence[Told], rights: FieldRights) -> NotKept:
    """Somebody whom the closed demand alone names, with all that it says of her."""
    name = [named(person)] if rights.can_read(FieldSet.IDENTITY) else []
    lines = [each.line for each in told if each.question.name not in NAME]
    return NotKept("household", PEOPLE, role_of(person), [*name, *lines])


def _local_answers(goes_on: Declared, closed: Declared) -> Iterator[NotKept]:
    """The questions of the territory."""
    kept = {each.question.code: each.words for each in answers_of(goes_on.demand, goes_on.rights)}
    for each in answers_of(closed.demand, closed.rights):
        question = each.question
        instead = kept.get(question.code, "")
        if each.words != instead and goes_on.rights.can_read(question.field_set):
            group = question.field_set.value if question.field_set in _ORDER else "household"
            label = str(question.title)
            yield NotKept(group, f"{LOCAL}{question.code}", label, [each.words], instead)


def _email(goes_on: Declared, closed: Declared) -> Iterator[NotKept]:
    """That of the account, which no page asks for."""
    sides = (goes_on, closed)
    if not all(side.rights.can_read(FieldSet.CONTACT) for side in sides):
        return
    kept, lost = (_email_of(side.demand) for side in sides)
    if lost and lost.casefold() != kept.casefold():
        yield NotKept("contact", EMAIL, _("E-mail"), [lost], kept)


def _email_of(demand: Demand) -> str:
    contact = Contact.objects.filter(demand=demand).first()
    return contact.email if contact else ""


def _documents(goes_on: Declared, closed: Declared) -> Iterator[NotKept]:
    """Papers that prove nothing for the people who go on, or that go with the closed demand."""
    people, moment = list(goes_on.demand.persons.all()), handed_over_at(goes_on.demand)
    if not all(side.rights.can_read(FieldSet.DOCUMENTS) for side in (goes_on, closed)):
        return
    # Documents follow nobody to a file that their sender may not open.
    goes_along = closed.demand.account_id in (None, goes_on.demand.account_id)
    goes_along = goes_along or goes_on.demand.account_id is None
    sent = closed.demand.documents.filter(is_of_former=False, status__in=_USABLE)
    for document in sent.select_related("person"):
        if not closed.rights.can_read_document(document.kind):
            continue
        if not counts_for(document, people, moment):
            why = _("it is of somebody whom the demand that goes on does not name")
        elif not goes_along:
            why = _("it counts as long as the closed demand is kept: it is of another online space")
        else:
            continue
        yield NotKept(DOCUMENTS, document.kind, _paper(document), [why])


def _paper(document: Document) -> str:
    name = papers.label(document.paper) if document.paper else ""
    return name or str(document.get_kind_display())


def _helpers(closed: Declared) -> Iterator[NotKept]:
    """A mandate stays with the demand for which it was given."""
    if closed.rights.can_read(FieldSet.IDENTITY):
        for mandate in current(closed.demand):
            words = [mandate.who, str(mandate.get_kind_display())]
            yield NotKept(HELPERS, HELPERS, str(mandate.get_scope_display()), words)
