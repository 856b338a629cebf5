"""Questions modules written during a test, put in force as an editor would put them."""

from typing import Any

from django.utils import timezone

from rules import registry
from rules.disk import parse_package
from rules.installation import install
from rules.models import RuleModuleVersion

BASIS = "Essai"
COLOURS = [
    {"code": code, "label": {"fr": french, "en": code}}
    for code, french in (("red", "rouge"), ("blue", "bleu"), ("green", "vert"))
]


def question(code: str, kind: str, **more: Any) -> dict[str, Any]:
    """A question in its JSON form, with the least that must be said."""
    written = {
        "code": code,
        "type": kind,
        "step": "wishes",
        "field_set": "wishes",
        "label": {"fr": f"Essai {code} ?", "en": f"Test {code}?"},
        "title": {"fr": f"Titre {code}", "en": f"Title {code}"},
        "purpose": {"fr": "Pour l’essai.", "en": "For the test."},
        "legal_basis": BASIS,
    }
    if kind != "text":
        written["fact"] = {"fr": f"la réponse {code}", "en": f"the answer {code}"}
    if kind in ("choice", "choices"):
        written["choices"] = COLOURS
    return {**written, **more}


def every_type(**more: Any) -> list[dict[str, Any]]:
    """One question of each type."""
    kinds = "boolean integer decimal money_month money_year date choice choices text"
    return [question(f"q_{kind}", kind, **more) for kind in kinds.split()]


def manifest(code: str, number: int, kind: str = "questions") -> dict[str, Any]:
    """The card of a module written for a test."""
    text = {"fr": "Essai", "en": "Test"}
    return {
        "code": code,
        "version": number,
        "kind": kind,
        "territory": "",
        "depends": [],
        "author": "Essai",
        "legal_basis": BASIS,
        "title": text,
        "summary": text,
        "chapter": {"number": 5, "title": text},
    }


def install_module(card: dict[str, Any], body: dict[str, Any]) -> RuleModuleVersion:
    """Put a module in force while the program runs; returns its version."""
    vocabulary = registry.vocabulary()
    package = parse_package(card, body, [], vocabulary)
    install([package], vocabulary, timezone.localdate())
    registry.forget()
    return RuleModuleVersion.objects.filter(module__code=card["code"]).latest("pk")


def install_questions(code: str, written: list[dict[str, Any]]) -> RuleModuleVersion:
    """Ask other questions from now on."""
    number = RuleModuleVersion.objects.filter(module__code=code).count() + 1
    return install_module(manifest(code, number), {"questions": written})
