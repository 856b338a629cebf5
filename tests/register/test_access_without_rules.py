"""Deny by default: with no rule module in force, nobody sees anything."""

import pytest

from register import access
from register.access import Action
from tests.factories import make_demand, make_member, principal_of


@pytest.mark.django_db
@pytest.mark.parametrize("action", list(Action))
def test_without_any_installed_module_nobody_sees_anything(action: Action) -> None:
    demand = make_demand()
    for principal in (principal_of(make_member()), principal_of(demand.account)):
        assert not access.decide(principal, action, demand).allowed
        assert not access.scope(principal, action).exists()
