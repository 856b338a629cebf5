"""Makes a large register of a small one: rows are copied by the database itself.

Every copy goes to one region, under other keys, some days earlier. Copied are the tables that
lists, rights and scores read; papers, events and incomes stay with the demands first drawn.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Case as Choice
from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Expression,
    F,
    Func,
    IntegerField,
    Max,
    Model,
    UUIDField,
    Value,
)
from django.db.models import When as If
from django.db.models.functions import Cast, Concat, LPad, Substr

from register.bulk import loading, restart_sequences
from register.models import (
    Demand,
    DemandAudience,
    DemandFacts,
    Label,
    Organisation,
    Person,
    WishedCommune,
    WishedType,
)

from .nation import LARGE, SMALL, Place

COPIED: tuple[type[Model], ...] = (
    Demand,
    Person,
    WishedType,
    WishedCommune,
    Label,
    DemandFacts,
    DemandAudience,
)
# What is told of a demand by its dates moves with them.
DATES = {
    "received_on",
    "received_at",
    "expires_on",
    "last_renewed_on",
    "struck_off_on",
    "valid_from",
    "valid_to",
}
DAYS_APART, FURTHEST_DAYS = 11, 83


@dataclass(frozen=True)
class Ground:
    """The register that is copied: its size, the first free keys, bodies by code."""

    keys: list[int]
    spans: dict[type[Model], int]
    sequences: int
    bodies: dict[str, int]

    @classmethod
    def measured(cls) -> "Ground":
        sequence = Max(Cast(Substr("number", 8, 6), IntegerField()))
        return cls(
            keys=list(Demand.objects.order_by("pk").values_list("pk", flat=True)),
            spans={model: _last_key(model) for model in COPIED if model is not DemandAudience},
            sequences=Demand.objects.aggregate(last=sequence)["last"] + 1,
            bodies=dict(Organisation.objects.values_list("code", "pk")),
        )


@dataclass(frozen=True)
class Copy:
    """One copy of the ground: its rank, its region, how many of the demands it takes."""

    rank: int
    copies: int
    place: Place
    demands: int

    @property
    def days(self) -> int:
        """How much earlier its demands were received."""
        return self.rank * DAYS_APART % FURTHEST_DAYS


def multiply(ground: Ground, copies: list[Copy], report: Any) -> None:
    """Write the copies, then the indexes; `report(done, total)` after each."""
    with loading(COPIED):
        for done, copy in enumerate(copies, start=1):
            for model in COPIED:
                _insert(model, ground, copy)
            report(done, len(copies))
    restart_sequences(COPIED)


def _last_key(model: type[Model]) -> int:
    return int(model._default_manager.aggregate(last=Max("pk"))["last"] or 0)


def _insert(model: type[Model], ground: Ground, copy: Copy) -> None:
    fields = [field for field in model._meta.concrete_fields if field.column]
    values = {f"c{rank}": _value(model, f.attname, ground, copy) for rank, f in enumerate(fields)}
    key = "pk" if model is Demand else "demand_id"
    # The copies already written have higher keys than the ground.
    rows = model._default_manager.order_by().filter(
        **{f"{key}__lte": ground.keys[copy.demands - 1]}
    )
    query, parameters = rows.annotate(**values).values_list(*values).query.sql_with_params()
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) {query}", parameters)


def _value(model: type[Model], name: str, ground: Ground, copy: Copy) -> Any:
    place = copy.place
    if name == "id":
        return F(name) + Value(copy.rank * ground.spans[model])
    if name == "demand_id":
        return F(name) + Value(copy.rank * ground.spans[Demand])
    if name in DATES:
        kind = DateTimeField() if name.endswith("_at") else DateField()
        return Cast(F(name) - Value(timedelta(days=copy.days)), kind)
    if model is Demand and name in _OF_DEMAND:
        return _OF_DEMAND[name](ground, copy)
    if name in ("department_id", "department"):
        return _renamed(name, place.departments)
    if name in ("commune_id", "first_commune"):
        return _commune(name, place)
    if name in ("registered_by_id", "registered_by"):
        return _body(model, name, ground, copy)
    if name == "audience":
        return _audience(model, ground, copy)
    return F(name)


def _number(ground: Ground, copy: Copy) -> Any:
    """The same month, another department, counter and sequence."""
    prefixes = {code.zfill(3): new.zfill(3) for code, new in copy.place.departments.items()}
    sequence = Cast(Substr("number", 8, 6), IntegerField()) + Value(
        copy.rank * ground.sequences, output_field=IntegerField()
    )
    return Concat(
        _choice(Substr("number", 1, 3), prefixes),
        Substr("number", 4, 4),
        LPad(Cast(sequence, CharField()), 6, Value("0")),
        _choice(Substr("number", 14, 5), copy.place.counters),
    )


class _Random(Func):
    """A random identifier, by the engine."""

    output_field = UUIDField()
    arity = 0
    function = "gen_random_uuid"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="lower(hex(randomblob(16)))", **extra)


_OF_DEMAND = {
    "number": _number,
    "submission_token": lambda _ground, _copy: _Random(),
    "account_id": lambda _ground, _copy: Value(None, output_field=IntegerField()),
    "counter_id": lambda _ground, copy: _renamed("counter_id", copy.place.counters),
}


def _renamed(name: str, renamed: dict[str, str]) -> Any:
    return _choice(F(name), renamed)


def _choice(expression: Any, renamed: dict[str, str]) -> Any:
    changed = {old: new for old, new in renamed.items() if old != new}
    if not changed:
        return expression
    return _Translated(expression, changed)


class _Translated(Func):
    """A value put for another by a list; a value that is not of the list stays."""

    output_field = CharField()

    def __init__(self, expression: Any, renamed: dict[str, str]) -> None:
        pairs = [Value(text) for pair in renamed.items() for text in pair]
        super().__init__(expression, *pairs)

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **_extra: Any
    ) -> Any:
        parts = [compiler.compile(each) for each in self.get_source_expressions()]
        (source, params), pairs = parts[0], parts[1:]
        values = [value for _sql, bound in pairs for value in bound]
        whens = "WHEN %s THEN %s " * (len(pairs) // 2)
        return f"CASE {source} {whens}ELSE {source} END", [*params, *values, *params]


def _commune(name: str, place: Place) -> Expression:
    return Concat(_choice(Substr(name, 1, 2), place.departments), Substr(name, 3))


def _body(model: type[Model], name: str, ground: Ground, copy: Copy) -> Any:
    """The same body of the region, except what the two landlords measured have registered."""
    bodies, key = ground.bodies, "pk" if model is Demand else "demand_id"
    # A tenth of a hundredth of the country each, outside their departments.
    some = ground.keys[len(ground.keys) * min(copy.copies, 100) // 100 - 1]
    taken: list[If] = []
    if copy.rank == 2:
        taken = [
            If(**{name: bodies["orvitis"], f"{key}__lte": some}, then=bodies[SMALL]),
            If(**{name: bodies["grand-dijon-habitat"], f"{key}__lte": some}, then=bodies[LARGE]),
        ]
    if copy.place.number in (0, 1):
        taken = [If(**{name: bodies["orvitis"]}, then=bodies[LARGE])]
    shifted = F(name) + Value(copy.place.organisation_shift)
    return Choice(*taken, default=shifted, output_field=IntegerField()) if taken else shifted


def _audience(model: type[Model], ground: Ground, copy: Copy) -> Expression:
    place, text = copy.place, F("audience")
    body = Cast(_body(model, "registered_by", ground, copy), CharField())
    return Choice(
        If(audience__startswith="org:", then=Concat(Value("org:"), body)),
        If(
            audience__startswith="dep:",
            then=Concat(Value("dep:"), _renamed("department", place.departments)),
        ),
        If(
            audience__startswith="commune:",
            then=Concat(
                Value("commune:"),
                _choice(Substr(text, 9, 2), place.departments),
                Substr(text, 11),
            ),
        ),
        If(
            audience__startswith="epci:",
            then=Concat(Value(f"epci:{place.epci_start}"), Substr(text, 8))
            if place.number
            else text,
        ),
        default=text,
        output_field=CharField(),
    )
