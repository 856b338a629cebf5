"""Small modules on the tiny world's facts, as JSON and as files."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from rules.disk import read_packages
from rules.installation import install
from rules.models import RuleModuleVersion, VersionState

from .world import TODAY, VOCABULARY

BOTH = {"fr": "Titre", "en": "Title"}


def manifest(code: str = "tiny", **changes: Any) -> dict[str, Any]:
    return {
        "code": code,
        "version": 1,
        "kind": "deadlines",
        "territory": "21",
        "depends": [],
        "author": "Somebody",
        "legal_basis": "Article 1",
        "title": {"fr": "Petits délais", "en": "Small delays"},
        "chapter": {"number": 8, "title": {"fr": "Délais", "en": "Delays"}},
        "summary": {"fr": "Résumé", "en": "Summary"},
    } | changes


def deadline(value: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "code": "answer",
        "value": value,
        "unit": "months",
        "from": "deposit",
        "consequence": "none",
        "title": {"fr": "Réponse", "en": "Answer"},
        "explanation": {"fr": "Répondez.", "en": "Answer."},
        "legal_basis": "Article 2",
    } | changes


def answer_in(months: int) -> dict[str, Any]:
    """The body of a module with one delay."""
    return {"deadlines": [deadline(months)]}


def case(months: int) -> dict[str, Any]:
    """A test case of that delay."""
    return {"name": f"{months} months", "deadline": "answer", "expect": f"{months} months"}


def grant(**changes: Any) -> dict[str, Any]:
    return {
        "code": "openers",
        "title": BOTH,
        "legal_basis": "Article 3",
        "principal": {"fact": "principal.kind", "op": "is", "value": "a"},
        "actions": ["view"],
        "row": {"fact": "row.state", "op": "is", "value": "open"},
        "fields": {"identity": "read"},
    } | changes


def field_rule(**changes: Any) -> dict[str, Any]:
    return {
        "code": "readers",
        "title": BOTH,
        "legal_basis": "Article 3",
        "principal": {"fact": "principal.kind", "op": "is", "value": "a"},
        "row": {"fact": "row.state", "op": "is", "value": "open"},
        "levels": {"identity": "read"},
    } | changes


GUARD = {
    "code": "urgent",
    "title": BOTH,
    "legal_basis": "Article 4",
    "actions": "*",
    "deny_when": {"fact": "row.urgent", "op": "is", "value": True},
}


def write(root: Path, manifest: dict[str, Any], body: Any, tests: Any = ()) -> Path:
    folder = root / manifest["code"]
    folder.mkdir(exist_ok=True)
    for name, data in (("manifest", manifest), ("body", body), ("tests", list(tests))):
        (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def install_from(root: Path, today: date = TODAY) -> list[Any]:
    return [r.change for r in install(read_packages(root, VOCABULARY), VOCABULARY, today)]


def deliver(root: Path, months: int = 1, version: int = 1, *, tests: Any = (), **card: Any) -> Any:
    """Install a version of the module with one delay; what installing did."""
    write(root, manifest(version=version, **card), answer_in(months), tests)
    (change,) = install_from(root)
    return change


def in_force() -> RuleModuleVersion:
    """The one version in force of the tiny module."""
    return RuleModuleVersion.objects.get(module__code="tiny", state=VersionState.IN_FORCE)
