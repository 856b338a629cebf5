"""The demonstration has a change of the charter on its way, that its partners may sign."""

import pytest

from register.charter import CharterAction, may
from register.demo.accounts import EPCI_LEAD, LANDLORD_LEAD, MANAGER, ensure_accounts
from register.demo.proposal import MODULE, propose
from register.models import User
from register.principals import Principal, member_principal
from register.services import charter
from rules.models import RuleModuleVersion, VersionState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "rules")]


@pytest.fixture
def proposed() -> RuleModuleVersion:
    ensure_accounts()
    propose()
    return _version(VersionState.IN_REVIEW)


def test_the_proposal_waits_for_those_who_have_not_signed(proposed: RuleModuleVersion) -> None:
    propose()
    assert _version(VersionState.IN_REVIEW) == proposed
    signed = proposed.moves.get(move="sign")
    assert (signed.organisation, signed.party) == ("ddets-21", "state")
    assert may(_lead(LANDLORD_LEAD), CharterAction.SIGN, proposed)
    assert may(_lead(EPCI_LEAD), CharterAction.SIGN, proposed)


def test_once_signed_by_all_the_manager_puts_it_in_force(proposed: RuleModuleVersion) -> None:
    for email in (LANDLORD_LEAD, EPCI_LEAD):
        charter.sign(principal=_lead(email), version=proposed, fingerprint=proposed.content_hash)
    charter.publish(principal=_lead(MANAGER), version=proposed, fingerprint=proposed.content_hash)
    assert _version(VersionState.IN_FORCE) == proposed


def _version(state: VersionState) -> RuleModuleVersion:
    return RuleModuleVersion.objects.get(module__code=MODULE, state=state)


def _lead(email: str) -> Principal:
    principal = member_principal(User.objects.get(email=email))
    assert principal is not None
    return principal
