"""French is spoken to everybody who did not choose English."""

import pytest
from django.test import Client

PAGE = "/compte/login/"


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["", "en-US,en;q=0.9", "de", "xx"])
def test_french_is_spoken_whatever_the_browser_prefers(client: Client, asked: str) -> None:
    page = client.get(PAGE, headers={"accept-language": asked})
    assert page["Content-Language"] == "fr"
    assert '<html lang="fr"' in page.content.decode()


@pytest.mark.django_db
def test_english_is_spoken_to_whoever_chose_it(client: Client) -> None:
    client.post("/langue/setlang/", {"language": "en", "next": PAGE})
    assert client.get(PAGE)["Content-Language"] == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["de", "fr-CA", "../../etc", "\\x00"])
def test_an_unknown_language_in_the_cookie_means_french(client: Client, cookie: str) -> None:
    client.cookies["django_language"] = cookie
    assert client.get(PAGE)["Content-Language"] == "fr"
