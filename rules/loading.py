"""Which versions are in force, read one by one: one that cannot be read never stops the others.

A version that cannot be read (its content was altered, a fact is gone, a kind is unknown) leaves
the version before it in force, and is told (`registry.problems`, the log, the manager's page).
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db import DatabaseError
from django.db.models import CharField, Count, Max, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .bases import overtaken_among
from .conditions import AllOf
from .disk import fingerprint
from .errors import RuleError
from .installed import Installed, Problem
from .kinds import Body, parse_body
from .kinds.parts import Bilingual
from .kinds.rights import Action, Guard, Rights
from .manifest import ChapterTitle, Manifest, parse_manifest
from .models import GOVERNING_STATES, RuleModuleVersion, VersionState
from .statements import statement
from .vocabulary import Vocabulary

logger = logging.getLogger("rules")
# What the line of the stamp is called, among other lines.
STAMP = "rules"


class Stamp(NamedTuple):
    """What tells one state of the installed modules from another; it costs one line of a query.

    `on` is the past (or future) day that is looked at, None for today; `due` the day of the
    latest scheduled version whose day has come; `moves` how many versions there are, and the hour
    of the last one that came into force, as text.
    """

    on: date | None
    last: int | None
    moves: str
    due: date | None


@dataclass(frozen=True)
class Card:
    """A version without its rules."""

    pk: int
    code: str
    kind: str
    territory: str
    number: int
    title_fr: str
    title_en: str
    legal_basis: str
    content_hash: str
    state: str
    effective_from: date | None
    in_force_at: datetime | None


@dataclass(frozen=True)
class Loaded:
    """The modules in force, by code, and what could not be read."""

    installed: tuple[Installed[Body], ...]
    problems: tuple[Problem, ...]


def stamp(on: date | None, today: date) -> Stamp:
    """The state of the installed modules now."""
    return stamp_told(on, statement(stamp_lines, today).rows())


def stamp_told(on: date | None, lines: Sequence[Sequence[Any]]) -> Stamp:
    """The state that `stamp_lines` tells; it has no line when nothing was ever in force."""
    for _what, moves, due, last in lines:
        return Stamp(on, last, moves, date.fromisoformat(due) if due else None)
    return Stamp(on, None, "", None)


def stamp_lines(today: date) -> QuerySet[Any, Any]:
    """One line, three texts and a number, so that it may be read together with other lines."""
    due = Q(state=VersionState.SCHEDULED, effective_from__lte=today)
    governing = RuleModuleVersion.objects.filter(state__in=GOVERNING_STATES).order_by()
    text = CharField()
    return (
        governing.values(what=Value(STAMP, output_field=text))
        .annotate(
            place=Concat(Cast(Count("pk"), text), Value(" "), Cast(Max("in_force_at"), text)),
            more=Cast(Max("effective_from", filter=due), text),
            of=Max("pk"),
        )
        .values_list("what", "place", "more", "of")
    )


@lru_cache(maxsize=64)
def load(stamp: Stamp, facts: Vocabulary, kind: str | None = None) -> Loaded:
    """The modules in force: for each, the first of its candidates that can be read."""
    of_kind = Q(module__kind=kind) if kind else Q()
    rows = _without_overtaken(_cards(Q(state__in=GOVERNING_STATES) & of_kind))
    candidates = [
        [card for _order, card in sorted(_ranked(cards, stamp), reverse=True)]
        for _code, cards in groupby(rows, key=lambda card: card.code)
    ]
    contents = _contents([cards[0].pk for cards in candidates if cards])
    installed: list[Installed[Body]] = []
    problems: list[Problem] = []
    for cards in candidates:
        if cards:
            found, failed = _first_readable(cards, contents, facts)
            installed += found
            problems += failed
    return Loaded(tuple(installed), tuple(problems))


def read(version_id: int, facts: Vocabulary) -> Installed[Body]:
    """One version, whatever its state; RuleError when it does not exist or cannot be read."""
    for card in _cards(Q(pk=version_id)):
        return _read(card, _contents([version_id]), facts)
    raise RuleError("", _("this version does not exist"))


def earlier(facts: Vocabulary, kind: str) -> Iterable[Installed[Body]]:
    """The versions of a kind that are or were in force, the latest first, readable ones only."""
    rows = _cards(Q(module__kind=kind, state__in=(VersionState.IN_FORCE, VersionState.SUPERSEDED)))
    for card in sorted(rows, key=lambda card: card.pk, reverse=True):
        try:
            yield _read(card, _contents([card.pk]), facts)
        except RuleError as error:
            logger.error("rule module %s: version %s: %s", card.code, card.number, error)


@lru_cache(maxsize=256)
def read_governing(stamp: Stamp, facts: Vocabulary, version_id: int) -> Installed[Body] | None:
    """A version that governs or governed, as it was accepted; None for any other."""
    for card in _cards(Q(pk=version_id, state__in=GOVERNING_STATES)):
        try:
            return _read(card, _contents([version_id]), facts)
        except RuleError as error:
            logger.error("rule module %s: version %s: %s", card.code, card.number, error)
    return None


def _cards(which: Q) -> list[Card]:
    rows = RuleModuleVersion.objects.filter(which).order_by("module__code")
    columns = [field.name for field in fields(Card)]
    renamed = {name: f"module__{name}" for name in ("code", "kind", "territory")}
    return [Card(*row) for row in rows.values_list(*(renamed.get(c, c) for c in columns))]


def _without_overtaken(cards: list[Card]) -> list[Card]:
    """A scheduled version governs no day once another came into force after it was scheduled."""
    current = {card.code: card.pk for card in cards if card.state == VersionState.IN_FORCE}
    overtaken = overtaken_among(
        {
            card.pk: current[card.code]
            for card in cards
            if card.state == VersionState.SCHEDULED and card.code in current
        }
    )
    return [card for card in cards if card.pk not in overtaken]


def _ranked(cards: Iterable[Card], stamp: Stamp) -> Iterable[tuple[tuple[Any, ...], Card]]:
    """Those that may govern the day, each with its rank; the highest governs.

    Of two scheduled versions whose days have come, the second would undo the first unseen.
    """
    for card in cards:
        waiting = card.state == VersionState.SCHEDULED
        limit = stamp.on or (stamp.due if waiting else date.max)
        if card.effective_from is None or limit is None or card.effective_from > limit:
            continue
        at = card.in_force_at.timestamp() if card.in_force_at else 0.0
        ended = stamp.on is None and card.state == VersionState.SUPERSEDED
        day = card.effective_from.toordinal()
        yield (not ended, waiting, -day if waiting else day, at, card.number), card


def _first_readable(
    cards: list[Card], contents: Mapping[int, Any], facts: Vocabulary
) -> tuple[list[Installed[Body]], list[Problem]]:
    failed: list[tuple[Card, str]] = []
    found: list[Installed[Body]] = []
    for card in cards:
        try:
            found = [_read(card, contents if card is cards[0] else _contents([card.pk]), facts)]
            break
        except RuleError as error:
            failed.append((card, str(error)))
    kept = found[0].number if found else None
    problems = [Problem(c.code, c.kind, c.number, c.pk, reason, kept) for c, reason in failed]
    for problem in problems:
        logger.error(
            "rule module %s: version %s cannot be read (%s); in force instead: %s",
            problem.code,
            problem.number,
            problem.reason,
            problem.kept or "nothing",
        )
    if not found and cards[0].kind == "rights":
        found = _closed(cards[0])
    return found, problems


def _contents(ids: list[int]) -> dict[int, Any]:
    """Manifest and rules of these versions."""
    rows = RuleModuleVersion.objects.values_list("pk", "manifest", "body")
    return {pk: (manifest, body) for pk, manifest, body in rows.filter(pk__in=ids)}


def _read(card: Card, contents: Mapping[int, Any], facts: Vocabulary) -> Installed[Body]:
    content = contents[card.pk]
    if fingerprint(*content) != card.content_hash:
        raise RuleError("", _("its content is not the one that was accepted"))
    try:
        manifest, body = (
            parse_manifest(content[0]),
            parse_body(card.kind, content[1], facts, stored=True),
        )
    except (RuleError, DatabaseError):
        raise
    except Exception as error:
        reason = _("it cannot be read: {kind}").format(kind=type(error).__name__)
        raise RuleError("", reason) from error
    return _installed(card, manifest, body)


def _closed(card: Card) -> list[Installed[Body]]:
    """What stands for a rights module of which no version can be read: it gives nothing.

    When it may have taken something away, everything is taken away: what protected a sealed file
    and cannot be read must not open it.
    """
    _manifest, body = _contents([card.pk])[card.pk]
    if isinstance(body, dict) and not body.get("guards"):
        return []
    title = Bilingual(card.title_fr, card.title_en)
    guard = Guard("unreadable", title, card.legal_basis, frozenset(Action), AllOf())
    manifest = Manifest(
        code=card.code,
        version=card.number,
        kind=card.kind,
        territory=card.territory,
        depends=(),
        author="",
        legal_basis=card.legal_basis,
        title=title,
        summary=title,
        chapters=(ChapterTitle(0, title),),
    )
    return [_installed(card, manifest, Rights((), (guard,)))]


def _installed(card: Card, manifest: Manifest, body: Body) -> Installed[Body]:
    return Installed(
        code=card.code,
        kind=card.kind,
        territory=card.territory,
        version_id=card.pk,
        number=card.number,
        title=Bilingual(card.title_fr, card.title_en),
        legal_basis=card.legal_basis,
        effective_from=card.effective_from or timezone.localdate(),
        content_hash=card.content_hash,
        manifest=manifest,
        body=body,
    )
