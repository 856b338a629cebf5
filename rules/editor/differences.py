"""What a draft changes, in words: rules added, taken out, and what is said otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.publication import Published

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Said:
    """One statement of a rule before and after; empty where there is none."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """One rule that is not the same."""

    change: str
    code: str
    title: str
    statements: tuple[Said, ...] = ()


def differences(
    before: Mapping[str, Published], after: Mapping[str, Published]
) -> list[Difference]:
    """The rules that are not said the same, in the order of the draft; those taken out last."""
    found = [
        difference
        for code, rule in after.items()
        if (difference := _compared(before.get(code), rule)) is not None
    ]
    gone = [rule for code, rule in before.items() if code not in after]
    return found + [Difference(REMOVED, rule.code, rule.title, _said(rule, None)) for rule in gone]


def _compared(before: Published | None, after: Published) -> Difference | None:
    if before is None:
        return Difference(ADDED, after.code, after.title, _said(None, after))
    statements = tuple(said for said in _said(before, after) if said.before != said.after)
    return Difference(CHANGED, after.code, after.title, statements) if statements else None


def _said(before: Published | None, after: Published | None) -> tuple[Said, ...]:
    old, new = _statements(before), _statements(after)
    return tuple(
        Said(heading, old.get((heading, nth), ""), new.get((heading, nth), ""))
        for heading, nth in dict.fromkeys([*old, *new])
    )


def _statements(rule: Published | None) -> dict[tuple[str, int], str]:
    """Statements by heading; a heading may come several times."""
    if rule is None:
        return {}
    found: dict[tuple[str, int], str] = {}
    for heading, text in (("", rule.title), *rule.parts, ("", rule.legal_basis)):
        nth = sum(1 for known, _number in found if known == heading)
        found[heading, nth] = text
    return found
