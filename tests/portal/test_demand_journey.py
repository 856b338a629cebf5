"""From nothing to the number on a phone, with JavaScript, and without it by keyboard."""

import re
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from playwright.sync_api import expect

from register.models import Demand
from tests.browser import assert_fits_the_screen, axe
from tests.factories import make_quarter
from tests.portal.demand import photo, prepare_register

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"]),
]

EMAIL = "emilie@example.org"
PASSWORD = "une-phrase-longue-et-facile"
CONTINUE = "main button.btn[value=continue]"
# More than a page has links, buttons and answers.
MOST_TABS = 200


@pytest.fixture(autouse=True)
def _register(db: Any) -> None:
    prepare_register()
    make_quarter("21231-gresilles")
    make_quarter("21515-quetigny-centre")


class Visitor:
    """A person who reads a page, looks at it, and goes on; without scripts, by keyboard."""

    def __init__(self, page: Any, *, javascript: bool) -> None:
        self.page = page
        self.javascript = javascript

    def look(self, path: str) -> None:
        """The page is the expected one, fits the phone and has no serious barrier."""
        self.page.wait_for_url(re.compile(rf"{path}(\?.*)?(#.*)?$"))
        self.page.wait_for_load_state("load")
        self.page.evaluate("document.fonts.ready.then(() => true)")
        assert_fits_the_screen(self.page)
        if self.javascript:
            axe(self.page)

    def choose(self, name: str, *values: str) -> None:
        for value in values:
            box = f"[name={name}][value='{value}']"
            if self.javascript:
                self.page.check(box)
            elif not self.page.is_checked(box):
                self._reach(f"input[type=radio][name={name}], {box}")
                self._arrow_to(box)
                self.page.keyboard.press("Space")
                assert self.page.is_checked(box)

    def write(self, **answers: str) -> None:
        for name, text in answers.items():
            if self.javascript:
                self.page.fill(f"[name={name}]", text)
            else:
                self.type(f"[name={name}]", text)

    def type(self, field: str, text: str) -> None:
        """Type it there by the keyboard, in the place of what there is."""
        self._reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def pick(self, name: str, value: str) -> None:
        if self.javascript:
            self.page.locator(name).select_option(value)
            return
        self._reach(name)
        for _press in range(MOST_TABS):
            if self.page.locator(name).input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: the arrows never reach {value}")

    def send_files(self, name: str, *files: Path) -> None:
        with self.page.expect_file_chooser() as asked:
            self.press(self.page.locator(name))
        asked.value.set_files([str(file) for file in files])

    def press(self, button: Any) -> None:
        """Press a button, or follow a link."""
        if self.javascript:
            button.click()
        else:
            self._reach(button)
            self.page.keyboard.press("Enter")

    def _reach(self, wanted: Any) -> None:
        """Press the tabulation key until the cursor is there."""
        if isinstance(wanted, str):
            wanted = self.page.locator(wanted)
        wanted.first.wait_for(state="attached")
        for _press in range(MOST_TABS):
            if wanted.evaluate_all("all => all.includes(document.activeElement)"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.page.url}: the keyboard never reaches {wanted}")

    def _arrow_to(self, box: str) -> None:
        """Within the buttons of one choice, the arrows move."""
        for _press in range(MOST_TABS):
            if self.page.locator(box).evaluate("each => each === document.activeElement"):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: the arrows never reach {box}")

    def write_date(self, name: str, day: str, month: str, year: str) -> None:
        self.write(**{f"{name}_0": day, f"{name}_1": month, f"{name}_2": year})

    def go_on(self) -> None:
        self.press(self.page.locator(CONTINUE))

    def stumble(self, path: str) -> None:
        """Press "continue" on a page that cannot be left so; its error state is looked at too."""
        self.go_on()
        # Its address is the same, and a script may have replaced the page in its place.
        expect(self.page).to_have_title(re.compile("^Erreur"))
        self.look(path)
        assert self.page.locator(".error-summary a").first.get_attribute("href").startswith("#id_")


@pytest.fixture
def visitor(page: Any, javascript: bool) -> Visitor:
    return Visitor(page, javascript=javascript)


def test_from_creating_an_account_to_the_number(visitor: Visitor, tmp_path: Path) -> None:
    create_an_account(visitor)
    tell_who_lives_there(visitor)
    tell_how_one_lives(visitor)
    tell_what_one_wishes(visitor)
    send_the_identity_document(visitor, tmp_path)
    read_again_and_send(visitor)


