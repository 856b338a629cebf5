"""The form of an association at a counter: rubrics a, b and h, and nothing else (CCH R441-2-2)."""

from django.utils.translation import gettext_lazy as _

from register.form.answers import ASSOCIATION
from register.form.pages import FIRST
from register.form.paper import PaperForm
from register.form.paper_steps import FORMS


class AssociationPaper(PaperForm):
    """The few pages that a legal person fills, with the checks of the online form."""

    layout = (
        ("", _("The association"), ("association", "coordonnees", "coordonnees-adresse")),
        (
            "P9",
            _("Home asked for"),
            ("logement-souhaite", "logement-souhaite-communes", "logement-souhaite-elargir"),
        ),
    )
    is_read_by_rules = False
    printed_beside = {FIRST: {"raw": {"applicant_kind": [ASSOCIATION]}}}

    def _read(self) -> None:
        self.answers.write(FIRST, {"applicant_kind": [ASSOCIATION]})
        self._write(*(key for key in self.forms if key not in FORMS))
        self._read_communes()
