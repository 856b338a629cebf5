"""`docs/states.md`: the life of a demand and of a rule, from the tables that the services obey."""

from django.utils.translation import override

from register.codes import StrikeOffReason
from register.lifecycle import PLAIN_WORDS, TRANSITIONS, Transition
from register.models import LIVE_STATES, DemandState, EventKind

from . import rule_versions
from .markdown import page, table

INTRODUCTION = """\
A demand changes state by the moves below and by no other: `register/lifecycle.py` holds the table,
each service takes its move through it, and every move appends one event to the demand. A move from
any other state is refused.

A *live* demand counts in lists and figures and is the only one its applicant may have in a
department."""

DIAGRAM_NOTE = "Moves that leave the state as it is are drawn as loops."


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
    lines += [f"    {state.value}: {state.label}" for state in DemandState]
    lines.append(f"    [*] --> {DemandState.AWAITING_CHECK.value}: submit")
    for move in TRANSITIONS.values():
        for source in move.sources:
            lines.append(f"    {source.value} --> {(move.target or source).value}: {move.name}")
    lines += [f"    {DemandState.ERASED.value} --> [*]", "```"]
    return "\n".join(lines)


def _states() -> str:
    return table(
        ("State", "Name on screens", "Live", "What the applicant reads"),
        (
            (
                f"`{state.value}`",
                state.label,
                "yes" if state in LIVE_STATES else "no",
                PLAIN_WORDS[state],
            )
            for state in DemandState
        ),
    )


def _moves() -> str:
    first = (
        "`submit`",
        "",
        f"`{DemandState.AWAITING_CHECK.value}`",
        "Applicant online, the register when it takes over an earlier demand, or a counter out of "
        "another demand (separation, other department)",
        f"`{EventKind.SUBMITTED.value}` ({EventKind.SUBMITTED.label})",
        "CCH R441-2-1 to R441-2-4",
    )
    return table(
        ("Move", "From", "To", "Who acts", "Event", "Legal basis"),
        (first, *(_move(move) for move in TRANSITIONS.values())),
    )


def _move(move: Transition) -> tuple[str, ...]:
    return (
        f"`{move.name}`",
        ", ".join(f"`{source.value}`" for source in move.sources),
        f"`{move.target.value}`" if move.target else "unchanged",
        str(move.actor),
        f"`{move.event.value}` ({move.event.label})",
        move.legal_basis,
    )


def _reasons() -> str:
    return "The list is closed (CCH R441-2-8).\n\n" + table(
        ("Code", "Reason"), ((f"`{reason.value}`", reason.label) for reason in StrikeOffReason)
    )
