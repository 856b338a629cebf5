"""What an editor calls each comparison."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

OPERATOR_NAMES: Mapping[str, Promise] = {
    "is": pgettext_lazy("comparison", "is"),
    "is_not": pgettext_lazy("comparison", "is not"),
    "in": pgettext_lazy("comparison", "is one of"),
    "not_in": pgettext_lazy("comparison", "is none of"),
    "equals": pgettext_lazy("comparison", "is exactly"),
    "at_least": pgettext_lazy("comparison", "is at least"),
    "at_most": pgettext_lazy("comparison", "is at most"),
    "on_or_before": pgettext_lazy("comparison", "at the latest on"),
    "on_or_after": pgettext_lazy("comparison", "at the earliest on"),
    "older_than_months": pgettext_lazy("comparison", "goes back at least (in months)"),
    "overlaps": pgettext_lazy("comparison", "have at least one in common with"),
    "disjoint": pgettext_lazy("comparison", "have nothing in common with"),
    "within": pgettext_lazy("comparison", "within"),
    "outside": pgettext_lazy("comparison", "outside"),
    "is_known": pgettext_lazy("comparison", "is known"),
    "is_unknown": pgettext_lazy("comparison", "is not known"),
}
