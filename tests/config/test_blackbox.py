"""`tests/blackbox.toml` tells the truth: it is followed here step by step, knowing nothing else."""

import io
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from register.demo.accounts import ensure_accounts
from register.form.local_questions import SECTION_OF, page_key
from register.form.pages import PAGES
from register.models import Demand
from rules import registry
from rules.disk import MODULES, read_packages
from rules.kinds.questions import Questions
from tests import installed

SHEET = tomllib.loads((Path(__file__).parents[1] / "blackbox.toml").read_text(encoding="utf-8"))
ACCOUNTS = SHEET["accounts"]
STEPS = SHEET["demand"]["steps"]
OPEN_TO_ALL = ("home", "search", "charter", "demand", "statistics", "mailbox", "health")

pytestmark = pytest.mark.django_db


@pytest.fixture
def site_content(db: Any) -> None:
    installed.load("starter")


@pytest.fixture(autouse=True)
def _demonstration(request: pytest.FixtureRequest, reference: None, rules: None) -> None:
    """What `make run` loads before any demand, in its order: accounts after the editors' groups."""
    if "site_content" in request.fixturenames:
        request.getfixturevalue("site_content")
    ensure_accounts()


def sign_in(role: str) -> Client:
    """A browser signed in as the sheet says, through its form."""
    account = next(each for each in ACCOUNTS if each["role"] == role)
    form, client = SHEET["sign_in"], Client()
    answer = client.post(
        form["url"],
        {
            form["fields"]["email"]: account["email"],
            form["fields"]["password"]: account["password"],
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    return client


def inputs(page: str) -> set[str]:
    """Names of everything that can be filled in or pressed on a page."""
    return set(re.findall(r"<(?:input|select|textarea|button)\b[^>]*?\bname=\"([^\"]+)\"", page))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"{name} is not hidden in the page"
    return found[1]


def photo() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (640, 420), (190, 190, 190)).save(content, "JPEG")
    return SimpleUploadedFile("carte.jpg", content.getvalue(), content_type="image/jpeg")


def take_step(client: Client, step: dict[str, Any]) -> None:
    """Read a page of the form, find the announced fields, answer it as the example does."""
    page = client.get(step["url"])
    assert page.status_code == 200, step["url"]
    shown = page.content.decode()
    extra = {"q", "intent"} if step["url"].endswith("/communes/") else set()
    announced = {*step["fields"], *SHEET["demand"]["hidden_fields"][1:]} - extra
    assert announced <= inputs(shown) | {"csrfmiddlewaretoken"}, step["url"]
    kept = {"page_state": hidden(shown, "page_state")}
    for intent in step.get("before", []):
        assert client.post(step["url"], {**kept, "intent": intent}).status_code == 302
    files = {name: photo() for name in step.get("files", [])}
    button = SHEET["demand"]["submit_button"]
    sent = {**kept, **step["answers"], **files, button["name"]: button["value"]}
    answer = client.post(step["url"], sent)
    assert answer.status_code == 302, (step["url"], answer.content.decode())


def apply_online(client: Client) -> str:
    """Follow every step of the sheet; the registration number."""
    for step in STEPS:
        take_step(client, step)
    review = SHEET["demand"]["review"]
    shown = client.get(review["url"]).content.decode()
    assert set(review["fields"]) - {"csrfmiddlewaretoken"} <= inputs(shown)
    answer = client.post(review["send_url"], {"token": hidden(shown, "token")})
    pattern = re.escape(review["sent"]).replace(r"\{number\}", r"(\w{18})")
    found = re.fullmatch(pattern, answer["Location"])
    assert found, answer["Location"]
    return found[1]


def test_each_account_signs_in_and_reaches_its_first_page(site_content: None) -> None:
    for account in ACCOUNTS:
        answer = sign_in(account["role"]).get(account["first_page"], follow=True)
        assert answer.status_code == 200, account["role"]
        landed = answer.redirect_chain[-1][0] if answer.redirect_chain else account["first_page"]
        assert landed.startswith(account["first_page"]), account["role"]


def test_the_pages_of_the_sheet_answer_to_a_visitor(site_content: None) -> None:
    client = Client()
    for name, path in SHEET["pages"].items():
        answer = client.get(path)
        if name in OPEN_TO_ALL:
            assert answer.status_code == 200, name
        else:
            assert answer.status_code == 302, name
            assert answer["Location"].startswith(SHEET["sign_in"]["url"]), name


def test_the_sign_in_and_sign_up_pages_hold_the_fields_of_the_sheet() -> None:
    form, client = SHEET["sign_in"], Client()
    assert set(form["fields"].values()) <= inputs(client.get(form["url"]).content.decode())
    joining = client.get(form["sign_up"]).content.decode()
    assert set(form["sign_up_fields"].values()) <= inputs(joining)


def test_no_page_of_the_online_form_is_missing_from_the_sheet() -> None:
    announced = {re.sub(r"([0-9a-f]{8}|co_applicant)/$", "PERSON/", step["url"]) for step in STEPS}
    read = read_packages(MODULES, registry.declared())
    asked = {q.step for p in read if isinstance(p.body, Questions) for q in p.body.questions}
    local = {page_key(step) for step in SECTION_OF} - {page_key(step) for step in asked}
    pages = {f"/demande/{page.path}" for page in PAGES if page.key not in local}
    people = {f"/demande/{page.path}PERSON/" for page in PAGES if page.is_list}
    assert announced | {SHEET["demand"]["association"]["url"]} == pages | people


def test_the_example_answers_end_with_a_registration_number() -> None:
    account = SHEET["demand"]["account"]
    number = apply_online(sign_in(account))
    demand = Demand.objects.get(number=number)
    assert demand.account is not None
    assert demand.account.email == next(a["email"] for a in ACCOUNTS if a["role"] == account)
    assert demand.persons.count() == 5


def test_the_desk_and_the_space_are_where_the_sheet_says() -> None:
    applicant = sign_in(SHEET["demand"]["account"])
    number = apply_online(applicant)
    for name, path in SHEET["space"].items():
        answer = applicant.get(path.format(number=number), follow=True)
        assert answer.status_code == 200, name
    desk, agent = SHEET["desk"], sign_in("landlord agent")
    shown = agent.get(desk["list"]).content.decode()
    assert {*desk["filters"], desk["search"]["field"]} <= inputs(shown)
    found = agent.post(desk["search"]["url"], {desk["search"]["field"]: number}, follow=True)
    assert number in found.content.decode().replace(" ", "")
    address = desk["file"].format(number=number)
    assert f'href="{address}' in shown
    assert address.startswith(re.search(r"\^='([^']+)'", desk["file_link"])[1])  # type: ignore[index]
    assert agent.get(address).status_code == 200
    for export in ("export_csv", "export_xlsx"):
        assert agent.get(desk[export]).status_code == 200
    assert agent.get(desk["organisations"], follow=True).status_code == 200
    assert agent.get(desk["own_figures"]).status_code == 200


def test_acts_are_recorded_with_the_fields_of_the_sheet() -> None:
    number = apply_online(sign_in(SHEET["demand"]["account"]))
    desk, agent = SHEET["desk"], sign_in("landlord agent")
    address = desk["file"].format(number=number)
    for act in desk["acts"]:
        demand = Demand.objects.get(number=number)
        demand.state = act["state"]
        demand.save(update_fields=["state"])
        shown = agent.get(address).content.decode()
        url = act["url"].format(number=number)
        assert f'action="{url}"' in shown, url
        sent = {"version": demand.version, **act["answers"]}
        assert set(sent) == set(act["fields"])
        answer = agent.post(url, sent)
        assert answer.status_code == 302, (url, answer.content.decode())


def test_a_file_somebody_may_not_open_answers_like_the_unknown_number_of_the_sheet() -> None:
    number = apply_online(sign_in(SHEET["demand"]["account"]))
    desk = SHEET["desk"]
    stranger = sign_in("statistics only, not a counter")
    foreign = stranger.get(desk["file"].format(number=number))
    unknown = stranger.get(desk["file"].format(number=desk["unknown_number"]))
    assert foreign.status_code == unknown.status_code == desk["not_allowed"]


def test_the_accounts_of_the_readme_are_those_of_the_sheet() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([\w.-]+@[\w.-]+\.example\.org|[\w.-]+@example\.org)`", readme))
    assert told == {account["email"] for account in ACCOUNTS}
    assert all(f"`{account['password']}`" in readme for account in ACCOUNTS)


def test_health_has_the_keys_of_the_sheet() -> None:
    answer = Client().get(SHEET["health"]["url"]).json()
    assert set(answer) == set(SHEET["health"]["keys"])
