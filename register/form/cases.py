"""Case numbers of the paper form 14069*05, as its official notice 51423#05 gives them.

Only the numbers that the notice verifies are here. A choice without one is typed by its code of the
national list, which never changes from one revision of the form to the next.
"""

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
LINKS: dict[str, tuple[str, ...]] = {
    "M": ("B2",),
    "P": ("B3",),
    "C": ("B4",),
    "ASC": ("B5",),
    "DESC": ("B6",),
    "FRAT": ("B7",),
}
# Page and field → code of the national list → its cases; two cases may be one code.
CHOICES: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("foyer-conjoint", "link"): LINKS,
    ("foyer-codemandeurs", "link"): LINKS,
    ("ressources-travail", "work_status"): {
        "CDD": ("D13",),
        "APP": ("D6",),
        "ETU": ("D6",),
        "ART": ("D8",),
        "CHO": ("D9",),
        "RET": ("D10",),
        "AUT": ("D11",),
    },
    ("ressources-travail", "co_work_status"): {
        "CDD": ("D28",),
        "APP": ("D21",),
        "ETU": ("D21",),
        "ART": ("D23",),
        "CHO": ("D24",),
        "RET": ("D25",),
        "AUT": ("D26",),
    },
    ("ressources-employeur-conjoint", "employer"): {
        "D2": ("D17",),
        "D3": ("D18",),
        "D4": ("D19",),
        "D5": ("D20",),
        "D7": ("D22",),
    },
    ("logement-actuel", "kind"): {
        "POCC": ("F1",),
        "HLM": ("F2",),
        "SH": ("F7",),
        "SLHT": ("F12",),
        "RS": ("F15",),
        "RE": ("F16",),
        "CAMCAR": ("F20",),
    },
    ("motifs", "reasons"): {
        "03": ("F26", "F27"),
        "20": ("F35",),
        "21": ("F36",),
        "15": ("F42",),
        "11": ("F44",),
    },
}


def case_of(page: str, field: str) -> str:
    """The case of a question on the paper form, or an empty text."""
    return FIELDS.get((page, field), "")


def typed_as(page: str, field: str, code: str) -> tuple[str, ...]:
    """What may be typed for a choice, the shortest first: its cases, then its national code."""
    return (*CHOICES.get((page, field), {}).get(code, ()), code)
