"""A tiny world to read rules in: one table of rows, one table of keys, and their vocabulary.

It has nothing to do with housing on purpose: the engine must not know what its facts are about.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import lazystr

from rules.parameters import Declaration, DeclaredParameters
from rules.types import FactType
from rules.vocabulary import Fact, Vocabulary

TODAY = date(2026, 3, 31)
STATES = ("open", "closed", "lost")
TOWNS = ("dijon", "beaune", "semur")
TEAMS = ("red", "blue")
BADGES = {"gold": 0, "silver": 3, "tin": 40}
AREAS = {
    "commune:dijon": ("dijon",),
    "commune:beaune": ("beaune",),
    "commune:semur": ("semur",),
    "epci:coast": ("dijon", "beaune"),
    "dep:d1": ("dijon", "beaune", "semur"),
    "quarter:dijon-east": (),
}
# A registry of their own: these tables are no part of the register, and other tests count those.
APPS = Apps(["rules"])


class Row(models.Model):
    """A row with one nullable column per scalar type."""

    urgent = models.BooleanField(null=True)
    people = models.PositiveSmallIntegerField(null=True)
    rate = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    monthly = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    yearly = models.IntegerField(null=True)
    received = models.DateField(null=True)
    state = models.CharField(max_length=10, null=True)
    since = models.DateField(null=True)
    lease = models.PositiveSmallIntegerField(null=True)
    effort = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    weight = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    commune = models.CharField(max_length=10, null=True)
    badges = models.BigIntegerField(null=True)

    class Meta:
        app_label = "rules"
        apps = APPS
        managed = False
        db_table = "tests_rules_row"

    def __str__(self) -> str:
        return str(self.pk)


class Key(models.Model):
    """One key under which a row is found."""

    row = models.ForeignKey(Row, models.CASCADE, related_name="keys")
    key = models.CharField(max_length=40)

    class Meta:
        app_label = "rules"
        apps = APPS
        managed = False
        db_table = "tests_rules_key"

    def __str__(self) -> str:
        return self.key


def found_under(keys: frozenset[str]) -> Q:
    return Q(Exists(Key.objects.filter(row=OuterRef("pk"), key__in=sorted(keys))))


class Areas:
    """Three communes, of which two are in one grouping."""

    names = {key: key.partition(":")[2].capitalize() for key in AREAS}

    def label(self, key: str) -> str | None:
        return key.partition(":")[2].capitalize() if key in AREAS else None

    def communes(self, key: str) -> frozenset[str]:
        return frozenset(AREAS.get(key, ()))


PARAMETERS = DeclaredParameters(
    [
        Declaration("cap", "EUR/year", "the cap"),
        Declaration("alert", "%", "the alert"),
        Declaration("wait", "months", "the long wait"),
        Declaration("seats", "persons", "the seats"),
        Declaration("factor", "", "the factor"),
    ]
)

RATIO = {"quotient": [{"fact": "row.monthly"}, {"fact": "row.weight"}]}
SPARE = {
    "all": [
        {"fact": "row.ratio", "op": "at_least", "value": 2},
        {"not": {"fact": "row.urgent", "op": "is", "value": True}},
    ]
}


def _column(code: str, type_: FactType, column: str, label: str, **more: Any) -> Fact:
    return Fact(
        code=code,
        type=type_,
        label=lazystr(label),
        source="tests",
        column=column,
        getter=lambda row: getattr(row, column),
        **more,
    )


def _derived(code: str, type_: FactType, label: str, **rule: Any) -> Fact:
    return Fact(code=code, type=type_, label=label, source="tests", **rule)


def _read_places(row: Row) -> frozenset[str]:
    return frozenset(key.key for key in row.keys.all() if key.key in AREAS)


def _set(code: str, prefix: str, label: str) -> Fact:
    def read(row: Row) -> frozenset[str]:
        keys = (key.key.partition(":") for key in row.keys.all())
        return frozenset(code for start, _colon, code in keys if start == prefix)

    return Fact(
        code=code,
        type=FactType.CODE_SET,
        label=label,
        source="tests",
        relation="keys",
        key=lambda value: f"{prefix}:{value}",
        getter=read,
    )


def _mine(code: str, type_: FactType, label: str, **more: Any) -> Fact:
    return Fact(code=code, type=type_, label=label, source="tests", **more)


def facts() -> Iterator[Fact]:
    yield _column("row.urgent", FactType.BOOLEAN, "urgent", "the row is urgent")
    yield _column("row.people", FactType.INTEGER, "people", "the number of people")
    yield _column("row.rate", FactType.DECIMAL, "rate", "the rate", unit="%")
    yield _column("row.monthly", FactType.MONEY_MONTH, "monthly", "the monthly pay")
    yield _column("row.yearly", FactType.MONEY_YEAR, "yearly", "the yearly pay")
    yield _column("row.received", FactType.DATE, "received", "the date of reception")
    yield _column(
        "row.state",
        FactType.CODE,
        "state",
        "the state",
        choices={state: state.capitalize() for state in STATES},
    )
    yield _column("row.seniority", FactType.DURATION, "since", "the seniority", from_date=True)
    yield _column("row.since", FactType.DATE, "since", "the day since when")
    yield _column("row.id", FactType.INTEGER, "pk", "the number of the row")
    yield _column("row.lease", FactType.DURATION, "lease", "the length of the lease")
    yield _column("row.effort", FactType.PERCENT, "effort", "the effort")
    yield _column("row.weight", FactType.DECIMAL, "weight", "the weight", unit="kg")
    yield _column("row.commune", FactType.COMMUNE, "commune", "the commune")
    yield _column(
        "row.badges",
        FactType.CODE_SET,
        "badges",
        "the badges",
        bits=BADGES,
        choices={code: code.capitalize() for code in BADGES},
    )
    yield Fact(
        code="row.places",
        type=FactType.TERRITORY_SET,
        label="the places",
        source="tests",
        relation="keys",
        getter=_read_places,
    )
    yield _derived("row.ratio", FactType.DECIMAL, "the ratio", formula=RATIO)
    yield _derived("row.spare", FactType.BOOLEAN, "there is enough to spare", condition=SPARE)
    yield _set("row.towns", "town", "the towns")
    yield _set("row.teams", "team", "the teams")
    yield _mine("principal.kind", FactType.CODE, "the kind of person")
    yield _mine("membership.trained", FactType.BOOLEAN, "the person is trained")
    yield _mine("organisation.size", FactType.INTEGER, "the size of the organisation")
    yield _mine("organisation.cap", FactType.MONEY_YEAR, "the cap of the organisation")
    yield _mine("organisation.since", FactType.DATE, "the first day of the organisation")
    yield _mine("organisation.towns", FactType.CODE_SET, "the towns of the organisation")
    yield _mine("organisation.places", FactType.TERRITORY_SET, "the area of the organisation")
    yield _mine("organisation.commune", FactType.COMMUNE, "the seat of the organisation")
    yield _mine("organisation.states", FactType.CODE_SET, "the states it treats")


VOCABULARY = Vocabulary(facts(), {"keys": found_under}, Areas(), PARAMETERS)
