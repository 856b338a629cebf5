"""The list somebody is looking at: read from the address, written back to addresses."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.forms.filters import FilterForm
from register import access
from register.principals import Principal
from register.selectors import priorities
from register.selectors.abnormal_delay import each_in_words, in_one, waits
from register.selectors.answer_filters import options
from register.selectors.cursor import BadCursor, Cursor
from register.selectors.eligibility import financings
from register.selectors.missing import CONDITIONS, LABELS, TELLS
from register.selectors.score_list import offers_scores
from register.selectors.text_search import sought_by
from register.selectors.worklist_filter import Sort, WorklistFilter
from register.templatetags.shell import siren_spaced

SEARCHES_KEY = "desk_searches"
KEPT_SEARCHES = 20
ACCEPTED = frozenset({*FilterForm.base_fields, "cursor"})


@dataclass(frozen=True)
class Listing:
    """A list as asked for. `wanted` is None when a filter was mistyped."""

    form: FilterForm
    parameters: dict[str, str]
    wanted: WorklistFilter | None
    cursor: Cursor | None

    @property
    def query(self) -> str:
        """The address's query of this very page, to come back to it."""
        return urlencode(self.parameters)

    def query_with(self, **changes: Any) -> str:
        """The query with some parameters changed; an empty value removes. Restarts at page one."""
        merged = {**self.parameters, "cursor": "", **changes}
        if not merged.get("answer"):
            merged.pop("answer_value", None)
        return urlencode({key: str(value) for key, value in merged.items() if value})

    @property
    def is_filtered(self) -> bool:
        """True when something narrows the list."""
        return any(key not in ("sort", "cursor", "answer_value") for key in self.parameters)

    @property
    def wants_scores(self) -> bool:
        """True when the highest scores should come first."""
        return self.wanted is not None and self.wanted.sort is Sort.SCORE

    @property
    def order(self) -> str:
        """The order of the list, in words."""
        sort = self.wanted.sort if self.wanted else Sort.OLDEST
        return str(dict(self.form.fields["sort"].choices)[sort])  # type: ignore[attr-defined]

    def chips(self) -> list[dict[str, str]]:
        """The filters in force, each with the query that drops it."""
        words = self._words(self.wanted) if self.wanted else {}
        return [
            {"text": text, "remove_url": f"?{self.query_with(**{name: ''})}"}
            for name, text in words.items()
            if name in self.parameters
        ]

    def _words(self, wanted: WorklistFilter) -> dict[str, str]:
        choices = self.form.fields
        found = self.form.commune_found
        months = wanted.months_min or 0
        return {
            "number": _("Number begins with %(text)s") % {"text": wanted.text},
            "search": _searched(wanted.text),
            "commune": _("Wishes %(commune)s") % {"commune": found.name if found else ""},
            "home_type": str(dict(choices["home_type"].choices).get(wanted.home_type, "")),
            "state": str(dict(choices["state"].choices).get(wanted.state, "")),
            "size_min": _("%(count)s people or more") % {"count": wanted.size_min},
            "size_max": _("%(count)s people or fewer") % {"count": wanted.size_max},
            "months_min": ngettext(
                "Waiting for %(count)s month or more",
                "Waiting for %(count)s months or more",
                months,
            )
            % {"count": months},
            "beyond_delay": _beyond_delay() if wanted.beyond_delay else "",
            "ceiling": str(dict(choices["ceiling"].choices).get(wanted.ceiling, "")),
            "priority": str(dict(choices["priority"].choices).get(wanted.priority, "")),
            "is_priority": _("Recognised priority"),
            "awaits_piece": _("Document awaited"),
            "is_sealed": _("Sealed file"),
            "missing": str(dict(choices["missing"].choices).get(wanted.missing, "")),
            "answer": wanted.answer.text if wanted.answer else "",
        }


def _searched(text: str) -> str:
    if siren := sought_by(text).siren:
        return _("SIREN %(number)s") % {"number": siren_spaced(siren)}
    return _("Name begins with “%(text)s”") % {"text": text}


def _beyond_delay() -> str:
    """Beyond how many months, in each department where it is not the same."""
    found = waits()
    if one := in_one(found):
        return _("%(wait)s of waiting or more") % {"wait": one.text}
    return _("Beyond the abnormally long delay (%(waits)s)") % {"waits": each_in_words(found)}


def read_listing(request: HttpRequest) -> Listing:
    """The list asked for by the address. Raises BadRequest naming a parameter that is unknown."""
    for name in request.GET:
        if name not in ACCEPTED:
            raise BadRequest(_("Unknown filter: %(name)s") % {"name": name[:50]})
    parameters = {key: value for key, value in request.GET.items() if value.strip()}
    form = FilterForm(
        parameters,
        searches=request.session.get(SEARCHES_KEY, {}),
        answers=options(request.principal),  # type: ignore[attr-defined]
        offered=_offered(request.principal),  # type: ignore[attr-defined]
        offers_scores=offers_scores(request.principal),  # type: ignore[attr-defined]
    )
    wanted = form.wanted() if form.is_valid() else None
    return Listing(form, parameters, wanted, _cursor(parameters, wanted))


def _offered(principal: Principal) -> dict[str, list[tuple[str, Any]]]:
    """What this reader may filter by: what she may never read is not offered."""
    noticed = [
        (token, label or _("Noticed, to be examined"))
        for token, label in priorities.options(principal)
    ]
    readable = access.may_ever_read(principal, "resources")
    lacks = [
        (str(lack), LABELS[lack])
        for lack in CONDITIONS
        if lack not in TELLS or access.may_ever_read(principal, TELLS[lack])
    ]
    return {
        "ceiling": list(financings()) if readable else [],
        "priority": noticed,
        "missing": lacks,
    }


def _cursor(parameters: dict[str, str], wanted: WorklistFilter | None) -> Cursor | None:
    if "cursor" not in parameters:
        return None
    try:
        return Cursor.parse(parameters["cursor"], wanted.sort if wanted else Sort.OLDEST)
    except BadCursor:
        raise BadRequest(_("Unknown page of the list: cursor")) from None


def remember_search(request: HttpRequest, token: str, text: str) -> None:
    """Keep the name looked for in the session, the latest ones only."""
    searches = {**request.session.get(SEARCHES_KEY, {}), token: text}
    request.session[SEARCHES_KEY] = dict(list(searches.items())[-KEPT_SEARCHES:])
