"""Closed lists that modules may name besides facts; the register declares them, none is here."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise


class ValueType(StrEnum):
    """How the value of a placeholder is written in a text."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    LIST = "list"


@dataclass(frozen=True)
class Placeholder:
    """A value that a text may hold: `{{ applicant.name }}`.

    `field_set` is the group of data it tells, empty when it tells nothing of the household. It only
    exists in texts about one of the events `about`; with none, in every text.
    """

    code: str
    label: Text
    type: ValueType
    example: Text
    field_set: str = ""
    about: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lists:
    """What texts and automatic rules may name.

    `channels` gives, for each way of sending, the groups of data that may travel by it. `events`
    are the steps of a demand, `moments` the delays that come by themselves, `bodies` the
    organisations that can be charged with something, `tags` the working tags, `recognisers` the
    bodies that recognise priorities. `registered` gives what the register holds today, by code and
    name: its organisations ("org") and their kinds ("kind"), the programs of partners ("endpoint"),
    the departments of the country ("department").
    """

    placeholders: Mapping[str, Placeholder] = field(default_factory=dict)
    channels: Mapping[str, Set[str]] = field(default_factory=dict)
    events: Mapping[str, Text] = field(default_factory=dict)
    moments: Mapping[str, Text] = field(default_factory=dict)
    bodies: Mapping[str, Text] = field(default_factory=dict)
    tags: Mapping[str, Text] = field(default_factory=dict)
    recognisers: Mapping[str, Text] = field(default_factory=dict)
    registered: Mapping[str, Callable[[], Mapping[str, Text]]] = field(default_factory=dict)
