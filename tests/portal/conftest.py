"""The register as the online demand and the space need it."""

from typing import Any

import pytest
from django.test import Client

from register.models import Demand
from tests.factories import make_demand, make_member, make_organisation, principal_of
from tests.portal.demand import prepare_register, signed_in


@pytest.fixture
def register(db: Any) -> None:
    """Rights in force, a counter, communes."""
    prepare_register()


@pytest.fixture
def applicant(register: None) -> Client:
    """A person signed in who has written nothing yet."""
    return signed_in()


@pytest.fixture
def demand() -> Demand:
    return make_demand(last_name="Benali", first_names="Nora")


@pytest.fixture
def landlord() -> Any:
    organisation = make_organisation("gdh", name="Grand Dijon Habitat")
    return principal_of(make_member(organisation))
