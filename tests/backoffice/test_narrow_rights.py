"""What a group of data tells is told nowhere to whoever may not read it: list, file, order, steps."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from register import codes
from register.models import Demand, Membership, OrganisationKind, Role
from register.services import acts
from register.services.automation import evaluate_event
from register.services.documents import refuse_document
from register.services.labels import grant_label
from register.services.sharing import share_file
from tests.backoffice.conftest import signed_in
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    principal_of,
)
from tests.partition.answers import body_of
from tests.partition.world import add_document
from tests.register.automatic import put_in_force, rule

MACON = "71270"


@pytest.fixture
def namer(agent: Membership) -> Membership:
    """An agent whose agreement opens names and addresses, and no other group of data."""
    agent.organisation.agreements.update(data_classes=["identity", "contact"])
    return agent


def labelled(demand: Demand, code: str = codes.PriorityLabel.DALO) -> Demand:
    manager = make_member(demand.registered_by, Role.MANAGER)
    demand.registered_by.agreements.get().departments.add(demand.department)
    grant_label(principal=principal_of(manager), demand=demand, code=code)
    return demand


def numbers(member: Membership, query: str, *demands: Demand) -> list[str]:
    page = body_of(signed_in(member).get(f"/bureau/?{query}")).decode()
    found = [(page.find(demand.number), demand.number) for demand in demands]
    return [number for place, number in sorted(found) if place >= 0]


def test_the_list_the_file_and_the_export_are_silent_on_groups_that_no_agreement_opens(
    namer: Membership,
) -> None:
    demand = labelled(make_demand(dependants=3, types=("T5",)))
    client = signed_in(namer)
    for address in ("/bureau/", f"/bureau/dossiers/{demand.number}/", "/bureau/export/csv/"):
        text = body_of(client.get(address)).decode()
        assert demand.number in text.replace("\u202f", "").replace("\u00a0", "") or "Martin" in text
        rows = text.split("<tbody", 1)[-1] if address == "/bureau/" else text
        rows = rows.split('id="file-view"', 1)[-1]
        for told in ("4 personnes", "T5", "Dijon", "DALO", "3 enfants", ";4;"):
            assert told not in rows, (address, told)


@pytest.mark.parametrize(
    "query",
    [
        "size_min=3",
        "size_max=2",
        "commune=Dijon",
        "home_type=T5",
        "is_priority=on",
        "sort=largest",
        "sort=smallest",
    ],
)
def test_no_filter_and_no_order_tells_what_the_list_hides(namer: Membership, query: str) -> None:
    make_commune()
    large = labelled(make_demand(dependants=3, types=("T5",)))
    small = make_demand(communes=("21054",))
    told = numbers(namer, query, large, small)
    assert len(told) != 1, "one of the two answers the filter"
    plain = numbers(namer, "", large, small)
    assert told in ([], plain)


def test_a_file_that_is_only_shared_tells_its_priorities_to_nobody(agent: Membership) -> None:
    demand = labelled(make_demand(communes=(MACON,), department="71"))
    lead = principal_of(make_member(make_organisation(department="71"), Role.LEAD))
    today = timezone.localdate()
    share_file(
        principal=lead,
        demand=demand,
        organisation=agent.organisation,
        reason="Mutation",
        starts_on=today,
        ends_on=today + timedelta(days=9),
    )
    client = signed_in(agent)
    assert numbers(agent, "", demand) == [demand.number]
    assert numbers(agent, "is_priority=on", demand) == []
    page = body_of(client.get(f"/bureau/dossiers/{demand.number}/")).decode()
    assert "DALO" not in page
    assert "DALO" not in body_of(client.get("/bureau/")).decode()


@pytest.fixture
def counter(db: Any) -> Membership:
    """An agent of a counter, to whom resources are shown as a band only."""
    return make_member(
        make_organisation(kind=OrganisationKind.COMMUNE, commune=make_commune()), Role.AGENT
    )


def test_the_steps_of_a_file_do_not_tell_the_resources_that_are_masked(
    counter: Membership, agent: Membership
) -> None:
    demand = make_demand()
    landlord: Any = principal_of(agent)
    acts.propose_candidate(principal=landlord, demand=demand, home_type="T3", commune="21231")
    acts.refuse_candidate(
        principal=landlord,
        demand=demand,
        reason=codes.RefusalReason.INCOME_TOO_HIGH,
        text="Quarante mille euros par an",
    )
    notice = add_document(demand, codes.DocumentKind.TAX_NOTICE)
    refuse_document(
        principal=landlord, demand=demand, document=notice, reason="Il manque la page des revenus"
    )
    acts.request_piece(
        principal=landlord, demand=demand, piece="work", text="Le contrat chez Untel"
    )
    withheld = (
        str(codes.RefusalReason.INCOME_TOO_HIGH.label),
        "Quarante mille",
        "la page des revenus",
        "chez Untel",
    )
    address = f"/bureau/dossiers/{demand.number}/"
    whole = body_of(signed_in(agent).get(address)).decode()
    assert [word for word in withheld[1:] if word not in whole] == []
    told = body_of(signed_in(counter).get(address)).decode()
    assert [word for word in withheld if word in told] == []


def test_a_letter_seen_on_a_file_does_not_name_the_paper_that_tells_what_is_masked(
    counter: Membership, agent: Membership
) -> None:
    demand = make_demand()
    acts.request_piece(principal=principal_of(agent), demand=demand, piece="work")
    address = f"/bureau/dossiers/{demand.number}/courriers/?texte=piece_reminder"
    whole = body_of(signed_in(agent).get(address)).decode()
    told = body_of(signed_in(counter).get(address)).decode()
    assert "Contrat de travail" in whole
    assert "Contrat de travail" not in told


def test_a_message_sent_by_an_automatic_rule_names_no_paper_to_whoever_may_not_know_it(
    counter: Membership, agent: Membership, tmp_path: Any
) -> None:
    remind = {"do": "message", "letter": "piece_reminder", "from": "acting"}
    put_in_force(tmp_path, rule(trigger={"event": "piece_requested"}, actions=[remind]))
    demand = make_demand()
    event = acts.request_piece(principal=principal_of(agent), demand=demand, piece="work")
    assert evaluate_event(event)["done"] == 1
    page = body_of(signed_in(counter).get(f"/bureau/dossiers/{demand.number}/")).decode()
    assert "Nous ne l’avons pas encore reçu" in page
    assert "Contrat de travail" not in page
