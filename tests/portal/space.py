"""What the tests of the applicant's space share: who is signed in, and what a page says."""

from typing import Any

from django.test import Client
from django.urls import reverse

from register.models import Demand


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(demand: Demand, name: str = "demand") -> str:
    return reverse(f"space:{name}", args=[demand.number])


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()
