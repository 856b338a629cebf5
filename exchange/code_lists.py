"""The lists of codes as a file for other systems: one line a code, out of date or not."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from register import code_lists
from register.code_lists import Code
from register.form.revisions import REVISIONS

BYTE_ORDER_MARK = "\ufeff"


def as_csv() -> str:
    """Every code of every list: label on screen, official label, cases, days, source."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    forms = [revision.code for revision in REVISIONS]
    writer.writerow(
        [
            _("List"),
            _("Code"),
            _("Label"),
            _("Official label"),
            *(_("Form %(form)s") % {"form": form} for form in forms),
            _("Valid from"),
            _("Valid to"),
            _("Obsolete"),
            _("National"),
            _("Source"),
        ]
    )
    writer.writerows(_line(code, forms) for code in _codes())
    return out.getvalue()


def _codes() -> Iterator[Code]:
    for each in code_lists.every().values():
        yield from each.codes


def _line(code: Code, forms: list[str]) -> list[str]:
    return [
        code.list_name,
        code.code,
        str(code.label),
        code.official,
        *(code.places.get(form, "") for form in forms),
        code.valid_from.isoformat() if code.valid_from else "",
        code.valid_until.isoformat() if code.valid_until else "",
        _("yes") if code.is_obsolete else _("no"),
        _("yes") if code.is_national else _("no"),
        code.source,
    ]
