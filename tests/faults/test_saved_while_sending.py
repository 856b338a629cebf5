"""A page saved while the demand is being sent: what is said to be kept is sent, or still hers."""

from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError

from portal import drafts
from portal.models import Draft
from portal.views import review
from register.models import Demand
from tests.faults.crowd import together
from tests.portal.demand import answers_of, draft_of, fill_minimum, page_state, post, signed_in

pytestmark = pytest.mark.usefixtures("register")

HOUSING, KIND = "logement-actuel", "HLM"


def test_a_page_that_meets_the_sending_is_never_said_to_be_kept_and_then_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page was opened before; it arrives when the draft is read and the demand not written."""
    client = signed_in()
    fill_minimum(client)
    token = draft_of(client).submission_token
    state = page_state(client, f"/demande/{HOUSING}/")
    sending, saved = Event(), Event()
    submit = review.submit_demand

    def slowly(**arguments: Any) -> Demand:
        sending.set()
        # The lock of the sending makes the page wait: nobody sees it saved meanwhile.
        saved.wait(1)
        return submit(**arguments)

    def save() -> Any:
        assert sending.wait(20)
        try:
            return post(client, HOUSING, {"kind": KIND, "page_state": state})
        finally:
            saved.set()

    monkeypatch.setattr(review, "submit_demand", slowly)
    sent, answer = together([lambda: client.post("/demande/envoi/", {"token": str(token)}), save])
    demand = Demand.objects.get()
    assert sent.headers["Location"] == f"/demande/deposee/{demand.number}/"
    assert demand.current_housing.kind == "LP"
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Locataire HLM" in page, "what she wrote is lost"
    assert f"/mon-espace/{demand.number}/declaration/" in page
    assert not Draft.objects.filter(submitted_number="").exists()


def test_crowds_of_pages_and_of_sendings_lose_nothing_that_was_said_to_be_kept() -> None:
    """Each round in an order of its own: a page is in the demand exactly when it was accepted."""
    for _round in range(6):
        client = signed_in()
        fill_minimum(client)
        token = draft_of(client).submission_token
        state = page_state(client, f"/demande/{HOUSING}/")
        save = partial(post, client, HOUSING, {"kind": KIND, "page_state": state})
        send = partial(client.post, "/demande/envoi/", {"token": str(token)})
        answer, *_sent = together([save, send, send])
        demand = Demand.objects.get(account=client.session["_auth_user_id"])
        is_kept = answer.status_code == 302
        assert is_kept or answer.status_code == 409, answer
        assert demand.current_housing.kind == (KIND if is_kept else "LP")


def test_a_demand_that_cannot_be_marked_as_sent_is_not_registered_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One transaction: the draft is closed with the demand that was made of it, or stays open."""
    client = signed_in()
    fill_minimum(client)
    token = str(draft_of(client).submission_token)

    def lost(*_arguments: Any, **_options: Any) -> None:
        raise OperationalError("connection lost")

    with monkeypatch.context() as crash:
        crash.setattr(Draft, "save", lost)
        assert client.post("/demande/envoi/", {"token": token}).status_code == 503
    assert not Demand.objects.exists()
    assert answers_of(client).value(HOUSING, "kind") == "LP"
    client.post("/demande/envoi/", {"token": token})
    assert drafts.has_open(Demand.objects.get().account) is False
