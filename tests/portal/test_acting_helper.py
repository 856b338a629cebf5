"""A helper acts for an applicant within her mandate, in both names, and never beyond it."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.timeline import timeline
from exchange import delivery
from register import access, codes
from register.access import FieldRights, Level
from register.errors import NotAllowed
from register.form.single import mark
from register.models import Correction, Demand, Mandate, MandateScope, Outbox, User
from register.principals import Principal
from register.selectors import space
from register.selectors.file import read_file
from register.selectors.history import history_of
from register.services.acts import send_message
from register.services.application import ContactData, PersonData
from register.services.corrections import answer_correction, ask_correction
from register.services.declaring import add_person, modify, remove_person
from register.services.mandates import give_mandate, revoke_mandate
from register.services.modification import Proposed
from register.services.preferences import choose_channels
from register.services.succession import transfer_to_co_applicant
from tests.factories import ONE_PAGE, make_demand, make_user, principal_of
from tests.partition.answers import differences, normalised
from tests.partition.world import ABSENT, rolled_back
from tests.portal.space import page, read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
WIDENING = "logement-souhaite-elargir.widening"
READ, ANSWER, MODIFY, REPRESENT = MandateScope
IN_FORCE, ENDED, REVOKED, OF_ANOTHER = "in force", "ended", "revoked", "another's"


@pytest.fixture
def demand(landlord: Any) -> Demand:
    """A demand to renew in twenty days, about which a landlord asked for two corrections."""
    long_ago = timezone.localdate() - timedelta(days=345)
    demand = make_demand(registered_by=landlord.organisation, last_name="Benali", dependants=1)
    Demand.objects.filter(pk=demand.pk).update(
        received_on=long_ago, expires_on=long_ago + timedelta(days=365)
    )
    applicant = demand.persons.get(role="applicant")
    for about in (WIDENING, f"ressources.tax_income_n2@{applicant.pk}"):
        ask_correction(principal=landlord, demand=demand, about=about, text=f"Voir {about[:10]}")
    return demand


@pytest.fixture
def helper() -> User:
    return make_user("aide@example.org", first_name="Paule", last_name="Roux")


def mandated(demand: Demand, helper: User, scope: str, state: str = IN_FORCE) -> Mandate:
    today = timezone.localdate()
    given = Mandate.objects.create(
        demand=make_demand() if state == OF_ANOTHER else demand,
        helper=helper,
        scope=scope,
        starts_on=today - timedelta(days=9),
        ends_on=today - timedelta(days=1) if state == ENDED else today,
        revoked_at=timezone.now() if state == REVOKED else None,
    )
    return given


def piece() -> SimpleUploadedFile:
    return SimpleUploadedFile("avis.pdf", ONE_PAGE, "application/pdf")


def asked(demand: Demand, part: str = "wishes") -> Correction:
    return demand.corrections.get(part=part)


# What each level adds, as a POST to an address of the demand.
ACTS: dict[str, tuple[str, Callable[[Demand], tuple[str, dict[str, Any]]]]] = {
    "send a document": (ANSWER, lambda d: ("documents/", {"kind": "income", "upload": piece()})),
    "answer": (
        ANSWER,
        lambda d: (
            f"corrections/{asked(d).pk}/",
            {"text": "C’est voulu.", "widening": "non", "seen": mark(False)},
        ),
    ),
    "modify": (
        MODIFY,
        lambda d: (
            "declaration/logement-souhaite-elargir/",
            {"widening": "oui", "seen": json.dumps({WIDENING: False})},
        ),
    ),
    "renew": (MODIFY, lambda d: ("renouvellement/", {})),
}


def sent(client: Client, demand: Demand, number: str, act: str) -> Any:
    address, data = ACTS[act][1](demand)
    return client.post(f"/mon-espace/{number}/{address}", data)


def test_each_level_opens_its_acts_while_the_mandate_holds_and_nothing_else(
    demand: Demand, helper: User
) -> None:
    client, levels = signed_in(helper), list(MandateScope)
    situations = [(level, IN_FORCE) for level in levels]
    situations += [(MODIFY, state) for state in (ENDED, REVOKED, OF_ANOTHER)]
    for act, (needed, _sent) in ACTS.items():
        for level, state in situations:
            with rolled_back():
                mandated(demand, helper, level, state)
                before = demand.events.count()
                answer = sent(client, demand, demand.number, act)
                may = state == IN_FORCE and levels.index(level) >= levels.index(needed)
                assert answer.status_code == (302 if may else 404), (act, level, state)
                assert demand.events.count() == before + may, (act, level, state)
                if not may:
                    absent = sent(client, demand, ABSENT, act)
                    shown = normalised(answer, demand.number), normalised(absent, ABSENT)
                    assert not differences(*shown), (act, level, state)


def test_a_page_on_the_screen_sends_nothing_once_the_mandate_is_ended(
    demand: Demand, helper: User
) -> None:
    mandate, client = mandated(demand, helper, MODIFY), signed_in(helper)
    read(client, page(demand) + "declaration/logement-souhaite-elargir/")
    revoke_mandate(principal=principal_of(demand.account), mandate=mandate)
    before = demand.events.count()
    for act in ACTS:
        assert sent(client, demand, demand.number, act).status_code == 404, act
    assert demand.events.count() == before
    assert demand.number not in read(client, reverse("space:home"))


def test_what_is_the_applicants_alone_does_not_exist_for_the_widest_mandate(
    demand: Demand, helper: User
) -> None:
    mandate, client = mandated(demand, helper, MODIFY), signed_in(helper)
    alone = (
        "aide/",
        f"aide/{mandate.pk}/fin/",
        "acces/",
        "mes-donnees/",
        "mon-dossier/",
        "attestation/",
        "corrections/",
        f"corrections/{asked(demand, 'resources').pk}/",
        "nous-vous-ecrivons/",
        "messages/",
        "declaration/identite/",
        "declaration/coordonnees/",
        "declaration/ressources/",
        "declaration/motifs-protection/",
        "declaration/foyer-personnes-a-charge/",
        "declaration/foyer-personnes-a-charge/nouveau/",
        "declaration/foyer-handicap/",
    )
    read_too = {"nous-vous-ecrivons/", "messages/"}
    for address in alone:
        for method in ("get", "post"):
            if method == "get" and address in read_too:
                continue
            data = {"helper_email": "x@example.org", "months": "1", "body": "x", "text": "x"}
            with rolled_back():
                theirs = getattr(client, method)(f"/mon-espace/{demand.number}/{address}", data)
                absent = getattr(client, method)(f"/mon-espace/{ABSENT}/{address}", data)
            shown = normalised(theirs, demand.number), normalised(absent, ABSENT)
            assert theirs.status_code in (404, 405), (method, address)
            assert not differences(*shown), (method, address)
    mandate.refresh_from_db()
    assert mandate.revoked_at is None


def test_no_service_lets_the_widest_mandate_do_what_is_the_applicants_alone(
    demand: Demand, helper: User
) -> None:
    mandate, who = mandated(demand, helper, MODIFY), principal_of(helper)
    person = demand.persons.get(role="applicant")

    def changed(ref: str, answer: Any, was: Any) -> Callable[[], Any]:
        return lambda: modify(
            principal=who, demand=demand, proposed={ref: Proposed(answer, mark(was))}
        )

    child = PersonData(
        role=codes.PersonRole.DEPENDANT,
        birth_name="Benali",
        first_names="Lou",
        birth_date=date(2020, 1, 1),
    )
    forbidden: dict[str, Callable[[], Any]] = {
        "name": changed(f"identite.birth_name@{person.pk}", "Autre", "Benali"),
        "secrecy": changed("motifs-protection.is_sealed", True, False),
        "telephone": changed("coordonnees.phone", "+33612345678", "+33380000000"),
        "income": changed(f"ressources.tax_income_n2@{person.pk}", "1", "18400.00"),
        "somebody comes": lambda: add_person(
            principal=who, demand=demand, page="foyer-personnes-a-charge", person=child
        ),
        "somebody leaves": lambda: remove_person(
            principal=who,
            demand=demand,
            page="foyer-personnes-a-charge",
            key=demand.persons.get(role="dependant").pk,
        ),
        "a mandate": lambda: give_mandate(
            principal=who,
            demand=demand,
            helper_email=make_user().email,
            ends_on=timezone.localdate(),
            scope=MODIFY,
        ),
        "its end": lambda: revoke_mandate(principal=who, mandate=mandate),
        "consents": lambda: choose_channels(
            principal=who, demand=demand, accepts_email=False, accepts_sms=False, wants_letters=True
        ),
        "a message": lambda: send_message(principal=who, demand=demand, body="Je renonce."),
        "a request": lambda: ask_correction(principal=who, demand=demand, about=WIDENING, text="x"),
        "an answer about what is masked": lambda: answer_correction(
            principal=who, correction=asked(demand, "resources"), text="Rien."
        ),
    }
    before = demand.events.count()
    for what, act in forbidden.items():
        with pytest.raises(NotAllowed), rolled_back():
            act()
        assert demand.events.count() == before, what


def test_each_act_is_told_in_both_names_and_the_applicant_is_written_to(
    demand: Demand, helper: User, landlord: Principal
) -> None:
    mandate, client = mandated(demand, helper, MODIFY), signed_in(helper)
    text = read(client, page(demand))
    assert "Répondre à cette demande" in text
    for act in ("answer", "modify", "renew", "send a document"):
        assert sent(client, demand, demand.number, act).status_code == 302, act
    events = list(demand.events.order_by("-pk")[:4])
    assert [(each.user, each.organisation, each.details["under"]) for each in events] == [
        (helper, None, mandate.pk)
    ] * 4
    told = Outbox.objects.filter(key__in=[f"event:{each.pk}" for each in events])
    assert told.count() == 4
    both = "Paule Roux, pour Camille Benali, au titre du mandat du"
    mine = signed_in(demand.account)
    assert read(mine, page(demand)).count(both) == 4
    assert read(mine, page(demand, "mandates")).count(both) == 4
    assert both in read(mine, page(demand, "history"))
    assert both in read(mine, f"{page(demand, 'corrections')}{asked(demand).pk}/")
    steps = timeline(read_file(landlord, demand))
    assert sum(step.by.startswith(both) for step in steps) == 4
    data = mine.get(page(demand, "data")).json()
    [given] = data["mandates"]
    assert (given["scope"], len(given["acts"])) == ("modify", 4)
    assert data["changes"][0]["by"].startswith(both)
    delivery.deliver_pending()
    notices = [each for each in mail.outbox if "vous avez choisie" in each.subject]
    assert len(notices) == 4
    assert not [each for each in notices if "Roux" in each.body or "Benali" in each.body]


def test_a_mandate_reads_only_unless_more_was_chosen_and_the_new_one_takes_its_place(
    demand: Demand, helper: User
) -> None:
    mine = signed_in(demand.account)
    assert mine.get(page(demand, "mandates")).context["form"]["scope"].value() == "read"
    for chosen in ("modify", "answer", "read"):
        sent = {"helper_email": helper.email, "months": "1", "scope": chosen}
        assert mine.post(page(demand, "mandates"), sent).status_code == 302
    scopes = [(each.scope, each.revoked_at is None) for each in demand.mandates.order_by("pk")]
    assert scopes == [("modify", False), ("answer", False), ("read", True)]
    refused = mine.post(
        page(demand, "mandates"), {"helper_email": helper.email, "months": "1", "scope": "all"}
    )
    assert "Choisissez ce que cette personne peut faire" in refused.text
    assert demand.mandates.count() == 3


def test_no_link_of_a_helper_leads_nowhere(
    demand: Demand, helper: User, landlord: Principal
) -> None:
    """At each level: what she may not follow is not a link (a document of the file, an answer)."""
    piece_of = demand.documents.get()
    ask_correction(
        principal=landlord, demand=demand, about=f"piece@{piece_of.pk}", text="Illisible"
    )
    client, mandate = signed_in(helper), mandated(demand, helper, READ)
    seen: dict[str, set[str]] = {}
    for level in MandateScope:
        Mandate.objects.filter(pk=mandate.pk).update(scope=level)
        waiting, seen[level] = [page(demand)], set()
        while waiting:
            address = waiting.pop()
            answer = client.get(address)
            seen[level].add(address)
            if address == f"{page(demand)}renoncer/":
                assert "/compte/reauthenticate/" in answer["Location"], "the password first"
                continue
            assert answer.status_code == 200, (level, address)
            told = answer.text if answer["Content-Type"].startswith("text/html") else ""
            found = set(re.findall(r'href="(/mon-espace/[^"?#]*)', told))
            waiting += found - seen[level] - set(waiting)
    assert seen[READ] < seen[ANSWER] < seen[MODIFY]
    assert not [each for each in seen[MODIFY] if str(piece_of.stored_file_id) in each]
    assert f"{page(demand)}attestation/" in seen[REPRESENT] - seen[MODIFY]
    assert (
        f"{page(demand)}corrections/{demand.corrections.get(part='documents').pk}/" in seen[ANSWER]
    )


def test_who_helps_is_told_to_those_alone_who_may_know_whom(
    demand: Demand, helper: User, landlord: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of a helper tells who is helped: it is read with the identity of the applicant."""
    mandated(demand, helper, MODIFY)
    client = signed_in(helper)
    for act in ("modify", "renew"):
        assert sent(client, demand, demand.number, act).status_code == 302, act

    def told(names: bool) -> str:
        given = access.fields(landlord, demand)
        levels = given.levels if names else {**given.levels, "identity": Level.MASKED}
        rights = FieldRights(levels, given.sources)
        monkeypatch.setattr("register.selectors.file.access.fields", lambda *_: rights)
        steps = [step.by for step in timeline(read_file(landlord, demand))]
        changes = [each.under for one in history_of(demand, rights) for each in one.changes]
        acting = space.names_in(space.public_events(demand, rights), rights).helpers.values()
        monkeypatch.undo()
        return " ".join([*steps, *changes, *acting])

    assert told(names=True).count("Paule Roux, pour Camille Benali") == 5
    masked = told(names=False)
    assert masked.count("un aidant, pour le demandeur, au titre du mandat du") == 5
    assert not re.search("Roux|aide@example.org|Benali", masked)


