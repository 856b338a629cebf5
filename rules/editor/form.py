"""The form of one rule: its blocks, what they say, and the parser's refusals beside them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.telepath import register
from wagtail.blocks import Block, BlockField, BlockWidget, StructBlock
from wagtail.blocks.struct_block import StructBlockAdapter

from rules.errors import RuleError

from .compiling import Compiler
from .context import current
from .fields import Field, read_fields, write_fields

NAME = "rule"


@cache
def rule_block(fields: tuple[Field, ...]) -> Block:
    """The block of a rule; made once, because Wagtail remembers every block ever made."""
    return RuleBlock(
        [(field.key, field.block()) for field in fields], form_classname="struct-block rules-rule"
    )


class RuleBlock(StructBlock):
    """The whole rule, which is not folded away."""


class RuleBlockAdapter(StructBlockAdapter):
    """Hands the rule over to the script of the page."""

    js_constructor = "rules.Rule"

    @cached_property
    def media(self) -> forms.Media:
        """Wagtail's blocks, then ours."""
        return super().media + forms.Media(js=[static("rules/editor/rule.js")])


register(RuleBlockAdapter(), RuleBlock)


class RuleWidget(BlockWidget):
    """The blocks of a rule; a form that arrives in pieces is no answer at all."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What the page sent; None when parts of it are missing or make no sense."""
        try:
            return self.block_def.value_from_datadict(data, files, name)
        except (KeyError, ValueError):
            return None


class RuleField(BlockField):
    """The blocks of a rule, read by the compiler rather than by each block."""

    def __init__(self, block: Block) -> None:
        super().__init__(block, label="", required=False, widget=RuleWidget(block))

    def clean(self, value: Any) -> Any:
        """Taken as it is, the compiler notes each fault in its place; refused when incomplete."""
        if value is None:
            raise ValidationError(_("The page arrived incomplete: nothing was saved."))
        return value

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What the page shows again."""
        return initial if data is None else data


class RuleForm(forms.Form):
    """One rule being edited. `written` is its JSON once `is_valid()` was asked.

    `old` is the rule as the draft holds it: what the form does not show is kept from it, and what
    is not changed keeps its spelling. `path` is where the rule stands in the module.
    """

    def __init__(
        self, fields: Sequence[Field], old: dict[str, Any], path: str, data: Any = None
    ) -> None:
        self.rule_fields = tuple(fields)
        self.old = old
        self.path = path
        self.written: dict[str, Any] = {}
        self.compiler = Compiler(current().vocabulary)
        block = rule_block(self.rule_fields)
        raw = read_fields(self.rule_fields, old)
        super().__init__(data, initial={NAME: block.to_python(raw)})
        self.fields[NAME] = RuleField(block)

    def clean(self) -> dict[str, Any]:
        """Compile the blocks; every fault is shown beside its block."""
        value = self.cleaned_data.get(NAME)
        if value is not None:
            self.written = write_fields(
                self.rule_fields, value, self.path, (), self.compiler, self.old
            )
            self.show_faults()
        return self.cleaned_data

    def show_faults(self) -> None:
        """Put what the compiler noted on the page."""
        if self.compiler.faults:
            self.errors.pop(NAME, None)
            self.add_error(NAME, self.compiler.as_error())

    def refuse(self, error: RuleError) -> None:
        """Show the parser's refusal beside its block, or above the form when it is elsewhere."""
        try:
            self.compiler.refuse(error)
        except RuleError:
            self.add_error(None, str(error))
        else:
            self.show_faults()
