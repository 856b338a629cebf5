"""Texts that both engines keep: PostgreSQL refuses the null character, UTF-8 lone surrogates."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from .errors import RuleError

_REFUSED = re.compile("[\x00\ud800-\udfff]")


def check_storable(data: Any, path: str) -> None:
    """RuleError, with its place, for a text of some JSON that could not be kept as it is."""
    waiting = [(path, data)]
    while waiting:
        place, each = waiting.pop()
        if isinstance(each, dict):
            waiting += [(place, key) for key in each]
            waiting += [(f"{place}.{key}", value) for key, value in each.items()]
        elif isinstance(each, list):
            waiting += [(f"{place}[{index}]", value) for index, value in enumerate(each)]
        elif isinstance(each, str) and _REFUSED.search(each):
            raise RuleError(
                _REFUSED.sub("?", place), _("this text holds a character that cannot be kept")
            )
