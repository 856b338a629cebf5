"""The section of `docs/states.md` on the life of a version of a rule module."""

from rules.life import MOVES, Move
from rules.models import GOVERNING_STATES, OPEN_STATES, VersionState

from .markdown import table

INTRODUCTION = """\
Rules of the charter live in versions. `rules/life.py` holds the table of their moves and
`rules/drafts.py` takes them, each under the lock of its module and with one row in a journal that
is only ever added to. A version is written while it is a draft; from the review on its content is
frozen, and a change makes it a draft again and voids the signatures. What is or was in force never
changes: going back is a new version with the old content."""

MEANING: dict[VersionState, str] = {
    VersionState.DRAFT: "Being written; one per module at most.",
    VersionState.IN_REVIEW: "Frozen; the partners that the module names sign it or refuse it.",
    VersionState.SCHEDULED: "Signed by all; in force from its day, even if no worker runs.",
    VersionState.IN_FORCE: "What the register executes; one per module at most.",
    VersionState.SUPERSEDED: "Was in force; decisions of the time refer to it.",
    VersionState.WITHDRAWN: "Given up before it was in force.",
    VersionState.DELIVERED: "Came with the software while a version written here is in force.",
}


def write() -> str:
    """The section, in the active language."""
    return "\n\n".join(
        (
            f"## The life of a version of the rules\n\n{INTRODUCTION}",
            _diagram(),
            table(
                ("State", "Name on screens", "Open", "Governs a day", "Meaning"),
                (
                    (
                        f"`{state.value}`",
                        state.label,
                        "yes" if state in OPEN_STATES else "no",
                        "yes" if state in GOVERNING_STATES else "no",
                        MEANING[state],
                    )
                    for state in VersionState
                ),
            ),
            table(("Move", "What it is", "From", "To", "Who"), map(_move, MOVES.values())),
        )
    )


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.value}: {state.label}" for state in VersionState]
    for move in MOVES.values():
        for source in move.sources or ("[*]",):
            lines.append(f"    {source} --> {move.target or source}: {move.name}")
    return "\n".join([*lines, "```"])


def _move(move: Move) -> tuple[str, ...]:
    return (
        f"`{move.name}`",
        str(move.label),
        ", ".join(f"`{source.value}`" for source in move.sources),
        f"`{move.target.value}`" if move.target else "unchanged",
        str(move.actor),
    )
