"""A public site with its starter content, and the people who edit it."""

from typing import Any

import pytest
from cms.editorial import EDITORS, WRITERS, set_up_editorial_team
from django.contrib.auth.models import Group
from django.test import Client

from register.models import User
from tests import installed

PASSWORD = "a long enough passphrase"


@pytest.fixture
def site(db: Any) -> None:
    """The starter content, brought in once for the test."""
    installed.load("starter")


@pytest.fixture
def modules(db: Any) -> None:
    """The delivered modules, in force."""
    installed.load("reference")
    installed.load("rules")


def signed_in(group_name: str | None, email: str) -> Client:
    """A browser signed in as somebody of the group, or of none."""
    user = User.objects.create_user(email, PASSWORD)
    if group_name:
        user.groups.add(Group.objects.get(name=group_name))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(db: Any) -> Client:
    """An editor of the USH."""
    set_up_editorial_team()
    return signed_in(EDITORS, "editrice@example.org")


@pytest.fixture
def writer(db: Any) -> Client:
    """A writer, whose pages are reviewed."""
    set_up_editorial_team()
    return signed_in(WRITERS, "redacteur@example.org")


@pytest.fixture
def stranger(db: Any) -> Client:
    """An applicant or a partner's agent: no editing right."""
    set_up_editorial_team()
    return signed_in(None, "demandeuse@example.org")
