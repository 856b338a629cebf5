"""Test cases of letters modules: a text, a language and values; what its reader reads.

`"part": "subject"` looks at the subject; otherwise at one paragraph of the body, the first unless
`"paragraph"` says which.
"""

from datetime import date
from typing import Any

from django.utils.translation import override

from rules.errors import RuleError
from rules.kinds.letters import LANGUAGES, Letters
from rules.kinds.parts import mapping
from rules.letters import MissingValue, fill
from rules.lists import ValueType
from rules.vocabulary import Vocabulary


def answer(body: Letters, case: Any, path: str, vocabulary: Vocabulary, today: date) -> str | None:
    """What the text gives when it is not what the case expects."""
    mapping(case, path, {"name", "letter", "language", "values", "expect"}, {"part", "paragraph"})
    letter, language = body.get(case["letter"]), case["language"]
    if letter is None or language not in LANGUAGES:
        return ""
    values = {
        name: _typed(name, value, vocabulary, f"{path}.values.{name}")
        for name, value in case["values"].items()
    }
    try:
        with override(language):
            filled = fill(letter, language, values, vocabulary)
    except MissingValue as missing:
        found = f"{missing.args[0]}?"
    else:
        paragraphs = filled.text.split("\n\n")
        chosen = int(case.get("paragraph", 1)) - 1
        body_text = paragraphs[chosen] if chosen < len(paragraphs) else ""
        found = filled.subject if case.get("part") == "subject" else body_text
    return None if found == case["expect"] else found


def _typed(name: str, value: Any, vocabulary: Vocabulary, path: str) -> Any:
    placeholder = vocabulary.lists.placeholders.get(name)
    if placeholder is None or placeholder.type is not ValueType.DATE:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise RuleError(path, f"“{value}”") from None
