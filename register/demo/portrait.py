"""Draws one synthetic demand: the people, what they live on, what they ask for.

Proportions follow published figures where there are some: a third of applicants already in social
housing, 44 % of demands online (2020), a fiscal reference income missing in 35 % of online and
56 % of counter demands (2017), single people first among households.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from register import clock
from register.annex import Aid, Course, Equipment, Steps, Topic
from register.codes import (
    ApplicantLink,
    BuildingKind,
    Channel,
    CurrentHousingKind,
    Custody,
    DemandReason,
    DependantLink,
    FamilyStatus,
    HomeType,
    IncomeKind,
    Nationality,
    PersonRole,
    Title,
    WorkStatus,
)
from register.demo.draw import Draw
from register.demo.names import FIRST_NAMES_F, FIRST_NAMES_M, LAST_NAMES
from register.form.tax_years import tax_years
from register.models import Commune
from register.services.application import (
    ContactData,
    CurrentHousingData,
    DemandApplication,
    DocumentData,
    IncomeLine,
    NeedLine,
    PersonData,
    WishData,
)

HOUSEHOLDS = {"single": 0.47, "single_parent": 0.22, "couple": 0.10, "family": 0.18, "kin": 0.03}
HOUSING = {
    CurrentHousingKind.HLM: 0.33,
    CurrentHousingKind.PRIVATE: 0.29,
    CurrentHousingKind.WITH_PARENTS: 0.11,
    CurrentHousingKind.WITH_OTHERS: 0.09,
    CurrentHousingKind.RESIDENCE: 0.04,
    CurrentHousingKind.SHELTER: 0.03,
    CurrentHousingKind.SUBLET: 0.03,
    CurrentHousingKind.OWNER: 0.03,
    CurrentHousingKind.STUDENT_RESIDENCE: 0.015,
    CurrentHousingKind.HOMELESS: 0.015,
    CurrentHousingKind.FREE: 0.01,
    CurrentHousingKind.HOTEL: 0.01,
}
REASONS = {
    DemandReason.TOO_SMALL: 0.19,
    DemandReason.TOO_EXPENSIVE: 0.16,
    DemandReason.NO_HOME: 0.15,
    DemandReason.LEAVING_FAMILY: 0.09,
    DemandReason.SEPARATION: 0.09,
    DemandReason.HEALTH: 0.07,
    DemandReason.ENVIRONMENT: 0.06,
    DemandReason.NEAR_WORK: 0.05,
    DemandReason.NEAR_FAMILY: 0.04,
    DemandReason.TOO_LARGE: 0.03,
    DemandReason.UNFIT: 0.03,
    DemandReason.DISABILITY: 0.02,
    DemandReason.EVICTION: 0.01,
    DemandReason.VIOLENCE: 0.01,
}
WORK = {
    WorkStatus.PERMANENT: 0.34,
    WorkStatus.UNEMPLOYED: 0.18,
    WorkStatus.FIXED_TERM: 0.13,
    WorkStatus.RETIRED: 0.12,
    WorkStatus.OTHER: 0.12,
    WorkStatus.STUDENT: 0.05,
    WorkStatus.SELF_EMPLOYED: 0.04,
    WorkStatus.APPRENTICE: 0.02,
}
INCOME_OF_WORK = {
    WorkStatus.PERMANENT: (IncomeKind.WAGE, 1620),
    WorkStatus.FIXED_TERM: (IncomeKind.WAGE, 1290),
    WorkStatus.SELF_EMPLOYED: (IncomeKind.WAGE, 1350),
    WorkStatus.UNEMPLOYED: (IncomeKind.UNEMPLOYMENT, 980),
    WorkStatus.RETIRED: (IncomeKind.PENSION, 1150),
    WorkStatus.APPRENTICE: (IncomeKind.WAGE, 870),
    WorkStatus.STUDENT: (IncomeKind.GRANT, 380),
    WorkStatus.OTHER: (IncomeKind.RSA, 635),
}
TYPES_BY_SIZE = {
    1: {HomeType.T1: 0.2, HomeType.T2: 0.68, HomeType.T3: 0.12},
    2: {HomeType.T2: 0.55, HomeType.T3: 0.45},
    3: {HomeType.T3: 0.72, HomeType.T4: 0.28},
    4: {HomeType.T3: 0.2, HomeType.T4: 0.72, HomeType.T5: 0.08},
    5: {HomeType.T4: 0.55, HomeType.T5: 0.45},
    6: {HomeType.T5: 0.7, HomeType.T6: 0.3},
}
LARGER = list(HomeType.values)
OLD_NEEDS = (
    NeedLine(Topic.COURSE, Course.EVOLVING),
    NeedLine(Topic.STEPS, Steps.FEW),
    NeedLine(Topic.AID, Aid.CANE),
    NeedLine(Topic.EQUIPMENT, Equipment.SHOWER),
    NeedLine(Topic.EQUIPMENT, Equipment.LIFT),
)
YOUNG_NEEDS = (
    NeedLine(Topic.COURSE, Course.STABLE),
    NeedLine(Topic.STEPS, Steps.NONE),
    NeedLine(Topic.AID, Aid.MANUAL_CHAIR),
    NeedLine(Topic.EQUIPMENT, Equipment.TOILET),
    NeedLine(Topic.EQUIPMENT, Equipment.PARKING),
)
MISSING_INCOME = {Channel.ONLINE: 0.35, Channel.COUNTER: 0.56}


@dataclass(frozen=True)
class Portrait:
    """One drawn demand, before its history."""

    application: DemandApplication
    communes: tuple[Commune, ...]
    channel: str
    received_on: date

    @cached_property
    def size(self) -> int:
        """People to be housed."""
        return len(self.application.persons) + self.application.unborn_count


class Painter:
    """Draws the portrait of demand number `index`, received on a given day."""

    def __init__(self, draw: Draw, received_on: date) -> None:
        self.draw = draw
        self.day = received_on
        self.channel = Channel.ONLINE if draw.chance(0.44) else Channel.COUNTER
        self.income_known = not draw.chance(MISSING_INCOME[self.channel])
        self.name = draw.one(LAST_NAMES)

    def paint(
        self, communes: tuple[Commune, ...], quarters: Mapping[str, str], document: DocumentData
    ) -> Portrait:
        """Draw people first, then what depends on them."""
        persons = self._household()
        unborn = int(self.draw.chance(0.04) and persons[0].title == Title.MRS)
        size = len(persons) + unborn
        application = DemandApplication(
            department=communes[0].department_id,
            persons=persons,
            contact=self._contact(persons[0], communes[0]),
            current_housing=self._housing(size),
            wish=replace(self._wish(size, communes), quarters=quarters),
            documents=(document,),
            reasons=self._reasons(),
            unborn_count=unborn,
            unborn_due_on=self.day + timedelta(days=120) if unborn else None,
            tax_year=self._tax_year(),
            is_sealed=self.draw.chance(0.006),
        )
        return Portrait(application, communes, self.channel, self.day)

    def _tax_year(self) -> int:
        """Most say their newer incomes as they renew; those of the others are of the deposit."""
        told = clock.today() if self.day.day % 10 < 7 else self.day
        return tax_years(told)[0]

    def _household(self) -> tuple[PersonData, ...]:
        kind = self.draw.weighted(HOUSEHOLDS)
        age = self._age(kind)
        mother = kind == "single_parent" and self.draw.chance(0.84)
        applicant = self._adult(PersonRole.APPLICANT, age, woman=mother or self.draw.chance(0.52))
        people = [applicant]
        if kind in ("couple", "family"):
            woman = applicant.title == Title.MR
            link = self.draw.one((ApplicantLink.SPOUSE, ApplicantLink.PARTNER))
            people.append(
                self._adult(PersonRole.CO_APPLICANT, age, woman=woman, link=link, family=link)
            )
        if kind == "kin":
            people.append(
                self._adult(
                    PersonRole.CO_APPLICANT, age + 25, woman=True, link=ApplicantLink.ANCESTOR
                )
            )
        if kind in ("single_parent", "family"):
            count = self.draw.weighted({1: 0.46, 2: 0.33, 3: 0.14, 4: 0.05, 5: 0.02})
            people += [self._child(age) for _ in range(count)]
        elif kind == "single" and age > 28 and self.draw.chance(0.07):
            people.append(self._child(age, visiting=True))
        return tuple(people)

    def _age(self, kind: str) -> int:
        if kind in ("single_parent", "family"):
            return self.draw.between(24, 52)
        low, high = self.draw.weighted(
            {(18, 29): 0.3, (30, 44): 0.3, (45, 59): 0.24, (60, 88): 0.16}
        )
        return self.draw.between(low, high)

    def _born(self, age: int) -> date:
        return self.day - timedelta(days=365 * age + self.draw.between(20, 360))

    def _adult(
        self, role: str, age: int, *, woman: bool, link: str = "", family: str = ""
    ) -> PersonData:
        work = WorkStatus.RETIRED if age >= 64 else self.draw.weighted(WORK)
        kind, monthly = INCOME_OF_WORK[work]
        amount = Decimal(round(self.draw.lognormal(monthly, 0.25)))
        yearly = Decimal(round(int(amount) * 12 * 0.9)) if self.income_known else None
        status: dict[str, str] = {
            ApplicantLink.SPOUSE: FamilyStatus.MARRIED,
            ApplicantLink.PARTNER: FamilyStatus.COHABITING,
        }
        return PersonData(
            role=role,
            title=Title.MRS if woman else Title.MR,
            birth_name=self.name if role == PersonRole.APPLICANT else self._other_name(),
            first_names=self.draw.one(FIRST_NAMES_F if woman else FIRST_NAMES_M),
            birth_date=self._born(age),
            nationality=self.draw.weighted(
                {Nationality.FRENCH: 0.82, Nationality.EUROPEAN: 0.04, Nationality.OTHER: 0.14}
            ),
            family_status=status.get(family, "")
            or self.draw.weighted({"C": 0.62, "D": 0.2, "S": 0.1, "V": 0.08}),
            link=link,
            **self._health(age),
            work_status=work,
            tax_income_n2=yearly,
            incomes=(IncomeLine(kind, amount),),
        )

    def _health(self, age: int) -> dict[str, Any]:
        """Few people have a disability; what each needs follows from her age."""
        if not self.draw.chance(0.05):
            return {}
        return {"has_disability": True, "needs": OLD_NEEDS if age >= 60 else YOUNG_NEEDS}

    def _other_name(self) -> str:
        return self.draw.one(LAST_NAMES)

    def _child(self, parent_age: int, *, visiting: bool = False) -> PersonData:
        age = self.draw.between(0, max(1, min(17, parent_age - 19)))
        girl = self.draw.chance(0.5)
        return PersonData(
            role=PersonRole.VISITING_CHILD if visiting else PersonRole.DEPENDANT,
            birth_name=self.name,
            first_names=self.draw.one(FIRST_NAMES_F if girl else FIRST_NAMES_M),
            birth_date=self._born(age),
            link=DependantLink.CHILD,
            custody=Custody.VISITING if visiting else "",
        )

    def _contact(self, applicant: PersonData, commune: Commune) -> ContactData:
        return ContactData(
            phone=f"+336{self.draw.between(10_000_000, 99_999_999)}",
            address=f"{self.draw.between(1, 120)} rue des Exemples",
            postal_code=commune.postal_code,
            city=commune.name,
            accepts_email=False,
        )

    def _housing(self, size: int) -> CurrentHousingData:
        kind = self.draw.weighted(HOUSING)
        pays = kind in (CurrentHousingKind.HLM, CurrentHousingKind.PRIVATE)
        median = 410 if kind == CurrentHousingKind.HLM else 560
        cost = Decimal(round(self.draw.lognormal(median, 0.22))) if pays else None
        return CurrentHousingData(
            kind=kind,
            occupants=max(1, size + self.draw.weighted({0: 0.75, 1: 0.12, 2: 0.13})),
            surface=self.draw.between(18, 85) if pays else None,
            monthly_cost=cost,
            housing_benefit=self._benefit(cost),
            since=self.day - timedelta(days=self.draw.between(60, 4000)),
        )

    def _benefit(self, cost: Decimal | None) -> Decimal | None:
        """Housing benefit in euros per month: often none, sometimes not said."""
        if cost is None or self.draw.chance(0.15):
            return None
        return self.draw.weighted(
            {Decimal(0): 0.45, (cost * 3 / 10).quantize(Decimal(1)): 0.35, Decimal(95): 0.2}
        )

    def _wish(self, size: int, communes: tuple[Commune, ...]) -> WishData:
        first = self.draw.weighted(TYPES_BY_SIZE[min(size, 6)])
        types: list[str] = [first]
        place = LARGER.index(first)
        if place + 1 < len(LARGER) and self.draw.chance(0.35):
            types.append(LARGER[place + 1])
        return WishData(
            home_types=tuple(types),
            communes=tuple(commune.insee for commune in communes),
            building_kind=self.draw.weighted(
                {BuildingKind.EITHER: 0.55, BuildingKind.FLAT: 0.33, BuildingKind.HOUSE: 0.12}
            ),
            widening=self.draw.chance(0.4),
            max_monthly_cost=Decimal(10 * self.draw.between(30, 85)),
        )

    def _reasons(self) -> tuple[str, ...]:
        reasons = [self.draw.weighted(REASONS)]
        while len(reasons) < 3 and self.draw.chance(0.3):
            reason = self.draw.weighted(REASONS)
            if reason not in reasons:
                reasons.append(reason)
        return tuple(reasons)
