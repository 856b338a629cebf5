"""Figures derived from a household: people to house, income category, consumption units.

Pure functions over plain values, so that the online form, the register and imports agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from register.codes import PersonRole, WorkStatus
from rules.days import add_months

ADULT_UNIT_AGE = 14
YOUNG_COUPLE_CATEGORY = 3
LAST_CATEGORY = 6
MAJORITY = 18
TELLING_AGES = (ADULT_UNIT_AGE, MAJORITY)
COUPLE_LINKS = frozenset({"M", "P", "C"})
# Taxed together (CGI, article 6): spouses and civil partners.
ONE_NOTICE_LINKS = frozenset({"M", "P"})
ADULT_ROLES = (PersonRole.APPLICANT, PersonRole.CO_APPLICANT)
WORKING = frozenset(
    {
        WorkStatus.PERMANENT,
        WorkStatus.FIXED_TERM,
        WorkStatus.SELF_EMPLOYED,
        WorkStatus.APPRENTICE,
    }
)
CHILD_LINK = "E"
WHOLE = 100
LARGEST_RATIO = Decimal("999.99")
CENT = Decimal("0.01")


class Member(Protocol):
    """What is needed of a person: role, link with the applicant, birth date, disability."""

    @property
    def role(self) -> str: ...

    @property
    def link(self) -> str: ...

    @property
    def birth_date(self) -> date | None: ...

    @property
    def has_disability(self) -> bool: ...


@dataclass(frozen=True)
class Household:
    """The people of a demand on a given day.

    `young_couple_ages` is the dated figure of the law; without it nobody is a young couple.
    """

    members: tuple[Member, ...]
    unborn: int
    on: date
    young_couple_ages: Decimal | None = None

    @property
    def size(self) -> int:
        """People to be housed, visiting children and unborn included (they count for the home)."""
        return len(self.members) + self.unborn

    @property
    def category(self) -> int:
        """Category 1 to 6 of the income ceilings, then the number of people (arrêté 29/07/1987).

        The highest line of the table that the household meets: so many people; one person with so
        many dependants; so many people of whom one has a disability; a young couple without
        dependants. Visiting children do not count. Past category 6 only people count.
        Children to be born do: a choice of this register, in none of the texts that were read.
        """
        counted = [m for m in self.members if m.role != PersonRole.VISITING_CHILD]
        adults = [m for m in counted if m.role != PersonRole.DEPENDANT]
        people = len(counted) + self.unborn
        dependants = people - len(adults)
        lines = [people, 1]
        if dependants and len(adults) == 1:
            lines.append(min(dependants + 2, LAST_CATEGORY))
        if any(m.has_disability for m in counted):
            lines.append(min(people + 1, LAST_CATEGORY))
        if not dependants and self.is_young_couple:
            lines.append(YOUNG_COUPLE_CATEGORY)
        return max(lines)

    @property
    def is_couple(self) -> bool:
        """True if the applicant lives with a spouse or partner."""
        return any(
            m.role == PersonRole.CO_APPLICANT and m.link in COUPLE_LINKS for m in self.members
        )

    @property
    def is_young_couple(self) -> bool:
        """A couple whose completed ages add up to 55 years at most (a dated figure)."""
        adults = [
            m for m in self.members if m.role in (PersonRole.APPLICANT, PersonRole.CO_APPLICANT)
        ]
        births = [m.birth_date for m in adults if m.birth_date]
        if not self.is_couple or len(births) != 2 or len(adults) != 2:
            return False
        most = self.young_couple_ages
        return most is not None and sum(age_on(self.on, born) for born in births) <= most

    @property
    def adults(self) -> int:
        """People aged 18 or more."""
        return sum(self._age(m) >= MAJORITY for m in self.members)

    @property
    def children(self) -> int:
        """People under 18 already born, visiting children included."""
        return len(self.members) - self.adults

    @property
    def single_parent(self) -> bool:
        """An applicant without spouse or partner, with a child or a minor as dependant."""
        dependants = [m for m in self.members if m.role == PersonRole.DEPENDANT]
        raised = any(m.link == CHILD_LINK or self._age(m) < MAJORITY for m in dependants)
        return raised and not self.is_couple

    @property
    def changes_on(self) -> date | None:
        """The first coming birthday that changes a figure of this household."""
        days = []
        for member in self.members:
            if member.birth_date is None:
                continue
            turning = age_on(self.on, member.birth_date) + 1
            ages = [age for age in TELLING_AGES if age >= turning]
            if self.is_young_couple and member.role != PersonRole.DEPENDANT:
                ages.append(turning)
            days += [birthday(member.birth_date, age) for age in ages]
        return min(days, default=None)

    def _age(self, member: Member) -> int:
        return age_on(self.on, member.birth_date) if member.birth_date else MAJORITY

    @property
    def consumption_units(self) -> Decimal:
        """Modified OECD scale: 1 for the first adult, 0.5 from age 14, 0.3 below that age."""
        units = Decimal(0)
        for member in self.members:
            if member.role == PersonRole.VISITING_CHILD:
                continue
            if member.role == PersonRole.APPLICANT:
                units += Decimal("1")
            elif member.birth_date and age_on(self.on, member.birth_date) < ADULT_UNIT_AGE:
                units += Decimal("0.3")
            else:
                units += Decimal("0.5")
        return max(units, Decimal("1"))


class Expecting(Protocol):
    """What is needed of a demand to know whether a birth that it tells is past."""

    @property
    def unborn_count(self) -> int: ...

    @property
    def unborn_due_on(self) -> date | None: ...


def overdue_birth(demand: Expecting, today: date) -> date | None:
    """The day of a birth told as to come and past for a month; None otherwise.

    The child counts as to be born until the applicant says otherwise: she is asked, and whoever
    reads the household is told.
    """
    due = demand.unborn_due_on if demand.unborn_count else None
    return due if due is not None and due < add_months(today, -1) else None


def age_on(day: date, born: date) -> int:
    """Completed years on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday(born: date, age: int) -> date:
    """The day on which somebody turns that age; born on 29 February: 1 March of other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


class AtWork(Protocol):
    """Somebody who may work, and was perhaps unemployed for more than a year before."""

    @property
    def work_status(self) -> str: ...
    @property
    def long_unemployed(self) -> bool | None: ...


def after_long_unemployment(people: Iterable[AtWork]) -> bool | None:
    """Whether an adult works after more than a year of unemployment (case D14; L441-1 e).

    None when nobody who works said it. On paper the contract may be blank beside the answer.
    """
    at_work = (each for each in people if not each.work_status or each.work_status in WORKING)
    told = [each.long_unemployed for each in at_work if each.long_unemployed is not None]
    return any(told) if told else None


def monthly_income(amounts: Iterable[Decimal]) -> Decimal | None:
    """Sum of the monthly resources declared; None when nobody declared any (CCH R441-3-1)."""
    declared = list(amounts)
    return sum(declared, Decimal(0)) if declared else None


def effort_ratio(
    cost: Decimal | None, benefit: Decimal | None, income: Decimal | None
) -> Decimal | None:
    """Percent of the monthly income spent on the present home, benefit taken off (R441-3-1).

    None when an amount is unknown or there is no income to divide by; never below 0, and 999.99
    stands for anything above.
    """
    if cost is None or benefit is None or not income:
        return None
    ratio = max(cost - benefit, Decimal(0)) * WHOLE / income
    return min(ratio.quantize(CENT), LARGEST_RATIO)


Pair = tuple[Decimal | None, Decimal | None]
Pairs = Iterable[Pair]


class Taxed(Protocol):
    """What is needed of a person to find her tax notice; incomes in euros per year."""

    @property
    def role(self) -> str: ...

    @property
    def link(self) -> str: ...

    @property
    def tax_income_n2(self) -> Decimal | None: ...

    @property
    def tax_income_n1(self) -> Decimal | None: ...


def tax_notices(people: Iterable[Taxed]) -> list[Pair]:
    """The incomes (N-2, N-1) of each tax notice of those who apply together.

    A spouse or a civil partner without any income of her own is on the applicant's notice, whose
    amount counts both (case E2 of the form).
    """
    return [
        (person.tax_income_n2, person.tax_income_n1)
        for person in people
        if person.role in ADULT_ROLES and not is_on_applicants_notice(person)
    ]


def is_on_applicants_notice(person: Taxed) -> bool:
    """True of a spouse or civil partner who declares no income apart, and of who is a dependant.

    The latter are of the applicant's tax household (form, part 3; CGI, art. 6).
    """
    if person.role not in ADULT_ROLES:
        return True
    apart = (person.tax_income_n2, person.tax_income_n1) != (None, None)
    return person.link in ONE_NOTICE_LINKS and not apart


def reference_income(incomes: Pairs, drop: Decimal | None) -> Decimal | None:
    """Sum of the fiscal reference incomes in euros per year; None when any N-2 is unknown.

    Each pair is (N-2, N-1). N-1 replaces N-2 for the household when it is lower by `drop` percent
    or more (10 in the order of 29 July 1987, a dated figure; never without one).
    """
    pairs = list(incomes)
    if not pairs or any(n2 is None for n2, _n1 in pairs):
        return None
    return _total(pairs, 1 if counts_last_year(pairs, drop) else 0)


def counts_last_year(incomes: Pairs, drop: Decimal | None) -> bool:
    """True when the incomes of N-1, all known, are lower than those of N-2 by so many percent.

    Without any income in both years nothing has fallen.
    """
    pairs = list(incomes)
    if drop is None or not pairs or any(amount is None for pair in pairs for amount in pair):
        return False
    older, latest = _total(pairs, 0), _total(pairs, 1)
    return latest < older and latest * WHOLE <= older * (WHOLE - drop)


def _total(pairs: list[Pair], place: int) -> Decimal:
    return sum((pair[place] or Decimal(0) for pair in pairs), Decimal(0))
