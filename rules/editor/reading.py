"""The sentence of a rule while it is being edited, or what keeps it from being read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from rules import registry
from rules.cases import failures
from rules.errors import RuleError
from rules.kinds import parse_body
from rules.publication import Parts, Published, general, publish

from .context import title_of
from .form import NAME, RuleForm
from .kinds.sections import Section
from .shelf import TESTS

MOST_FAULTS = 5


@dataclass(frozen=True)
class Reading:
    """A rule in words: its statements under their headings; or what is missing for that."""

    title: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    legal_basis: str = ""
    faults: tuple[str, ...] = ()


def read(
    kind: str, body: Mapping[str, Any], section: Section, number: int, form: RuleForm
) -> Reading:
    """What the form says, whether it was sent or not."""
    rule = form.old
    if form.is_bound:
        if not form.is_valid():
            return Reading(faults=_faults(form))
        rule = form.written
    if not rule:
        return Reading(faults=(_("Nothing is filled in yet."),))
    try:
        if section.key == TESTS:
            return _tried(kind, body, rule)
        return _published(kind, body, section, number, rule)
    except RuleError as error:
        if form.is_bound:
            form.refuse(error)
        return Reading(faults=(str(error.message),))


def _published(
    kind: str, body: Mapping[str, Any], section: Section, number: int, rule: dict[str, Any]
) -> Reading:
    if section.whole:
        changed = rule
    else:
        rules = list(body.get(section.key, ()))
        rules[number - 1 : number] = [rule]
        changed = {section.key: rules}
    vocabulary = registry.vocabulary()
    parsed = parse_body(kind, {**body, **changed}, vocabulary)
    found = {each.code: each for each in publish(kind, parsed, vocabulary)}
    if section.whole:
        return _whole(section, rule, found, general(kind, parsed, vocabulary))
    if own := found.get(rule.get("code", "")):
        return Reading(own.title, own.parts, own.legal_basis)
    # A section of a grid is published criterion by criterion.
    inner = [found[item["code"]] for item in rule.get("criteria", ()) if item["code"] in found]
    parts = tuple((each.title, " ".join(text for _h, text in each.parts)) for each in inner)
    return Reading(title_of(rule), parts)


def _whole(
    section: Section, rule: Mapping[str, Any], published: Mapping[str, Published], said: Parts
) -> Reading:
    """What holds for the whole of a module: the rules in it in their words, then the rest."""
    codes = [str(part.get("code")) for part in rule.values() if isinstance(part, dict)]
    inner = [published[code] for code in codes if code in published]
    told = [(own.title, " ".join(text for _h, text in own.parts)) for own in inner]
    return Reading(str(section.title), (*told, *said))


def _tried(kind: str, body: Mapping[str, Any], case: dict[str, Any]) -> Reading:
    vocabulary = registry.vocabulary()
    parsed = parse_body(kind, dict(body), vocabulary)
    wrong = list(failures(kind, parsed, [case], vocabulary, timezone.localdate()))
    said = " ".join(wrong) or _("The rules of the draft give what this case expects.")
    return Reading(title=str(case.get("name", "")), parts=((_("Result"), said),))


def _faults(form: RuleForm) -> tuple[str, ...]:
    found = [message for messages in form.compiler.faults.values() for message in messages]
    found += [str(message) for message in form.non_field_errors()]
    if not found:
        found = [str(message) for message in form.errors.get(NAME, [])]
    return tuple(dict.fromkeys(found))[:MOST_FAULTS]
