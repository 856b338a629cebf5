"""The modules, and one module: its rules in words, its test cases, what its draft changes."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from register.services.simulation import can_simulate
from rules import registry
from rules.bases import overtaken_by
from rules.difference import Difference, Sentence
from rules.editor import shelf
from rules.editor.context import title_of
from rules.editor.kinds import sections
from rules.editor.kinds.sections import Section
from rules.errors import RuleError
from rules.manifest import SIGNATORIES
from rules.models import RuleModuleVersion, VersionState
from rules.publication import Published
from rules.signatures import given, missing, required

from .pages import draft_or_404, module_crumb, page
from .permissions import rule_editors


@dataclass(frozen=True)
class Row:
    """A rule of the list: its place, its name, and how it is published."""

    number: int
    name: str
    published: Published | None
    fault: str = ""


@rule_editors("GET")
def index(request: HttpRequest) -> HttpResponse:
    """Every module, with the version in force and the one that is being written."""
    unread = registry.problems()
    return page(request, "index", _("Rules"), [], entries=shelf.entries(), unread=unread)


@rule_editors("GET")
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One module: the draft when there is one, else the version in force."""
    return module_page(request, code)


def module_page(request: HttpRequest, code: str, *, reason: str = "") -> HttpResponse:
    """The page of a module, with the `reason` that was typed for giving its draft up."""
    version = shelf.draft(code) or shelf.in_force(code) or shelf.newest(code)
    if version is None:
        raise Http404
    words, problem = in_words(version)
    left = list(words)
    return page(
        request,
        "module",
        shelf.title(version),
        [{"url": "", "label": shelf.title(version)}],
        version=version,
        token=version.edit_token,
        reason=reason,
        editable=version.state in (VersionState.DRAFT, VersionState.IN_REVIEW),
        in_review=version.state == VersionState.IN_REVIEW,
        in_force=shelf.in_force(code),
        overtaken=overtaken_by(version),
        can_simulate=can_simulate(version.module.kind),
        problem=problem,
        lists=[
            {"section": each, "rows": _rows(version, each, left)}
            for each in sections(version.module.kind)
        ],
        words=words,
        cases=_cases(version),
        tests=shelf.section(version, shelf.TESTS),
        signatures=_signatures(version),
        versions=shelf.versions(code),
        delivered=shelf.delivered(code),
        journal=shelf.journal(version),
    )


@rule_editors("GET")
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """What the draft changes, in words, from the version in force."""
    version = draft_or_404(code)
    in_force, overtaken = shelf.in_force(code), overtaken_by(version)
    found, meanwhile, problem = None, None, ""
    try:
        found = shelf.changes(in_force, version)
        meanwhile = shelf.changes(version.based_on, overtaken) if overtaken else None
    except RuleError as error:
        problem = str(error)
    return page(
        request,
        "changes",
        _("What the draft changes"),
        [module_crumb(version), {"url": "", "label": _("What the draft changes")}],
        version=version,
        in_force=in_force,
        overtaken=overtaken,
        meanwhile=told(meanwhile),
        told=told(found),
        problem=problem,
    )


def told(found: Difference | None) -> dict[str, Any]:
    """A difference, and what each of its sentences said and says."""
    sentences = [(each, _statements(each)) for each in found.sentences] if found else []
    return {"difference": found, "sentences": sentences}


def _statements(sentence: Sentence) -> list[tuple[str, str, str]]:
    """Heading, before and after of each statement that is not the same."""
    before, after = _ranked(sentence.before), _ranked(sentence.after)
    return [
        (heading, before.get((heading, rank), ""), after.get((heading, rank), ""))
        for heading, rank in dict.fromkeys([*before, *after])
        if before.get((heading, rank)) != after.get((heading, rank))
    ]


def _ranked(told: tuple[tuple[str, str], ...]) -> dict[tuple[str, int], str]:
    """Statements by heading and rank: a heading may come several times."""
    found: dict[tuple[str, int], str] = {}
    for heading, text in told:
        found[heading, sum(known == heading for known, _rank in found)] = text
    return found


def in_words(version: RuleModuleVersion) -> tuple[list[Published], str]:
    """Its rules as they are published; apart, why it cannot be read."""
    try:
        return shelf.in_words(version), ""
    except RuleError as error:
        return [], str(error)


def _rows(version: RuleModuleVersion, section: Section, words: list[Published]) -> list[Row]:
    """The rules of a section; two sections may use one code, in the order of the module."""
    rules = shelf.rules_of(version, section.key)
    if section.whole:
        return [_whole(version, section) for _rule in rules]
    rows = []
    for number, rule in enumerate(rules, start=1):
        found = next((each for each in words if each.code == rule.get("code")), None)
        if found:
            words.remove(found)
        rows.append(Row(number, found.title if found else title_of(rule), found))
    return rows


def _whole(version: RuleModuleVersion, section: Section) -> Row:
    """What holds for the whole module, as one row."""
    title = str(section.title)
    try:
        return Row(1, title, Published("", title, "", None, shelf.in_general(version)))
    except RuleError:
        return Row(1, title, None)


def _cases(version: RuleModuleVersion) -> list[Row]:
    try:
        tried = list(shelf.tried(version))
    except RuleError as error:
        tried = [(case.get("name", ""), str(error)) for case in version.tests]
    return [Row(at, name, None, fault) for at, (name, fault) in enumerate(tried, start=1)]


def _signatures(version: RuleModuleVersion) -> list[dict[str, Any]]:
    absent = missing(version) if given(version) else required(version)
    return [
        {"party": SIGNATORIES[party], "signed": party not in absent} for party in required(version)
    ]
