"""A variable our own templates misspell fails the test instead of printing nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.template import engines
from django.template.base import FilterExpression

TOLERATING_FILTERS = {"default", "default_if_none"}


class UndefinedVariable(AssertionError):
    """A template names a variable its view does not give."""


class _Strict(str):
    """Replaces `string_if_invalid`; third-party templates keep Django's usual leniency."""

    root: Path

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        if self._template_of_ours(frame):
            expression: FilterExpression = frame.f_locals["self"]
            filters = [function.__name__ for function, _arguments in expression.filters]
            if not TOLERATING_FILTERS.intersection(filters[:1]):
                raise UndefinedVariable(f"{self._origin(frame)}: {expression.token}")
        return False

    def _template_of_ours(self, frame: FrameType) -> bool:
        if not isinstance(frame.f_locals.get("self"), FilterExpression):
            return False
        origin = self._origin(frame)
        return origin.startswith(str(self.root)) and "site-packages" not in origin

    def _origin(self, frame: FrameType) -> str:
        context = frame.f_locals["context"]
        template = context.render_context.template or context.template
        return str(template.origin)


@contextmanager
def refuse_undefined_variables(root: Path) -> Iterator[None]:
    """Make templates under `root` fail on a variable that does not exist."""
    engine = engines["django"].engine
    before = engine.string_if_invalid
    engine.string_if_invalid = _Strict("")
    engine.string_if_invalid.root = root
    try:
        yield
    finally:
        engine.string_if_invalid = before
