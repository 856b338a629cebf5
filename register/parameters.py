"""Dated figures of the law and of local decisions, as rules read them.

Which value holds is decided here: the most local territory first, and on it the latest value in
force. What has no value on a day is unknown to every rule.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import cast

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from register import deadlines
from register.models import Parameter
from register.reference.loader import read_data
from register.territories import territory_tree
from rules.kinds.deadlines import Unit
from rules.parameters import PREFIX, Declaration
from rules.statements import statement

# Of one figure: its code, where it holds, since when, its value.
Figure = tuple[str, str, date, Decimal]

# The income-ceiling zone "autres régions" (order of 29 July 1987): all of Bourgogne, and every
# department but those of Île-de-France, which have their own ceilings, and those overseas.
ZONE = "autres"
ILE_DE_FRANCE = frozenset({"75", "77", "78", "91", "92", "93", "94", "95"})
OUT_OF_ZONE = ILE_DE_FRANCE | {"971", "972", "973", "974", "976"}

# Figures that rules name and that no file gives a value: rules read them as unknown until an editor
# publishes one (quartiles), or a module of deadlines holds them.
DELAY = f"{PREFIX}.deadline."
AWAITED: Mapping[str, tuple[str, str]] = {
    **{f"quartile.{n}": ("EUR/year", "CCH L441-1, yearly order") for n in (1, 2, 3)},
    "deadline.abnormal_delay": ("months", "CCH L441-1-4"),
}

_UNITS: Mapping[str, str | Promise] = {
    "m²": "m²",
    "demands": pgettext_lazy("unit", "demands"),
    "years": pgettext_lazy("unit", "years"),
}
_LABELS: Mapping[str, Promise] = {
    "candidates.minimum": _("the least number of candidates for a home"),
    "deadline.abnormal_delay": _("the abnormally long delay"),
    "quartile.1": _("the income below which a household is in the first quartile"),
    "quartile.2": _("the income below which a household is in the second quartile"),
    "quartile.3": _("the income below which a household is in the third quartile"),
    "effort.alert": _("the alert threshold of the effort ratio"),
    "flow.state": _("the State’s share of the yearly flow"),
    "flow.state_agents": _("the share of the yearly flow for State agents"),
    "overcrowding.cap": _("the surface above which no home is overcrowded"),
    "overcrowding.first_two": _("the least surface for one or two people"),
    "overcrowding.next": _("the least surface for each further person"),
    "quota.first_quartile.outside_qpv": _(
        "the share of lettings outside priority quarters for the lowest incomes"
    ),
    "quota.other_quartiles.inside_qpv": _(
        "the share of lettings in priority quarters for the other incomes"
    ),
    "quota.priority": _("the share of lettings for priority applicants"),
    "resources.drop": _("the drop in resources from which the last year counts"),
    "round.files": _("the most files that the calendar touches in a day without a person"),
    "round.share": _("the largest share of live demands that it touches in a day without a person"),
    "secrecy.partners": _("the least number of demands shown to partners"),
    "secrecy.public": _("the least number of demands shown to the public"),
    "young_couple.ages": _("the most years of age of a young couple together"),
}


def _label(code: str) -> str | Promise:
    kind, _dot, rest = code.partition(".")
    financing, _dot, category = rest.partition(".")
    if kind != "ceiling" or not category:
        return _LABELS.get(code, code)
    words = {"financing": financing.upper(), "category": category}
    if category == "extra":
        return format_lazy(_("the {financing} ceiling, for each further person"), **words)
    return format_lazy(_("the {financing} ceiling of category {category}"), **words)


class ParameterCatalogue:
    """The figures that rules may name: those of the files, and those an editor added."""

    def declaration(self, code: str) -> Declaration | None:
        """What a figure is; None when nobody declared it."""
        if code in _shipped():
            return _shipped()[code]
        row = Parameter.objects.filter(code=code).first()
        return _declared(row.code, row.unit, row.source) if row else None

    def __iter__(self) -> Iterator[Declaration]:
        """Every figure of the files, in their order."""
        return iter(_shipped().values())


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Declaration]:
    rows = read_data("parameters")["parameters"]
    shipped = {row["code"]: _declared(row["code"], row["unit"], row["source"]) for row in rows}
    awaited = {code: _declared(code, unit, source) for code, (unit, source) in AWAITED.items()}
    return {**shipped, **awaited}


def _declared(code: str, unit: str, source: str) -> Declaration:
    return Declaration(code, unit, _label(code), source, _UNITS.get(unit, ""))


def parameter_bindings(territory: str, on: date) -> Mapping[str, Decimal]:
    """The figures in force on a day for a territory, under "parameter.<code>".

    `territory` is a key ("commune:21231", "epci:…", "dep:21") or a department code. Nothing is read
    before a rule asks for one; then all are, by one query.
    """
    return _Bindings(territory, on)


def figures(codes: Iterable[str], territory: str, on: date) -> dict[str, Parameter]:
    """The rows behind some figures, with their dates and sources; one without a value is absent."""
    places = _places(territory)
    rows = Parameter.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        code__in=list(codes),
        territory__in=places,
        valid_from__lte=on,
    )
    ranked = sorted(rows, key=lambda row: (-places.index(row.territory), row.valid_from))
    return {row.code: row for row in ranked}


def all_figures(on: date) -> tuple[Figure, ...]:
    """The figures in force on a day everywhere, by one query."""
    return tuple(_figures(on).order_by("pk"))


def bindings_among(
    rows: Callable[[], Iterable[Figure]], territory: str, on: date
) -> Mapping[str, Decimal]:
    """The same as `parameter_bindings`, of figures that were already read, or are once for all."""
    return _Bindings(territory, on, rows)


class _Bindings(Mapping[str, Decimal]):
    def __init__(
        self, territory: str, on: date, rows: Callable[[], Iterable[Figure]] | None = None
    ) -> None:
        self.territory = territory
        self.on = on
        self.rows = rows or self._query
        self._values: dict[str, Decimal] | None = None

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Where a value is looked for, the most local first."""
        return _places(self.territory)

    def __getitem__(self, code: str) -> Decimal:
        if not code.startswith(f"{PREFIX}."):
            raise KeyError(code)
        if code.startswith(DELAY):
            return self._delay(code)
        return self._read()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def _delay(self, code: str) -> Decimal:
        """A delay in months, from the deadlines modules of the department."""
        department = next((p.removeprefix("dep:") for p in self.places if p.startswith("dep:")), "")
        try:
            delay = deadlines.get(code.removeprefix(DELAY), department)
        except LookupError:
            raise KeyError(code) from None
        if delay.unit != Unit.MONTHS:
            raise KeyError(code)
        return Decimal(delay.value)

    def _read(self) -> dict[str, Decimal]:
        if self._values is None:
            here = (row for row in self.rows() if row[1] in self.places)
            self._values = _most_local(here, self.places)
        return self._values

    def _query(self) -> Iterable[Figure]:
        return cast("list[Figure]", statement(_figures_at, self.on, self.places).rows())


def _figures(on: date) -> QuerySet[Parameter, Figure]:
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    rows = Parameter.objects.filter(in_force, valid_from__lte=on)
    return rows.values_list("code", "territory", "valid_from", "value")


def _figures_at(on: date, places: tuple[str, ...]) -> QuerySet[Parameter, Figure]:
    return _figures(on).filter(territory__in=places)


def _most_local(rows: Iterable[Figure], places: tuple[str, ...]) -> dict[str, Decimal]:
    """The value of each code: on the first of the places that has one, the latest."""
    ranked = sorted(rows, key=lambda row: (-places.index(row[1]), row[2]))
    return {f"{PREFIX}.{code}": value for code, _territory, _from, value in ranked}


def _places(territory: str) -> tuple[str, ...]:
    """Where a value for this territory is looked for: itself, what holds it, the zone, anywhere."""
    key = territory if ":" in territory or not territory else f"dep:{territory}"
    places: list[str] = []
    for holder in territory_tree().chain(key) if key else ():
        level, _colon, code = holder.partition(":")
        places += [holder, code] if level == "dep" else [holder]
    zone = () if OUT_OF_ZONE & set(places) else (ZONE,)
    return (*places, *zone, "")
