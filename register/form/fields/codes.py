"""Questions answered by codes of a list, as it stands on the day the answers were begun."""

from collections.abc import Iterable, Mapping
from datetime import date
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


class ListedMixin:
    """A question about the list of which `named` names codes.

    `arranged` gives the order, the groups and the words of this question where they are not those
    of the list, and its empty answer if it has one. A code that is not arranged comes last.
    """

    choices: Any

    def __init__(
        self, named: type[TextChoices], *, arranged: Iterable[Choice] = (), **options: Any
    ) -> None:
        self.named = named
        self.arranged = tuple(arranged)
        super().__init__(**options)

    @property
    def listed(self) -> CodeList:
        """The list itself."""
        return code_lists.of(self.named)

    def stand_on(self, day: date, revision: str, kept: Any) -> None:
        """Offer what the list does on a day under a revision of the form, and what is `kept`.

        An answer that is kept may stay, though it is out of date; nobody else may choose it.
        """
        offered = dict(self.listed.offered(day, revision))
        labels = self.listed.labels
        stays = [kept] if isinstance(kept, str) else kept or []
        offered |= {code: labels[code] for code in stays if code in labels}
        self.choices = self._arrange(offered)

    def words(self, code: str) -> Text:
        """An answer as this question words it, else as the list does, out of date or not."""
        return dict(flat(self.choices)).get(code) or self.listed.label(code)

    def _arrange(self, offered: Mapping[str, Text]) -> list[Choice]:
        shown: list[Choice] = []
        for key, value in self.arranged:
            if isinstance(value, list | tuple):
                if members := [each for each in value if self._stands(each[0], offered)]:
                    shown.append((key, members))
            elif self._stands(key, offered):
                shown.append((key, value))
        known = {code for code, _label in flat(self.arranged)}
        added = [choice for choice in offered.items() if choice[0] not in known]
        last = shown[-1][1] if shown else None
        (last if isinstance(last, list) else shown).extend(added)
        return shown

    def _stands(self, code: str, offered: Mapping[str, Text]) -> bool:
        """True for what is offered, and for an empty answer."""
        return code in offered or code not in self.listed.labels


class CodeField(ListedMixin, forms.ChoiceField):
    """One code of a list."""


class CodesField(ListedMixin, forms.MultipleChoiceField):
    """Codes of a list."""
