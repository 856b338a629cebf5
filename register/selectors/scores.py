"""The score of one demand: what a grid gives it, why, and what is still provisional."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import capfirst

from register import access, clock, codes
from register.access import FieldRights
from register.models import Demand
from register.parameters import parameter_bindings
from register.scoring import grid_of
from register.selectors.missing import LABELS, Lack, incomes_to_update
from register.selectors.priorities import read_by, reads_resources, tells_resources
from rules import registry
from rules.conditions import facts_used
from rules.kinds.scoring import Grid
from rules.number_sentences import signed
from rules.publication.scoring import points_text, proof_text, tie_break_text
from rules.registry import Installed
from rules.scoring import CriterionScore, Score, score
from rules.sentences import sentence


@dataclass(frozen=True)
class Line:
    """A criterion that is met, or that the file does not tell, in words."""

    code: str
    title: str
    points: str
    rule: str
    proof: str
    counts: bool
    is_proved: bool
    missing: tuple[str, ...] = ()
    # That the incomes it reads are of years that count no more; empty otherwise.
    to_update: str = ""


@dataclass(frozen=True)
class ScoreView:
    """The score of a demand on a day, as a file or an applicant's space shows it.

    `unmet` are the criteria that were looked at and give nothing. `is_withheld`: the detail would
    say what the reader may not know, and is not told.
    """

    points: Decimal
    total: str
    proved: str
    is_provisional: bool
    applies: bool
    earned: tuple[Line, ...]
    unknown: tuple[Line, ...]
    unmet: tuple[Line, ...]
    tie_break: str
    title: str
    module: str
    version: int
    on: date
    is_withheld: bool = False

    @property
    def count(self) -> int:
        """How many points, without a sign: for the plural of the language."""
        return int(abs(self.points))


def score_of(demand: Demand, rights: FieldRights) -> ScoreView | None:
    """The score of a demand for somebody who may read it; None without a grid, or without right.

    None for an association too: grids weigh the situation of a household (CCH L441-1).

    A criterion that would tell a violence, a disability or the resources to somebody who may not
    know is left out. When it counts, so is the whole detail: with the rest of the detail, the total
    would tell it by subtraction.
    """
    if not rights.can_read("score") or demand.is_association:
        return None
    installed = grid_of(demand.department_id)
    if installed is None:
        return None
    today = clock.today()
    found = weigh(demand, installed, today)
    lines, withheld = told_of(found, rights.can_read)
    is_old = incomes_to_update(demand)
    return ScoreView(
        points=found.total,
        total=signed(plain(found.total)),
        proved=signed(plain(found.proved)),
        is_provisional=found.is_provisional,
        applies=found.applies,
        earned=_lines(
            (line for line in lines if line.is_earned and not withheld), installed, is_old
        ),
        unknown=_lines((line for line in lines if line.missing), installed, is_old),
        unmet=_lines((line for line in lines if line.is_unmet and not withheld), installed, is_old),
        tie_break=tie_break_text(installed.body.tie_break, access.vocabulary()),
        title=str(installed.title),
        module=installed.code,
        version=installed.number,
        on=today,
        is_withheld=withheld,
    )


def weigh(demand: Demand, installed: Installed[Grid], on: date) -> Score:
    """The score of a demand by a version of a grid on a day, with everything that was weighed."""
    bindings = parameter_bindings(demand.department_id, on)
    return score(installed.body, access.vocabulary(), bindings, demand, on)


def _lines(
    found: Iterable[CriterionScore], installed: Installed[Grid], is_old: bool
) -> tuple[Line, ...]:
    vocabulary = access.vocabulary()
    return tuple(
        Line(
            code=line.criterion.code,
            title=str(line.criterion.title),
            points=signed(plain(line.points))
            if line.is_earned
            else points_text(line.criterion.points, vocabulary),
            rule=sentence(line.criterion.when, vocabulary),
            proof=proof_text(line.criterion.proof, installed.body, vocabulary),
            counts=line.counts,
            is_proved=line.is_proved,
            missing=tuple(capfirst(str(fact.label)) for fact in line.missing),
            to_update=str(LABELS[Lack.OLD_INCOME]) if is_old and _reads_tax_incomes(line) else "",
        )
        for line in found
    )


def _reads_tax_incomes(line: CriterionScore) -> bool:
    return any(fact.code in _OF_TAX_INCOMES for fact in read_by(line.criterion.when))


_OF_TAX_INCOMES = frozenset({"demand.annual_income", "demand.income_per_unit"})
_TELLING = frozenset(str(code) for code in codes.SENSITIVE_LABELS | codes.SENSITIVE_REASONS)
_HEALTH_FACTS = frozenset({"demand.has_disability"})


def told_of(found: Score, can_read: Callable[[str], bool]) -> tuple[list[CriterionScore], bool]:
    """The lines that may be told to whoever reads this data, and whether one that counts may not.

    The detail is then withheld as a whole: a total and the rest of its lines tell the missing one.
    """
    lines = [line for line in found.criteria if _may_be_told(line, can_read)]
    return lines, any(
        line.is_earned and line.counts and line not in lines for line in found.criteria
    )


def _may_be_told(line: CriterionScore, can_read: Callable[[str], bool]) -> bool:
    spoken, when = _codes(line), line.criterion.when
    if not can_read("resources") and (tells_resources(when) or spoken & _from_resources()):
        return False
    if can_read("health"):
        return True
    return not spoken & _TELLING and not facts_used(when) & _HEALTH_FACTS


def _from_resources() -> set[str]:
    """The priorities that rules notice from what a household lives on."""
    return {
        rule.code
        for module in registry.in_force("priority")
        for rule in module.body.priorities
        if reads_resources(rule)
    }


def _codes(line: CriterionScore) -> set[str]:
    found: set[str] = set()
    for trace in (*line.when.comparisons(), *line.proof.comparisons()):
        if isinstance(trace.expected, frozenset):
            found |= trace.expected
    return found


def plain(points: Decimal) -> Decimal | int:
    """Points without decimals that say nothing."""
    return int(points) if points == int(points) else points
