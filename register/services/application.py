"""What an applicant declares: plain data handed to `submit_demand`, free of forms and requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from register import codes


@dataclass(frozen=True)
class IncomeLine:
    """A monthly resource in euros per month."""

    kind: str
    amount: Decimal


@dataclass(frozen=True)
class NeedLine:
    """An answer of the annex on handicap: a topic, and a code of its list (`annex.py`)."""

    topic: str
    code: str


@dataclass(frozen=True)
class PersonData:
    """A person to be housed. Empty string or None means "not said"; money in euros.

    Tax incomes are per year, `alimony_paid` per month.
    """

    role: str
    birth_name: str
    first_names: str
    birth_date: date | None
    title: str = ""
    used_name: str = ""
    nationality: str = ""
    family_status: str = ""
    link: str = ""
    sex: str = ""
    custody: str = ""
    has_disability: bool = False
    work_status: str = ""
    occupation: str = ""
    employer: str = ""
    employer_siret: str = ""
    workplace: str = ""
    long_unemployed: bool | None = None
    unemployed_until: date | None = None
    alimony_paid: Decimal | None = None
    tax_income_n2: Decimal | None = None
    tax_income_n1: Decimal | None = None
    incomes: tuple[IncomeLine, ...] = ()
    needs: tuple[NeedLine, ...] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """What is kept in the row of the person; incomes and needs are rows of their own."""
        apart = ("incomes", "needs")
        return {name: value for name, value in vars(self).items() if name not in apart}


@dataclass(frozen=True)
class FlatSharerData:
    """Somebody who will share the home, with a demand of her own."""

    birth_name: str
    first_names: str
    birth_date: date
    title: str = ""


@dataclass(frozen=True)
class AssociationData:
    """The legal person that applies (CCH L442-8-1), with who signs for it; a SIREN of 9 figures."""

    name: str = ""
    siren: str = ""
    representative: str = ""


@dataclass(frozen=True)
class ContactData:
    """How to write to the applicant; `home_` is where she lives, if not where she is written to.

    `safe_way` and `safe_words`: how somebody in danger is reached.
    """

    email: str = ""
    phone: str = ""
    care_of: str = ""
    address: str = ""
    address_extra: str = ""
    postal_code: str = ""
    city: str = ""
    housed_by: str = ""
    home_address: str = ""
    home_address_extra: str = ""
    home_postal_code: str = ""
    home_city: str = ""
    accepts_email: bool = True
    accepts_sms: bool = False
    safe_way: str = ""
    safe_words: str = ""


@dataclass(frozen=True)
class CurrentHousingData:
    """Where the household lives; money in euros per month, surface in square metres."""

    kind: str = ""
    landlord_name: str = ""
    landlord_siren: str = ""
    occupants: int | None = None
    home_type: str = ""
    surface: int | None = None
    monthly_cost: Decimal | None = None
    housing_benefit: Decimal | None = None
    since: date | None = None


@dataclass(frozen=True)
class WishData:
    """The home asked for; communes by INSEE code in order of preference.

    `quarters` gives the quarter wished in a commune, where the whole of it is not.
    """

    home_types: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    quarters: Mapping[str, str] = field(default_factory=dict)
    building_kind: str = codes.BuildingKind.EITHER
    widening: bool = False
    max_monthly_cost: Decimal | None = None
    accepts_flat_share: bool = False
    accepts_ground_floor: bool = False
    accepts_no_lift: bool = False
    wants_ownership_news: bool = False

    @property
    def columns(self) -> dict[str, Any]:
        """What is kept in the row of the demand; the other wishes are rows of their own."""
        return {name: getattr(self, name) for name in KEPT_WISHES}


KEPT_WISHES = (
    "building_kind",
    "widening",
    "max_monthly_cost",
    "accepts_flat_share",
    "accepts_ground_floor",
    "accepts_no_lift",
    "wants_ownership_news",
)


@dataclass(frozen=True)
class DocumentData:
    """A file already stored by `services.files.store_upload`, to attach to the demand."""

    kind: str
    stored_file: UUID


@dataclass(frozen=True)
class LocalAnswerData:
    """An answer to a local question, typed, with the version of the module that asked it.

    `value` is a yes or no, a number, an amount, a day, a code, a set of codes, or a text.
    """

    question: str
    version: int
    value: bool | int | Decimal | date | str | frozenset[str]


@dataclass(frozen=True)
class DemandApplication:
    """A complete declaration. `persons` holds exactly one applicant.

    None when an `association` applies: of the form it fills rubrics a, b and h only (R441-2-2).
    """

    department: str
    persons: tuple[PersonData, ...]
    contact: ContactData
    current_housing: CurrentHousingData
    wish: WishData
    documents: tuple[DocumentData, ...] = ()
    reasons: tuple[str, ...] = ()
    flat_sharers: tuple[FlatSharerData, ...] = ()
    unborn_count: int = 0
    unborn_due_on: date | None = None
    remarks: str = ""
    tax_year: int | None = None
    language: str = "fr"
    is_sealed: bool = field(default=False)
    local_answers: tuple[LocalAnswerData, ...] = ()
    association: AssociationData | None = None

    @property
    def applicant(self) -> PersonData | None:
        """The one person who asks, or None if the declaration names nobody, or several."""
        applicants = [p for p in self.persons if p.role == codes.PersonRole.APPLICANT]
        return applicants[0] if len(applicants) == 1 else None
