"""The pages written from the code say what the code does today."""

import re
from pathlib import Path

import pytest
from config.generated_docs import WRITERS, docs_folder, stale_pages, write_pages
from django.core.management import CommandError, call_command
from django.utils import timezone

from register import access
from register.handbook import glossary, rights
from register.handbook.terms import LISTS, MODELS
from register.models import Organisation, OrganisationKind, Role, Share
from register.principals import PrincipalKind, applicant_principal
from rules import registry
from rules.kinds.rights import Action
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of


def test_the_pages_of_the_repository_are_current() -> None:
    assert stale_pages(docs_folder()) == [], "run `manage.py docs`"


def test_a_page_that_somebody_changed_by_hand_is_said_to_be_out_of_date(tmp_path: Path) -> None:
    assert set(write_pages(tmp_path)) == set(WRITERS)
    (tmp_path / "states.md").write_text("# Something else\n", encoding="utf-8")
    (tmp_path / "rights.md").unlink()
    assert set(stale_pages(tmp_path)) == {"states.md", "rights.md"}


def test_the_check_of_the_command_fails_on_a_page_out_of_date(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("config.management.commands.docs.docs_folder", lambda: tmp_path)
    with pytest.raises(CommandError, match=r"rights\.md"):
        call_command("docs", "--check")
    call_command("docs", verbosity=0)
    call_command("docs", "--check")


def test_the_glossary_has_every_table_and_every_list_of_codes() -> None:
    written = (docs_folder() / "glossary.md").read_text(encoding="utf-8")
    for model in glossary.tables():
        assert f"| `{model.__name__}` |" in written
    for choices in glossary.lists():
        assert f"### {choices.__name__} · " in written
        assert all(f"| `{value}` |" in written for value in choices.values)


def test_the_glossary_keeps_no_table_or_list_that_is_gone() -> None:
    assert set(MODELS) == {model.__name__ for model in glossary.tables()}
    assert set(LISTS) == {choices.__name__ for choices in glossary.lists()}


def test_a_table_without_a_source_stops_the_glossary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MODELS, "Demand")
    with pytest.raises(LookupError, match=r"Demand .*terms\.py"):
        glossary.write()


def test_the_index_of_decisions_lists_every_page() -> None:
    folder = docs_folder() / "adr"
    pages = {path.name for path in folder.glob("[0-9]*.md")}
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert pages
    assert {name for name in pages if f"]({name})" in index} == pages


def _pages() -> list[Path]:
    root = docs_folder().parent
    folders = (root, docs_folder(), docs_folder() / "adr", root / "rules")
    return [path for folder in folders for path in sorted(folder.glob("*.md"))]


@pytest.mark.parametrize("page", _pages(), ids=lambda path: path.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    own = [target for target in targets if not target.startswith(("http://", "https://"))]
    assert [target for target in own if not (page.parent / target).exists()] == []


def test_the_pictures_are_light_and_shown() -> None:
    shown = (docs_folder().parent / "README.md").read_text(encoding="utf-8")
    pictures = sorted((docs_folder() / "screenshots").glob("*.png"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > 200_000] == []
    assert [path.name for path in pictures if f"screenshots/{path.name}" not in shown] == []


def test_every_promise_named_in_the_code_is_explained() -> None:
    root = docs_folder().parent
    told = (docs_folder() / "reliability.md").read_text(encoding="utf-8")
    rooms = ("register", "rules", "portal", "backoffice", "observatory", "exchange", "site")
    sources = [path for room in rooms for path in (root / room).rglob("*.py")]
    promise = re.compile(r"\bR\d{1,2}\b")
    named = {code for path in sources for code in promise.findall(path.read_text(encoding="utf-8"))}
    assert "R4" in named
    assert named - set(promise.findall(told)) == set()


def test_every_file_a_promise_relies_on_exists() -> None:
    root = docs_folder().parent
    told = (docs_folder() / "reliability.md").read_text(encoding="utf-8")
    relied_on = set(re.findall(r"`((?:[a-z]+/)+[\w.-]*)`", told))
    assert "register/uploads.py" in relied_on
    assert {path for path in relied_on if not (root / path).exists()} == set()


def _organisation(kind: str, is_counter: bool) -> Organisation:
    commune = make_commune()
    own = {OrganisationKind.COMMUNE: {"commune": commune}}
    own[OrganisationKind.EPCI] = {"epci": commune.epci}
    return make_organisation(kind=kind, is_counter=is_counter, **own.get(kind, {}))


def _share(organisation: Organisation) -> None:
    """The table also counts files exceptionally shared: each organisation has received one."""
    today = timezone.localdate()
    demand = make_demand()
    Share.objects.create(
        demand=demand,
        organisation=organisation,
        reason="Réunion de situation",
        starts_on=today,
        ends_on=today,
        granted_by=demand.account,
        granted_at=timezone.now(),
    )


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("is_counter", [True, False])
@pytest.mark.parametrize("kind", OrganisationKind.values)
def test_the_table_of_rights_is_what_access_answers_to_members(kind: str, is_counter: bool) -> None:
    organisation = _organisation(kind, is_counter)
    _share(organisation)
    printed = {
        person.facts["membership.role"]: person
        for person in rights.people()
        if person.facts.get("organisation.kind") == kind
        and person.facts["organisation.is_counter"] is is_counter
    }
    matrix = rights.Matrix.of(rights.on_disk())
    with registry.remembered():
        for role in Role.values:
            principal = principal_of(make_member(organisation, role))
            for action in Action:
                shown = matrix.cell(printed[role], action) != ""
                assert shown == access.may_ever(principal, action), (role, action)


@pytest.mark.usefixtures("rules")
def test_the_table_of_rights_is_what_access_answers_to_an_applicant() -> None:
    principal = applicant_principal(make_demand().account)
    printed = next(
        person
        for person in rights.people()
        if person.facts["principal.kind"] == PrincipalKind.APPLICANT
    )
    matrix = rights.Matrix.of(rights.on_disk())
    for action in Action:
        shown = matrix.cell(printed, action) != ""
        assert shown == access.may_ever(principal, action), action
