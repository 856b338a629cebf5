"""One version of a module, whatever its state: what it says, and what it changes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rules import versions
from rules.editor import shelf
from rules.errors import RuleError
from rules.models import VersionState

from .module import in_words, told
from .pages import module_crumb, page
from .permissions import rule_editors


@rule_editors("GET")
def show(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Its rules as they are published, and what they change from the ones before it."""
    version = shelf.version(code, number)
    if version is None:
        raise Http404
    words, problem = in_words(version)
    before, changes = versions.before(version), None
    try:
        changes = shelf.changes(before, version) if before and before.pk != version.pk else None
    except RuleError as error:
        problem = problem or str(error)
    title = f"{shelf.title(version)}, " + _("version {number}").format(number=version.number)
    return page(
        request,
        "version",
        title,
        [module_crumb(version), {"url": "", "label": title}],
        version=version,
        words=words,
        problem=problem,
        before=before,
        told=told(changes) if changes else None,
        waits=version.state == VersionState.DELIVERED,
        draft=shelf.draft(code),
        journal=shelf.journal(version),
    )
