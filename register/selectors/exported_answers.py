"""The answers of the form that an export writes besides the columns of the list.

Chosen by the agent among those that she may read; of each demand she gets what she may read of it,
as in its file: the definition of the form titles and words them, and says their codes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register import access
from register.access import FieldSet, Level
from register.codes import PersonRole
from register.disclosed import FieldRights
from register.form.definition import FLAT_SHARERS, FORM, GROUPS, SEALED, Group, Question
from register.principals import Principal
from register.selectors.declaration import Told, answers_told
from register.selectors.space import declarations

# A spreadsheet that somebody reads; the whole of a file is in the file.
MOST_ANSWERS = 40


_WHOSE: Mapping[str, str | Promise] = {
    **{role.value: role.label for role in PersonRole},
    FLAT_SHARERS: _("Flat-sharer, with a demand of his or her own"),
}


@dataclass(frozen=True)
class Exported:
    """One answer in words, and as the register keeps it: codes, days ISO 8601, plain figures."""

    words: str
    codes: str


def offered(principal: Principal) -> list[tuple[Group, list[Question]]]:
    """The answers that the principal may read in some demand, by part of the declaration."""
    told = [each for each in FORM if each.name != SEALED]
    parts = {each.part for each in told}
    may = {part for part in parts if access.may_ever_read(principal, part)}
    told = [each for each in told if each.part in may]
    found = [(group, [each for each in told if each.group == group.code]) for group in GROUPS]
    return [(group, questions) for group, questions in found if questions]


def chosen(principal: Principal, keys: Collection[str]) -> list[Question]:
    """Those of these keys that are offered, in the order of the form; forty at most."""
    every = [each for _group, questions in offered(principal) for each in questions]
    return [each for each in every if column_key(each) in keys][:MOST_ANSWERS]


def column_key(question: Question) -> str:
    """What names an answer of the form, of one kind of person."""
    return f"{question.whose}:{question.key}"


def title_of(question: Question) -> str:
    """Whose answer it is, how it is called, and its case on the paper form."""
    title = str(question.title) or str(question.field.label or "") or question.column
    whose = _WHOSE.get(question.whose, "")
    told = f"{whose} – {title}" if whose else title
    return f"{told} ({question.case})" if question.case else told


def groups_read(questions: Iterable[Question]) -> frozenset[FieldSet]:
    """The groups of data that must be known of each demand to tell these answers."""
    return frozenset(FieldSet(name) for each in questions for name in each.told_by)


def answers_in(
    readable: Mapping[int, frozenset[FieldSet]], questions: Sequence[Question]
) -> Mapping[int, Mapping[str, Exported]]:
    """The answers of some demands, by the groups of data that may be read of each.

    As many queries whatever the number of demands.
    """
    if not questions or not readable:
        return {key: {} for key in readable}
    every = frozenset[FieldSet]().union(*readable.values()) & groups_read(questions)
    wholes = declarations(list(readable), _rights(every))
    return {
        key: _answers(answers_told(wholes[key], _rights(may), among=questions))
        for key, may in readable.items()
        if key in wholes
    }


def _rights(readable: Iterable[FieldSet]) -> FieldRights:
    return FieldRights(dict.fromkeys(readable, Level.READ), {})


def _answers(told: Iterable[Told]) -> dict[str, Exported]:
    """People of the same kind one after the other, in the order of the form."""
    found: dict[str, list[Told]] = {}
    for each in told:
        found.setdefault(column_key(each.question), []).append(each)
    return {
        key: Exported("; ".join(each.said for each in several), "; ".join(map(_codes, several)))
        for key, several in found.items()
    }


def _codes(told: Told) -> str:
    kept: Any = told.kept
    if isinstance(kept, bool):
        return str(int(kept))
    return ", ".join(map(str, kept)) if isinstance(kept, list | tuple) else str(kept)
