"""What applicants wrote, found and set aside by keyboard, on a phone and on a desk."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from register.models import Membership, Message
from register.services.acts import send_message
from tests.backoffice.test_browser import WIDTHS, sign_in
from tests.browser import assert_fits_the_screen, axe, follow
from tests.factories import make_commune, make_demand, principal_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("javascript", [True, False])
def test_an_agent_goes_from_the_list_to_the_words_and_sets_them_aside(
    new_page: Callable[..., Any],
    live_server: Any,
    agent: Membership,
    width: int,
    javascript: bool,
) -> None:
    make_commune()
    demand = make_demand(registered_by=agent.organisation, last_name="Lefèvre")
    event = send_message(
        principal=principal_of(demand.account), demand=demand, body="Merci de votre aide ! " * 20
    )
    message = Message.objects.get(pk=event.details["message"])
    anchor = f"message-{message.sent_at:%Y%m%d%H%M%S%f}"
    page = new_page(width=width, height=900, javascript=javascript)
    sign_in(page, agent, live_server.url)
    page.goto("/bureau/taches/")
    assert_fits_the_screen(page)
    if javascript:
        axe(page)
    link = page.locator(f"a[href$='#{anchor}']")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/dossiers/{demand.number}/#{anchor}")
    expect(page.locator(f"#{anchor}")).to_contain_text("Attend une réponse")
    assert_fits_the_screen(page)
    if javascript:
        axe(page)
    page.locator("#act-no-answer summary").focus()
    page.keyboard.press("Enter")
    follow(page, page.locator("#act-no-answer button"))
    message.refresh_from_db()
    assert message.taken_up_at
    expect(page.locator("#section-unanswered")).to_have_count(0)
