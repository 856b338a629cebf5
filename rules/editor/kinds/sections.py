"""A list of rules of a module, or what holds for the whole of it, with its form."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.editor.fields import Field
from rules.vocabulary import Text


@dataclass(frozen=True, eq=False)
class Section:
    """The rules under one key of a module's body.

    With `whole`, the fields are keys of the body itself: there is one form, and nothing to add.
    """

    key: str
    title: Text
    one: Text
    fields: Sequence[Field]
    whole: bool = False
