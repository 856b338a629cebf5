"""The suite's own guards: strict templates, no network, a browser kept at home."""

import socket
from typing import Any

import pytest
from django.db import transaction
from django.template import Template, engines
from django.template.base import Origin
from wagtail.models import Page

from tests.browser import axe
from tests.network import OutboundRefused
from tests.strict_templates import UndefinedVariable


def our_template(source: str, settings: Any) -> Template:
    origin = Origin(str(settings.BASE_DIR / "site" / "templates" / "x.html"))
    return Template(source, origin=origin, engine=engines["django"].engine)


def render(template: Template, **values: Any) -> str:
    from django.template import Context

    return template.render(Context(values))


def test_a_misspelt_variable_in_our_templates_fails(settings: Any) -> None:
    with pytest.raises(UndefinedVariable, match="hosehold"):
        render(our_template("{{ hosehold.size }}", settings), household=3)


def test_a_variable_with_a_default_or_in_a_condition_may_be_absent(settings: Any) -> None:
    template = our_template("{{ note|default:'-' }}{% if note %}x{% endif %}", settings)
    assert render(template) == "-"


def test_third_party_templates_keep_their_leniency() -> None:
    assert render(Template("[{{ nothing }}]", engine=engines["django"].engine)) == "[]"


def test_another_machine_cannot_be_reached() -> None:
    with pytest.raises(OutboundRefused):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OutboundRefused):
        socket.getaddrinfo("example.org", 443)


@pytest.mark.parametrize("attempt", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_committing_test_leaves_the_migrations_rows_behind(attempt: int) -> None:
    with transaction.atomic():
        assert Page.objects.filter(depth=1).count() == 1
        Page.objects.all().delete()


@pytest.mark.browser
def test_a_page_that_calls_another_machine_is_caught(chromium: Any, live_server: Any) -> None:
    from tests.browser import new_page

    steps = new_page.__wrapped__(chromium, live_server)
    page = next(steps)()
    page.goto("/static/wagtailadmin/css/core.css")
    page.set_content('<img src="http://192.0.2.1/pixel.png" alt="">')
    with pytest.raises(AssertionError, match=r"outside request: http://192\.0\.2\.1"):
        next(steps)


@pytest.mark.browser
def test_a_serious_accessibility_finding_fails(page: Any) -> None:
    page.goto("/static/wagtailadmin/css/core.css")
    page.set_content('<html lang="fr"><title>x</title><main><h1>x</h1><input></main></html>')
    with pytest.raises(AssertionError, match="critical label"):
        axe(page)
