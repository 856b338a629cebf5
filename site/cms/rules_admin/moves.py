"""Opening a draft, sending it for review, giving it up; the order of its rules."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from rules import drafts
from rules.editor import shelf
from rules.errors import RuleError
from rules.models import RuleModuleVersion

from .module import module_page
from .pages import draft_or_404, list_or_404
from .permissions import actor, rule_editors, write_down


def _back(version: RuleModuleVersion | None, code: str) -> HttpResponse:
    return redirect("rules_admin:module", code=version.module.code if version else code)


def _token(request: HttpRequest) -> str:
    """The draft that was on the page."""
    return request.POST.get("token", "")


@rule_editors("POST")
def open_draft(request: HttpRequest, code: str) -> HttpResponse:
    """Begin to change a module, or go on with the draft there is; `merging` what was delivered."""
    before = shelf.draft(code)
    merging = shelf.delivered(code) if "merging" in request.POST else None
    try:
        version = drafts.open_draft(code, actor(request), merging=merging)
    except LookupError as error:
        raise Http404 from error
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("rules_admin:index")
    if before is None:
        write_down(request, version, "open")
    return _back(version, code)


@rule_editors("POST")
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Send the draft for review; refused while a test case gives something else."""
    version = draft_or_404(code)
    try:
        drafts.submit_for_review(version, actor(request), expected=_token(request))
    except RuleError as error:
        messages.error(request, _("Not sent for review: {reason}").format(reason=error))
    else:
        write_down(request, version, "submit")
        messages.success(request, _("The draft was sent for review."))
    return _back(version, code)


@rule_editors("POST")
def rebase(request: HttpRequest, code: str) -> HttpResponse:
    """Say that the draft takes into account what came into force meanwhile."""
    version, compared = draft_or_404(code), request.POST.get("compared", "")
    try:
        version = drafts.rebase(
            version,
            actor(request),
            compared=int(compared) if compared.isdecimal() and len(compared) < 10 else 0,
            expected=_token(request),
        )
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("rules_admin:changes", code=code)
    write_down(request, version, "rebase")
    messages.success(request, _("The draft now starts from the version in force."))
    return _back(version, code)


@rule_editors("POST")
def give_up(request: HttpRequest, code: str) -> HttpResponse:
    """Give the draft up; it stays readable among the versions."""
    version, reason = draft_or_404(code), request.POST.get("reason", "")
    try:
        drafts.withdraw(version, actor(request), reason, expected=_token(request))
    except RuleError as error:
        messages.error(request, _("The draft was not given up: {reason}").format(reason=error))
        return module_page(request, code, reason=reason)
    write_down(request, version, "withdraw")
    messages.success(request, _("The draft was given up."))
    return _back(version, code)


@rule_editors("POST")
def move_rule(request: HttpRequest, code: str, section: str, number: int) -> HttpResponse:
    """Take a rule one place up or down, or out of the draft."""
    version = draft_or_404(code)
    key = list_or_404(version, section).key
    rules = shelf.rules_of(version, key)
    at, to = number - 1, request.POST.get("to", "")
    if not 0 <= at < len(rules) or to not in ("up", "down", "out"):
        messages.error(request, _("This rule is no longer there."))
        return _back(version, code)
    rule = rules.pop(at)
    if to != "out":
        rules.insert(max(at + (1 if to == "down" else -1), 0), rule)
    try:
        drafts.save_draft(
            version,
            **shelf.with_rules(version, key, rules),
            author=actor(request),
            expected=_token(request),
        )
    except RuleError as error:
        messages.error(request, str(error))
    else:
        write_down(request, version, "edit", section=key, rule=rule.get("code", rule.get("name")))
        messages.success(request, _("The draft was saved."))
    return _back(version, code)
