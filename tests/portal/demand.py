"""What the tests of the online demand share: a filled form, papers, a page's hidden note."""

import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from portal.models import Draft
from register.form.answers import Answers
from register.models import User
from tests import installed
from tests.factories import make_commune, make_counter, make_user

DIJON, QUETIGNY, NEVERS = "21231", "21515", "58194"

IDENTITY = {
    "title": "2",
    "birth_name": "Dupont-Lévêque",
    "used_name": "",
    "first_names": "Émilie Rose",
    "birth_date_0": "31",
    "birth_date_1": "3",
    "birth_date_2": "1985",
}
# The legal minimum, page by page (CCH R441-2-3).
MINIMUM = {
    "identite": IDENTITY,
    "identite/situation": {"nationality": "1"},
    "logement-actuel": {"kind": "LP"},
    "logement-actuel/details": {"occupants": "3"},
    "logement-souhaite": {"home_types": ["T3", "T4"]},
    "logement-souhaite/elargir": {"widening": "oui"},
}


def prepare_register() -> None:
    """Rights, deadlines, a counter and three communes of two departments."""
    installed.load("rules")
    make_counter()
    make_commune(DIJON, "Dijon")
    make_commune(QUETIGNY, "Quetigny", postal_code="21800")
    make_commune(NEVERS, "Nevers", department="58", postal_code="58000", epci=None)


def signed_in(user: User | None = None) -> Client:
    """A browser in which `user` (or somebody new) is signed in."""
    client = Client()
    client.force_login(user or make_user())
    return client


def photo(name: str = "carte.jpg") -> SimpleUploadedFile:
    """A photo as a phone sends it, with lines that can be read."""
    content = io.BytesIO()
    drawn = Image.new("RGB", (1200, 800), (180, 190, 200))
    for line in range(100, 800, 100):
        ImageDraw.Draw(drawn).line([(100, line), (1100, line)], fill=(20, 20, 30), width=4)
    drawn.save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def page_state(client: Client, path: str) -> str:
    """The signed note hidden in a page."""
    content = client.get(path).content.decode()
    found = re.search(r'name="page_state" value="([^"]+)"', content)
    assert found, content
    return found[1]


def post(client: Client, page: str, answers: dict[str, Any], **extra: Any) -> Any:
    """Answer a page of the form."""
    return client.post(f"/demande/{page}/", {"intent": "continue", **answers}, **extra)


def fill_minimum(client: Client) -> None:
    """Answer everything the law requires, and nothing else."""
    for page, answers in MINIMUM.items():
        response = post(client, page, answers)
        assert response.status_code == 302, (page, response.content.decode())
    post(client, "logement-souhaite/communes", {"intent": f"add:{DIJON}"})
    assert post(client, "piece-identite", {"documents": photo()}).status_code == 302


def draft_of(client: Client) -> Draft:
    """The open draft of the person signed in."""
    return Draft.objects.get(user=client.session["_auth_user_id"], submitted_number="")


def answers_of(client: Client) -> Answers:
    """Her answers as kept."""
    return Answers(draft_of(client).answers)
