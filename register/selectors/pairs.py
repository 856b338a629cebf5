"""Pairs of demands that may be one person's, for those who keep both up to date (R441-2-3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from register import access, clock
from register.access import Action
from register.duplicates.comparison import Agreement
from register.duplicates.model import compare
from register.models import LIVE_STATES, Demand, DemandState, DuplicatePair, Identity, PairStatus
from register.principals import Principal, PrincipalKind
from register.selectors.declaration import Told
from register.selectors.file import DemandFile, read_file
from register.selectors.merges import brings_identity, why_not
from register.selectors.not_kept import Declared, NotKept, by_part, hidden, not_kept, read
from register.selectors.people import PersonView
from register.selectors.worklist_lines import WorklistRow, read_lines
from register.services.identities import compared

PAGE_SIZE = 25


@dataclass(frozen=True)
class PairLine:
    """A pair as a line of the list; names that the reader may not read are empty."""

    pair: DuplicatePair
    first: WorklistRow
    second: WorklistRow


@dataclass(frozen=True)
class PairPage:
    """One page of the list, and how many there are: in it, put off until a later day, merged."""

    lines: list[PairLine]
    number: int
    count: int
    put_off: int
    merged: int

    @property
    def has_next(self) -> bool:
        """True when another page follows."""
        return self.number * PAGE_SIZE < self.count


@dataclass(frozen=True)
class Side:
    """One demand of a pair: its file as the reader may see it, and who of it is compared.

    `told` are the answers of its declaration that the reader may read.
    """

    file: DemandFile
    person: PersonView | None
    told: list[Told]


@dataclass(frozen=True)
class Choice:
    """What merging into one demand of a pair would do, told before anybody acts.

    `refusal` is why it may not go on for both; `parts` what the other says and would not be kept,
    under the titles of the file; `hidden` the parts that the reader may not compare.
    """

    demand: Demand
    refusal: str
    brings_identity: bool
    parts: list[tuple[str, list[NotKept]]]
    hidden: list[str]

    @property
    def count(self) -> int:
        """How many answers, people and papers would not be kept."""
        return sum(len(lost) for _title, lost in self.parts)


@dataclass(frozen=True)
class PairView:
    """Two demands side by side. `agreements` says what each compared field does, by its code."""

    pair: DuplicatePair
    first: Side
    second: Side
    agreements: Mapping[str, Agreement]
    choices: tuple[Choice, ...]


def reviewable(principal: Principal) -> QuerySet[DuplicatePair]:
    """The pairs whose two demands the member keeps up to date: one of them alone opens nothing.

    The manager reviews its territory, a counter the demands that it registered (R441-2-1): the
    right is the one to edit, on both.
    """
    if principal.kind is not PrincipalKind.MEMBERSHIP:
        return DuplicatePair.objects.none()
    kept = access.scope(principal, Action.EDIT)
    return DuplicatePair.objects.filter(first__in=kept, second__in=kept)


def waiting(principal: Principal) -> QuerySet[DuplicatePair]:
    """Those to be reviewed today: both demands are live, and nobody put the pair off."""
    return _to_review(principal).filter(~_is_later()).order_by("-probability", "pk")


def merged(principal: Principal) -> QuerySet[DuplicatePair]:
    """Those that were merged and may be parted again, the latest first."""
    found = reviewable(principal).filter(
        Q(first__state=DemandState.MERGED) | Q(second__state=DemandState.MERGED),
        status=PairStatus.MERGED,
    )
    return found.order_by("-judged_at", "-pk")


def read_pairs(principal: Principal, number: int, *, of_merged: bool = False) -> PairPage:
    """One page of those to be reviewed, the most likely first, or of the merged ones, from 1 on."""
    found, start = (merged if of_merged else waiting)(principal), (number - 1) * PAGE_SIZE
    pairs = list(found[start : start + PAGE_SIZE])
    keys = sorted({key for pair in pairs for key in (pair.first_id, pair.second_id)})
    rows = {row.demand.pk: row for row in read_lines(principal, Action.EDIT, keys)}
    # A right may end between both questions: then the line is not drawn.
    lines = [
        PairLine(pair, rows[pair.first_id], rows[pair.second_id])
        for pair in pairs
        if pair.first_id in rows and pair.second_id in rows
    ]
    return PairPage(
        lines=lines,
        number=number,
        count=found.count(),
        put_off=_to_review(principal).filter(_is_later()).count(),
        merged=merged(principal).count(),
    )


def read_pair(principal: Principal, pair: DuplicatePair) -> PairView:
    """Both files as the reader may see them, and the two people of them who are most alike."""
    files = [read_file(principal, demand) for demand in (pair.first, pair.second)]
    keys, agreements = _most_alike(pair)
    said = [read(file.demand, file.rights) for file in files]
    first, second = (
        Side(file, _person(file, key), each.told)
        for file, key, each in zip(files, keys, said, strict=True)
    )
    choices = (_choice(said[0], said[1]), _choice(said[1], said[0]))
    return PairView(pair, first, second, agreements, choices)


def _choice(goes_on: Declared, closed: Declared) -> Choice:
    one, other = goes_on.demand, closed.demand
    return Choice(
        demand=one,
        refusal=why_not(one, other),
        brings_identity=brings_identity(one.state, other.state),
        parts=by_part(not_kept(goes_on, closed)),
        hidden=hidden(goes_on, closed),
    )


def _to_review(principal: Principal) -> QuerySet[DuplicatePair]:
    return reviewable(principal).filter(
        status=PairStatus.TO_REVIEW,
        first__state__in=LIVE_STATES,
        second__state__in=LIVE_STATES,
    )


def _is_later() -> Q:
    return Q(not_before__isnull=False, not_before__gt=clock.today())


def _most_alike(pair: DuplicatePair) -> tuple[tuple[int, int], Mapping[str, Agreement]]:
    """Who of each demand is compared, applicant or co-applicant, and what agrees of them today."""
    sides = [list(Identity.objects.filter(demand=key)) for key in (pair.first_id, pair.second_id)]
    found = [
        (compare(compared(left), compared(right)), (left.pk, right.pk))
        for left in sides[0]
        for right in sides[1]
    ]
    if not found:
        return (0, 0), {}
    best, keys = max(found, key=lambda each: each[0].weight)
    return keys, best.agreements()


def _person(file: DemandFile, key: int) -> PersonView | None:
    return next((person for person in file.people if person.key == key), file.applicant)
