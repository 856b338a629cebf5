"""How the desk draws a demand: its age in words, its household as small figures, its state."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from backoffice.listing import Listing
from register import clock, code_lists, codes
from register.access import FieldRights
from register.charter import can_use_charter
from register.models import DemandState
from register.selectors.worklist import Sort, WorklistRow

register = template.Library()


@register.simple_tag(takes_context=True)
def may_use_charter(context: dict[str, Any]) -> bool:
    """True when the pages of the rules are for whoever looks at this page."""
    request = context.get("request")
    return request is not None and can_use_charter(request.principal)


MOST_FIGURES = 6

_STATES = {
    DemandState.AWAITING_CHECK: ("warning", "hourglass-split"),
    DemandState.ACTIVE: ("success", "check-circle"),
    DemandState.UNDER_ALLOCATION: ("info", "house-door"),
    DemandState.STRUCK_OFF: ("neutral", "slash-circle"),
    DemandState.MERGED: ("neutral", "people"),
    DemandState.ERASED: ("neutral", "slash-circle"),
}
_SHORT = {
    DemandState.AWAITING_CHECK: gettext_lazy("To be checked"),
    DemandState.ACTIVE: pgettext_lazy("demand", "Active"),
    DemandState.UNDER_ALLOCATION: gettext_lazy("Candidate"),
    DemandState.STRUCK_OFF: gettext_lazy("Struck off"),
    DemandState.MERGED: pgettext_lazy("demand", "Merged"),
    DemandState.ERASED: gettext_lazy("Erased"),
}
_DOCUMENTS = {
    codes.DocumentStatus.RECEIVED: "warning",
    codes.DocumentStatus.VERIFIED: "success",
    codes.DocumentStatus.REFUSED: "danger",
    codes.DocumentStatus.UNLISTED: "plain",
    codes.DocumentStatus.OBSOLETE: "warning",
    codes.DocumentStatus.KEPT: "plain",
}


@register.filter
def age_in_words(day: date) -> str:
    """How long ago in whole years and months ("2 years 3 months")."""
    today = clock.today()
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    years, rest = divmod(max(months, 0), 12)
    parts = []
    if years:
        parts.append(ngettext("%(count)d year", "%(count)d years", years) % {"count": years})
    if rest:
        parts.append(ngettext("%(count)d month", "%(count)d months", rest) % {"count": rest})
    return " ".join(parts) or _("less than a month")


@register.filter
def percent(value: Decimal) -> str:
    """A share as it is printed: "82,4 %" or "82.4%"."""
    places = 0 if value == value.to_integral_value() else 1
    return _("%(share)s%%") % {"share": number_format(value, places)}


@register.filter
def home_types(found: tuple[str, ...]) -> str:
    """Sizes of home in words."""
    return ", ".join(map(code_lists.of(codes.HomeType).label, found))


@register.inclusion_tag("backoffice/parts/household.html")
def household(adults: int, children: int, unborn: int) -> dict[str, Any]:
    """Small figures for the people to house, and their number in words."""
    figures = ["adult"] * adults + ["child"] * children + ["unborn"] * unborn
    return {
        "figures": figures[:MOST_FIGURES],
        "size": len(figures),
        "adults": adults,
        "children": children,
        "unborn": unborn,
    }


@register.filter
def state_tone(state: str) -> str:
    """Tone of a demand's state."""
    return _STATES[DemandState(state)][0]


@register.filter
def state_symbol(state: str) -> str:
    """Icon of a demand's state."""
    return _STATES[DemandState(state)][1]


@register.filter
def state_short(state: str) -> str:
    """A demand's state in the two words that fit a list."""
    return str(_SHORT[DemandState(state)])


@register.filter
def document_tone(status: str) -> str:
    """Tone of a document's status."""
    return _DOCUMENTS[codes.DocumentStatus(status)]


@register.inclusion_tag("backoffice/parts/filter_field.html")
def filter_field(field: BoundField) -> dict[str, Any]:
    """A filter: label, message, answer. Filters are all optional, so that none says it."""
    return {"field": field, "is_box": getattr(field.field.widget, "input_type", "") == "checkbox"}


@register.inclusion_tag("backoffice/parts/wishes.html")
def wishes(row: WorklistRow) -> dict[str, Any]:
    """Sizes wished, first commune, and how many more."""
    return {
        "home_types": row.home_types,
        "commune": row.communes[0] if row.communes else "",
        "others": row.communes[1:],
    }


@register.simple_tag
def filter_query(listing: Listing, **changes: Any) -> str:
    """The list's query with a filter changed."""
    return listing.query_with(**changes)


@register.inclusion_tag("backoffice/parts/sort_header.html")
def sort_header(listing: Listing, title: str, rising: str, falling: str) -> dict[str, Any]:
    """A column title that sorts: first the order agents ask for most, then the other."""
    current = listing.parameters.get("sort") or str(Sort.OLDEST)
    other = rising if current == falling else falling
    ways = {rising: "ascending", falling: "descending"}
    return {"title": title, "way": ways.get(current, ""), "query": listing.query_with(sort=other)}


@register.filter
def may_read(rights: FieldRights, field_set: str) -> bool:
    """True when the reader may see this part of the file."""
    return rights.can_read(field_set)