def create_an_account(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/demande/")
    visitor.look("/demande/")
    visitor.press(page.get_by_role("link", name="Commencer ma demande"))
    visitor.look("/compte/signup/")
    visitor.write(email=EMAIL, password1=PASSWORD, password2=PASSWORD)
    visitor.press(page.locator("main form button[type=submit]"))
    visitor.look("/compte/confirm-email/")
    link = re.search(r"https?://[^/\s]+(/compte/confirm-email/\S+/)", mail.outbox[-1].body)
    assert link, mail.outbox[-1].body
    page.goto(link[1])
    assert not EmailAddress.objects.get(email=EMAIL).verified, "reading the link confirms nothing"
    visitor.look(r"/compte/confirm-email/[^/]+/")
    with page.expect_navigation():
        visitor.press(page.locator("main form button[type=submit]"))
    assert EmailAddress.objects.get(email=EMAIL).verified
    page.goto("/demande/mes-etapes/")
    if "/compte/login/" in page.url:
        visitor.write(login=EMAIL, password=PASSWORD)
        visitor.press(page.locator("main form button[type=submit]"))
    visitor.look("/demande/mes-etapes/")
    visitor.press(page.get_by_role("link", name="Commencer", exact=True))


def tell_who_lives_there(visitor: Visitor) -> None:
    page = visitor.page
    visitor.look("/demande/demandeur/")
    visitor.stumble("/demande/demandeur/")
    visitor.choose("applicant_kind", "personne")
    visitor.go_on()
    visitor.look("/demande/identite/")
    visitor.write(birth_name="Dupont-Lévêque", first_names="Émilie Rose")
    visitor.write_date("birth_date", "31", "2", "1985")
    visitor.stumble("/demande/identite/")
    assert page.input_value("[name=birth_name]") == "Dupont-Lévêque"
    visitor.choose("title", "2")
    visitor.write(birth_date_1="3")
    visitor.go_on()
    visitor.look("/demande/identite/situation/")
    visitor.stumble("/demande/identite/situation/")
    visitor.choose("nationality", "1")
    visitor.go_on()
    visitor.look("/demande/foyer/")
    visitor.stumble("/demande/foyer/")
    visitor.choose("has_co_applicant", "oui")
    visitor.go_on()
    visitor.look("/demande/foyer/conjoint/")
    visitor.stumble("/demande/foyer/conjoint/")
    visitor.choose("link", "C")
    visitor.choose("title", "1")
    visitor.write(birth_name="Nguyễn", first_names="Minh")
    visitor.write_date("birth_date", "5", "12", "1988")
    visitor.choose("nationality", "3")
    visitor.go_on()
    visitor.look("/demande/foyer/personnes-a-charge/")
    visitor.press(page.get_by_role("link", name="Ajouter une personne"))
    visitor.look(r"/demande/foyer/personnes-a-charge/[0-9a-f]{8}/")
    visitor.stumble(r"/demande/foyer/personnes-a-charge/[0-9a-f]{8}/")
    visitor.write(birth_name="Nguyễn", first_names="Léa")
    visitor.write_date("birth_date", "5", "12", "2016")
    visitor.go_on()
    visitor.look("/demande/foyer/personnes-a-charge/")
    assert "Léa Nguyễn" in page.inner_text("main")
    visitor.go_on()
    visitor.look("/demande/foyer/enfants-en-visite/")
    visitor.go_on()
    visitor.look("/demande/foyer/naissance/")
    visitor.write(unborn_count="deux")
    visitor.stumble("/demande/foyer/naissance/")
    visitor.write(unborn_count="")
    visitor.go_on()
    visitor.look("/demande/foyer/handicap/")
    visitor.choose("disabled", "applicant")
    visitor.go_on()
    visitor.look("/demande/foyer/handicap/besoins/")
    visitor.press(page.get_by_role("link", name="Décrire les besoins"))
    visitor.look("/demande/foyer/handicap/besoins/applicant/")
    visitor.choose("equipment", "4")
    visitor.choose("steps", "2")
    visitor.go_on()
    visitor.look("/demande/foyer/handicap/besoins/")
    visitor.go_on()


def tell_how_one_lives(visitor: Visitor) -> None:
    page = visitor.page
    visitor.look("/demande/coordonnees/")
    visitor.write(phone="06 12")
    visitor.stumble("/demande/coordonnees/")
    visitor.write(phone="06 12 34 56 78")
    visitor.go_on()
    visitor.look("/demande/coordonnees/adresse/")
    visitor.write(address="3 rue Berbisey", postal_code="21000", city="Dijon")
    visitor.press(page.locator("main button[value=later]"))
    visitor.look("/demande/mes-etapes/")
    visitor.press(page.get_by_role("link", name="Reprendre où je me suis arrêté"))
    assert page.input_value("[name=address]") == "3 rue Berbisey"
    visitor.go_on()
    visitor.look("/demande/logement-actuel/")
    visitor.stumble("/demande/logement-actuel/")
    visitor.choose("kind", "LP")
    visitor.go_on()
    visitor.look("/demande/logement-actuel/details/")
    visitor.write(monthly_cost="-3")
    visitor.stumble("/demande/logement-actuel/details/")
    visitor.write(occupants="3", monthly_cost="1 234,50")
    visitor.go_on()
    visitor.look("/demande/logement-actuel/adresse/")
    visitor.go_on()
    visitor.look("/demande/motifs/")
    visitor.choose("reasons", "13", "06")
    visitor.go_on()
    visitor.look("/demande/motifs/protection/")
    visitor.choose("is_sealed", "non")
    visitor.go_on()
    visitor.look("/demande/ressources/")
    visitor.write(tax_income_n2="NaN")
    visitor.stumble("/demande/ressources/")
    visitor.write(tax_income_n2="23 403")
    visitor.go_on()
    visitor.look("/demande/ressources/travail/")
    visitor.choose("work_status", "CDI")
    visitor.go_on()
    visitor.look("/demande/ressources/employeur/")
    visitor.choose("employer", "D4")
    visitor.write(employer_siret="262 100 076 00014")
    visitor.stumble("/demande/ressources/employeur/")
    visitor.write(employer_siret="262 100 076 00013")
    visitor.go_on()
    visitor.look("/demande/ressources/revenus/")
    visitor.choose("kinds", "SAL", "AF")
    visitor.go_on()
    visitor.look("/demande/ressources/montants/")
    visitor.write(amount_SAL="1 450,20 €")
    visitor.go_on()
    visitor.look("/demande/ressources/revenus-conjoint/")
    visitor.go_on()
    visitor.look("/demande/ressources/pension-versee/")
    visitor.go_on()


def tell_what_one_wishes(visitor: Visitor) -> None:
    page = visitor.page
    visitor.look("/demande/logement-souhaite/")
    visitor.stumble("/demande/logement-souhaite/")
    visitor.choose("home_types", "T3", "T4")
    visitor.go_on()
    visitor.look("/demande/logement-souhaite/communes/")
    visitor.stumble("/demande/logement-souhaite/communes/")
    for search, insee in (("queti", "21515"), ("dijon", "21231")):
        if visitor.javascript:
            page.locator("#id_commune_search").press_sequentially(search)
        else:
            visitor.type("#id_commune_search", search)
            visitor.press(page.get_by_role("button", name="Rechercher"))
        visitor.press(page.locator(f"#add-{insee}"))
        page.locator(f"#remove-{insee}").wait_for()
    visitor.pick("#quarter-21231", "21231-gresilles")
    visitor.press(page.locator("#up-21231"))
    page.locator("#down-21231").wait_for()
    assert page.locator("#quarter-21231").input_value() == "21231-gresilles"
    visitor.pick("#quarter-21515", "21515-quetigny-centre")
    visitor.look("/demande/logement-souhaite/communes/")
    visitor.go_on()
    visitor.look("/demande/logement-souhaite/elargir/")
    visitor.stumble("/demande/logement-souhaite/elargir/")
    visitor.choose("widening", "oui")
    visitor.go_on()
    answer_the_questions_of_the_department(visitor)


def answer_the_questions_of_the_department(visitor: Visitor) -> None:
    visitor.look("/demande/logement-souhaite/questions/")
    visitor.choose("question_parking", "oui")
    visitor.choose("question_transport", "public")
    visitor.write_date("question_move_from", "31", "2", "2027")
    visitor.stumble("/demande/logement-souhaite/questions/")
    assert visitor.page.input_value("[name=question_move_from_1]") == "2"
    visitor.write(question_move_from_1="3")
    visitor.go_on()


def send_the_identity_document(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    visitor.look("/demande/piece-identite/")
    visitor.stumble("/demande/piece-identite/")
    good, wrong = tmp_path / "carte.jpg", tmp_path / "faux.pdf"
    good.write_bytes(photo().read())
    wrong.write_bytes(b"this is no document")
    visitor.send_files("[name=documents]", good, wrong)
    if visitor.javascript:
        page.locator("[data-photo-check]").wait_for()
    visitor.stumble("/demande/piece-identite/")
    assert page.locator(".file-name").inner_text() == "carte.jpg"
    visitor.go_on()


def read_again_and_send(visitor: Visitor) -> None:
    page = visitor.page
    visitor.look("/demande/verification/")
    visitor.press(page.locator("a[href='/demande/coordonnees/adresse/?retour=verification']").first)
    visitor.write(city="Chenôve")
    visitor.go_on()
    visitor.look("/demande/verification/")
    assert "Chenôve" in page.inner_text("main")
    visitor.press(page.get_by_role("button", name="Envoyer ma demande"))
    page.locator(".number-plate").wait_for()
    demand = Demand.objects.get()
    visitor.look(f"/demande/deposee/{demand.number}/")
    plate = page.locator(".number-plate").inner_text()
    assert re.sub(r"\s", "", plate) == demand.number
    assert list(demand.wished_communes.values_list("commune_id", "quarter_id")) == [
        ("21231", "21231-gresilles"),
        ("21515", "21515-quetigny-centre"),
    ]
    page.go_back()
    page.goto("/demande/mes-etapes/")
    visitor.look("/demande/mes-etapes/")
    assert demand.number in re.sub(r"\s", "", page.inner_text("main"))
