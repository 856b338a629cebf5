"""The pages of the rule editor, as a browser reads them and sends them back."""

import re
from typing import Any

from django.test import Client

from rules.editor import shelf
from rules.editor.context import editing
from rules.editor.form import NAME, RuleForm, rule_block
from rules.models import RuleModuleVersion
from tests.posting import as_posted

RULES = "/edition/regles/"


def number_of(version: RuleModuleVersion, key: str, code: str) -> int:
    return [rule["code"] for rule in shelf.rules_of(version, key)].index(code) + 1


def filled_in(client: Client, address: str, version: RuleModuleVersion) -> dict[str, Any]:
    """What a browser would send back of this page, unchanged."""
    page = client.get(address)
    assert page.status_code == 200, address
    form: RuleForm = page.context["form"]
    with editing(version.manifest, version.body):
        block = rule_block(form.rule_fields)
        shown = block.get_form_state(form.initial[NAME])
        sent = dict(as_posted(block, shown, NAME).lists())
    return {**sent, "was": page.context["was"], "called": page.context["called"]}


def posted(page: Any, address: str) -> dict[str, str]:
    """The hidden values of the form of a page that is sent to this address."""
    form = page.content.decode().split(f'action="{address}"')[1].split("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def sent_for_review(editor: Client, module: str) -> Any:
    """What answers the button of the page of a module."""
    address = f"{module}relecture/"
    return editor.post(address, posted(editor.get(module), address), follow=True)


def words(answer: Any) -> str:
    """What a page says, with ordinary spaces."""
    return " ".join(answer.content.decode().split())


def stored(version: RuleModuleVersion) -> RuleModuleVersion:
    return RuleModuleVersion.objects.select_related("module").get(pk=version.pk)
