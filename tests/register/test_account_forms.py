"""The account pages say what is missing in plain French."""

from typing import Any

import pytest
from config.settings import base
from django.contrib.auth.hashers import make_password
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "sentences"),
    [
        (
            "/compte/signup/",
            (
                "Écrivez votre adresse e-mail.",
                "Choisissez un mot de passe.",
                "Écrivez le même mot de passe une deuxième fois.",
            ),
        ),
        ("/compte/login/", ("Écrivez votre adresse e-mail.", "Écrivez votre mot de passe.")),
        ("/compte/password/reset/", ("Écrivez votre adresse e-mail.",)),
    ],
)
def test_an_empty_account_form_says_what_to_write(
    client: Client, address: str, sentences: tuple[str, ...]
) -> None:
    page = client.post(address, {}).content.decode()
    for sentence in sentences:
        assert sentence in page
    assert "Champ requis" not in page


def test_an_address_that_cannot_be_one_is_told_how_to_look(client: Client) -> None:
    page = client.post("/compte/signup/", {"email": "camille.martin"}).content.decode()
    assert "nom@exemple.fr" in page


def test_the_password_is_explained_in_one_sentence_with_the_length_in_force(
    client: Client,
) -> None:
    page = client.get("/compte/signup/").content.decode()
    assert "12 caractères au moins" in page
    assert "ne peut pas être entièrement numérique" not in page


def test_a_password_is_kept_dear_to_guess_and_an_older_one_still_opens(settings: Any) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    kept = make_password("une petite phrase")
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    older = make_user()
    older.password = make_password("une petite phrase", hasher="pbkdf2_sha256")
    assert older.check_password("une petite phrase")
    assert older.password.startswith("argon2$")
