"""Numbers, dates, money and lists as they are printed in each language."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

from .facts import Fact
from .territories import NoTerritories, Territories
from .types import FactType
from .values import Value

NARROW = "\u202f"
WIDE = "\u00a0"
COMMON_YEAR = 2023
YEAR = 12  # months
SAID_IN_YEARS = 10 * YEAR  # from there on, nobody counts in months


def number(value: int | Decimal) -> str:
    """12 145 or 1 234,50: grouped, without useless decimals, never broken across lines."""
    if isinstance(value, Decimal):
        # Two decimals, as money has, and more only when dropping them would change the figure.
        decimals = -int(value.normalize().as_tuple().exponent)
        places = max(decimals, 2) if decimals > 0 else 0
        text = number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
    else:
        text = number_format(value, use_l10n=True, force_grouping=True)
    return text.replace(WIDE, NARROW)


def day(value: date) -> str:
    """1er avril 2026, or 1 April 2026."""
    text = date_format(value, "j F Y").replace(" ", WIDE)
    if value.day == 1 and (get_language() or "").startswith("fr"):
        return f"1er{text[1:]}"
    return text


def month_day(month: int, day_of_month: int) -> str:
    """28 février, or 28 February: a date of every year."""
    text = date_format(date(COMMON_YEAR, month, day_of_month), "j F").replace(" ", WIDE)
    if day_of_month == 1 and (get_language() or "").startswith("fr"):
        return f"1er{text[1:]}"
    return text


def months(count: int) -> str:
    """A number of months in words."""
    return ngettext("{n} month", "{n} months", count).format(n=number(count))


def _duration(count: int) -> str:
    """Whole months, or whole years where that is how ages are said: 24 months, 21 years."""
    years, rest = divmod(count, YEAR)
    if count < SAID_IN_YEARS or rest:
        return months(count)
    return ngettext("{n} year", "{n} years", years).format(n=number(years))


def quoted(text: str) -> str:
    """The text between the quotation marks of the language."""
    return gettext("“{text}”").format(text=text)


def listed(items: Sequence[str], *, every: bool) -> str:
    """The enumeration "a, b and c" (or "… or c"); semicolons where an item has its own comma."""
    if len(items) < 2:
        return "".join(items)
    joined = gettext("{first} and {last}") if every else gettext("{first} or {last}")
    comma = gettext("; ") if any("," in item for item in items) else ", "
    return joined.format(first=comma.join(items[:-1]), last=items[-1])


def value_text(fact: Fact, value: Value, territories: Territories | None = None) -> str:
    """One value of a fact as a person reads it, with its unit."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, date):
        return pgettext("date within a rule", "{date}").format(date=day(value))
    if isinstance(value, str | frozenset):
        known = territories or NoTerritories()
        codes = [value] if isinstance(value, str) else _in_order(fact, value)
        if not codes:
            return pgettext("empty list in a rule", "none at all")
        return listed([_code(fact, code, known) for code in codes], every=False)
    return amount_text(fact, value)


def _in_order(fact: Fact, codes: frozenset[str]) -> list[str]:
    """The order in which the choices were declared, which is the one people know."""
    order = {code: index for index, code in enumerate(fact.choices or ())}
    return sorted(codes, key=lambda code: (order.get(code, len(order)), code))


def amount_text(fact: Fact, value: int | Decimal) -> str:
    """A figure with the unit of the fact."""
    if fact.unit:
        return f"{number(value)}{WIDE}{fact.unit}"
    return with_unit(value, fact.type)


def with_unit(value: int | Decimal, unit: FactType | None) -> str:
    """A figure with the unit of a type of facts: euros a year, months, percent, or none."""
    if unit is FactType.DURATION and value == int(value):
        return _duration(int(value))
    figure = number(value)
    if unit is FactType.MONEY_YEAR:
        return gettext("€{amount} a year").format(amount=figure)
    if unit is FactType.MONEY_MONTH:
        return gettext("€{amount} a month").format(amount=figure)
    if unit is FactType.PERCENT:
        return gettext("{figure}%").format(figure=figure)
    return figure


def _code(fact: Fact, code: str, territories: Territories) -> str:
    if fact.type in (FactType.COMMUNE, FactType.TERRITORY_SET):
        return territories.label(code if ":" in code else f"commune:{code}") or code
    name = fact.choices.get(code) if fact.choices is not None else None
    return quoted(str(name)) if name else code
