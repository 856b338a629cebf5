"""A desk with its rules in force: one landlord, one commune counter, people in each."""

from typing import Any

import pytest
from django.test import Client

from register.models import Membership
from register.models.organisation import OrganisationKind
from tests.factories import make_commune, make_member, make_organisation


@pytest.fixture(autouse=True)
def _rules(db: Any, rules: None) -> None:
    """Rights come from the modules on disk, as in a real installation."""


@pytest.fixture
def landlord(db: Any) -> Any:
    return make_organisation("bailleur-test", name="Bailleur de test")


@pytest.fixture
def agent(landlord: Any) -> Membership:
    return make_member(landlord, "agent")


@pytest.fixture
def reader(landlord: Any) -> Membership:
    return make_member(landlord, "reader")


@pytest.fixture
def lead(landlord: Any) -> Membership:
    return make_member(landlord, "lead")


@pytest.fixture
def commune_agent(db: Any) -> Membership:
    """An agent of Beaune, whose EPCI is not that of Dijon."""
    beaune = make_commune("21054", "Beaune", epci="200006682", postal_code="21200")
    counter = make_organisation("ville-beaune", OrganisationKind.COMMUNE, commune=beaune)
    return make_member(counter, "agent")


def signed_in(member: Membership) -> Client:
    """A browser signed in as a member."""
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def sign_in() -> Any:
    return signed_in
