"""The versions of the rules: at the desk, by who may read them; and those that anybody may read."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise

from register.charter import CharterAction, allowed, can_use_charter, may
from register.models import Organisation, User
from register.principals import Principal
from rules import registry, signatures, versions
from rules.bases import COMING_STATES, overtaken_by
from rules.difference import Difference
from rules.errors import RuleError
from rules.installed import Installed
from rules.life import MOVES
from rules.manifest import SIGNATORIES
from rules.models import RuleModuleVersion, RuleVersionMove, VersionState
from rules.publication import Published, publish

ORDER = (
    VersionState.IN_REVIEW,
    VersionState.DELIVERED,
    VersionState.SCHEDULED,
    VersionState.IN_FORCE,
    VersionState.DRAFT,
    VersionState.SUPERSEDED,
    VersionState.WITHDRAWN,
)


@dataclass(frozen=True)
class Line:
    """A version in the list: what is still awaited, and whether it is from the reader."""

    version: RuleModuleVersion
    awaited: tuple[str | Promise, ...]
    awaits_reader: bool


@dataclass(frozen=True)
class Section:
    """The versions in one state."""

    state: VersionState
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Signature:
    """A kind of body that must sign, and who signed for it."""

    party: str | Promise
    given: tuple["Step", ...]


@dataclass(frozen=True)
class Step:
    """One row of the journal, with names."""

    label: str | Promise
    person: str
    organisation: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Text:
    """What a version says, and what it changes; `fault` says why it cannot be read."""

    version: RuleModuleVersion
    rules: tuple[Published, ...]
    compared_with: RuleModuleVersion | None
    difference: Difference | None
    fault: str


@dataclass(frozen=True)
class VersionPage:
    """One version at the desk."""

    text: Text
    signatures: tuple[Signature, ...]
    steps: tuple[Step, ...]
    actions: tuple[CharterAction, ...]
    awaits_reader: bool
    # The version that came into force since this one was compared; it goes no further before.
    overtaken_by: RuleModuleVersion | None


def sections(principal: Principal) -> list[Section]:
    """The versions that the principal may read, by state; what waits for somebody first."""
    if not can_use_charter(principal):
        raise Http404
    found: dict[str, list[Line]] = {}
    for version in versions.listed():
        if may(principal, CharterAction.READ, version):
            found.setdefault(version.state, []).append(_line(principal, version))
    return [Section(state, tuple(found[state])) for state in ORDER if state in found]


def version_page(principal: Principal, code: str, number: int) -> VersionPage:
    """One version; Http404 when it does not exist or may not be read."""
    version = readable_version(principal, code, number)
    rows = list(version.moves.all())
    named = _Names(rows)
    signed = signatures.given(version)
    return VersionPage(
        text=_text(version),
        signatures=tuple(
            Signature(
                SIGNATORIES[party], tuple(named.step(row) for row in signed if row.party == party)
            )
            for party in _required(version)
        ),
        steps=tuple(named.step(row) for row in reversed(rows) if row.move != "edit"),
        actions=tuple(allowed(principal, version)),
        awaits_reader=_awaits(principal, version),
        overtaken_by=overtaken_by(version),
    )


def readable_version(principal: Principal, code: str, number: int) -> RuleModuleVersion:
    """The version that an address names; the same Http404 whether hidden or unknown."""
    if not can_use_charter(principal):
        raise Http404
    versions.come_into_force()
    try:
        version = versions.find(code, number)
    except RuleError:
        raise Http404 from None
    if not may(principal, CharterAction.READ, version):
        raise Http404
    return version


def coming_versions(principal: Principal, kind: str, department: str) -> Iterator[Installed[Any]]:
    """The versions not yet in force that a person may read and that can be: those of a place."""
    for version in versions.listed(COMING_STATES):
        of_here = version.module.kind == kind and version.module.territory in ("", department)
        if of_here and may(principal, CharterAction.READ, version):
            with suppress(RuleError):
                yield registry.version(version.pk)


def public_versions() -> list[RuleModuleVersion]:
    """Versions in force and superseded, the latest first: the history that anybody may read."""
    return versions.published_history()


def public_text(code: str, number: int) -> Text:
    """What a version that is or was in force says and changes; Http404 for any other."""
    try:
        version = versions.find(code, number)
    except RuleError:
        raise Http404 from None
    if version.state not in versions.PUBLIC_STATES:
        raise Http404
    return _text(version)


def signed_on(version: RuleModuleVersion) -> list[tuple[str, date]]:
    """The organisations that signed a version, and when: no person is named to the public."""
    given = signatures.given(version)
    names = _names_of_organisations(row.organisation for row in given)
    return [(names.get(row.organisation, ""), timezone.localdate(row.at)) for row in given]


def _line(principal: Principal, version: RuleModuleVersion) -> Line:
    if version.state != VersionState.IN_REVIEW:
        return Line(version, (), awaits_reader=False)
    awaited = tuple(SIGNATORIES[party] for party in signatures.missing(version))
    return Line(version, awaited, _awaits(principal, version))


def _awaits(principal: Principal, version: RuleModuleVersion) -> bool:
    """True when this organisation may sign and nobody of its kind has."""
    organisation = principal.organisation
    return (
        organisation is not None
        and may(principal, CharterAction.SIGN, version)
        and organisation.kind in signatures.missing(version)
        and overtaken_by(version) is None
    )


def _required(version: RuleModuleVersion) -> Iterable[str]:
    return (
        signatures.required(version) if version.state == VersionState.IN_REVIEW else _asked(version)
    )


def _asked(version: RuleModuleVersion) -> list[str]:
    """Outside a review: what the version itself asks, and whoever signed it."""
    asked = [str(party) for party in version.manifest.get("signatures", [])]
    return list(dict.fromkeys([*asked, *(row.party for row in signatures.given(version))]))


def _text(version: RuleModuleVersion) -> Text:
    earlier = versions.before(version)
    try:
        package = versions.package(version)
        told = tuple(publish(package.manifest.kind, package.body, registry.vocabulary()))
    except RuleError as error:
        return Text(version, (), earlier, None, str(error))
    return Text(version, told, earlier, _difference(earlier, version), "")


def _difference(earlier: RuleModuleVersion | None, version: RuleModuleVersion) -> Difference | None:
    if earlier is None or earlier.pk == version.pk:
        return None
    try:
        return versions.difference(earlier, version)
    except RuleError:
        return None


def _names_of_organisations(codes: Iterable[str]) -> dict[str, str]:
    wanted = {code for code in codes if code}
    return dict(Organisation.objects.filter(code__in=wanted).values_list("code", "name"))


class _Names:
    """The people and organisations of some rows of the journal, looked up at once."""

    def __init__(self, rows: Iterable[RuleVersionMove]) -> None:
        rows = list(rows)
        self.organisations = _names_of_organisations(row.organisation for row in rows)
        people: Any = User.objects.in_bulk({row.person for row in rows if row.person})
        self.people: dict[int, User] = people

    def step(self, row: RuleVersionMove) -> Step:
        person = self.people.get(row.person or 0)
        return Step(
            label=MOVES[row.move].label,
            person=str(person) if person else "",
            organisation=self.organisations.get(row.organisation, row.by),
            at=row.at,
            reason=row.reason,
        )
