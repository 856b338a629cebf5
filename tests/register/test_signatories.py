"""The kinds of bodies that a module may ask to sign are those of the register."""

from register.models import OrganisationKind
from rules.manifest import SIGNATORIES


def test_every_kind_of_organisation_may_be_asked_to_sign_and_no_other() -> None:
    assert dict(SIGNATORIES) == dict(OrganisationKind.choices)
