"""Automatic rules for tests: a module written in a few words, installed and put in force."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from rules import registry
from rules.disk import read_package
from rules.installation import install

BOTH = {"fr": "Texte", "en": "Text"}
TASK = {"do": "task", "to": "registering", "title": {"fr": "À faire", "en": "To do"}}


def rule(code: str = "one", **changes: Any) -> dict[str, Any]:
    """A rule that gives a task at each internal note."""
    return {
        "code": code,
        "title": BOTH,
        "explanation": BOTH,
        "legal_basis": "Article 1",
        "trigger": {"event": "note"},
        "actions": [TASK],
        "mode": "active",
        "quota": 100,
    } | changes


def put_in_force(
    folder: Path, *rules: dict[str, Any], version: int = 1, code: str = "auto"
) -> None:
    """Install a module of these rules from a folder."""
    place = folder / code
    place.mkdir(exist_ok=True)
    manifest = {
        "code": code,
        "version": version,
        "kind": "automation",
        "territory": "21",
        "depends": [],
        "author": "Somebody",
        "legal_basis": "Article 1",
        "title": BOTH,
        "chapter": {"number": 3, "title": BOTH},
        "summary": BOTH,
    }
    for name, content in (("manifest", manifest), ("body", {"rules": rules}), ("tests", [])):
        (place / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    package = read_package(place, registry.vocabulary())
    install([package], registry.vocabulary(), date(2026, 1, 1))
    registry.forget()
