"""A list of rules of a module, and the form of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.editor.fields import Field
from rules.vocabulary import Text


@dataclass(frozen=True, eq=False)
class Section:
    """The rules under one key of a module's body."""

    key: str
    title: Text
    one: Text
    fields: Sequence[Field]
