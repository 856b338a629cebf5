"""Access assertions as their readers see them: in words, with what each check found."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from register import access
from register.models import (
    AccessAssertion,
    AssertionCheck,
    AssertionResult,
    Organisation,
    Role,
)
from register.services.assertions import all_assertions
from rules.assertions import words
from rules.publication.words import ACTIONS, FIELD_SETS

KEPT = 10


@dataclass(frozen=True)
class Found:
    """Counter-examples of one organisation and role: how many, of what; no demand is named."""

    organisation: str
    role: str
    what: str
    demands: int


@dataclass(frozen=True)
class AssertionView:
    """One assertion, what the latest check found, and what those before had found."""

    code: str
    title: str
    legal_basis: str
    parts: list[tuple[str, str]]
    row: AccessAssertion | None
    latest: AssertionResult | None
    found: list[Found]
    history: list[tuple[datetime, int]]

    @property
    def is_red(self) -> bool:
        """True when the latest check found a counter-example, or could not read the assertion."""
        return self.latest is not None and bool(self.latest.counter_examples or self.latest.fault)

    @property
    def is_idle(self) -> bool:
        """True when nobody was concerned by the latest check: it proved nothing."""
        return self.latest is not None and not self.is_red and not self.latest.people

    @property
    def is_without_demand(self) -> bool:
        """True when people were concerned but no demand was: it proved nothing either."""
        return self.latest is not None and not self.is_red and self.latest.is_without_demand


@dataclass(frozen=True)
class AssertionsPage:
    """Every assertion, the run under way, and those that no longer read."""

    assertions: list[AssertionView]
    running: AssertionCheck | None
    latest: AssertionCheck | None
    faults: list[tuple[str, str]]
    retired: list[AccessAssertion]


def read_assertions() -> AssertionsPage:
    """The page of assertions, in words of the language shown."""
    known, faults = all_assertions()
    rows = {row.code: row for row in AccessAssertion.objects.select_related("written_by")}
    checks = list(AssertionCheck.objects.filter(finished_at__isnull=False)[:KEPT])
    results: dict[tuple[int, str], AssertionResult] = {
        (result.check_run_id, result.code): result
        for result in AssertionResult.objects.filter(check_run__in=checks)
    }
    names = dict(Organisation.objects.values_list("pk", "name"))
    views = []
    for assertion in known:
        past = [
            (check.started_at, results[check.pk, assertion.code].counter_examples)
            for check in checks
            if (check.pk, assertion.code) in results
        ]
        latest = results.get((checks[0].pk, assertion.code)) if checks else None
        views.append(
            AssertionView(
                code=assertion.code,
                title=str(assertion.title),
                legal_basis=assertion.legal_basis,
                parts=words(assertion, access.vocabulary()),
                row=rows.get(assertion.code),
                latest=latest,
                found=[_found(each, names) for each in latest.details] if latest else [],
                history=past,
            )
        )
    return AssertionsPage(
        assertions=views,
        running=AssertionCheck.objects.filter(finished_at__isnull=True).first(),
        latest=checks[0] if checks else None,
        faults=faults,
        retired=[row for row in rows.values() if row.retired_at],
    )


def titles() -> dict[str, str]:
    """The title of every assertion that can be read, by its code."""
    return {each.code: str(each.title) for each in all_assertions()[0]}


def assertion_row(code: str) -> AccessAssertion:
    """An assertion that the officer wrote and that is still checked; Http404 otherwise."""
    found = AccessAssertion.objects.filter(code=code, retired_at__isnull=True).first()
    if found is None:
        raise Http404
    return found


def _found(details: dict[str, object], names: dict[int, str]) -> Found:
    action = {str(code): str(name) for code, name in ACTIONS.items()}
    data = {str(code): str(name) for code, name in FIELD_SETS.items()}
    return Found(
        organisation=names.get(int(str(details["organisation"] or 0)), ""),
        role=str(dict(Role.choices).get(str(details["role"]), "")),
        what=action.get(str(details["action"]), "") or data.get(str(details["data"]), ""),
        demands=int(str(details["demands"])),
    )
