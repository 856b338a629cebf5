"""After signing in, everybody arrives where her work is."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.factories import make_member, make_user

ARRIVAL = "/accueil/"


@pytest.mark.django_db
def test_members_arrive_at_their_desk(client: Client) -> None:
    client.force_login(make_member().user)
    assert client.get(ARRIVAL)["Location"] == "/bureau/"


@pytest.mark.django_db
def test_editors_arrive_at_the_admin_of_the_site(client: Client) -> None:
    editor = make_user()
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(editor)
    assert client.get(ARRIVAL)["Location"] == "/edition/"


@pytest.mark.django_db
def test_everybody_else_arrives_in_her_own_space(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(ARRIVAL)["Location"] == "/mon-espace/"


@pytest.mark.django_db
def test_a_visitor_is_asked_to_sign_in_first(client: Client) -> None:
    assert client.get(ARRIVAL)["Location"].startswith("/compte/login/")
