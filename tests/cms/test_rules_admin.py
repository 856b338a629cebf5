"""The rule editor: what an editor opens, changes, is refused and sends for review."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from register.models import User
from rules import drafts, registry
from rules.editor import shelf
from rules.editor.form import NAME
from rules.life import Actor
from rules.models import RuleModuleVersion, VersionState

from .rule_pages import RULES, filled_in, number_of, posted, sent_for_review, stored, words

HOME = "/edition/"
DELAYS, RIGHTS = f"{RULES}deadlines-21/", f"{RULES}rights-r441-2-6/"


@pytest.fixture
def draft(modules: None) -> RuleModuleVersion:
    """A draft of the delays."""
    return drafts.open_draft("deadlines-21", Actor("Editor"))


def delay_page(client: Client, draft: RuleModuleVersion, code: str) -> tuple[str, dict[str, Any]]:
    address = f"{DELAYS}deadlines/{number_of(draft, 'deadlines', code)}/"
    return address, filled_in(client, address, draft)


def test_an_editor_finds_every_module_with_its_state(editor: Client, modules: None) -> None:
    page = editor.get(RULES)
    text = page.content.decode()
    assert [entry.code for entry in page.context["entries"]] == sorted(
        each.code for each in registry.all_in_force()
    )
    assert "Délais en Côte-d’Or" in text
    assert "depuis le" in text


def test_an_author_is_told_on_arriving_that_a_scheduled_version_came_back(
    editor: Client, modules: None
) -> None:
    written, other = Actor("E", User.objects.get().pk), Actor("Other", 0)
    day = timezone.localdate() + timedelta(days=9)
    for author, is_told in ((other, False), (written, True)):
        draft = drafts.open_draft("deadlines-21", author)
        drafts.schedule(drafts.submit_for_review(draft, author), day, author)
        assert "n’entrera pas en vigueur" not in words(editor.get(HOME))
        newer = drafts.open_draft("deadlines-21", other)
        drafts.put_in_force(drafts.submit_for_review(newer, other), other)
        assert ("que vous avez écrite, n’entrera pas en vigueur" in words(editor.get(HOME))) == (
            is_told
        )
        drafts.withdraw(draft, other)


def test_the_list_of_modules_costs_few_queries(
    editor: Client, modules: None, django_assert_max_num_queries: Any
) -> None:
    editor.get(RULES)
    with django_assert_max_num_queries(16):
        editor.get(RULES)


def test_a_draft_is_opened_once_and_written_down(editor: Client, modules: None) -> None:
    assert "Modifier dans un brouillon" in editor.get(DELAYS).content.decode()
    for _again in range(2):
        assert editor.post(f"{DELAYS}brouillon/").status_code == 302
    version = shelf.draft("deadlines-21")
    assert version is not None
    assert version.state == VersionState.DRAFT
    lines = ModelLogEntry.objects.filter(action__startswith="rules.")
    assert [(line.action, str(line.user)) for line in lines] == [
        ("rules.open", "editrice@example.org")
    ]


def test_saving_what_nobody_changed_changes_nothing(
    editor: Client, draft: RuleModuleVersion
) -> None:
    address, sent = delay_page(editor, draft, "strike_off")
    assert editor.post(address, sent).status_code == 302
    assert stored(draft).content_hash == draft.content_hash


def test_an_editor_changes_a_delay(editor: Client, draft: RuleModuleVersion) -> None:
    address, sent = delay_page(editor, draft, "strike_off")
    sent[f"{NAME}-value"] = "14"
    assert editor.post(address, sent).status_code == 302
    version = stored(draft)
    number = number_of(version, "deadlines", "strike_off")
    assert version.body["deadlines"][number - 1]["value"] == 14
    assert ModelLogEntry.objects.filter(action="rules.edit").count() == 1
    changes = words(editor.get(f"{DELAYS}differences/"))
    assert "13 mois" in changes
    assert "14 mois" in changes


def test_the_sentence_follows_what_is_typed_and_nothing_is_saved(
    editor: Client, draft: RuleModuleVersion
) -> None:
    address, sent = delay_page(editor, draft, "strike_off")
    sent[f"{NAME}-value"] = "15"
    read = words(editor.post(f"{address}phrase/", sent))
    assert "15 mois" in read
    assert stored(draft).content_hash == draft.content_hash
    sent[f"{NAME}-value"] = "quinze"
    read = words(editor.post(f"{address}phrase/", sent))
    assert "nombre entier" in read
    assert "data-rules-said" not in read


def test_without_a_script_a_button_reads_the_sentence_and_keeps_what_was_typed(
    editor: Client, draft: RuleModuleVersion
) -> None:
    address, sent = delay_page(editor, draft, "strike_off")
    sent |= {f"{NAME}-value": "15", "read": "1"}
    page = editor.post(address, sent)
    assert page.status_code == 200
    assert ("15 mois" in words(page), page.context["form"].errors) == (True, {})
    assert stored(draft).content_hash == draft.content_hash


def test_what_is_refused_is_said_beside_its_block_and_kept(
    editor: Client, draft: RuleModuleVersion
) -> None:
    address, sent = delay_page(editor, draft, "strike_off")
    sent |= {f"{NAME}-value": "5000", f"{NAME}-title-fr": "Radiation tardive"}
    page = editor.post(address, sent)
    assert page.status_code == 200
    (error,) = page.context["form"].errors[NAME].as_data()
    assert list(error.as_json_data()["blockErrors"]) == ["value"]
    text = page.content.decode()
    assert "5000" in text
    assert "Radiation tardive" in text
    assert stored(draft).content_hash == draft.content_hash


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"principal-1-value-fact": "demand.nothing_such"}, "n’existe pas"),
        ({"principal-1-value-fact": "demand.state"}, "personne qui agit"),
        ({"principal-1-value-op": "at_least"}, "« est au moins » ne s’emploie pas"),
        (
            {"principal-1-value-source": "ref", "principal-1-value-value": "organisation.codes"},
            "type",
        ),
    ],
)
def test_an_unknown_fact_or_a_type_clash_is_refused_beside_its_condition(
    editor: Client, modules: None, changed: dict[str, str], said: str
) -> None:
    version = drafts.open_draft("rights-r441-2-6", Actor("Editor"))
    number = number_of(version, "grants", "landlords-instruct")
    address = f"{RIGHTS}grants/{number}/"
    sent = filled_in(editor, address, version)
    assert all(f"{NAME}-{field}" in sent for field in changed)
    page = editor.post(address, sent | {f"{NAME}-{f}": value for f, value in changed.items()})
    assert page.status_code == 200
    (error,) = page.context["form"].errors[NAME].as_data()
    inner = error.as_json_data()["blockErrors"]["principal"]["blockErrors"]
    assert list(inner) == [1]
    assert said in " ".join(" ".join(inner[1]["messages"]).split())
    assert stored(version).content_hash == version.content_hash


def test_a_rule_is_added_moved_and_taken_out(editor: Client, draft: RuleModuleVersion) -> None:
    count = len(draft.body["deadlines"])
    add = f"{DELAYS}deadlines/ajouter/"
    _address, sent = delay_page(editor, draft, "strike_off")
    sent |= {f"{NAME}-code": "local-answer", "was": ""}
    assert editor.get(add).status_code == 200
    assert editor.post(add, sent).status_code == 302
    version = stored(draft)
    assert version.body["deadlines"][-1]["code"] == "local-answer"
    place = f"{DELAYS}deadlines/{count + 1}/place/"
    editor.post(place, {"to": "up", "token": version.edit_token})
    version = stored(draft)
    assert version.body["deadlines"][-2]["code"] == "local-answer"
    editor.post(f"{DELAYS}deadlines/{count}/place/", {"to": "out", "token": version.edit_token})
    assert stored(draft).body == draft.body
    editor.post(f"{DELAYS}deadlines/1/place/", {"to": "out", "token": version.edit_token})
    assert stored(draft).body == draft.body, "somebody who saw another draft changes nothing"


def test_a_rule_added_under_a_code_already_used_is_refused(
    editor: Client, draft: RuleModuleVersion
) -> None:
    _address, sent = delay_page(editor, draft, "strike_off")
    page = editor.post(f"{DELAYS}deadlines/ajouter/", sent | {"was": ""})
    assert page.status_code == 200
    (error,) = page.context["form"].errors[NAME].as_data()
    assert list(error.as_json_data()["blockErrors"]) == ["code"]


def test_two_editors_do_not_overwrite_each_other(editor: Client, draft: RuleModuleVersion) -> None:
    address, first = delay_page(editor, draft, "strike_off")
    other, second = delay_page(editor, draft, "validity")
    _same, third = delay_page(editor, draft, "strike_off")
    first[f"{NAME}-value"], second[f"{NAME}-value"] = "14", "11"
    third[f"{NAME}-value"] = "15"
    assert editor.post(address, first).status_code == 302
    assert editor.post(other, second).status_code == 302, "another rule: both are kept"
    refused = editor.post(address, third)
    assert refused.status_code == 200
    assert "quelqu’un a modifié cette règle" in refused.content.decode().lower()
    values = {rule["code"]: rule.get("value") for rule in stored(draft).body["deadlines"]}
    assert (values["strike_off"], values["validity"]) == (14, 11)
    third["was"] = refused.context["was"]
    assert editor.post(address, third).status_code == 302


GUARDS = f"{RIGHTS}guards/"


@pytest.mark.parametrize("taken", ["readers-only-read", "erased-file"])
def test_a_rule_that_somebody_took_out_is_put_back_and_takes_the_place_of_no_other(
    editor: Client, modules: None, taken: str
) -> None:
    version = drafts.open_draft("rights-r441-2-6", Actor("Editor"))
    others = [guard for guard in version.body["guards"] if guard["code"] != taken]
    number = number_of(version, "guards", taken)
    typed = filled_in(editor, f"{GUARDS}{number}/", version) | {f"{NAME}-title-fr": "Mon titre"}
    place = f"{GUARDS}{number}/place/"
    editor.post(place, {"to": "out", "token": version.edit_token})
    for _time in range(2):
        refused = editor.post(f"{GUARDS}{number}/", typed)
        assert refused.status_code == 200
        assert "a retiré cette règle" in words(refused)
        assert "Mon titre" in refused.content.decode()
        assert stored(version).body["guards"] == others
    assert refused.context["action_url"] == f"{GUARDS}ajouter/"
    back = typed | {key: refused.context[key] for key in ("was", "called")}
    assert editor.post(f"{GUARDS}ajouter/", back).status_code == 302
    *kept, last = stored(version).body["guards"]
    assert kept == others
    assert (last["code"], last["title"]["fr"]) == (taken, "Mon titre")


def test_the_card_and_the_test_cases_are_edited_and_tried(
    editor: Client, draft: RuleModuleVersion
) -> None:
    card = filled_in(editor, f"{DELAYS}fiche/", draft)
    card |= {f"{NAME}-title-fr": "Délais du fichier", f"{NAME}-signatures": "landlord"}
    assert editor.post(f"{DELAYS}fiche/", card).status_code == 302
    version = stored(draft)
    assert (version.title_fr, version.manifest["signatures"]) == ("Délais du fichier", ["landlord"])
    case = f"{DELAYS}tests/1/"
    sent = filled_in(editor, case, version)
    sent[f"{NAME}-expect-value"] = "11"
    assert "12 months" in editor.post(f"{case}phrase/", sent).content.decode()
    assert editor.post(case, sent).status_code == 302
    assert "11 months" in editor.get(DELAYS).content.decode()
    assert "11 months" in sent_for_review(editor, DELAYS).content.decode()
    assert stored(draft).state == VersionState.DRAFT


def test_a_draft_is_sent_for_review_once_and_changing_it_makes_it_a_draft_again(
    editor: Client, draft: RuleModuleVersion
) -> None:
    opened = posted(editor.get(DELAYS), f"{DELAYS}relecture/")
    _address, change = delay_page(editor, draft, "strike_off")
    editor.post(_address, change | {f"{NAME}-title-fr": "Radiation"})
    editor.post(f"{DELAYS}relecture/", opened)
    assert stored(draft).state == VersionState.DRAFT, "what she saw is no longer the draft"
    sent_for_review(editor, DELAYS)
    assert stored(draft).state == VersionState.IN_REVIEW
    assert ModelLogEntry.objects.filter(action="rules.submit").count() == 1
    editor.post(f"{DELAYS}relecture/", {"token": stored(draft).edit_token})
    assert ModelLogEntry.objects.filter(action="rules.submit").count() == 1
    address, sent = delay_page(editor, draft, "strike_off")
    assert "en cours de relecture" in editor.get(address).content.decode()
    sent[f"{NAME}-value"] = "14"
    editor.post(address, sent)
    assert stored(draft).state == VersionState.DRAFT
    giving_up = {"reason": "essai", "token": stored(draft).edit_token}
    editor.post(f"{DELAYS}abandon/", giving_up)
    assert stored(draft).state == VersionState.WITHDRAWN
    assert shelf.draft("deadlines-21") is None


@pytest.mark.parametrize("who", ["writer", "stranger"])
def test_nobody_else_opens_or_changes_a_rule(
    request: pytest.FixtureRequest, editor: Client, draft: RuleModuleVersion, who: str
) -> None:
    address, sent = delay_page(editor, draft, "strike_off")
    client = request.getfixturevalue(who)
    sent[f"{NAME}-value"] = "99"
    posts = [
        (address, sent),
        (f"{address}phrase/", sent),
        (f"{address}place/", {"to": "out", "token": draft.edit_token}),
        (f"{DELAYS}relecture/", {}),
        (f"{DELAYS}abandon/", {}),
        (f"{RIGHTS}brouillon/", {}),
    ]
    for url, data in posts:
        answer = client.post(url, data)
        assert answer.status_code in (302, 404), url
        assert b"13" not in answer.content or answer.status_code == 404
    for url in (RULES, DELAYS, address, f"{DELAYS}differences/", f"{DELAYS}fiche/"):
        assert client.get(url).status_code in (302, 404), url
    assert stored(draft).content_hash == draft.content_hash
    assert shelf.draft("rights-r441-2-6") is None
    assert not ModelLogEntry.objects.filter(action__startswith="rules.").exists()


def test_a_post_from_another_site_is_refused(editor: Client, draft: RuleModuleVersion) -> None:
    address, sent = delay_page(editor, draft, "strike_off")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor.cookies
    sent[f"{NAME}-value"] = "99"
    assert strict.post(address, sent).status_code == 403
    assert stored(draft).content_hash == draft.content_hash


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {f"{NAME}-elsewhere-count": "1000000000"},
        {f"{NAME}-elsewhere-count": ""},
        {f"{NAME}-elsewhere-count": "x", f"{NAME}-code": "strike_off"},
    ],
)
def test_a_page_that_arrives_in_pieces_is_refused_with_a_message(
    editor: Client, draft: RuleModuleVersion, forged: dict[str, str]
) -> None:
    address = f"{DELAYS}deadlines/1/"
    page = editor.post(address, forged)
    assert page.status_code == 200
    assert "incomplète" in page.content.decode()
    assert editor.post(f"{address}phrase/", forged).status_code == 200
    assert stored(draft).content_hash == draft.content_hash


def test_a_giant_text_is_refused_with_a_message(editor: Client, draft: RuleModuleVersion) -> None:
    address, sent = delay_page(editor, draft, "strike_off")
    sent[f"{NAME}-explanation-fr"] = "a" * 100_000
    page = editor.post(address, sent)
    assert page.status_code == 200
    assert "caractères au plus" in page.content.decode()
    assert stored(draft).content_hash == draft.content_hash


def test_addresses_of_nothing_answer_like_a_missing_page(
    editor: Client, draft: RuleModuleVersion
) -> None:
    for address in (
        f"{RULES}nothing-such/",
        f"{RULES}documents-21/fiche/",
        f"{DELAYS}deadlines/9999/",
        f"{DELAYS}nothing/1/",
        f"{DELAYS}deadlines/0/",
    ):
        assert editor.get(address).status_code == 404, address


def test_the_largest_module_opens_quickly_one_rule_at_a_time(
    editor: Client, modules: None, django_assert_max_num_queries: Any
) -> None:
    version = drafts.open_draft("rights-r441-2-6", Actor("Editor"))
    for address in (RIGHTS, f"{RIGHTS}grants/1/", f"{RIGHTS}differences/"):
        editor.get(address)
        with django_assert_max_num_queries(25):
            page = editor.get(address)
        assert page.status_code == 200
        assert len(page.content) < 600_000  # two thirds are the choices of its block, said once
    assert len(shelf.rules_of(version, "grants")) > 10


def test_every_rule_and_case_of_every_module_has_a_page_that_opens(
    editor: Client, modules: None
) -> None:
    for entry in shelf.entries():
        version = drafts.open_draft(entry.code, Actor("Editor"))
        page = editor.get(f"{RULES}{entry.code}/")
        assert page.context["problem"] == ""
        assert [row.fault for row in page.context["cases"] if row.fault] == []
        with override("fr"):
            for shown in page.context["lists"]:
                key = shown["section"].key
                added = editor.get(f"{RULES}{entry.code}/{key}/ajouter/")
                assert added.status_code == (404 if shown["section"].whole else 200)
                last = len(shelf.rules_of(version, key))
                for number in {1, last} if last else ():
                    opened = editor.get(f"{RULES}{entry.code}/{key}/{number}/")
                    assert opened.context["reading"].faults == (), (entry.code, key, number)
