"""The account pages say what is missing in plain French."""

import pytest
from django.test import Client

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
