"""Questions answered by codes of a list, as it stands on the day the answers were begun."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from django import forms
from django.db.models import TextChoices

from register import code_lists
from register.code_lists import CodeList, Text

Choice = tuple[Any, Any]


def flat(choices: Any) -> list[tuple[str, Any]]:
    """Choices without their groups."""
    found: list[tuple[str, Any]] = []
    for value, label in choices:
        found += label if isinstance(label, list | tuple) else [(value, label)]
    return found


@dataclass(frozen=True, eq=False)
class Arrangement:
    """The order, the groups and the words of one question, where they are not those of the list."""

    named: type[TextChoices]
    choices: tuple[Choice, ...]


class ListedMixin:
    """A question about the list of which `named` names codes.

    `arranged` gives its choices in order, in groups and in words of its own, and its empty answer
    if it has one. A code that is not arranged comes last, in the words of the list.
    """

    choices: Any

    def __init__(
        self, named: type[TextChoices], *, arranged: Iterable[Choice] = (), **options: Any
    ) -> None:
        self.arrangement = Arrangement(named, tuple(arranged))
        super().__init__(**options)

    @property
    def listed(self) -> CodeList:
        """The list itself."""
        return code_lists.of(self.arrangement.named)

    def stand_on(self, day: date, revision: str, kept: Any) -> None:
        """Offer what the list does on a day under a revision of the form, and what is `kept`.

        An answer that is kept may stay, though it is out of date; nobody else may choose it.
        """
        stays = (kept,) if isinstance(kept, str) else tuple(kept or ())
        # Looked at when the question is shown or read: most pages are built for something else.
        self.choices = partial(_offered, self.arrangement, self.listed, day, revision, stays)

    def words(self, code: str) -> Text:
        """An answer as this question words it, else as the list does, out of date or not."""
        return dict(flat(self.choices)).get(code) or self.listed.label(code)


@lru_cache(maxsize=1024)
def _offered(
    arrangement: Arrangement, listed: CodeList, day: date, revision: str, stays: tuple[str, ...]
) -> list[Choice]:
    labels = listed.labels
    offered = dict(listed.offered(day, revision))
    offered |= {code: labels[code] for code in stays if code in labels}

    def stands(code: str) -> bool:
        """True for what is offered, and for an empty answer."""
        return code in offered or code not in labels

    shown: list[Choice] = []
    for key, value in arrangement.choices:
        if isinstance(value, list | tuple):
            if members := [each for each in value if stands(each[0])]:
                shown.append((key, members))
        elif stands(key):
            shown.append((key, value))
    known = {code for code, _label in flat(arrangement.choices)}
    added = [choice for choice in offered.items() if choice[0] not in known]
    last = shown[-1][1] if shown else None
    (last if isinstance(last, list) else shown).extend(added)
    return shown


class CodeField(ListedMixin, forms.ChoiceField):
    """One code of a list."""


class CodesField(ListedMixin, forms.MultipleChoiceField):
    """Codes of a list."""
