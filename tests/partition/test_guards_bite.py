"""The matrix is worth something: take away one check of the code, and it turns red."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.http import Http404

from register import access
from register.models import Agreement, Demand, Membership
from register.principals import applicant_principal
from rules import registry
from rules.kinds.rights import Action
from tests.installed import built
from tests.partition.test_matrix import faults
from tests.partition.world import World, build_world

pytestmark = pytest.mark.slow
Patch = pytest.MonkeyPatch


@pytest.fixture
def world(db: Any, rules: None) -> Iterator[World]:
    logging.disable(logging.CRITICAL)
    yield built(build_world)
    logging.disable(logging.NOTSET)


def any_demand_by_its_number(patch: Patch) -> None:
    def get(principal: Any, action: Any, number: str) -> Demand:
        found = Demand.objects.filter(number=number).first()
        if found is None:
            raise Http404
        return found

    patch.setattr(access, "get_demand", get)


def every_action_like_viewing(patch: Patch) -> None:
    """A page that asks for the wrong right: reading where it should ask for recording."""
    original = access.get_demand
    patch.setattr(access, "get_demand", lambda p, _action, n: original(p, Action.VIEW, n))


def no_guard(patch: Patch) -> None:
    """Grants without what takes away: sealed and erased files, readers, statisticians."""
    original = registry.in_force

    def without_guards(kind: str) -> Any:
        modules = original(kind)
        return [replace(m, body=replace(m.body, guards=())) for m in modules]

    patch.setattr(registry, "in_force", without_guards)


def helpers_are_owners(patch: Patch) -> None:
    from register.selectors import space

    patch.setattr(space, "is_own", lambda principal, demand: True)


def memberships_never_end(patch: Patch) -> None:
    def all_of(user: Any) -> list[Membership]:
        held = Membership.objects.filter(user=user)
        return list(held.select_related("organisation__commune", "organisation__epci"))

    patch.setattr("register.principals.memberships_in_force", all_of)


def everybody_at_the_desk(patch: Patch) -> None:
    from register.web import middleware

    original = middleware._principal_for
    patch.setattr(
        middleware,
        "_principal_for",
        lambda audience, user, request: (
            original(audience, user, request) or applicant_principal(user)
        ),
    )


def no_page_asks_to_sign_in(patch: Patch) -> None:
    patch.setattr("register.web.middleware.DESK_AUDIENCES", frozenset())


def agreements_everywhere(patch: Patch) -> None:
    for agreement in Agreement.objects.all():
        agreement.departments.add("21", "71")


def sharing_for_all_roles(patch: Patch) -> None:
    roles = frozenset({"reader", "agent", "lead", "manager"})
    patch.setattr("backoffice.views.acts.SHARING_ROLES", roles)
    patch.setattr("register.services.sharing.SHARING_ROLES", roles)


def a_refusal_that_tells(patch: Patch) -> None:
    """A refusal for an existing demand with other bytes than for none."""
    original = access.get_demand

    def get(principal: Any, action: Any, number: str) -> Demand:
        try:
            return original(principal, action, number)
        except Http404:
            if Demand.objects.filter(number=number).exists():
                from django.core.exceptions import PermissionDenied

                raise PermissionDenied from None
            raise

    patch.setattr(access, "get_demand", get)


@pytest.mark.parametrize(
    ("weaken", "role"),
    [
        (any_demand_by_its_number, "commune outside"),
        (every_action_like_viewing, "landlord reader"),
        (no_guard, "landlord agent"),
        (helpers_are_owners, "helper"),
        (memberships_never_end, "former agent"),
        (everybody_at_the_desk, "other applicant"),
        (no_page_asks_to_sign_in, "owner"),
        (agreements_everywhere, "manager"),
        (sharing_for_all_roles, "landlord agent"),
        (a_refusal_that_tells, "commune outside"),
    ],
)
def test_the_matrix_sees_a_check_that_is_missing(
    world: World, monkeypatch: Patch, weaken: Callable[[Patch], None], role: str
) -> None:
    weaken(monkeypatch)
    client = world.client(role)
    client.raise_request_exception = False  # a page that breaks is seen too
    assert faults(world, role, client) != []
