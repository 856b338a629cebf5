"""Reading documents modules: which papers may be asked for in a situation.

The list is limitative (CCH R441-2-4-1): what is not in it is never asked for. A paper whose
situation is not known yet may be asked for later, once it is.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from .explanation import explain_condition
from .kinds.documents import RequiredDocument
from .reading import Bindings, ReadOnce
from .types import Truth
from .vocabulary import Vocabulary


def weigh(
    documents: Iterable[RequiredDocument],
    vocabulary: Vocabulary,
    bindings: Bindings,
    subject: Any,
    today: date,
) -> list[tuple[RequiredDocument, Truth]]:
    """Each paper with whether the situation calls for it; true for those asked of everybody."""
    row = ReadOnce.of(subject)
    return [
        (
            document,
            Truth.TRUE
            if document.when is None
            else explain_condition(document.when, vocabulary, bindings, row, today).truth,
        )
        for document in documents
    ]
