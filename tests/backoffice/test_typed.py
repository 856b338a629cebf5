"""What an agent typed before her session ended is on its page once she signed in again."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.models import Counter, Demand, Membership, OrganisationKind, Role
from register.web import typed
from tests.backoffice.conftest import signed_in
from tests.backoffice.test_entry import ENTRY, MINIMUM
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_user,
)
from tests.portal.demand import page_state

WORDS = "Appelée ce matin, rappelle jeudi"
TYPED_IN = ("|crispy", "{% crispy", "<textarea", "<select", "entry_field.html", "as_hidden")


@pytest.fixture
def demand() -> Demand:
    return make_demand()


@pytest.fixture
def client(agent: Membership) -> Client:
    return signed_in(agent)


def address(demand: Demand) -> str:
    return reverse("desk:file", args=[demand.number])


def send(client: Client, demand: Demand, state: str, act: str = "note", **more: Any) -> Any:
    url = reverse("desk:act", args=[demand.number, act])
    answer = {"version": demand.version, "text": WORDS, "to": "us", "page_state": state, **more}
    return client.post(f"{url}?sort=oldest", answer)


def shown(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, path
    return str(page.text)


def test_a_note_sent_after_the_session_ended_is_in_its_act_and_nothing_is_written(
    client: Client, agent: Membership, demand: Demand, caplog: pytest.LogCaptureFixture
) -> None:
    state = page_state(client, address(demand))
    client.logout()
    asked = send(client, demand, state)
    assert asked["Location"] == f"/compte/login/?next={address(demand)}%3Fsort%3Doldest"
    assert "ce que vous venez d’écrire est gardé" in shown(client, asked["Location"])
    client.force_login(agent.user)
    page = shown(client, address(demand))
    assert WORDS in page
    assert 'id="act-note" open' in page
    assert "rien n’est encore envoyé" in page
    assert not demand.events.filter(kind="note").exists()
    # Given once, and told to no log.
    assert WORDS not in shown(client, address(demand))
    assert WORDS not in caplog.text


def test_words_of_an_act_that_is_offered_no_more_are_shown_to_be_copied(
    client: Client, agent: Membership, demand: Demand
) -> None:
    state = page_state(client, address(demand))
    client.logout()
    Demand.objects.filter(pk=demand.pk).update(state="under_allocation")
    home = {"home_type": "T3", "commune": "Dijon", "residence": "Les Grésilles, bât. B"}
    send(client, demand, state, act="candidate", **home)
    client.force_login(agent.user)
    page = shown(client, address(demand))
    assert "Les Grésilles, bât. B" in page
    assert "Cet acte ne vous est pas proposé sur cette demande" in page
    assert "Les Grésilles" not in shown(client, address(demand))


def test_words_sent_while_looking_as_somebody_are_shown_and_nothing_is_done(
    agent: Membership, demand: Demand
) -> None:
    body = make_organisation("gestionnaire", OrganisationKind.MANAGER)
    manager = make_member(body, Role.MANAGER)
    client = signed_in(manager)
    state = page_state(client, address(demand))
    session = client.session
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    session["seeing_as"] = {"membership": agent.pk, "user": manager.user_id, "until": until}
    session.save()
    refused = send(client, demand, state)
    assert refused.status_code == 403
    assert WORDS in refused.text
    assert ">us<" not in refused.text
    assert WORDS not in send(client, demand, "forged").text
    assert not demand.events.filter(kind="note").exists()


def test_somebody_of_two_bodies_comes_back_as_the_one_she_was_typing_as(
    agent: Membership, demand: Demand
) -> None:
    """Her first body is of another department: under it this file does not exist."""
    first = make_member(make_organisation(department="89"), user=make_user())
    last = make_member(agent.organisation, user=first.user)
    client = Client()
    client.force_login(last.user)
    assert client.get(address(demand)).status_code == 404
    client.post(reverse("desk:memberships"), {"membership": last.pk})
    state = page_state(client, address(demand))
    client.logout()
    send(client, demand, state)
    client.force_login(last.user)
    assert WORDS in shown(client, address(demand))


def test_whoever_else_signs_in_on_this_computer_never_has_it(
    client: Client, agent: Membership, lead: Membership, demand: Demand
) -> None:
    state = page_state(client, address(demand))
    client.logout()
    send(client, demand, state)
    client.force_login(lead.user)
    assert WORDS not in shown(client, address(demand))
    assert typed.SESSION_KEY not in client.session
    client.force_login(agent.user)
    assert WORDS not in shown(client, address(demand))


def test_it_is_gone_after_an_hour_with_the_session_that_held_it(
    client: Client, agent: Membership, demand: Demand, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = page_state(client, address(demand))
    client.logout()
    send(client, demand, state)
    assert client.session.get_expiry_age() <= typed.KEPT_FOR
    monkeypatch.setattr(typed, "KEPT_FOR", -1)
    send(client, demand, state, act="message")
    monkeypatch.undo()
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    call_command("clearsessions")
    assert not Session.objects.exists()
    client.cookies.clear()
    send(client, demand, state)
    session = client.session
    session[typed.SESSION_KEY][0]["until"] = 0
    session.save()
    client.force_login(agent.user)
    assert WORDS not in shown(client, address(demand))
    assert client.session.get_expiry_age() == project.SESSION_COOKIE_AGE


def test_nothing_endless_nor_the_tokens_are_kept_and_a_forged_note_keeps_nothing(
    client: Client, demand: Demand
) -> None:
    state = page_state(client, address(demand))
    client.logout()
    assert send(client, demand, "forged")["Location"].endswith("%3Fsort%3Doldest")
    assert typed.SESSION_KEY not in client.session
    endless = {f"text-{place}": "a" * 20_000 for place in range(12)}
    for act in ("note", "message", "note", "tag", "lapse"):
        send(client, demand, state, act=act, csrfmiddlewaretoken="secret", **endless)
    kept = client.session[typed.SESSION_KEY]
    assert len(kept) == 3
    assert len(str(kept)) < 3 * 101_000
    assert "secret" not in str(kept)
    assert state not in str(kept)


def test_a_page_open_since_before_signing_in_again_is_shown_anew_with_what_was_typed(
    agent: Membership, lead: Membership, demand: Demand
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(agent.user)
    state = page_state(strict, address(demand))
    strict.logout()
    strict.force_login(agent.user)
    again = send(strict, demand, state)
    assert again["Location"] == f"{address(demand)}?sort=oldest"
    assert WORDS in shown(strict, again["Location"])
    assert not demand.events.filter(kind="note").exists()
    strict.force_login(lead.user)
    assert send(strict, demand, state).status_code == 403
    assert send(strict, demand, "forged").status_code == 403


def test_an_account_that_must_add_a_second_factor_first_loses_nothing(
    client: Client, demand: Demand, settings: Any
) -> None:
    state = page_state(client, address(demand))
    settings.SECOND_FACTOR_REQUIRED = True
    assert send(client, demand, state)["Location"] == reverse("mfa_activate_totp")
    settings.SECOND_FACTOR_REQUIRED = False
    assert WORDS in shown(client, address(demand))


def test_a_whole_paper_form_comes_back_and_is_registered_by_nobody_but_her(
    commune_agent: Membership,
) -> None:
    make_commune()
    make_commune("21515", "Quetigny", postal_code="21800")
    counter = Counter.objects.create(
        code="21A01", name="Mairie de Beaune", organisation=commune_agent.organisation
    )
    client = signed_in(commune_agent)
    state, token = page_state(client, ENTRY), "9f1cdd2c-5a0e-4d55-8fd9-0c9d3b1f7a11"
    copied = {**MINIMUM, "intent": "register", "token": token, "depot-counter": counter.pk}
    client.logout()
    asked = client.post(ENTRY, {**copied, "page_state": state})
    assert asked["Location"] == f"/compte/login/?next={ENTRY}"
    client.force_login(commune_agent.user)
    page = shown(client, ENTRY)
    for told in ("Lefèvre", "dijon, 21800 Quetigny", token):
        assert f'value="{told}"' in page
    assert not Demand.objects.exists()


def test_every_form_of_the_desk_and_of_the_space_in_which_somebody_types_bears_the_note() -> None:
    found = []
    for folder in ("backoffice", "portal/space"):
        for template in sorted((project.BASE_DIR / "site/templates" / folder).rglob("*.html")):
            text = Path(template).read_text()
            for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
                if any(sign in form for sign in TYPED_IN) and "{% form_state %}" not in form:
                    found.append(template.name)
    # The signed agreement is a file to choose, and nothing is typed beside it.
    assert found == ["agreement.html"]
