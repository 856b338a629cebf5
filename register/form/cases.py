"""Case numbers of the paper form 14069*05, as its official notice 51423#05 gives them.

Only the numbers that the notice verifies are here; those of choices are in the lists of codes. A
choice without one is typed by its code, which never changes from one revision to the next.
"""

import re

from django.db.models import TextChoices

from register import code_lists, codes
from register.form.revisions import CERFA_05

# Page and field → case.
FIELDS = {
    ("foyer-handicap", "disabled"): "C1",
    ("ressources", "tax_income_n2"): "E2",
    ("ressources", "co_tax_income_n2"): "E3",
    ("ressources", "tax_income_n1"): "E5",
    ("ressources", "co_tax_income_n1"): "E6",
    ("ressources-travail", "occupation"): "D1",
    ("ressources-travail", "co_occupation"): "D16",
    ("ressources-employeur", "employer_siret"): "D12",
    ("ressources-employeur", "workplace"): "D12",
    ("ressources-employeur", "long_unemployed"): "D14",
    ("ressources-employeur", "unemployed_until"): "D15",
    ("ressources-employeur-conjoint", "employer_siret"): "D27",
    ("ressources-employeur-conjoint", "workplace"): "D27",
    ("ressources-employeur-conjoint", "long_unemployed"): "D29",
    ("ressources-employeur-conjoint", "unemployed_until"): "D30",
    ("ressources-versees", "alimony_paid"): "E9",
    ("ressources-montants", "incomes"): "E7",
    ("ressources-montants-conjoint", "incomes"): "E8",
    ("logement-actuel", "landlord_name"): "F3",
    ("logement-actuel", "landlord_siren"): "F4",
    ("logement-actuel-details", "occupants"): "F23",
    ("logement-actuel-details", "housing_benefit"): "F25",
    ("motifs", "remarks"): "H1",
    ("logement-souhaite", "home_types"): "G1",
    ("logement-souhaite", "accepts_flat_share"): "G1",
    ("logement-souhaite-communes", "commune_search"): "G3",
}
# Page and field → the list of its choices, and whether their cases are those of the co-applicant.
LISTED: dict[tuple[str, str], tuple[type[TextChoices], bool]] = {
    ("foyer-conjoint", "link"): (codes.ApplicantLink, False),
    ("foyer-codemandeurs", "link"): (codes.ApplicantLink, False),
    ("ressources-travail", "work_status"): (codes.WorkStatus, False),
    ("ressources-travail", "co_work_status"): (codes.WorkStatus, True),
    ("ressources-employeur", "employer"): (codes.Employer, False),
    ("ressources-employeur-conjoint", "employer"): (codes.Employer, True),
    ("logement-actuel", "kind"): (codes.CurrentHousingKind, False),
    ("motifs", "reasons"): (codes.DemandReason, False),
}

# Sizes of home, of which agents type the figure alone: 3 for T3.
SIZES = {("logement-souhaite", "home_types")}
_FIGURE = re.compile(r"[0-9]")


def case_of(page: str, field: str) -> str:
    """The case of a question on the paper form, or an empty text."""
    return FIELDS.get((page, field), "")


def cases_of(page: str, field: str, code: str) -> tuple[str, ...]:
    """The cases of a choice on the paper form; two may be one code."""
    if (page, field) not in LISTED:
        return ()
    named, co_applicant = LISTED[page, field]
    found = code_lists.of(named).find(code)
    return found.cases(CERFA_05.code, co_applicant=co_applicant) if found else ()


def typed_as(page: str, field: str, code: str) -> tuple[str, ...]:
    """What may be typed for a choice: its cases, then its national code, then its figure alone."""
    figures = _FIGURE.findall(code) if (page, field) in SIZES else []
    return tuple(dict.fromkeys((*cases_of(page, field, code), code, *figures)))
