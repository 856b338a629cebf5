"""The keys of a whole paper form, counted: without a mouse, without a script, in four minutes.

The pace is that of the keystroke-level model (Card, Moran and Newell, 1980): 0.2 s for each key of
an average skilled typist, 1.35 s to read the next answer on the paper and to find what to type.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from register.models import Counter, Demand, Membership
from tests.backoffice.test_browser import sign_in
from tests.browser import assert_fits_the_screen, axe, follow
from tests.factories import make_commune
from tests.faults.pdfs import plain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY, THOUGHT, GOAL = 0.2, 1.35, 240.0  # seconds

LOOK = ["Lefèvre", "Élodie Marie", "27031985"]
# Each answer of the paper, in order; an empty text is a question that was left blank.
PAPER = [
    *["2", "", "Martin", "", ""],  # names and date are those that were looked for
    *["1", "M", "0612345678", " ", " ", "", "12 rue du Bourg", "Bât. B", "21000", "Dijon"],
    *["", "", "", "", ""],  # she lives where she receives her letters
    *["B2", "1", "Martin", "", "Paul", "02111983", "1"],
    *["", ""],  # more co-applicants, flat-sharers
    *["Martin", "Léa", "12052015", "E", "F", "", ""],
    *["Martin", "Hugo", "03092018", "E", "M", "", ""],
    *["Martin", "Rose", "24122021", "E", "F", "", ""],
    "",  # more lines
    *["1", "15022027"],
    *["Martin", "Tom", "14072010", "D", "M"],
    "",  # more lines
    "2",
    *["CDI", "aide-soignante", "D28", "cariste"],
    *["D4", "26210007600013", "Dijon", "", ""],
    *["D17", "", "Quetigny", "oui", "28022025"],
    *["21450", "19800", "14200", ""],
    *["SAL 1510 AF 340", "SAL 1190", "120"],
    *["LP", "", "", "5", "T3", "58", "785", "210", "01092019"],
    *["13 F26", "Humidité dans les deux chambres.", ""],
    *["4 5", "I", "850", "", " ", "", " ", "Dijon, Quetigny, Chenôve", "", "oui"],
    *["2", "3 4", "2", "2", "MI", "", "STA"],  # the annex of the second child
    "",  # more lines
    *["", ""],  # the questions of the department, which nobody must answer
]


class Keyboard:
    """Types as an agent does, and counts."""

    def __init__(self, page: Any) -> None:
        self.page, self.keys, self.answers = page, 0, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def answer(self, text: str) -> None:
        """Type an answer and go on to the next question."""
        if text:
            self.page.keyboard.type(text)
            self.keys += len(text)
            self.answers += 1
        self.press("Tab")

    def scan(self, content: bytes) -> None:
        """Choose the scan, the first file of its folder, and say what is hidden on it."""
        self.press("Tab")
        with self.page.expect_file_chooser() as chosen:
            self.press("Enter")
        chosen.value.set_files(
            {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        self.keys += 2  # the first file, then Enter
        self.press("Tab")
        self.press("Space")
        self.answers += 2

    @property
    def seconds(self) -> float:
        return self.keys * KEY + self.answers * THOUGHT


@pytest.fixture
def counter(agent: Membership) -> Counter:
    for insee, name, postal in (
        ("21231", "Dijon", "21000"),
        ("21515", "Quetigny", "21800"),
        ("21166", "Chenôve", "21300"),
    ):
        make_commune(insee, name, postal_code=postal)
    return Counter.objects.create(
        code="21BT1", name="Bailleur de test", organisation=agent.organisation
    )


@pytest.mark.parametrize("scanned", [False, True])
def test_a_whole_paper_form_is_copied_by_keyboard_alone_in_less_than_four_minutes(
    new_page: Callable[..., Any],
    live_server: Any,
    lead: Membership,
    counter: Counter,
    tmp_path: Path,
    settings: Any,
    scanned: bool,
) -> None:
    settings.PRIVATE_ROOT = tmp_path
    page = new_page(javascript=False, width=1280, height=900)
    sign_in(page, lead, live_server.url)
    page.goto("/bureau/saisie/")
    expect(page.locator("form [autofocus]")).to_be_focused()
    keyboard = Keyboard(page)
    for text in LOOK[:-1]:
        keyboard.answer(text)
    page.keyboard.type(LOOK[-1])
    keyboard.keys += len(LOOK[-1])
    keyboard.answers += len(LOOK)
    keyboard.press("Enter")
    # What is typed before the cursor stands in the first question is lost.
    expect(page.locator("form.paper-entry [autofocus]")).to_be_focused()

    for text in PAPER:
        keyboard.answer(text)
    keyboard.press("Tab")  # the day of deposit is today
    keyboard.press("Tab")  # no e-mail
    keyboard.press("Space")
    keyboard.answers += 1
    if scanned:
        keyboard.scan(plain(2))
    keyboard.press("Enter")
    refused = page.locator(".error-summary")
    page.locator("#last-title").or_(refused).wait_for()
    assert not refused.count(), refused.inner_text()
    expect(page.locator("[name=identite-birth_name]")).to_be_focused()

    demand = Demand.objects.get()
    assert demand.persons.count() == 6
    assert demand.documents.count() == (1 if scanned else 0)
    assert [person.first_names for person in demand.persons.filter(has_disability=True)] == ["Hugo"]
    assert [w.commune_id for w in demand.wished_communes.order_by("position")] == [
        "21231",
        "21515",
        "21166",
    ]
    assert {each.code for each in demand.wished_types.all()} == {"T4", "T5"}
    assert demand.remarks == "Humidité dans les deux chambres."
    print(
        f"\n{keyboard.keys} keys, {keyboard.answers} answers:"
        f" {keyboard.keys * KEY:.0f} s of keys, {keyboard.seconds:.0f} s with the reading"
    )
    assert keyboard.seconds < GOAL


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_the_screen_and_its_errors_are_announced(
    new_page: Callable[..., Any],
    live_server: Any,
    agent: Membership,
    counter: Counter,
    width: int,
) -> None:
    page = new_page(width=width, height=900)
    sign_in(page, agent, live_server.url)
    page.goto("/bureau/saisie/")
    assert_fits_the_screen(page)
    axe(page)
    for name, text in zip(("birth_name", "first_names", "birth_date"), LOOK, strict=True):
        page.locator(f"[name=identite-{name}]").fill(text)
    follow(page, page.get_by_role("button", name="Chercher cette personne"))
    follow(page, page.get_by_role("button", name="Enregistrer la demande"))
    page.wait_for_selector(".error-summary")
    assert_fits_the_screen(page)
    axe(page)
    last, footer = (page.locator(each).bounding_box() for each in (".paper-entry", "footer"))
    assert last["y"] + last["height"] <= footer["y"]
