"""Numbers of a rule as a field: a figure, figures by tiers, or a computed number."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from rules.types import NUMBER_TYPES
from rules.vocabulary import Text

from .choices import Choice
from .compiling import Compiler, Place, keep_spelling
from .computed import Computed, TooDeepError
from .context import current
from .fields import MISSING, Field, read_fields, write_fields
from .texts import Number

FIGURE, TIERS, COMPUTED, KEPT = "figure", "tiers", "computed", "kept"


def number_facts() -> list[tuple[str, Text]]:
    """The figures that a demand has."""
    return current().facts(NUMBER_TYPES, of_the_demand=True)


_WAYS = (
    (FIGURE, _("a figure")),
    (TIERS, _("so many for each part of a figure of the demand")),
    (COMPUTED, _("a computed number: a table, a choice, an operation")),
    (KEPT, _("the computed number of this rule, too deep for this form: it stays as it is")),
)
_COMPUTED = Computed(key=COMPUTED, label=_("Computed number"))
_TIERS = (
    Choice(key="of", label=_("Figure of the demand"), choices=number_facts),
    Number(key="each", label=_("For each"), whole=False),
    Number(key="gives", label=_("Gives"), whole=False),
    Number(key="cap", label=_("At most"), whole=False, optional=True),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Amount(Field):
    """A number of points, or the like."""

    def block(self) -> blocks.Block:
        parts: list[tuple[str, blocks.Block]] = [
            ("way", blocks.ChoiceBlock(choices=_WAYS, default=FIGURE, label=_("Given as"))),
            (FIGURE, Number(key=FIGURE, label=_("Figure"), optional=True).block()),
        ]
        tiers = [(field.key, _optional(field).block()) for field in _TIERS]
        return blocks.StructBlock(
            [*parts, *tiers, (COMPUTED, _COMPUTED.block())],
            label=self.label,
            help_text=self.help,
            form_classname="struct-block rules-grid",
        )

    def read(self, data: Any) -> Any:
        tiers: dict[str, Any] = {}
        computed: list[Any] = []
        way, figure = KEPT, ""
        if data is MISSING:
            way = FIGURE
        elif not isinstance(data, dict):
            way, figure = FIGURE, str(data)
        elif isinstance(data.get("tiers"), dict) and set(data["tiers"]["of"]) == {"fact"}:
            way, tiers = TIERS, {**data["tiers"], "of": data["tiers"]["of"]["fact"]}
        else:
            with suppress(TooDeepError):
                computed = _COMPUTED.read(data)
                way = COMPUTED
        shown = read_fields(_TIERS, tiers)
        return {"way": way, FIGURE: figure, **shown, COMPUTED: computed}

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        if value["way"] == KEPT:
            if old is MISSING:
                compiler.fault((*place, "way"), _("there is no computed number to keep"))
            return old
        if value["way"] == COMPUTED:
            return _COMPUTED.write(value[COMPUTED], path, (*place, COMPUTED), compiler, old)
        if value["way"] == TIERS:
            compiler.note(path, place)
            written = write_fields(_TIERS, value, f"{path}.{TIERS}", place, compiler, {})
            of = {"fact": written.pop("of", "")}
            return keep_spelling(old, {"tiers": {"of": of, **written}})
        figure = Number(key=FIGURE, label="")
        compiler.note(path, (*place, FIGURE))
        return figure.write(value[FIGURE], path, (*place, FIGURE), compiler, old)


def _optional(field: Field) -> Field:
    """The same field, which the page does not mark as required: it depends on the way."""
    copied = {name: getattr(field, name) for name in field.__dataclass_fields__}
    return type(field)(**{**copied, "optional": True})
