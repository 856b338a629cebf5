"""What a group of data tells is told nowhere to whoever may not read it."""

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from register import access, codes
from register.models import AccessLog, CurrentHousing, Demand, Membership, OrganisationKind, Role
from register.selectors.scores import score_of
from register.services import acts
from register.services.automation import evaluate_event
from register.services.documents import refuse_document
from register.services.facts import refresh_facts
from register.services.labels import grant_label
from register.services.sharing import share_file
from rules.disk import MODULES
from tests.backoffice.conftest import signed_in
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_quarter,
    principal_of,
)
from tests.partition.answers import body_of
from tests.partition.world import add_document
from tests.register.automatic import put_in_force, rule

MACON = "71270"


def labelled(demand: Demand, code: str = codes.PriorityLabel.DALO) -> Demand:
    manager = make_member(demand.registered_by, Role.MANAGER)
    demand.registered_by.agreements.get().departments.add(demand.department)
    grant_label(principal=principal_of(manager), demand=demand, code=code)
    return demand


def numbers(member: Membership, query: str, *demands: Demand) -> list[str]:
    page = body_of(signed_in(member).get(f"/bureau/?{query}")).decode()
    found = [(page.find(demand.number), demand.number) for demand in demands]
    return [number for place, number in sorted(found) if place >= 0]


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
    assert "DALO" not in body_of(client.get("/bureau/")).decode().split("<tbody")[1]
    page = body_of(client.get(f"/bureau/dossiers/{demand.number}/")).decode()
    page = page.split('id="file-view"')[1]
    assert "DALO" not in page


@pytest.fixture
def counter(db: Any) -> Membership:
    """An agent of a counter, to whom resources are masked."""
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


def points_of(member: Membership, demand: Demand) -> Any:
    current = Demand.objects.get(pk=demand.pk)
    found = score_of(current, access.fields(principal_of(member), current))
    assert found is not None
    return found


def test_the_points_of_a_file_do_not_tell_by_subtraction_what_is_masked(agent: Membership) -> None:
    demand = labelled(make_demand(), codes.PriorityLabel.VIOLENCE)
    found = points_of(agent, demand)
    assert found.points >= 40
    assert (found.is_withheld, found.earned) == (True, ())
    page = body_of(signed_in(agent).get(f"/bureau/dossiers/{demand.number}/")).decode()
    assert "Le détail n’est pas montré" in page


def test_a_criterion_on_resources_is_told_to_those_who_read_them_only(
    agent: Membership, counter: Membership, reference: None
) -> None:
    demand = make_demand()
    demand.persons.get().incomes.create(kind=codes.IncomeKind.WAGE, amount=900)
    CurrentHousing.objects.filter(demand=demand).update(housing_benefit=0)
    refresh_facts(demand=demand)
    landlord, commune = points_of(agent, demand), points_of(counter, demand)
    assert "effort" in [line.code for line in landlord.earned]
    assert landlord.points == commune.points
    assert (commune.is_withheld, commune.earned) == (True, ())


def test_an_act_refused_shows_no_file_that_may_not_be_opened(
    agent: Membership, tmp_path: Path
) -> None:
    demand = make_demand()
    path = shutil.copytree(MODULES / "rights-r441-2-6", tmp_path / "rights-r441-2-6")
    body = json.loads((path / "body.json").read_text())
    title = {"fr": "essai", "en": "test"}
    closed = {"code": "closed", "title": title, "legal_basis": "x", "actions": ["view"]}
    body["guards"].append({**closed, "deny_when": {"all": []}})
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["version"] += 1
    for name, content in (("body", body), ("manifest", manifest), ("tests", [])):
        (path / f"{name}.json").write_text(json.dumps(content))
    call_command("rules", "install", "--modules", str(tmp_path), verbosity=0)
    client, address = signed_in(agent), f"/bureau/dossiers/{demand.number}/"
    assert client.get(address).status_code == 404
    refused = client.post(f"{address}actes/note/", {"version": demand.version, "text": ""})
    assert refused.status_code == 404
    document = f"{address}documents/{demand.documents.get().pk}/controle/"
    assert client.post(document, {"version": demand.version, "reason": ""}).status_code == 404
    assert not AccessLog.objects.exists()


