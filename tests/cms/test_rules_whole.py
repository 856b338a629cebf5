"""What holds for a whole module: one form among its rules, with nothing to add or take out."""

from django.test import Client

from rules import drafts
from rules.editor.form import NAME
from rules.life import Actor

from .rule_pages import RULES, filled_in, stored, words


def test_what_holds_for_a_whole_module_is_changed_and_never_moved_nor_taken_out(
    editor: Client, modules: None
) -> None:
    version = drafts.open_draft("eligibility-21", Actor("Editor"))
    module = f"{RULES}eligibility-21/"
    listed = words(editor.get(module))
    assert "Ce qui vaut pour tout le module" in listed
    assert f"{module}general/1/place/" not in listed
    address = f"{module}general/1/"
    sent = filled_in(editor, address, version)
    assert editor.post(address, sent).status_code == 302
    assert stored(version).content_hash == version.content_hash
    sent |= {f"{NAME}-income-fact": "demand.income_per_unit"}
    assert "revenus fiscaux de référence" in words(editor.post(f"{address}phrase/", sent))
    assert editor.post(address, sent).status_code == 302
    after = stored(version).body
    assert after["income"] == version.body["income"] | {"fact": "demand.income_per_unit"}
    assert {**after, "income": version.body["income"]} == version.body
    sent = filled_in(editor, address, stored(version))
    refused = editor.post(address, sent | {f"{NAME}-income-code": "Not A Code"})
    (error,) = refused.context["form"].errors[NAME].as_data()
    assert list(error.as_json_data()["blockErrors"]["income"]["blockErrors"]) == ["code"]
    out = {"to": "out", "token": stored(version).edit_token}
    assert editor.post(f"{address}place/", out).status_code == 404
    assert stored(version).body == after


def test_what_changes_for_a_whole_module_is_told_to_whoever_reviews_it(
    editor: Client, modules: None
) -> None:
    version = drafts.open_draft("scoring-demo-21", Actor("Editor"))
    module = f"{RULES}scoring-demo-21/"
    sent = filled_in(editor, f"{module}general/1/", version)
    sent = {key: value for key, value in sent.items() if key != f"{NAME}-counts_declared"}
    assert editor.post(f"{module}general/1/", sent).status_code == 302
    told = editor.get(f"{module}differences/").context["told"]["sentences"][0]
    assert str(told[0].title) == "Ce qui vaut pour tout le module"
    assert [heading for heading, _before, _after in told[1]] == [
        "Ce qui est déclaré compte en attendant d’être prouvé"
    ]
    assert [(before, after) for _heading, before, after in told[1]] == [("Oui.", "Non.")]
