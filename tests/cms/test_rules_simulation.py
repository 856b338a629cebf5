"""An editor sees what a draft would change before anybody signs it: counts, never a file."""

import pytest
from django.test import Client

from register.models import Simulation
from register.services.simulation import run_waiting
from rules import drafts
from rules.life import Actor
from tests import installed
from tests.factories import make_demand, make_member, make_organisation

PAGE = "/edition/regles/{code}/simulation/"
KINDS = ["rights-r441-2-6", "fields-21", "deadlines-21", "scoring-demo-21", "priority-21"]
KINDS += ["eligibility-21", "documents-21", "questions-21", "automation-21"]


@pytest.fixture
def stock(db: None) -> None:
    installed.load("reference")
    installed.load("rules")
    make_member(make_organisation("bailleur", department="21"))
    for _each in range(6):
        make_demand(last_name="Jamaisvu")


@pytest.mark.parametrize("code", KINDS)
def test_the_draft_of_every_kind_is_simulated_and_read_in_figures(
    editor: Client, stock: None, code: str
) -> None:
    drafts.open_draft(code, Actor("Editor"))
    address = PAGE.format(code=code)
    assert "Simuler sur tous les dossiers" in editor.get(address).content.decode()
    assert editor.post(address).status_code == 302
    assert "en cours" in editor.get(address).content.decode()
    assert run_waiting() == 1
    simulation = Simulation.objects.get()
    assert (simulation.state, simulation.fault) == ("done", "")
    answer = editor.get(address).content.decode()
    assert "Rien ne changerait ici, ou pour moins" in answer or "ne concernent aucun" in answer
    assert "Jamaisvu" not in answer.replace("JAMAISVU", "Jamaisvu")


def test_asking_twice_makes_one_simulation(editor: Client, stock: None) -> None:
    drafts.open_draft("deadlines-21", Actor("Editor"))
    for _twice in range(2):
        editor.post(PAGE.format(code="deadlines-21"))
    assert Simulation.objects.count() == 1


def test_letters_change_no_file_and_have_no_simulation(editor: Client, stock: None) -> None:
    drafts.open_draft("letters-21", Actor("Editor"))
    assert editor.get(PAGE.format(code="letters-21")).status_code == 404
