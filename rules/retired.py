"""Rules being written may not speak of a local question that nobody is asked any more."""

from typing import Any

from django.utils.translation import gettext as _

from .errors import RuleError
from .vocabulary import Vocabulary


def refuse_retired(data: Any, vocabulary: Vocabulary) -> None:
    """Refuse a rule being written that speaks of a question nobody is asked any more.

    Walked without recursion: a tree nested without end is refused by its parser, not here.
    """
    waiting: list[tuple[str, Any]] = [("", data)] if vocabulary.local.retired else []
    while waiting:
        path, item = waiting.pop()
        if isinstance(item, list):
            waiting += [(f"{path}[{index}]", each) for index, each in enumerate(item)]
        elif isinstance(item, dict):
            inside = [(f"{path}.{key}" if path else str(key), each) for key, each in item.items()]
            for place, each in inside:
                _check(place, each, vocabulary)
            waiting += inside


def _check(path: str, item: Any, vocabulary: Vocabulary) -> None:
    speaks = path.rpartition(".")[2] in ("fact", "ref") and isinstance(item, str)
    if speaks and vocabulary.is_retired(item):
        raise RuleError(path, _("the question “{code}” is no longer asked").format(code=item))
