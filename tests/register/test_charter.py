"""Who may do what with a version of the rules: every role, every action, every state."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from register import charter
from register.charter import CharterAction
from register.errors import Conflict, NotAllowed
from register.models import OrganisationKind, Role
from register.principals import ANONYMOUS, SYSTEM, Principal
from register.selectors import charter as reading
from register.services import charter as services
from rules import drafts, registry
from rules.disk import parse_package
from rules.installation import install
from rules.life import Actor
from rules.models import RuleModuleVersion, VersionState
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

CODE = "deadlines-21"
EDITOR = Actor("Rédaction")
KINDS = (OrganisationKind.LANDLORD, OrganisationKind.COMMUNE, OrganisationKind.MANAGER)


def changed(months: int = 13, signatures: Any = ("manager", "landlord")) -> RuleModuleVersion:
    """The shipped delays with another validity, in review."""
    draft = drafts.open_draft(CODE, EDITOR)
    body = {
        "deadlines": [
            {**item, "value": months, "unit": "months"} if item["code"] == "validity" else item
            for item in draft.body["deadlines"]
        ]
    }
    card = draft.manifest | {"signatures": list(signatures)}
    draft = drafts.save_draft(draft, body=body, manifest=card, tests=[], author=EDITOR)
    return drafts.submit_for_review(draft, EDITOR)


def in_state(state: VersionState) -> RuleModuleVersion:
    """A version in this state, that the manager and a landlord must sign."""
    if state == VersionState.DRAFT:
        return drafts.refuse(changed(), Actor("L", 1, "l", "landlord"), "À revoir")
    version = changed()
    if state == VersionState.IN_REVIEW:
        return version
    if state == VersionState.WITHDRAWN:
        return drafts.withdraw(version, EDITOR, "Abandon")
    version = signed(version)
    if state == VersionState.SCHEDULED:
        return drafts.schedule(version, timezone.localdate() + timedelta(days=9), EDITOR)
    version = drafts.put_in_force(version, EDITOR)
    if state == VersionState.SUPERSEDED:
        drafts.put_in_force(signed(changed(14)), EDITOR)
    if state == VersionState.DELIVERED:
        return _delivered(version)
    return RuleModuleVersion.objects.get(pk=version.pk)


def signed(version: RuleModuleVersion) -> RuleModuleVersion:
    version = drafts.sign(version, Actor("M", 1, "m", "manager"))
    return drafts.sign(version, Actor("L", 2, "l", "landlord"))


def _delivered(local: RuleModuleVersion) -> RuleModuleVersion:
    shipped = registry.version(local.based_on_id or 0).manifest.version
    row = RuleModuleVersion.objects.get(pk=local.based_on_id)
    card = row.manifest | {"version": shipped + 1, "legal_basis": "Une autre base"}
    package = parse_package(card, row.body, row.tests, registry.vocabulary())
    install([package], registry.vocabulary(), timezone.localdate())
    return RuleModuleVersion.objects.get(state=VersionState.DELIVERED)


def person(kind: str, role: str, *, with_agreement: bool = True) -> Principal:
    organisation = make_organisation(kind=kind, with_agreement=with_agreement)
    return principal_of(make_member(organisation, role))


S, A = VersionState, CharterAction
PARTNERS_READ = {S.IN_REVIEW, S.SCHEDULED, S.IN_FORCE, S.SUPERSEDED}
MANAGER = {
    A.READ: set(S),
    A.SIGN: {S.IN_REVIEW},
    A.REFUSE: {S.IN_REVIEW},
    A.SCHEDULE: {S.IN_REVIEW},
    A.PUBLISH: {S.IN_REVIEW, S.SCHEDULED},
    A.WITHDRAW: {S.DRAFT, S.IN_REVIEW, S.SCHEDULED},
    A.ADOPT: {S.DELIVERED},
    A.SET_ASIDE: {S.DELIVERED},
    A.ROLL_BACK: {S.SUPERSEDED},
}
SIGNING_LEAD = {A.READ: PARTNERS_READ, A.SIGN: {S.IN_REVIEW}, A.REFUSE: {S.IN_REVIEW}}
EXPECTED = {
    (OrganisationKind.MANAGER, Role.MANAGER): MANAGER,
    (OrganisationKind.MANAGER, Role.LEAD): SIGNING_LEAD,
    (OrganisationKind.LANDLORD, Role.LEAD): SIGNING_LEAD,
    (OrganisationKind.COMMUNE, Role.LEAD): {A.READ: PARTNERS_READ},
}


@pytest.mark.parametrize("state", list(VersionState))
def test_each_role_may_do_what_is_written_here_in_each_state_and_nothing_else(
    state: VersionState,
) -> None:
    version = in_state(state)
    for kind in KINDS:
        for role in Role.values:
            principal = person(kind, role)
            expected = EXPECTED.get((kind, Role(role)), {})
            for action in CharterAction:
                wanted = state in expected.get(action, set())
                assert charter.may(principal, action, version) == wanted, (kind, role, action)


@pytest.mark.parametrize("state", list(VersionState))
def test_people_without_a_membership_may_do_nothing(state: VersionState) -> None:
    version = in_state(state)
    for principal in (ANONYMOUS, SYSTEM, principal_of(make_demand().account)):
        assert charter.allowed(principal, version) == []
        with pytest.raises(Http404):
            reading.version_page(principal, CODE, version.number)
        with pytest.raises(Http404):
            reading.sections(principal)


CALLS: dict[CharterAction, Any] = {
    A.SIGN: lambda **who: services.sign(**who),
    A.REFUSE: lambda **who: services.refuse(reason="Trop long", **who),
    A.SCHEDULE: lambda **who: services.schedule(
        day=timezone.localdate() + timedelta(days=30), **who
    ),
    A.PUBLISH: lambda **who: services.publish(**who),
    A.WITHDRAW: lambda **who: services.withdraw(reason="Abandon", **who),
    A.ADOPT: lambda **who: services.adopt(**who),
    A.SET_ASIDE: lambda **who: services.set_aside(reason="Gardée", **who),
    A.ROLL_BACK: lambda **who: services.roll_back(reason="Retour", **who),
}


@pytest.mark.parametrize("state", list(VersionState))
@pytest.mark.parametrize("action", list(CALLS))
def test_services_refuse_whoever_may_not_and_journal_whoever_may(
    action: CharterAction, state: VersionState
) -> None:
    version = in_state(state)
    agent = person(OrganisationKind.LANDLORD, Role.AGENT)
    with pytest.raises(NotAllowed):
        CALLS[action](principal=agent, version=version, fingerprint=version.content_hash)
    manager = person(OrganisationKind.MANAGER, Role.MANAGER)
    call = {"principal": manager, "version": version, "fingerprint": version.content_hash}
    if not charter.may(manager, action, version):
        with pytest.raises(NotAllowed):
            CALLS[action](**call)
        return
    try:
        moved = CALLS[action](**call)
    except Conflict:
        assert action in (A.PUBLISH, A.SCHEDULE)
        assert state == S.IN_REVIEW  # nobody has signed
        return
    row = moved.moves.last()
    assert (row.person, row.organisation) == (manager.user.pk, manager.organisation.code)
    assert row.content_hash == moved.content_hash


def test_partners_sign_the_manager_publishes_and_the_register_follows() -> None:
    manager = person(OrganisationKind.MANAGER, Role.MANAGER)
    landlord = person(OrganisationKind.LANDLORD, Role.LEAD)
    version = changed()
    seen = {"version": version, "fingerprint": version.content_hash}
    assert reading.version_page(landlord, CODE, version.number).awaits_reader
    services.sign(principal=landlord, **seen)
    assert not reading.version_page(landlord, CODE, version.number).awaits_reader
    with pytest.raises(Conflict):
        services.publish(principal=manager, **seen)
    services.sign(principal=manager, **seen)
    services.publish(principal=manager, **seen)
    assert registry.get(CODE).version_id == version.pk
    page = reading.version_page(landlord, CODE, version.number)
    assert [len(signature.given) for signature in page.signatures] == [1, 1]
    assert page.text.difference is not None
    assert "validity" in str([value.path for value in page.text.difference.values])
    names = [name for name, _day in reading.signed_on(version)]
    assert sorted(names) == sorted([manager.organisation.name, landlord.organisation.name])


def test_what_was_read_is_what_is_signed() -> None:
    landlord = person(OrganisationKind.LANDLORD, Role.LEAD)
    version = changed()
    with pytest.raises(Conflict):
        services.sign(principal=landlord, version=version, fingerprint="0" * 64)
    with pytest.raises(ValidationError):
        services.refuse(
            principal=landlord, version=version, fingerprint=version.content_hash, reason=" "
        )


def test_with_its_agreement_ends_the_say_of_a_partner() -> None:
    version = changed()
    outside = person(OrganisationKind.LANDLORD, Role.LEAD, with_agreement=False)
    assert charter.allowed(outside, version) == []
    with pytest.raises(Http404):
        reading.sections(outside)


def test_anybody_reads_versions_in_force_and_superseded_and_no_other() -> None:
    version = changed()
    with pytest.raises(Http404):
        reading.public_text(CODE, version.number)
    with pytest.raises(Http404):
        reading.public_text(CODE, 99)
    drafts.put_in_force(signed(version), EDITOR)
    text = reading.public_text(CODE, version.number)
    assert text.compared_with is not None
    assert any("13" in str(rule.parts) for rule in text.rules)
    assert version.pk in [each.pk for each in reading.public_versions()]


def test_a_draft_and_a_withdrawn_version_are_shown_to_the_manager_alone() -> None:
    version = in_state(VersionState.WITHDRAWN)
    manager = person(OrganisationKind.MANAGER, Role.MANAGER)
    states = [section.state for section in reading.sections(manager)]
    assert VersionState.WITHDRAWN in states
    lead = person(OrganisationKind.LANDLORD, Role.LEAD)
    with pytest.raises(Http404):
        reading.version_page(lead, CODE, version.number)
    assert VersionState.WITHDRAWN not in [section.state for section in reading.sections(lead)]
