"""The kinds of rule modules: each parses and validates the body of its modules."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.errors import RuleError
from rules.vocabulary import Vocabulary

from . import deadlines, documents, fields, letters, rights

Body = rights.Rights | fields.Fields | deadlines.Deadlines | documents.Documents | letters.Letters

PARSERS: Mapping[str, Callable[[Any, Vocabulary], Body]] = {
    "rights": rights.parse,
    "fields": fields.parse,
    "deadlines": deadlines.parse,
    "documents": documents.parse,
    "letters": letters.parse,
}


def parse_body(kind: str, data: Any, vocabulary: Vocabulary) -> Body:
    """The typed body of a module; RuleError when the kind or anything in it is not acceptable."""
    if kind not in PARSERS:
        raise RuleError("kind", _("“{kind}” is not a kind of module").format(kind=kind))
    return PARSERS[kind](data, vocabulary)
