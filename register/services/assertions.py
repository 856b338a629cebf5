"""Access assertions: written by the data-protection officer, checked on the real register.

Each is one empty intersection per organisation and role: what the rights open (`access.scope`), or
let be read (`access.readable`), and what must stay closed. Counter-examples are counted by the
database, never named.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from register import access, clock
from register.access import Action
from register.agreements import active_shares, in_force_on
from register.errors import NotAllowed
from register.figures import where
from register.models import (
    AccessAssertion,
    AssertionCheck,
    AssertionResult,
    Demand,
    Membership,
)
from register.principals import Principal, PrincipalKind, member_principal
from register.text import without_unstorable
from rules.assertions import Assertion, Expectation, parse_assertion, shipped
from rules.errors import RuleError
from rules.sql import compile_condition
from rules.types import Truth

KEPT_CHECKS = 400


@transaction.atomic
def write_assertion(*, principal: Principal, body: dict[str, Any]) -> AccessAssertion:
    """Add an assertion; it is checked from the next run on."""
    _check_officer(principal)
    title = body.get("title", {}).get("fr", "")
    number = AccessAssertion.objects.count() + 1
    body = {**body, "code": f"{slugify(title)[:60] or 'garantie'}-{number}"}
    try:
        found = parse_assertion(body, "assertion", access.vocabulary())
    except RuleError as error:
        raise ValidationError(str(error)) from error
    row = AccessAssertion(
        code=found.code, body=body, written_by=principal.user, written_at=clock.now()
    )
    row.full_clean()
    row.save(force_insert=True)
    return row


@transaction.atomic
def retire_assertion(*, principal: Principal, assertion: AccessAssertion, reason: str) -> None:
    """Stop checking an assertion, for a reason that stays."""
    _check_officer(principal)
    said = without_unstorable(reason).strip()[:300]
    if not said:
        raise ValidationError({"reason": _("Say why: it stays in the journal.")})
    assertion.retired_at, assertion.retired_because = clock.now(), said
    assertion.full_clean()
    assertion.save(update_fields=["retired_at", "retired_because"])


def ask_for_check(*, principal: Principal) -> AssertionCheck:
    """A run to be done now by the worker; one at a time."""
    if not (principal.is_manager or principal.is_data_protection_officer):
        raise NotAllowed(_("Only the manager and the data-protection officer check rights."))
    running = AssertionCheck.objects.filter(finished_at__isnull=True).first()
    return running or _new_check(principal)


def check_now(*, principal: Principal) -> AssertionCheck:
    """Check every assertion: the nightly run."""
    return run_check(check_id=_new_check(principal).pk)


def run_check(*, check_id: int) -> AssertionCheck:
    """Check every assertion for every organisation and role present, writing how far it is.

    May run twice: what was found before is found again.
    """
    check = AssertionCheck.objects.get(pk=check_id)
    assertions, faults = all_assertions()
    people = list(_people())
    check.total = len(assertions) * len(people)
    check.done = 0
    check.save(update_fields=["total", "done"])
    check.results.all().delete()
    for code, fault in faults:
        AssertionResult.objects.create(check_run=check, code=code, fault=fault[:300])
    for assertion in assertions:
        _check(check, assertion, people)
    check.finished_at = clock.now()
    check.save(update_fields=["finished_at"])
    _forget_old_checks()
    return check


def all_assertions() -> tuple[list[Assertion], list[tuple[str, str]]]:
    """Those of the modules and those of the officer; apart, those that no longer read."""
    known = access.vocabulary()
    found: list[Assertion] = []
    faults: list[tuple[str, str]] = []
    try:
        found += shipped(known)
    except RuleError as error:
        faults.append(("modules", str(error)))
    for row in AccessAssertion.objects.filter(retired_at__isnull=True):
        try:
            found.append(parse_assertion(row.body, row.code, known))
        except RuleError as error:
            faults.append((row.code, str(error)))
    return found, faults


def _check(check: AssertionCheck, assertion: Assertion, people: list[Principal]) -> None:
    concerned, found_some, details = 0, False, []
    for person in people:
        if _concerns(assertion, person):
            concerned += 1
            details += list(_counter_examples(assertion, person))
            found_some = found_some or bool(details) or _demands(assertion, person).exists()
        check.done += 1
    AssertionResult.objects.create(
        check_run=check,
        code=assertion.code,
        people=concerned,
        is_without_demand=bool(concerned and not found_some),
        counter_examples=sum(each["demands"] for each in details),
        details=details,
    )
    check.save(update_fields=["done"])


def _concerns(assertion: Assertion, person: Principal) -> bool:
    """Whatever is not known of a person does not spare them from being checked."""
    known, today = access.vocabulary(), clock.today()
    truth = compile_condition(assertion.principal, known, person.facts, today).constant
    return truth in (Truth.TRUE, Truth.UNKNOWN)


def _counter_examples(assertion: Assertion, person: Principal) -> Iterator[dict[str, Any]]:
    rows = _demands(assertion, person)
    asked: list[tuple[str, str, QuerySet[Demand]]] = [
        (str(action), "", access.scope(person, action)) for action in assertion.actions
    ]
    viewed = access.scope(person, Action.VIEW)
    asked += [
        ("", str(name), viewed.filter(access.readable(person, name))) for name in assertion.data
    ]
    for action, data, allowed in asked:
        inside = rows.filter(pk__in=allowed.values("pk"))
        outside = rows.exclude(pk__in=allowed.values("pk"))
        wrong = inside if assertion.expect is Expectation.NEVER else outside
        count = wrong.count() if wrong.exists() else 0
        if count:
            body = person.organisation
            yield {
                "organisation": body.pk if body else None,
                "role": person.role,
                "action": action,
                "data": data,
                "demands": count,
            }


def _demands(assertion: Assertion, person: Principal) -> QuerySet[Demand]:
    return Demand.objects.filter(where(assertion.row, clock.today(), person.facts))


def _people() -> Iterator[Principal]:
    """One person per organisation and role present, and each agent with a share of their own."""
    today = clock.today()
    members = Membership.objects.filter(in_force_on(today), user__is_active=True).select_related(
        "user", "organisation__commune", "organisation__epci"
    )
    present: dict[tuple[int, str], Membership] = {}
    for member in members.order_by("pk"):
        present.setdefault((member.organisation_id, member.role), member)
    for member in present.values():
        typical = Membership(organisation=member.organisation, role=member.role)
        yield Principal(PrincipalKind.MEMBERSHIP, membership=typical)
    recipients = active_shares(today).filter(recipient__isnull=False).values("recipient")
    for member in members.filter(user__in=recipients):
        principal = member_principal(member.user, member.pk)
        if principal is not None:
            yield principal


def _new_check(principal: Principal) -> AssertionCheck:
    check = AssertionCheck(started_at=clock.now(), asked_by=principal.user)
    check.full_clean()
    check.save(force_insert=True)
    return check


def _forget_old_checks() -> None:
    kept = list(AssertionCheck.objects.values_list("pk", flat=True)[:KEPT_CHECKS])
    AssertionCheck.objects.exclude(pk__in=kept).delete()


def _check_officer(principal: Principal) -> None:
    if not principal.is_data_protection_officer:
        raise NotAllowed(_("Only the data-protection officer writes access assertions."))
