"""One rule, one test case or the card of a module, edited as blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from rules import drafts, registry
from rules.conditions import content_hash
from rules.editor import shelf
from rules.editor.card import CARD
from rules.editor.context import editing, title_of
from rules.editor.form import RuleForm
from rules.editor.kinds.sections import Section
from rules.editor.palette import palette
from rules.editor.reading import Reading, read
from rules.errors import RuleError
from rules.models import RuleModuleVersion

from .pages import draft_or_404, list_or_404, module_crumb, page, section_or_404
from .permissions import actor, rule_editors, write_down

CARD_KEY = "fiche"
OVERTAKEN = _(
    "Somebody changed this rule since you opened it. What you typed is kept here: compare with the "
    "draft, then save again to put yours in its place."
)
GONE = _(
    "Somebody took this rule out of the draft since you opened it. What you typed is kept here: "
    "save again to put it back, at the end of its list."
)


@dataclass
class Edited:
    """What one page edits: a rule of a section at a place, a new one, or the module's card."""

    version: RuleModuleVersion
    section: Section
    number: int
    old: dict[str, Any]
    # True when somebody took it out of the draft since the page was opened.
    is_gone: bool = False

    @property
    def is_new(self) -> bool:
        """Whether it is not in the draft yet."""
        return not self.old

    @property
    def path(self) -> str:
        """Where the parser says it is."""
        if self.section.key == CARD_KEY:
            return "manifest"
        if self.section.whole:
            return ""
        return f"{self.section.key}[{self.number - 1}]"

    def with_rule(self, rule: dict[str, Any]) -> dict[str, Any]:
        """What the draft becomes with this rule."""
        if self.section.key == CARD_KEY:
            return {"manifest": rule}
        rules = shelf.rules_of(self.version, self.section.key)
        rules[self.number - 1 : self.number] = [rule]
        return shelf.with_rules(self.version, self.section.key, rules)


def _edited(code: str, key: str, number: int, sent: Mapping[str, str]) -> Edited:
    """The rule at this place of the draft, or where it went since the page was opened."""
    version = draft_or_404(code)
    section = section_or_404(version, key)
    rules = shelf.rules_of(version, section.key)
    if sent.get("was") and not section.whole:
        found = _place(rules, number, sent["was"], sent.get("called", ""))
        if found is None:
            return Edited(version, section, len(rules) + 1, {}, is_gone=True)
        number = found
    if not 1 <= number <= len(rules) + 1:
        raise Http404
    old = rules[number - 1] if number <= len(rules) else {}
    return Edited(version, section, number, old)


def _place(rules: list[dict[str, Any]], number: int, was: str, called: str) -> int | None:
    """Where the rule of the page is now: as it was, else under its name; never another rule."""
    places = range(1, len(rules) + 1)
    same = [at for at in places if content_hash(rules[at - 1]) == was]
    named = [at for at in places if called and _called(rules[at - 1]) == called]
    return number if number in same else next(iter([*same, *named]), None)


def _called(rule: dict[str, Any]) -> str:
    """What tells a rule, or a test case, from its neighbours."""
    return str(rule.get("code", rule.get("name", "")))


@rule_editors("GET", "POST")
def edit_rule(request: HttpRequest, code: str, section: str, number: int) -> HttpResponse:
    """Change one rule of the draft."""
    edited = _edited(code, section, number, request.POST.dict())
    if edited.is_new and not edited.is_gone:
        raise Http404
    return _edit(request, edited)


@rule_editors("GET", "POST")
def add_rule(request: HttpRequest, code: str, section: str) -> HttpResponse:
    """Add a rule at the end of its section."""
    version = draft_or_404(code)
    shown = list_or_404(version, section)
    place = len(shelf.rules_of(version, shown.key)) + 1
    return _edit(request, Edited(version, shown, place, {}))


@rule_editors("GET", "POST")
def edit_card(request: HttpRequest, code: str) -> HttpResponse:
    """Change what a module says of itself."""
    version = draft_or_404(code)
    card = Section(CARD_KEY, _("Card of the module"), _("the card"), CARD)
    return _edit(request, Edited(version, card, 1, version.manifest))


@rule_editors("POST")
def read_rule(request: HttpRequest, code: str, section: str, number: int) -> HttpResponse:
    """The sentence of what is on the page, saved or not."""
    edited = _edited(code, section, number, request.POST.dict())
    with editing(edited.version.manifest, edited.version.body):
        form = RuleForm(edited.section.fields, edited.old, edited.path, request.POST)
        context = {"reading": _reading(edited, form)}
        return TemplateResponse(request, "cms/rules/sentence.html", context).render()


def _edit(request: HttpRequest, edited: Edited) -> HttpResponse:
    with editing(edited.version.manifest, edited.version.body):
        sent = request.POST if request.method == "POST" else None
        form = RuleForm(edited.section.fields, edited.old, edited.path, sent)
        is_valid = sent is not None and form.is_valid()
        if edited.is_gone:
            form.add_error(None, GONE)
        elif sent is not None and is_valid and "read" not in sent:
            if _is_overtaken(edited, sent.get("was", "")):
                form.add_error(None, OVERTAKEN)
            elif _save(request, edited, form):
                return redirect("rules_admin:module", code=edited.version.module.code)
        return _page(request, edited, form).render()  # type: ignore[attr-defined]


def _is_overtaken(edited: Edited, was: str) -> bool:
    return not edited.is_new and was != content_hash(edited.old)


def _save(request: HttpRequest, edited: Edited, form: RuleForm) -> bool:
    version = edited.version
    try:
        drafts.save_draft(
            version,
            **edited.with_rule(form.written),
            author=actor(request),
            expected=version.edit_token,
        )
    except RuleError as error:
        form.refuse(error)
        return False
    name = _called(form.written)
    write_down(request, version, "edit", section=edited.section.key, rule=name)
    messages.success(request, gettext("The draft was saved."))
    return True


def _reading(edited: Edited, form: RuleForm) -> Reading | None:
    if edited.section.key == CARD_KEY:
        return None
    return read(
        edited.version.module.kind,
        edited.version.body,
        edited.section,
        edited.number,
        form,
    )


def _page(request: HttpRequest, edited: Edited, form: RuleForm) -> HttpResponse:
    version, section = edited.version, edited.section
    reading = _reading(edited, form)
    title = _named(edited, reading)
    has_sentence = section.key != CARD_KEY
    return page(
        request,
        "rule",
        title,
        [module_crumb(version), {"url": "", "label": title}],
        version=version,
        section=section,
        form=form,
        media=form.media,
        reading=reading,
        palette=palette(registry.vocabulary()),
        was="" if edited.is_new else content_hash(edited.old),
        called=_called(edited.old),
        action_url=reverse("rules_admin:add", args=[version.module.code, section.key])
        if edited.is_gone
        else "",
        back=reverse("rules_admin:module", args=[version.module.code]),
        read_url=reverse("rules_admin:read", args=[version.module.code, section.key, edited.number])
        if has_sentence
        else "",
        in_review=version.state == "in_review",
        has_unsaved_changes=form.is_bound,
    )


def _named(edited: Edited, reading: Reading | None) -> str:
    if edited.section.key == CARD_KEY or edited.section.whole:
        return str(edited.section.title)
    if edited.is_new:
        return gettext("Add {thing}").format(thing=edited.section.one)
    return (reading and reading.title) or title_of(edited.old)
