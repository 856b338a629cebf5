"""`docs/states.md`: the life of a demand and of a rule, from the tables that the services obey."""

from django.utils.translation import override

from register.codes import StrikeOffReason
from register.lifecycle import DRAFT, PLAIN_WORDS, TRANSITIONS, Transition
from register.models import LIVE_STATES, DemandState

from . import rule_versions
from .markdown import page, table

INTRODUCTION = """\
A demand changes state by the moves below and by no other: `register/lifecycle.py` holds the table,
each service takes its move through it, and every move of a demand appends one event to it. A move
from any other state is refused. A *draft* is not a demand yet: it is its writer's alone, has no
number, counts nowhere, and leaves this state by being sent or erased.

A *live* demand counts in lists and figures and is the only one its applicant may have in a
department."""

DIAGRAM_NOTE = "Moves that leave the state as it is are drawn as loops."
# A draft is no demand yet: no row of the register is in its state (ADR 0008).
STATES = {DRAFT: "Draft, not sent", **dict(DemandState.choices)}


def write() -> str:
    """The page, in English."""
    with override("en"):
        return page(
            "The states of a demand, and of a version of the rules",
            INTRODUCTION,
            f"## Diagram\n\n{DIAGRAM_NOTE}\n\n{_diagram()}",
            f"## States\n\n{_states()}",
            f"## Moves\n\n{_moves()}",
            f"## Why a demand is struck off\n\n{_reasons()}",
            rule_versions.write(),
        )


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {label}" for state, label in STATES.items()]
    lines.append(f"    [*] --> {DRAFT}: begin")
    for move in TRANSITIONS.values():
        for source in move.sources:
            lines.append(f"    {source!s} --> {(move.target or source)!s}: {move.name}")
    lines += [f"    {DemandState.ERASED.value} --> [*]", "```"]
    return "\n".join(lines)


def _states() -> str:
    return table(
        ("State", "Name on screens", "Live", "What the applicant reads"),
        (
            (
                f"`{state}`",
                label,
                "yes" if state in LIVE_STATES else "no",
                PLAIN_WORDS[state],
            )
            for state, label in STATES.items()
        ),
    )


def _moves() -> str:
    return table(
        ("Move", "From", "To", "Who acts", "Event", "Legal basis"),
        (_move(move) for move in TRANSITIONS.values()),
    )


def _move(move: Transition) -> tuple[str, ...]:
    return (
        f"`{move.name}`",
        ", ".join(f"`{source!s}`" for source in move.sources),
        f"`{move.target.value}`" if move.target else "unchanged",
        str(move.actor),
        f"`{move.event.value}` ({move.event.label})" if move.event else "none",
        move.legal_basis,
    )


def _reasons() -> str:
    return "The list is closed (CCH R441-2-8).\n\n" + table(
        ("Code", "Reason"), ((f"`{reason.value}`", reason.label) for reason in StrikeOffReason)
    )
