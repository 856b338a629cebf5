"""A value of the fact that another field chooses: a code by its name, yes or no, a figure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.functional import cached_property
from wagtail.admin.telepath import register
from wagtail.blocks import Block

from .comparison import State, as_text
from .compiling import Compiler, Place
from .fields import MISSING, Field
from .widgets import ComparisonBlock, ComparisonWidget, ComparisonWidgetAdapter, StateField

# What a field offers when it is not the facts of the register: code, type, choices of each.
Offered = Callable[[], Iterable[Mapping[str, Any]]]


class ValueOfWidget(ComparisonWidget):
    """A value; the script offers what fits the fact chosen in the field `of` around it."""

    compares = False

    def __init__(self, *, of: str, offered: Offered | None, label: Any) -> None:
        super().__init__()
        self.of, self.offered, self.label = of, offered, label


class ValueOfWidgetAdapter(ComparisonWidgetAdapter):
    """Hands the field over to the script of the page."""

    js_constructor = "rules.ValueOf"

    def js_args(self, widget: ComparisonWidget) -> list[Any]:
        """Which field is followed, and what may be chosen in it."""
        html, settings = super().js_args(widget)
        offered = getattr(widget, "offered", None)
        own = {
            "of": getattr(widget, "of", ""),
            "label": str(getattr(widget, "label", "")),
            "items": None if offered is None else list(offered()),
        }
        return [html, settings | own]

    @cached_property
    def media(self) -> forms.Media:
        """The script of the comparisons, then ours: only files of one list keep their order."""
        names = ("choosing", "comparison", "valued")
        own = [static(f"rules/editor/{name}.js") for name in names]
        return super().media + forms.Media(js=own)


register(ValueOfWidgetAdapter(), ValueOfWidget)


class ValueOfBlock(ComparisonBlock):
    """The value of what another field chooses."""

    def __init__(self, *, of: str, offered: Offered | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        widget = ValueOfWidget(of=of, offered=offered, label=kwargs.get("label", ""))
        self.field = StateField(required=False, widget=widget)


@dataclass(frozen=True, kw_only=True, eq=False)
class ValueOf(Field):
    """What is typed or chosen for the fact of the field `of`, as text; codes of a set as a list."""

    of: str
    offered: Offered | None = None

    def block(self) -> Block:
        return ValueOfBlock(of=self.of, offered=self.offered, **self.options())

    def read(self, data: Any) -> Any:
        return {"value": "" if data is MISSING else as_text(data)}

    def write(self, value: State, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        typed = value["value"]
        if not typed:
            return self._absent(place, compiler)
        if old is not MISSING and typed == as_text(old):
            return old
        return self.typed(value, path, place, compiler)

    def typed(self, value: State, path: str, place: Place, compiler: Compiler) -> Any:
        """The JSON of another value than the one before."""
        typed = value["value"]
        return ", ".join(typed) if isinstance(typed, list) else typed.strip()
