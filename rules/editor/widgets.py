"""The form field of one comparison, and that of one fact of a test case."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtail.blocks import FieldBlock

from .comparison import EMPTY, WRITTEN, State

# Which facts a field offers: of the person who acts, of the demand, its sets of codes, or all.
PRINCIPAL, ROW, SETS, EVERYTHING = "principal", "row", "sets", "everything"


class ComparisonWidget(forms.Widget):
    """A fact, an operator and a value; the script offers what fits the fact that is chosen."""

    template_name = "rules/editor/comparison.html"
    compares = True

    def __init__(self, *, about: str = EVERYTHING) -> None:
        super().__init__()
        self.about = about

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What the template says of the facts to offer."""
        context = super().get_context(name, value, attrs)
        context["compares"] = self.compares
        context["about"] = self.about
        return context

    def format_value(self, value: Any) -> State:
        """The state that the script shows."""
        return {**EMPTY, **(value or {})}

    def value_from_datadict(
        self, data: Any, files: Any, name: str
    ) -> State:  # a QueryDict, or a mapping in tests
        """What was chosen, whatever the script sent."""
        values = data.getlist(f"{name}-value") if hasattr(data, "getlist") else []
        several = data.get(f"{name}-several") == "1"
        return {
            "fact": data.get(f"{name}-fact", ""),
            "op": data.get(f"{name}-op", ""),
            "source": data.get(f"{name}-source", WRITTEN),
            "value": values if several else (values[-1] if values else ""),
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the page held no such field."""
        return f"{name}-fact" not in data


class FactValueWidget(ComparisonWidget):
    """A fact and its value: a line of a test case."""

    compares = False


class ComparisonWidgetAdapter(WidgetAdapter):
    """Hands the field over to the script of the page."""

    js_constructor = "rules.Comparison"

    def js_args(self, widget: ComparisonWidget) -> list[Any]:
        """The field without its values, and which facts it offers."""
        context = widget.get_context("__NAME__", None, {"id": "__ID__"})
        return [*super().js_args(widget), {k: context[k] for k in ("compares", "about")}]

    @cached_property
    def media(self) -> forms.Media:
        """Wagtail's fields, then ours."""
        own = [static("rules/editor/choosing.js"), static("rules/editor/comparison.js")]
        return super().media + forms.Media(js=own)


register(ComparisonWidgetAdapter(), ComparisonWidget)


class StateField(forms.Field):
    """What was chosen, taken as it is: the compiler says what is wrong with it."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether anything else is chosen."""
        return bool(initial != data)


class ComparisonBlock(FieldBlock):
    """One comparison."""

    widget = ComparisonWidget

    def __init__(self, *, about: str = EVERYTHING, **kwargs: Any) -> None:
        self.field = StateField(required=False, widget=self.widget(about=about))
        super().__init__(**kwargs)

    def get_default(self) -> State:
        """Nothing chosen yet."""
        return dict(EMPTY)

    def normalize(self, value: Mapping[str, Any] | None) -> State:
        """A complete state."""
        return {**EMPTY, **(value or {})}

    class Meta:
        icon = "arrow-right"
        label = _("Condition")


class FactValueBlock(ComparisonBlock):
    """A fact with its value."""

    widget = FactValueWidget

    class Meta:
        icon = "tag"
        label = _("Fact")
