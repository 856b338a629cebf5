"""Parameters: dated, sourced figures that rules name instead of writing them.

Rules bind them like facts of the person who acts, under "parameter.<code>": which value holds on
which day and territory is the register's answer. One without a value that day is unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .types import FactType

PREFIX = "parameter"


@dataclass(frozen=True)
class Declaration:
    """What is declared of a parameter, whatever its value.

    `unit` is written as stored ("EUR/year"); `unit_label` is what a person reads after the figure,
    for units without a wording of their own ("m²").
    """

    code: str
    unit: str
    label: Any
    source: str = ""
    unit_label: Any = ""

    @property
    def type(self) -> FactType:
        """The type that its unit gives its values."""
        return UNITS.get(self.unit, FactType.DECIMAL)


UNITS: Mapping[str, FactType] = {
    "EUR/year": FactType.MONEY_YEAR,
    "EUR/month": FactType.MONEY_MONTH,
    "%": FactType.PERCENT,
    "percent": FactType.PERCENT,
    "months": FactType.DURATION,
    "days": FactType.INTEGER,
    "years": FactType.INTEGER,
    "persons": FactType.INTEGER,
    "demands": FactType.INTEGER,
}


class Parameters(Protocol):
    """The parameters that an installation declares."""

    def declaration(self, code: str) -> Declaration | None:
        """What a parameter is; None when nobody declared it."""
        ...

    def __iter__(self) -> Iterator[Declaration]:
        """The parameters that a rule author may choose from."""
        ...


class DeclaredParameters:
    """Parameters given by their declarations alone."""

    def __init__(self, declarations: Iterable[Declaration] = ()) -> None:
        self._declared = {item.code: item for item in declarations}

    def declaration(self, code: str) -> Declaration | None:
        """What a parameter is; None when it is not there."""
        return self._declared.get(code)

    def __iter__(self) -> Iterator[Declaration]:
        return iter(self._declared.values())


def fact_code(parameter: str) -> str:
    """The code under which a parameter is bound."""
    return f"{PREFIX}.{parameter}"
