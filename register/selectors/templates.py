"""The texts of an organisation from which its agents start a message."""

from django.core.exceptions import ValidationError

from register.models import Demand, MessageTemplate
from register.principals import Principal
from register.selectors.letters import message_from
from rules import registry
from rules.errors import RuleError
from rules.kinds.letters import LANGUAGES, Letter, parse

CHANNEL = "space"


def templates_of(principal: Principal) -> list[MessageTemplate]:
    """Those of the reader's own organisation, by title."""
    body = principal.organisation
    return list(body.message_templates.all()) if body else []


def template_of(principal: Principal, key: int) -> MessageTemplate | None:
    """One of them by its number; None for another organisation's, or none."""
    return next((each for each in templates_of(principal) if each.pk == key), None)


def text_for(principal: Principal, demand: Demand, key: int) -> str:
    """The text of a template filled with what its reader may read of this demand, to go on from.

    Empty when there is no such template, or a placeholder of it exists no more.
    """
    template = template_of(principal, key)
    try:
        return message_from(principal, demand, as_letter(template.body)) if template else ""
    except ValidationError:
        return ""


def as_letter(body: str) -> Letter:
    """The text as a letters module would hold it; ValidationError says what is wrong with it."""
    both = dict.fromkeys(LANGUAGES, "Message")
    letter = {
        "code": "template",
        "title": both,
        "channels": [CHANNEL],
        "subject": both,
        "body": dict.fromkeys(LANGUAGES, body),
        "legal_basis": "CCH L441-2-6",
    }
    try:
        return parse({"letters": [letter]}, registry.vocabulary()).letters[0]
    except RuleError as refusal:
        raise ValidationError({"body": str(refusal.message)}) from None


def placeholders() -> list[tuple[str, str]]:
    """What may be written in a template, with what it stands for."""
    lists = registry.vocabulary().lists
    allowed = {"", *lists.channels[CHANNEL]}
    return [
        (f"{{{{ {code} }}}}", str(each.label))
        for code, each in lists.placeholders.items()
        if each.field_set in allowed and not each.about
    ]
