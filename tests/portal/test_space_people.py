"""The applicant's space: who can see her demand, who did, who helps, and what she may take away."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from register import codes
from register.models import AccessLog, Agreement, Demand, EventKind, Label, OrganisationKind, Role
from register.services import acts
from register.services.journal import record_access, record_event
from register.services.labels import grant_label
from register.services.mandates import give_mandate
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.portal.space import page, read, signed_in
from tests.register.pdf_text import squeeze, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_who_can_see_lists_landlords_with_stock_and_no_statistics_only_body(
    demand: Demand, landlord: Any
) -> None:
    make_organisation("sans-parc", name="Bailleur sans logement", homes=0)
    make_organisation(
        "asso", OrganisationKind.ASSOCIATION, name="Association hors guichet", is_counter=False
    )
    make_organisation("fini", name="Bailleur sans convention", with_agreement=False)
    make_organisation("ailleurs", name="Bailleur du 71", department="71")
    text = read(signed_in(demand.account), page(demand, "access"))
    assert "Grand Dijon Habitat" in text
    assert "CCH, art. R441-2-6 a" in text
    for absent in ("Bailleur sans", "Association hors guichet", "Bailleur du 71"):
        assert absent not in text


def test_a_right_that_ends_leaves_the_list(demand: Demand, landlord: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Agreement.objects.filter(organisation=landlord.organisation).update(ends_on=yesterday)
    text = read(signed_in(demand.account), page(demand, "access"))
    assert "Grand Dijon Habitat" not in text


def test_the_list_says_what_would_happen_at_the_door(demand: Demand, landlord: Any) -> None:
    from register import access
    from register.selectors.visibility import who_can_see

    make_commune("71076", "Chalon", epci=None, department="71")
    make_organisation("ville", OrganisationKind.COMMUNE, commune=make_commune())
    make_organisation(
        "autre", OrganisationKind.COMMUNE, commune=make_commune("71076", department="71")
    )
    listed = {reader.organisation for reader in who_can_see(demand)}
    for organisation in {a.organisation for a in Agreement.objects.all()}:
        is_manager = organisation.kind == OrganisationKind.MANAGER
        member = make_member(organisation, Role.MANAGER if is_manager else Role.READER)
        opened = access.scope(principal_of(member), "view").filter(pk=demand.pk).exists()
        assert opened == (organisation in listed), organisation


def test_the_journal_names_the_organisation_never_its_agent(demand: Demand, landlord: Any) -> None:
    landlord.user.first_name, landlord.user.last_name = "Agathe", "Delacour"
    landlord.user.save()
    record_access(principal=landlord, demand=demand, purpose="document")
    text = read(signed_in(demand.account), page(demand, "access"))
    assert "Document ouvert" in text
    assert text.count("Grand Dijon Habitat") == 2
    assert "Delacour" not in text
    assert landlord.user.email not in text


def test_my_data_is_complete_and_mine_alone(demand: Demand, landlord: Any) -> None:
    acts.request_piece(principal=landlord, demand=demand, piece="income")
    response = signed_in(demand.account).get(page(demand, "data"))
    assert response["Content-Disposition"].startswith("attachment")
    data = json.loads(response.content)
    assert data["demand"]["number"] == demand.number
    assert data["declaration"]["applicant"]["birth_name"] == "Benali"
    assert data["declaration"]["demand"]["communes"][0]["insee"] == "21231"
    assert [step["reason"] for step in data["history"]] == ["", "income"]
    assert landlord.user.email not in response.content.decode()


def test_my_whole_file_is_a_paper_that_i_alone_can_print(demand: Demand, landlord: Any) -> None:
    acts.request_piece(principal=landlord, demand=demand, piece="income")
    acts.send_message(principal=landlord, demand=demand, body="#strong[Bonjour]\nÀ demain")
    acts.add_note(principal=landlord, demand=demand, text="Entre nous")
    client = signed_in(demand.account)
    assert page(demand, "file-to-read") in read(client, page(demand, "access"))
    response = client.get(page(demand, "file-to-read"))
    assert response["Content-Disposition"].startswith("attachment")
    text = text_of(response.content)
    for said in (demand.number, "Nora Benali", "Dijon", landlord.organisation.name, "À demain"):
        assert squeeze(said) in text, said
    assert squeeze("#strong[Bonjour]") in text
    assert squeeze("Entre nous") not in text
    assert landlord.user.email not in text


@pytest.fixture
def helper(demand: Demand) -> Any:
    user = make_user("assistante@example.org")
    give_mandate(
        principal=principal_of(demand.account),
        demand=demand,
        helper_email=user.email,
        ends_on=timezone.localdate() + timedelta(days=30),
    )
    return user


def test_a_helper_reads_the_demand_without_the_resources(demand: Demand, helper: Any) -> None:
    client = signed_in(helper)
    assert "Nora Benali" in read(client, "/mon-espace/")
    for name in ("demand", "summary", "documents", "messages", "preferences"):
        assert "Vous agissez au nom de Nora Benali" in read(client, page(demand, name)), name
    assert "Rien pour le moment." in read(client, page(demand))
    text = read(client, page(demand, "summary"))
    assert "<h1>Ce qui est déclaré</h1>" in text
    for hers in ("Ce que j’ai déclaré", "Mes documents", "Comment on m’écrit"):
        assert hers not in text, hers
    assert "Dijon" in text
    assert "18" + "\u202f" + "400" not in text
    assert "Cette partie n’est pas montrée à la personne qui aide" in text
    for name in ("attestation", "data", "file-to-read", "mandates", "access"):
        assert client.get(page(demand, name)).status_code == 404, name


def test_a_helper_changes_nothing(demand: Demand, helper: Any) -> None:
    client = signed_in(helper)
    assert client.post(page(demand, "messages"), {"body": "x"}).status_code == 404
    assert client.post(page(demand, "documents"), {"kind": "income"}).status_code == 404
    assert "Écrire un message" not in read(client, page(demand, "messages"))
    assert demand.messages.count() == 0


def test_the_applicant_sees_that_her_helper_opened_the_file(demand: Demand, helper: Any) -> None:
    read(signed_in(helper), page(demand))
    assert AccessLog.objects.filter(demand=demand, user=helper).count() == 1
    text = read(signed_in(demand.account), page(demand, "access"))
    assert "Une personne que vous avez choisie" in text


def test_a_mandate_given_and_ended_takes_effect_at_the_next_request(demand: Demand) -> None:
    user = make_user("voisine@example.org")
    theirs, mine = signed_in(user), signed_in(demand.account)
    assert theirs.get(page(demand)).status_code == 404
    given = mine.post(
        page(demand, "mandates"),
        {"helper_email": "Voisine@example.org", "months": "12", "scope": "read"},
    )
    assert given.status_code == 302
    assert theirs.get(page(demand)).status_code == 200
    mandate = demand.mandates.get()
    mine.post(reverse("space:end-mandate", args=[demand.number, mandate.pk]))
    assert theirs.get(page(demand)).status_code == 404


def test_nobody_ends_the_mandate_of_another_demand(demand: Demand, helper: Any) -> None:
    mandate = demand.mandates.get()
    other = make_demand()
    for number in (demand.number, other.number):
        path = reverse("space:end-mandate", args=[number, mandate.pk])
        assert signed_in(other.account).post(path).status_code == 404
    mandate.refresh_from_db()
    assert mandate.revoked_at is None


def test_choosing_a_helper_never_tells_who_has_an_account(demand: Demand) -> None:
    make_user("voisine@example.org")
    answers = [
        signed_in(demand.account).post(
            page(demand, "mandates"),
            {"helper_email": email, "months": "3", "scope": "read"},
            follow=True,
        )
        for email in ("absent@example.org", "voisine@example.org")
    ]
    said = [[str(message) for message in answer.context["messages"]] for answer in answers]
    assert said[0] == said[1]
    assert "Si cette adresse a un compte" in said[0][0]
    assert [mandate.helper.email for mandate in demand.mandates.all()] == ["voisine@example.org"]


def test_nobody_is_her_own_helper(demand: Demand) -> None:
    response = signed_in(demand.account).post(
        page(demand, "mandates"),
        {"helper_email": demand.account.email, "months": "3", "scope": "read"},
    )
    assert response.status_code == 200
    assert 'href="#id_helper_email"' in response.content.decode()


def test_somebody_without_a_demand_is_led_to_the_form_and_back_to_her_draft() -> None:
    user = make_user("nouvelle@example.org")
    client = signed_in(user)
    empty = read(client, "/mon-espace/")
    assert "Vous n’avez pas encore de demande" in empty
    assert 'href="/demande/mes-etapes/"' in empty
    client.post("/demande/foyer/", {"intent": "later", "has_co_applicant": "non"})
    begun = read(client, "/mon-espace/")
    assert "Votre demande n’est pas encore envoyée" in begun
    assert 'href="/demande/mes-etapes/"' in begun


def test_renewal_opens_one_notice_before_the_end_and_keeps_the_seniority(demand: Demand) -> None:
    client = signed_in(demand.account)
    assert "Rien à faire pour l’instant" in read(client, page(demand, "renewal"))
    client.post(page(demand, "renewal"))
    demand.refresh_from_db()
    assert demand.last_renewed_on is None
    received = demand.received_on
    demand.expires_on = timezone.localdate() + timedelta(days=20)
    demand.save()
    assert page(demand, "renewal") in read(client, page(demand))
    assert client.post(page(demand, "renewal")).status_code == 302
    demand.refresh_from_db()
    assert demand.last_renewed_on == timezone.localdate()
    assert demand.expires_on > timezone.localdate() + timedelta(days=360)
    assert demand.received_on == received
    assert "Rien pour le moment." in read(client, page(demand))


def test_a_recognised_priority_is_told(demand: Demand, landlord: Any) -> None:
    Label.objects.create(
        demand=demand,
        code="dalo",
        granted_by=landlord.organisation,
        valid_from=timezone.localdate(),
    )
    record_event(principal=landlord, demand=demand, kind=EventKind.LABEL_GRANTED, reason="dalo")
    assert "a reconnu votre demande prioritaire" in read(signed_in(demand.account), page(demand))


def test_what_people_write_prints_literally(demand: Demand, landlord: Any) -> None:
    acts.send_message(principal=landlord, demand=demand, body="<script>alert(1)</script>")
    text = read(signed_in(demand.account), page(demand, "messages"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_pages_of_the_space_ask_few_questions_to_the_database(
    demand: Demand, landlord: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        acts.send_message(principal=landlord, demand=demand, body="Bonjour")
    client = signed_in(demand.account)
    client.get(page(demand))
    for name in ("demand", "summary", "documents", "messages"):
        with django_assert_max_num_queries(45):
            client.get(page(demand, name))


def test_a_helper_reads_no_step_that_tells_what_is_masked_to_her(
    demand: Demand, landlord: Any, helper: Any
) -> None:
    acts.propose_candidate(principal=landlord, demand=demand, home_type="T3", commune="21231")
    acts.refuse_candidate(
        principal=landlord,
        demand=demand,
        reason=codes.RefusalReason.INCOME_TOO_HIGH,
        text="Quarante mille euros",
    )
    acts.request_piece(principal=landlord, demand=demand, piece="work", text="Chez Untel")
    manager = principal_of(make_member(demand.registered_by, Role.MANAGER))
    grant_label(principal=manager, demand=demand, code=codes.PriorityLabel.DALO)
    told = ("Quarante mille", "plafond", "Contrat de travail", "Chez Untel", "DALO")
    theirs = "".join(read(signed_in(helper), page(demand, at)) for at in ("demand", "documents"))
    mine = "".join(
        read(signed_in(demand.account), page(demand, at)) for at in ("demand", "documents")
    )
    assert [word for word in told if word not in mine] == []
    assert [word for word in told if word in theirs] == []


@pytest.mark.parametrize("name", ["summary", "documents", "messages", "preferences"])
def test_whatever_page_a_helper_opens_the_applicant_is_told(
    demand: Demand, helper: Any, name: str
) -> None:
    read(signed_in(helper), page(demand, name))
    assert AccessLog.objects.get(demand=demand).user == helper
