"""The forms of the rules that are shipped, as a browser shows and sends them."""

import json
from pathlib import Path
from typing import Any

from rules.disk import MODULES
from rules.editor import kinds
from rules.editor.context import editing
from rules.editor.form import NAME, RuleForm, rule_block
from rules.editor.kinds.sections import Section
from tests.posting import as_posted


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def shown_sections(kind: str) -> list[Section]:
    cases = kinds.cases(kind)
    return [*kinds.sections(kind), *([cases] if cases else [])]


def changed_case(module: str, key: str, number: int, **sent: str) -> RuleForm:
    """A rule as it is shipped, of which some fields are sent otherwise."""
    folder = MODULES / module
    manifest, body = read(folder / "manifest.json"), read(folder / "body.json")
    section = next(s for s in shown_sections(manifest["kind"]) if s.key == key)
    rule = {**body, "tests": read(folder / "tests.json")}[key][number]
    with editing(manifest, body):
        block = rule_block(tuple(section.fields))
        shown = RuleForm(section.fields, rule, f"{key}[{number}]")
        posted = as_posted(block, block.get_form_state(shown.initial[NAME]), NAME)
        for name, value in sent.items():
            assert f"{NAME}-{name}" in posted
            posted[f"{NAME}-{name}"] = value
        form = RuleForm(section.fields, rule, f"{key}[{number}]", posted)
        form.is_valid()
    return form