@pytest.fixture
def namer(agent: Membership) -> Membership:
    """An agent whose agreement opens names and addresses, and no other group of data."""
    agent.organisation.agreements.update(data_classes=["identity", "contact"])
    return agent


def test_the_list_the_file_and_the_export_are_silent_on_groups_that_no_agreement_opens(
    namer: Membership,
) -> None:
    quarter = make_quarter()
    wished = {"communes": ("21054", "21231"), "quarters": {"21231": quarter.pk}}
    demand = labelled(make_demand(dependants=3, types=("T5",), **wished))
    client = signed_in(namer)
    for address in ("/bureau/", f"/bureau/dossiers/{demand.number}/", "/bureau/export/csv/"):
        text = body_of(client.get(address)).decode()
        assert demand.number in text.replace("\u202f", "").replace("\u00a0", "") or "Martin" in text
        rows = text.split("<tbody", 1)[-1] if address == "/bureau/" else text
        rows = rows.split('id="file-view"', 1)[-1].split('class="acts-pane', 1)[0]
        rows = re.sub(
            r'name="(csrfmiddlewaretoken|page_state)" value="[^"]+"', "", rows
        )  # any letters by chance
        kept = ("4 personnes", "T5", "Commune 21054", quarter.name, "DALO", "3 enfants", ";4;")
        for told in kept:
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


@pytest.mark.parametrize("sort", ["largest", "smallest"])
def test_an_order_by_size_says_how_many_demands_it_leaves_out_and_nothing_of_their_size(
    namer: Membership, agent: Membership, sort: str
) -> None:
    """The number is known already: by age, those demands are listed with a masked household."""

    def told(query: str) -> tuple[list[str], list[str]]:
        page = body_of(signed_in(namer).get(f"/bureau/?{query}")).decode()
        # Demands that have no place in an order are in the perimeter all the same.
        assert "Aucune demande dans votre périmètre" not in page
        return numbers(namer, query, first, second), re.findall(r"\d+ demandes? n’", page)

    first, second = make_demand(dependants=3), make_demand()
    assert told("sort=oldest")[1] == []
    assert told(f"sort={sort}") == ([], ["2 demandes n’"])
    # What filters on the size leave out is not told: that would count by size.
    assert told(f"sort={sort}&size_min=2")[1] == told(f"sort={sort}&size_min=9")[1] == []
    agent.organisation.agreements.update(data_classes=["identity", "contact", "household"])
    shown, left_out = told(f"sort={sort}")
    assert sorted(shown) == sorted([first.number, second.number])
    assert left_out == []


def test_an_export_of_a_list_by_size_leaves_no_demand_out(namer: Membership) -> None:
    demands = [make_demand(dependants=3), make_demand()]
    text = body_of(signed_in(namer).get("/bureau/export/csv/?sort=largest")).decode()
    assert [demand.number for demand in demands if demand.number not in text] == []


def test_a_note_is_kept_by_those_only_who_write_notes(namer: Membership, agent: Membership) -> None:
    demand, client = make_demand(), signed_in(namer)
    address = f"/bureau/dossiers/{demand.number}/"
    assert 'id="act-note"' not in body_of(client.get(address)).decode()
    note = {"version": demand.version, "text": "Vue au guichet"}
    assert client.post(f"{address}actes/note/", note).status_code == 404
    agent.organisation.agreements.update(data_classes=["identity", "notes"])
    assert client.post(f"{address}actes/note/", note).status_code == 302
    assert demand.events.filter(kind="note").count() == 1


def test_no_automatic_rule_writes_for_a_body_to_which_the_file_is_closed(
    agent: Membership, tmp_path: Path
) -> None:
    remind = {"do": "message", "letter": "piece_reminder", "from": "acting"}
    put_in_force(tmp_path, rule(trigger={"event": "piece_requested"}, actions=[remind]))
    demand = make_demand()
    event = acts.request_piece(principal=principal_of(agent), demand=demand, piece="income")
    yesterday = timezone.localdate() - timedelta(days=1)
    agent.organisation.agreements.update(ends_on=yesterday)
    assert evaluate_event(event) == {"skipped": 1}
    assert not demand.messages.exists()
