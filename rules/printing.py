"""What `manage.py rules` prints, in words."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from .difference import Change, Difference, Sentence

LONGEST = 100
MARKS = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~"}


def difference_lines(found: Difference) -> Iterator[str]:
    """A difference between two versions: in published sentences, then in data."""
    if found.is_empty:
        yield _("nothing differs")
        return
    yield from _titled(_("Published rules"), map(_sentence, found.sentences))
    yield from _titled(
        _("Parameters"), (f"{MARKS[change]} {code}" for change, code in found.parameters)
    )
    yield from _titled(_("Test cases"), (f"{MARKS[change]} {name}" for change, name in found.tests))
    yield from _titled(
        _("Data"),
        (
            f"{MARKS[value.change]} {value.path}: {_short(value.before)} → {_short(value.after)}"
            for value in found.values
        ),
    )


def _titled(title: str, lines: Iterator[str]) -> Iterator[str]:
    shown = list(lines)
    yield f"{title} ({len(shown)})"
    for line in shown:
        yield f"  {line}"


def _sentence(sentence: Sentence) -> str:
    lines = [f"{MARKS[sentence.change]} {sentence.title}"]
    lines += [f"- {_part(*part)}" for part in sentence.gone]
    lines += [f"+ {_part(*part)}" for part in sentence.new]
    return "\n      ".join(lines)


def _part(heading: str, text: str) -> str:
    return _("{heading}: {text}").format(heading=heading, text=text) if heading else text


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
