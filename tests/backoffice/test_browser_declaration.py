"""Answers put right one at a time, as the applicant and the desk see it, on a phone and a desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from register.form.single import mark
from register.models import Membership, Role
from register.services.acts import add_note
from register.services.corrections import ask_correction
from register.services.modification import Proposed, rectify
from register.services.templates import keep_template
from tests.backoffice.test_browser import sign_in
from tests.backoffice.test_browser_oversight import look
from tests.browser import follow
from tests.factories import make_demand, make_member, principal_of
from tests.portal.test_space_browser import sign_in as sign_in_as

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "coordonnees-adresse.address"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_one_answer_fit_and_everybody_reads_them(
    new_page: Callable[..., Any], live_server: Any, agent: Membership, width: int
) -> None:
    demand = make_demand(registered_by=agent.organisation, last_name="Benali", dependants=1)
    mine, lead = principal_of(agent), principal_of(make_member(agent.organisation, Role.LEAD))
    for about in (ADDRESS, "logement-actuel.kind", f"piece@{demand.documents.get().pk}"):
        ask_correction(principal=mine, demand=demand, about=about, text="Il manque un numéro.")
    rectify(
        principal=mine,
        demand=demand,
        ref="logement-souhaite.home_types",
        proposed=Proposed(["T2", "T4"], mark(["T3"])),
        source="third",
        text="Le CCAS, avec son accord",
    )
    add_note(principal=mine, demand=demand, text="À rappeler lundi", to="us")
    text = keep_template(
        principal=lead, title="Relance", body="Bonjour {{ applicant.name }},\n\nMerci d’avance."
    )
    hers = new_page(width=width, height=900)
    sign_in_as(hers, demand.account.email, "/mon-espace/")
    for correction in demand.corrections.all():
        hers.goto(reverse("space:correction", args=[demand.number, correction.pk]))
        follow(hers, hers.get_by_role("button", name="Envoyer ma réponse"))
        look(hers, f"correction-{correction.question or 'piece'}", width)
    for name in ("corrections", "history", "demand"):
        hers.goto(reverse(f"space:{name}", args=[demand.number]))
        look(hers, f"space-{name}", width)
    desk = new_page(width=width, height=900)
    sign_in(desk, agent, live_server.url)
    desk.goto(reverse("desk:declaration", args=[demand.number]))
    look(desk, "declaration", width)
    desk.goto(reverse("desk:rectify", args=[demand.number, "logement-actuel.kind"]))
    follow(desk, desk.get_by_role("button", name="Enregistrer cette réponse"))
    look(desk, "rectifier", width)
    desk.goto(reverse("desk:begin_message", args=[demand.number, text.pk]))
    look(desk, "message", width)
    desk.locator("#act-note summary").click()
    look(desk, "note", width)
    desk.goto(reverse("desk:templates"))
    look(desk, "modeles", width)
