"""Choosing communes without a line of JavaScript."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import make_commune, make_quarter
from tests.portal.demand import DIJON, NEVERS, QUETIGNY, answers_of, post

PAGE = "logement-souhaite/communes"
GRESILLES = "21231-gresilles"


def press(client: Client, button: str) -> Any:
    return client.post(f"/demande/{PAGE}/", {"intent": button}, follow=True)


def test_a_search_proposes_buttons_to_add(applicant: Client) -> None:
    page = applicant.get(f"/demande/{PAGE}/", {"q": "queti"}).content.decode()
    assert f'value="add:{QUETIGNY}"' in page
    assert applicant.get(f"/demande/{PAGE}/", {"q": "21800"}).content.decode().count("add:") == 1
    assert (
        "Aucune commune de Bourgogne"
        in applicant.get(f"/demande/{PAGE}/", {"q": "xyz"}).content.decode()
    )


def test_the_order_is_changed_with_buttons(applicant: Client) -> None:
    press(applicant, f"add:{DIJON}")
    press(applicant, f"add:{QUETIGNY}")
    press(applicant, f"up:{QUETIGNY}")
    assert answers_of(applicant).communes == [QUETIGNY, DIJON]
    press(applicant, f"up:{QUETIGNY}")
    press(applicant, f"down:{QUETIGNY}")
    assert answers_of(applicant).communes == [DIJON, QUETIGNY]
    press(applicant, f"remove:{DIJON}")
    assert answers_of(applicant).communes == [QUETIGNY]


def test_a_commune_of_another_department_is_refused_with_the_reason(applicant: Client) -> None:
    press(applicant, f"add:{DIJON}")
    page = press(applicant, f"add:{NEVERS}").content.decode()
    assert "Une demande vaut pour un seul département" in page
    assert answers_of(applicant).communes == [DIJON]
    found = applicant.get(f"/demande/{PAGE}/", {"q": "nevers"}).content.decode()
    assert "Autre département" in found
    assert f"add:{NEVERS}" not in found


def test_eight_communes_at_most_and_each_once(applicant: Client) -> None:
    for place in range(10):
        make_commune(f"2190{place}", f"Village {place}")
        page = press(applicant, f"add:2190{place}").content.decode()
    assert "Vous avez déjà choisi 8 communes" in page
    press(applicant, "add:21900")
    assert answers_of(applicant).communes == [f"2190{place}" for place in range(8)]


def test_going_on_without_a_commune_says_what_to_do(applicant: Client) -> None:
    page = post(applicant, PAGE, {}).content.decode()
    assert "Choisissez au moins une commune" in page
    assert "<title>Erreur" in page


def test_buttons_that_do_not_exist_change_nothing(applicant: Client) -> None:
    press(applicant, f"add:{DIJON}")
    for button in ("add:99999", "add:", "up:99999", "remove:x", "drop:21231", "add:\x00"):
        assert press(applicant, button).status_code == 200
    assert answers_of(applicant).communes == [DIJON]


def test_typing_receives_only_the_list_of_results(applicant: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "commune-results"}
    page = applicant.get(f"/demande/{PAGE}/", {"q": "dijon"}, headers=headers).content.decode()
    assert f"add:{DIJON}" in page
    assert "<html" not in page


def test_a_quarter_is_offered_only_where_the_commune_has_some(applicant: Client) -> None:
    make_quarter(GRESILLES)
    press(applicant, f"add:{QUETIGNY}")
    assert "<select" not in press(applicant, f"remove:{QUETIGNY}").content.decode()
    page = press(applicant, f"add:{DIJON}").content.decode()
    assert f'name="quarter-{DIJON}"' in page
    assert "Toute la commune" in page
    assert f'value="{GRESILLES}"' in page


@pytest.mark.parametrize(
    "button", ["continue", "later", f"up:{QUETIGNY}", f"add:{QUETIGNY}", "none"]
)
def test_every_button_keeps_the_quarter_that_is_chosen(applicant: Client, button: str) -> None:
    make_quarter(GRESILLES)
    press(applicant, f"add:{DIJON}")
    chosen = {"intent": button, f"quarter-{DIJON}": GRESILLES}
    applicant.post(f"/demande/{PAGE}/", chosen, follow=True)
    assert answers_of(applicant).quarters == {DIJON: GRESILLES}
    page = applicant.get(f"/demande/{PAGE}/").content.decode()
    assert f'value="{GRESILLES}" selected' in page
    applicant.post(f"/demande/{PAGE}/", {"intent": button, f"quarter-{DIJON}": ""}, follow=True)
    assert answers_of(applicant).quarters == {}


def test_a_quarter_goes_with_its_commune(applicant: Client) -> None:
    make_quarter(GRESILLES)
    press(applicant, f"add:{DIJON}")
    applicant.post(f"/demande/{PAGE}/", {"intent": "continue", f"quarter-{DIJON}": GRESILLES})
    press(applicant, f"remove:{DIJON}")
    press(applicant, f"add:{DIJON}")
    assert answers_of(applicant).quarters == {}


@pytest.mark.parametrize(
    ("commune", "quarter"),
    [(DIJON, "21166-mail"), (DIJON, "x"), (DIJON, "\x00"), (QUETIGNY, GRESILLES), ("x", "y")],
)
def test_a_quarter_that_is_not_of_the_commune_is_not_kept(
    applicant: Client, commune: str, quarter: str
) -> None:
    make_quarter(GRESILLES)
    make_quarter("21166-mail")
    press(applicant, f"add:{DIJON}")
    applicant.post(f"/demande/{PAGE}/", {"intent": "continue", f"quarter-{commune}": quarter})
    assert answers_of(applicant).quarters == {}


def test_a_script_that_sends_the_page_is_led_to_the_next_one(applicant: Client) -> None:
    press(applicant, f"add:{DIJON}")
    answer = applicant.post(
        f"/demande/{PAGE}/", {"intent": "continue"}, headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Redirect"].startswith("/demande/logement-souhaite/")
