"""The form as software reads it: a JSON Schema of its answers, made from the definition.

Each answer bears its titles, its case on the paper form, the page that asks it and the group of
data that rights open; each choice bears its code, its titles and its cases. Questions of a
territory follow, under their own codes, each with the module and the version that ask it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from register import clock, questions
from register.code_lists import Code
from register.form.cases import cases_of
from register.form.definition import COMMUNES, FORM, LOCAL_ANSWERS, PLACES, Question
from register.form.fields import AmountField, DatePartsField, WholeNumberField, YesNoField
from register.form.fields.codes import ListedMixin
from register.form.local_questions import SECTION_OF, page_key
from register.form.pages import BY_KEY
from register.form.revisions import Revision
from register.form.steps.questions import UNITS
from register.questions import LocalQuestion
from rules.kinds.questions import LONGEST_TEXT, QuestionType
from rules.kinds.questions import Question as Definition

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LANGUAGES = ("fr", "en")
TITLE = _("Demand for social housing, form %(code)s")
Text = str | Promise
Node = dict[str, Any]


def form_schema(revision: Revision, address: str) -> Node:
    """The schema of the answers given under a revision of the form; `address` is its own."""
    asked = {page.key for page in revision.pages}
    national = [each for each in FORM if each.page in asked]
    return {
        "$schema": DIALECT,
        "$id": address,
        **_titled(lambda: str(TITLE) % {"code": revision.code}),
        "type": "object",
        "properties": {
            **{
                place: _holder([each for each in national if each.whose == whose], is_list=is_list)
                for whose, (place, is_list) in PLACES.items()
            },
            LOCAL_ANSWERS: _local_holder(),
        },
        "additionalProperties": False,
    }


def _holder(questions: list[Question], *, is_list: bool) -> Node:
    node: Node = {
        "type": "object",
        "properties": {question.column: _answer(question) for question in questions},
        "additionalProperties": False,
    }
    return {"type": "array", "items": node} if is_list else node


def _answer(question: Question) -> Node:
    page = BY_KEY[question.page]
    node: Node = {
        **_titled(lambda: str(question.title)),
        **_kind(question),
        "x-page": question.page,
        "x-section": page.section,
        "x-field-set": str(question.part.value),
    }
    if question.case:
        node["x-case"] = question.case
    if question.unit:
        node["x-unit"] = _both(lambda: str(question.unit))
    return node


def _kind(question: Question) -> Node:
    """What the answer may be, as the field that asks it reads it."""
    field = question.field
    if question.name == COMMUNES:
        return {"type": "array", "items": _WISHED_PLACE}
    if isinstance(field, YesNoField | forms.BooleanField) or question.name == "disabled":
        return {"type": "boolean"}
    if isinstance(field, forms.MultipleChoiceField):
        return {"type": "array", "uniqueItems": True, "items": _choice(question, field)}
    if isinstance(field, forms.ChoiceField):
        return _choice(question, field)
    if isinstance(field, DatePartsField):
        return {"type": "string", "format": "date"}
    if isinstance(field, AmountField):
        return {"type": "string", "pattern": r"^\d+\.\d{2}$"}
    if isinstance(field, WholeNumberField):
        return {"type": "integer", "minimum": field.least, "maximum": field.most}
    longest = getattr(field, "max_length", None)
    return {"type": "string"} | ({"maxLength": longest} if longest else {})


_WISHED_PLACE: Node = {
    "type": "object",
    "properties": {
        "insee": {"type": "string", "pattern": "^[0-9AB]{5}$"},
        "quarter": {"type": ["string", "null"]},
    },
    "required": ["insee", "quarter"],
}


def _choice(question: Question, field: forms.ChoiceField) -> Node:
    """Every code that the list ever held: a file keeps those that are no longer offered."""
    if not isinstance(field, ListedMixin):
        raise TypeError(question.key)
    return {"type": "string", "oneOf": [_coded(question, each) for each in field.listed.codes]}


def _coded(question: Question, told: Code) -> Node:
    node: Node = {"const": told.code, **_titled(lambda: str(told.label))}
    if cases := cases_of(question.page, question.name, told.code):
        node["x-cases"] = list(cases)
    if not told.holds_on(clock.today()):
        node["deprecated"] = True
    return node


def _local_holder() -> Node:
    """Every question that a territory ever asked: a file keeps the answers to those it dropped."""
    asked = {local.code for local in questions.in_force()}
    properties = {
        local.code: _local(local) | ({} if local.code in asked else {"deprecated": True})
        for local in questions.ever_asked()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _local(local: LocalQuestion) -> Node:
    question = local.question
    node: Node = {
        **_titled(lambda: str(question.title)),
        "x-questions": _both(lambda: str(question.label)),
        **_local_kind(question),
        "x-page": page_key(question.step),
        "x-section": SECTION_OF[question.step],
        "x-field-set": str(question.field_set),
        # The department where it is asked; null everywhere.
        "x-territory": local.territory or None,
        "x-local": {"module": local.module, "version": local.number},
    }
    if unit := question.unit or UNITS.get(question.type):
        node["x-unit"] = _both(lambda: str(unit))
    return node


def _local_kind(question: Definition) -> Node:
    match question.type:
        case QuestionType.BOOLEAN:
            return {"type": "boolean"}
        case QuestionType.INTEGER:
            return {"type": "integer", "minimum": question.least, "maximum": question.most}
        case QuestionType.DATE:
            return {"type": "string", "format": "date"}
        case QuestionType.TEXT:
            return {"type": "string", "maxLength": LONGEST_TEXT}
        case QuestionType.CHOICE:
            return _local_choice(question)
        case QuestionType.CHOICES:
            return {"type": "array", "uniqueItems": True, "items": _local_choice(question)}
    return {"type": "string", "pattern": r"^\d+(\.\d+)?$"}


def _local_choice(question: Definition) -> Node:
    return {
        "type": "string",
        "oneOf": [
            {"const": choice.code, **_titled(partial(str, choice.label))}
            | ({"deprecated": True} if choice.retired else {})
            for choice in question.choices
        ],
    }


def _titled(text: Callable[[], str]) -> Node:
    told = _both(text)
    return {"title": told[LANGUAGES[0]], "x-titles": told}


def _both(text: Callable[[], str]) -> dict[str, str]:
    """A text in each language."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = text()
    return found
