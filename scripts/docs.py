"""Writes the pages of `docs/` that the code knows better than we do: states and rights.

Usage: python -m scripts.docs. A test fails when a page no longer says what the code does.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NOTICE = "<!-- Written by `make docs` from the code: change the code, not this page. -->\n\n"


def pages() -> dict[str, str]:
    """Each generated page by its path, as it should be now."""
    from django.utils.translation import override

    with override("en"):
        return {"docs/states.md": states_page(), "docs/rights.md": rights_page()}


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _cell in head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def states_page() -> str:
    """The life of a demand: states, moves, diagram."""
    from register.lifecycle import PLAIN_WORDS, TRANSITIONS
    from register.models import DemandState

    states = [(f"`{s.value}`", str(s.label), str(PLAIN_WORDS[s])) for s in DemandState]
    moves, arrows = [], ["    [*] --> awaiting_check: submit"]
    for move in TRANSITIONS.values():
        sources = ", ".join(f"`{source.value}`" for source in move.sources)
        target = f"`{move.target.value}`" if move.target else "unchanged"
        moves.append((f"`{move.name}`", sources, target, str(move.actor), move.legal_basis))
        arrows += [
            f"    {source.value} --> {(move.target or source).value}: {move.name}"
            for source in move.sources
        ]
    return (
        f"# The life of a demand\n\n{NOTICE}"
        "Only the moves of this table exist (`register/lifecycle.py`); each appends an event that\n"
        "says who took it, for which organisation and why.\n\n"
        "```mermaid\nstateDiagram-v2\n" + "\n".join(arrows) + "\n```\n\n"
        "## States\n\n"
        + table(("State", "On screen", "Told to the applicant"), states)
        + "\n## Moves\n\n"
        + table(("Move", "From", "To", "Who", "Source"), moves)
    )


def rights_page() -> str:
    """Who may do what on which demands, as the rights modules on disk say."""
    return (
        f"# Who may do what\n\n{NOTICE}"
        "Read from the rights modules of `rules/modules/`. A grant opens (any of them is enough),\n"
        "a guard takes away (each of them counts), and nothing else gives any right. The public\n"
        "site publishes the same rules from the same files, in French.\n\n"
        + "\n".join(_rights_modules())
    )


def _rights_modules() -> Iterator[str]:
    from register.access import vocabulary
    from rules.disk import MODULES, read_packages
    from rules.kinds.rights import Rights

    for package in read_packages(MODULES, vocabulary()):
        if isinstance(package.body, Rights):
            manifest = package.manifest
            yield f"## {manifest.title} (`{manifest.code}`, version {manifest.version})\n"
            yield from map(_rule, package.body.items)


def _rule(rule: Any) -> str:
    """One grant or guard: title, source, and its conditions as the published sentences."""
    from register.access import vocabulary
    from rules.kinds.rights import Action, Grant
    from rules.sentences import sentence

    def told(condition: Any) -> str:
        """The published sentence, its list written as Markdown's."""
        plain = sentence(condition, vocabulary())
        return re.sub(r"\n(\u2003*)– ", lambda m: "\n  " + "  " * len(m[1]) + "- ", plain)

    is_grant = isinstance(rule, Grant)
    lines = [f"### {'Grant' if is_grant else 'Guard'}: {rule.title}\n"]
    lines.append(f"Source: {rule.legal_basis}. Code: `{rule.code}`.\n")
    if is_grant:
        lines.append(f"- Who: {told(rule.principal)}")
        lines.append(f"- Which demands: {told(rule.row)}")
    else:
        lines.append(f"- Takes away when: {told(rule.deny_when)}")
    lines.append("- Actions: " + ", ".join(f"`{a.value}`" for a in Action if a in rule.actions))
    if is_grant and rule.fields:
        opened = ", ".join(f"{name.value} ({level.value})" for name, level in rule.fields.items())
        lines.append(f"- Information: {opened}")
    return "\n".join(lines) + "\n"


def main() -> int:
    sys.path.insert(0, str(ROOT / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    import django

    django.setup()
    for name, content in pages().items():
        (ROOT / name).write_text(content, encoding="utf-8")
        print(f"written: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
