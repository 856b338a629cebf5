"""Facts with their values: what a test case gives to the rules."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from rules.errors import RuleError

from .comparison import UNKNOWN, WRITTEN, as_text, given
from .compiling import Compiler, Place, keep_spelling
from .fields import MISSING, Field
from .widgets import EVERYTHING, PRINCIPAL, ROW, SETS, FactValueBlock


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts(Field):
    """A list of facts, each with its value or known to be missing."""

    principal_only: bool = False
    row_only: bool = False

    def block(self) -> blocks.Block:
        about = PRINCIPAL if self.principal_only else ROW if self.row_only else EVERYTHING
        fact = FactValueBlock(about=about)
        return blocks.ListBlock(
            fact, label=self.label, help_text=self.help, default=[], form_classname="rules-facts"
        )

    def read(self, data: Any) -> Any:
        return [] if data is MISSING else [_state(code, value) for code, value in data.items()]

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        written: dict[str, Any] = {}
        for index, state in enumerate(value):
            at = (*place, index)
            try:
                code, found = self._fact(state, path, compiler)
            except RuleError as error:
                compiler.fault(at, error.message)
                continue
            if code in written:
                compiler.fault(at, _("this fact is given twice"))
            compiler.note(f"{path}.{code}", at)
            written[code] = found
        if self.optional and not written and old != {}:
            return MISSING
        return keep_spelling(old, written)

    def _fact(self, state: dict[str, Any], path: str, compiler: Compiler) -> tuple[str, Any]:
        if not state["fact"]:
            raise RuleError(path, _("choose a fact"))
        fact = compiler.vocabulary.fact(state["fact"], path)
        if state["source"] == UNKNOWN:
            return fact.code, None
        return fact.code, given(fact, state["value"], compiler.vocabulary, path)


def _state(code: str, value: Any) -> dict[str, Any]:
    source = UNKNOWN if value is None else WRITTEN
    return {"fact": code, "op": "", "source": source, "value": as_text(value)}


@dataclass(frozen=True, kw_only=True, eq=False)
class OfASet(Field):
    """Codes of one set of the demand, chosen by their names: `{"fact": …, "codes": […]}`."""

    def block(self) -> blocks.Block:
        return FactValueBlock(about=SETS, **self.options())

    def read(self, data: Any) -> Any:
        found = {} if data is MISSING else data
        return _state(found.get("fact", ""), found.get("codes", []))

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        if not value["fact"]:
            return self._absent(place, compiler)
        try:
            fact = compiler.vocabulary.fact(value["fact"], path)
            codes = given(fact, value["value"], compiler.vocabulary, path)
        except RuleError as error:
            compiler.fault(place, error.message)
            return MISSING
        return keep_spelling(old, {"fact": fact.code, "codes": codes})
