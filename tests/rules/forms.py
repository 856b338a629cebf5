"""The forms of the rules that are shipped, as a browser shows and sends them."""

import json
from pathlib import Path
from typing import Any

from django.http import QueryDict

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


def shown_rules(section: Section, lists: dict[str, Any]) -> list[tuple[str, Any]]:
    """The rules that have this form in a module, each with its path."""
    if section.whole:
        keys = [field.key for field in section.fields]
        return [("", {key: lists[key] for key in keys if key in lists})]
    return [(f"{section.key}[{at}]", rule) for at, rule in enumerate(lists.get(section.key, []))]


def sent_from(fields: Any, rule: Any, path: str) -> QueryDict:
    """What a browser sends of the form of a rule that nobody changed."""
    block = rule_block(tuple(fields))
    return as_posted(block, block.get_form_state(RuleForm(fields, rule, path).initial[NAME]), NAME)


def changed_case(module: str, key: str, number: int, **sent: str) -> RuleForm:
    """A rule as it is shipped, of which some fields are sent otherwise."""
    folder = MODULES / module
    manifest, body = read(folder / "manifest.json"), read(folder / "body.json")
    section = next(s for s in shown_sections(manifest["kind"]) if s.key == key)
    lists = {**body, "tests": read(folder / "tests.json")}
    with editing(manifest, body):
        path, rule = shown_rules(section, lists)[number]
        posted = sent_from(section.fields, rule, path)
        for name, value in sent.items():
            assert f"{NAME}-{name}" in posted
            posted[f"{NAME}-{name}"] = value
        form = RuleForm(section.fields, rule, path, posted)
        form.is_valid()
    return form