def test_each_act_names_who_asked_that_day_after_another_takes_the_demand_over(
    landlord: Any, helper: User
) -> None:
    demand = make_demand(
        registered_by=landlord.organisation, last_name="Benali", co_applicant="Durand"
    )
    mandate, client = mandated(demand, helper, MODIFY), signed_in(helper)
    act = "declaration/logement-souhaite-elargir/"
    changed = {"widening": "oui", "seen": json.dumps({WIDENING: False})}
    assert client.post(page(demand) + act, changed).status_code == 302
    transfer_to_co_applicant(
        principal=landlord,
        demand=demand,
        successor=demand.persons.get(role="co_applicant").pk,
        contact=ContactData(email="dominique@example.org"),
        text="Lettre",
    )
    heir = make_user("dominique@example.org")
    Demand.objects.filter(pk=demand.pk).update(account=heir)
    demand.refresh_from_db()
    then, mine = "Paule Roux, pour Camille Benali", signed_in(heir)
    steps = timeline(read_file(landlord, demand))
    assert [step.by for step in steps if step.by.startswith(then)]
    assert then in read(mine, page(demand))
    assert then in read(mine, page(demand, "history"))
    [given] = mine.get(page(demand, "data")).json()["mandates"]
    assert given["given_by"] == "Camille Benali"
    assert "Choisie par Camille Benali" in read(mine, page(demand, "mandates"))
    # A mandate of her own is told in her name.
    Mandate.objects.create(
        demand=demand,
        helper=helper,
        scope=MODIFY,
        starts_on=mandate.ends_on,
        ends_on=mandate.ends_on,
    )
    changed = {"widening": "non", "seen": json.dumps({WIDENING: True})}
    assert client.post(page(demand) + act, changed).status_code == 302
    text = read(mine, page(demand))
    assert (text.count(then), text.count("Paule Roux, pour Dominique Durand")) == (1, 1)
